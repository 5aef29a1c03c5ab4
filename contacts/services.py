"""Making operators and contacts."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from contacts.models import User
from institution_settings.choices import Role
from institution_settings.models import PointOfSale


@transaction.atomic
def create_operator(
    *,
    email: str,
    password: str,
    name: str,
    code: str,
    role: Role,
    points_of_sale: list[PointOfSale] | None = None,
    pin: str = "",
) -> User:
    """Create a member of staff who can log in at once, without depending on mail.

    ``code`` is what entries are sealed with (FIS-06), ``pin`` what a supervisor approves with on
    somebody else's screen. Administrators may enter the administration.
    """
    user = User.objects.create_user(
        email,
        password,
        name=name,
        code=code,
        role=role,
        is_staff=role in (Role.ADMINISTRATOR, Role.AUDITOR),
        pin=make_password(pin) if pin else "",
    )
    user.points_of_sale.set(points_of_sale or [])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
