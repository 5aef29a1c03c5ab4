from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "credit"
    verbose_name = _("Credit accounts")

    def ready(self) -> None:
        from journal import guards

        guards.append_only("credit_movement")
        guards.frozen(table="credit_creditaccount", columns=("contact_id", "currency"), used_in="")
