"""The doors: a code is scanned or typed, the answer is large (spec G11)."""

from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from guichet.views.entry import DeskRequest, StaffRequest, claim_of, current_session, staff
from guichet.views.web import status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from sales.models import Performance, Scan
from sales.selectors import count_attendance, list_doors, list_scans
from sales.services import admit

# Longer than any code of ours; what a scanner reads elsewhere may be a whole page.
MAX_CODE = 80
# Who shows a ticket again so soon is most likely the one who just came in.
SAME_PERSON_SECONDS = 60


def keep_till(request: StaffRequest) -> None:
    """Let the bar say at which till one stands, for whoever has one: the door needs none."""
    session = current_session(request)
    if session is not None:
        cast("DeskRequest", request).till_session = session


@staff(Act.ADMIT)
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """Show the performances people come to now, to choose whose door this is."""
    keep_till(request)
    return render(
        request, "guichet/doors/choose.html", {"doors": list_doors(now=datetime.now(UTC))}
    )


@staff(Act.ADMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: StaffRequest, performance_id: int) -> HttpResponse:
    """Answer a code: valid, already in, cancelled, other performance or unknown.

    Works as a plain form; htmx swaps the answer alone, so that the field is free for the next
    code. An empty field asks nothing.
    """
    keep_till(request)
    performance = Performance.objects.select_related("event").filter(pk=performance_id).first()
    if performance is None:
        raise Http404
    code = request.POST.get("code", "").strip()[:MAX_CODE]
    scan: Scan | None = None
    refusal, status = "", 200
    if code:
        try:
            scan = admit(
                claim=claim_of(request),
                performance_id=performance_id,
                code=code,
                operator=request.user,
            )
        except Refusal as refused:
            refusal, status = str(refused), status_of(refused)
    context = {
        "performance": performance,
        "scan": scan,
        "refusal": refusal,
        "seconds_ago": _seconds_since_entry(scan),
        "attendance": count_attendance(performance_id=performance_id),
        "scans": list_scans(performance_id=performance_id),
        "key": str(uuid4()),  # each look is a click of its own
    }
    page = "guichet/doors/answered.html" if request.htmx else "guichet/doors/door.html"
    return render(request, page, context, status=status)


def _seconds_since_entry(scan: Scan | None) -> int | None:
    """Return how long ago somebody already in came in, while it may be the same person.

    A ticket held too long before the scanner is not mistaken for a copy.
    """
    if scan is None or scan.seen_at is None:
        return None
    seconds = int((scan.at - scan.seen_at).total_seconds())
    return seconds if seconds < SAME_PERSON_SECONDS else None
