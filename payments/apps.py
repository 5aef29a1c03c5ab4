from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from journal import guards

        guards.append_only(
            "payments_payment",
            "payments_vouchermovement",
            "payments_refund",
            "payments_refundedticket",
        )
