"""Making and changing members of staff (spec §1)."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from contacts.errors import CodeIsFixed, DetailsRefused, LastAdministrator
from contacts.models import User
from contacts.search import tidy
from contacts.selectors import is_last_administrator
from contacts.services.approvals import hash_pin
from institution_settings.choices import Role
from institution_settings.models import PointOfSale
from institution_settings.permissions import ADMINISTRATION


@transaction.atomic
def create_operator(
    *,
    email: str,
    password: str,
    name: str,
    code: str,
    role: Role,
    points_of_sale: Sequence[PointOfSale] | None = None,
    pin: str = "",
) -> User:
    """Create a member of staff who can log in at once, without depending on mail.

    ``code`` is what entries are sealed with (FIS-06), ``pin`` what a supervisor approves with on
    somebody else's screen. Administrators and auditors may enter the administration. Raises
    ``DetailsRefused`` (e-mail or code taken, no code) and ``PinRefused``.
    """
    user = User(
        email=tidy(email).lower(),
        name=tidy(name),
        code=tidy(code) or None,
        role=role,
        is_staff=role in ADMINISTRATION,
        pin=hash_pin(pin) if pin else "",
    )
    user.set_password(password)
    _clean(user)
    user.save()
    user.points_of_sale.set(points_of_sale or [])
    _verify_email(user)
    return user


@transaction.atomic
def update_operator(
    *,
    user: User,
    email: str,
    name: str,
    code: str,
    role: Role,
    is_active: bool,
    points_of_sale: Sequence[PointOfSale],
) -> User:
    """Change a member of staff; the login follows the e-mail, the administration the role.

    The code can be given to somebody without one, and never changes afterwards
    (``CodeIsFixed``). Raises ``DetailsRefused``, and ``LastAdministrator`` for who may not go.
    """
    _keep_an_administrator(user, stays=is_active and role == Role.ADMINISTRATOR)
    was = User.objects.select_for_update().get(pk=user.pk)
    if was.code and tidy(code) != was.code:
        raise CodeIsFixed(code=was.code)
    was.email, was.name, was.code = tidy(email).lower(), tidy(name), tidy(code) or None
    was.role, was.is_active, was.is_staff = role, is_active, role in ADMINISTRATION
    _clean(was)
    was.save()
    was.points_of_sale.set(points_of_sale)
    _verify_email(was)
    return was


def _clean(user: User) -> None:
    try:
        user.full_clean()
    except ValidationError as error:
        raise DetailsRefused(error) from error


def _verify_email(user: User) -> None:
    """Keep one verified address, the login's: allauth lets nobody in without (design.md)."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _keep_an_administrator(user: User, *, stays: bool) -> None:
    if stays:
        return
    # Locked, so that the last two cannot dismiss each other at the same time.
    list(User.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))
    if is_last_administrator(user_id=user.pk):
        raise LastAdministrator(name=str(user))
