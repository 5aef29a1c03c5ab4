from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from journal import guards

        guards.append_only(
            "payments_payment",
            "payments_paymentshare",
            "payments_vouchermovement",
            "payments_refund",
            "payments_refundedticket",
            "payments_approval",
            "payments_takingsstatement",
            "payments_merge",
            "payments_sumowed",
            "payments_sumowedpayment",
        )
        # What a voucher is worth moves by its lines alone; what it is never changes.
        guards.frozen(
            table="payments_voucher",
            columns=(
                "code",
                "mode_id",
                "type_id",
                "currency",
                "value_minor",
                "free",
                "non_refundable",
                "expires_on",
                "sold_on_id",
            ),
        )
        # The rules under which vouchers of a type were sold (spec S5).
        guards.frozen(
            table="payments_vouchertype",
            columns=("code", "refundable", "gives_change", "validity_months", "validity_days"),
        )
