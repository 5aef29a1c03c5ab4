from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from journal import guards

        # Both are sealed in the journal's entries in place of names (FIS-06).
        guards.frozen(table="contacts_contact", columns=("number",))
        guards.frozen(table="contacts_user", columns=("code",))
