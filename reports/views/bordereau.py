"""(a) Bordereau des mouvements de compte d'avoir, on screen and on paper."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contacts.models import User
from institution_settings.permissions import Act, allows
from institution_settings.selectors import current_business_date, get_institution
from reports.documents import render_bordereau
from reports.forms.bordereau import BordereauForm
from reports.selectors.bordereau import Bordereau, get_bordereau
from reports.selectors.controls import list_controls


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send the reader to the one report there is yet."""
    _reader(request)
    return redirect("reports:bordereau")


@login_required
@require_safe
def bordereau(request: HttpRequest) -> HttpResponse:
    """Show the bordereau of a period, today's when nothing is chosen."""
    form, report = _report(request)
    context = {
        "form": form,
        "report": report,
        "controls": list_controls(report=report) if report else [],
        "pdf_url": f"{reverse('reports:bordereau_pdf')}?{request.GET.urlencode()}",
    }
    return render(request, "reports/bordereau.html", context, status=200 if report else 422)


@login_required
@require_safe
def bordereau_pdf(request: HttpRequest) -> HttpResponse:
    """Print the same bordereau: same rows, same totals (RPT-00)."""
    form, report = _report(request)
    if report is None or report.is_long:
        context = {"form": form, "report": report, "controls": []}
        return render(request, "reports/bordereau.html", context, status=422)
    paper = render_bordereau(
        report=report,
        controls=list_controls(report=report),
        criteria=form.criteria(),
        edited_by=str(request.user),
        edited_at=datetime.now(UTC),
    )
    response = HttpResponse(paper, content_type="application/pdf")
    name = f"bordereau-avoir-{report.filter.first}-{report.filter.last}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _report(request: HttpRequest) -> tuple[BordereauForm, Bordereau | None]:
    user = _reader(request)
    institution = get_institution()
    today = current_business_date(at=datetime.now(UTC))
    data = request.GET.copy()
    data.setdefault("first", today.isoformat())
    data.setdefault("last", today.isoformat())
    form = BordereauForm(data)
    if not form.is_valid():
        return form, None
    own = None if allows(user.role, Act.SEE_REPORTS) else user.pk
    chosen = form.to_filter(currency=institution.currency, only_sessions_of=own)
    return form, get_bordereau(filter=chosen)


def _reader(request: HttpRequest) -> User:
    """Let in who reads reports, and operators for their own sessions (spec §7, R1)."""
    user = request.user
    if isinstance(user, User) and (
        allows(user.role, Act.SEE_REPORTS) or allows(user.role, Act.SIGN_OWN_SESSIONS)
    ):
        return user
    raise PermissionDenied
