"""What the counter's bar shows on every page."""

from datetime import UTC, datetime

from django.http import HttpRequest

from contacts.models import User
from institution_settings.permissions import Act, allows


def _is_over(request: HttpRequest) -> bool:
    """Whether the business day of the till worked at is over: it takes nothing more (spec S7)."""
    desk = getattr(request, "desk", None)
    return desk is not None and not desk.day.holds(datetime.now(UTC))


def counter(request: HttpRequest) -> dict[str, object]:
    """Add ``counter``: the till worked at, the operator, and which doors are open to them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    session = getattr(request, "till_session", None)
    return {
        "counter": {
            "till": str(session.till) if session else "",
            "point_of_sale": session.till.point_of_sale.name if session else "",
            "operator": user.get_short_name(),
            "day_is_over": _is_over(request),
            "may_report": allows(user.role, Act.SEE_REPORTS),
            "may_cancel": allows(user.role, Act.CANCEL_PERFORMANCE),
            "may_sell": allows(user.role, Act.SALE),
            "may_admin": user.is_staff,
        }
    }
