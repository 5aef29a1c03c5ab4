"""Django's permissions by role: who may look at and change what in the administration."""

from typing import Any, Final

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from institution_settings.choices import Role
from institution_settings.permissions import ADMINISTRATION

# Settings that were never used may be deleted; the admin asks before (spec S5).
DELETABLE: Final = frozenset(
    {
        "institution_settings.paymentmode",
        "institution_settings.pointofsale",
        "institution_settings.modeauthorisation",
        "tills.till",
        "contacts.contact",
        "sales.event",
        "sales.performance",
        "sales.pricecategory",
        "sales.rate",
        "payments.vouchertype",
    }
)
CHANGEABLE: Final = DELETABLE | {"institution_settings.institution", "contacts.user"}


class RoleBackend(BaseBackend):
    """Administrators change settings, catalogue, contacts and tills, and look at everything.

    Auditors look at everything (FIS-14). Nobody has the right to change what is sealed, whatever
    the groups of an account say; logging in is not this backend's business.
    """

    def has_perm(
        self,
        user_obj: AbstractBaseUser | AnonymousUser,
        perm: str,
        obj: Any = None,  # noqa: ARG002 (Django's form)
    ) -> bool:
        """Whether the role gives a permission such as ``tills.change_till``."""
        role = _role(user_obj)
        app_label, _dot, codename = perm.partition(".")
        action, _underscore, model = codename.partition("_")
        if role not in ADMINISTRATION:
            return False
        if action == "view":
            return True
        if role != Role.ADMINISTRATOR:
            return False
        subject = f"{app_label}.{model}"
        return (action in ("add", "change") and subject in CHANGEABLE) or (
            action == "delete" and subject in DELETABLE
        )

    def has_module_perms(
        self,
        user_obj: AbstractBaseUser | AnonymousUser,
        app_label: str,  # noqa: ARG002 (Django's form)
    ) -> bool:
        """Whether anything of an app may be looked at."""
        return _role(user_obj) in ADMINISTRATION


def _role(user: AbstractBaseUser | AnonymousUser) -> str:
    return getattr(user, "role", "") if user.is_active else ""
