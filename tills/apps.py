from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TillsConfig(AppConfig):
    name = "tills"
    verbose_name = _("Tills")

    def ready(self) -> None:
        from journal import guards

        guards.append_only("tills_modecount", "tills_cashmovement", "tills_blindcount")
        guards.frozen(table="tills_till", columns=("code", "chain_id"))
        guards.frozen(
            table="tills_tillsession", columns=("till_id", "number", "business_date", "float_minor")
        )
