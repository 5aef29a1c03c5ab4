"""The types of vouchers of the demo: a gift card, a cheque that gives change, an invitation."""

from typing import Final

from payments.choices import VoucherUse
from payments.models import VoucherType

GIFT_CARD: Final = "CADEAU"
THEATRE_CHEQUE: Final = "CHEQUE-TH"
INVITATION: Final = "INVIT"


def create_voucher_types() -> None:
    """Make the three types that the demo sells or gives away."""
    VoucherType.objects.create(
        code=GIFT_CARD,
        label="Carte cadeau",
        use=VoucherUse.SOLD,
        validity_months=12,
        conditions="Pour tous nos spectacles, hors soirées de gala.",
        position=1,
    )
    VoucherType.objects.create(
        code=THEATRE_CHEQUE,
        label="Chèque théâtre",
        use=VoucherUse.SOLD,
        gives_change=True,
        validity_months=6,
        position=2,
    )
    VoucherType.objects.create(
        code=INVITATION,
        label="Bon d’invitation",
        use=VoucherUse.FREE,
        refundable=False,
        validity_days=150,
        conditions="Offert après une soirée interrompue. Dans la limite des places disponibles.",
        position=3,
    )
