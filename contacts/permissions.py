"""What a person may do: the role decides, and only while the account is active."""

from typing import Protocol

from institution_settings.permissions import Act, allows


class Person(Protocol):
    """Anybody a request may come from: a user, or nobody (without a role)."""

    @property
    def is_active(self) -> bool: ...


def may(user: Person | None, act: Act) -> bool:
    """Whether this person may do ``act`` (spec §1); nobody, and whoever left, may nothing."""
    if user is None or not user.is_active:
        return False
    return allows(getattr(user, "role", ""), act)
