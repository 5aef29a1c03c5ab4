"""(a) Bordereau des mouvements de compte d'avoir, on screen and on paper."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from contacts.models import User
from institution_settings.permissions import Act, allows
from institution_settings.selectors import current_business_date, get_institution
from reports.documents import PAPER_LANGUAGE, digest, render_bordereau
from reports.forms.bordereau import BordereauForm
from reports.selectors.editions import Edition, edit_bordereau
from reports.selectors.periods import list_periods


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send the reader to the one report there is yet."""
    _reader(request)
    return redirect("reports:bordereau")


@login_required
@require_safe
def bordereau(request: HttpRequest) -> HttpResponse:
    """Show the bordereau of a period or of some Zs, today's when nothing is chosen."""
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, None, status=422)
    return _page(request, form, _edit(form), status=200)


@login_required
@require_safe
def bordereau_pdf(request: HttpRequest) -> HttpResponse:
    """Print the same bordereau: same rows, same totals (RPT-00)."""
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, None, status=422)
    with translation.override(PAPER_LANGUAGE):
        edition, criteria = _edit(form), form.criteria()
    if edition.report.is_long:
        return _page(request, form, _edit(form), status=422)
    paper = render_bordereau(edition=edition, criteria=criteria, edited_by=str(request.user))
    wanted = edition.report.filter
    name = f"bordereau-avoir-{wanted.first}-{wanted.last}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _form(request: HttpRequest) -> BordereauForm:
    """Read the filters; a period is that of today unless days or Zs are named."""
    user = _reader(request)
    own = None if allows(user.role, Act.SEE_REPORTS) else user
    typed = request.GET.copy()
    if not typed.get("z", "").strip():
        today = current_business_date(at=datetime.now(UTC)).isoformat()
        typed.setdefault("first", today)
        typed.setdefault("last", today)
    return BordereauForm(typed, opened_by=own)


def _edit(form: BordereauForm) -> Edition:
    return edit_bordereau(
        filter=form.to_filter(currency=get_institution().currency),
        with_balance=form.cleaned_data["balance"],
    )


def _page(
    request: HttpRequest, form: BordereauForm, edition: Edition | None, *, status: int
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "periods": list_periods(today=current_business_date(at=datetime.now(UTC))),
    }
    if edition:
        context |= {
            "edition": edition,
            "report": edition.report,
            "criteria": form.criteria(),
            "digest": digest(report=edition.report),
            "pdf_url": f"{reverse('reports:bordereau_pdf')}?{request.GET.urlencode()}",
        }
    return render(request, "reports/bordereau.html", context, status=status)


def _reader(request: HttpRequest) -> User:
    """Let in who reads reports, and operators for their own sessions (spec §7, R1)."""
    user = request.user
    if isinstance(user, User) and (
        allows(user.role, Act.SEE_REPORTS) or allows(user.role, Act.SIGN_OWN_SESSIONS)
    ):
        return user
    raise PermissionDenied
