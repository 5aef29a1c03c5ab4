from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionSettingsConfig(AppConfig):
    name = "institution_settings"
    verbose_name = _("Institution settings")

    def ready(self) -> None:
        from journal import guards

        # Spec S5: what makes old rows readable cannot change any more.
        guards.frozen(table="institution_settings_paymentmode", columns=("code", "kind"))
        guards.frozen(table="institution_settings_pointofsale", columns=("code", "channel"))
        guards.frozen(
            table="institution_settings_institution",
            columns=("siren", "currency", "time_zone", "day_starts_at"),
            used_in="journal_operation",
        )
