"""A cancelled performance: simulated, run, followed, and proven (spec G8)."""

from datetime import UTC, datetime
from uuid import uuid4

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.documents.papers import render_paper
from guichet.forms.cancellations import OFFERED, CancellationForm
from guichet.views.entry import StaffRequest, claim_of, current_session, key_of, staff
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.choices import RunPolicy
from payments.errors import OfficeTillMissing
from payments.models import RefundRun
from payments.selectors.runs import get_proof, list_rest, simulate_run
from payments.services.runs import choose, retry_lines, start_run
from sales.models import Performance
from tills.selectors import find_office_till

MAX_LISTED = 200


@staff(Act.CANCEL_PERFORMANCE)
@require_safe
def performances(request: StaffRequest) -> HttpResponse:
    """List the performances to come, and those that were cancelled, the latest first."""
    request.till_session = current_session(request)  # type: ignore[attr-defined]
    wanted = Q(starts_at__gte=datetime.now(UTC)) | Q(refund_run__isnull=False)
    found = Performance.objects.filter(wanted).select_related("event").order_by("-starts_at")
    context = {"performances": found[:MAX_LISTED]}
    return render(request, "guichet/cancellations/performances.html", context)


@staff(Act.CANCEL_PERFORMANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, performance_id: int) -> HttpResponse:
    """Show what each policy would do, then run one; afterwards show how far the run is."""
    performance = get_object_or_404(Performance.objects.select_related("event"), pk=performance_id)
    request.till_session = current_session(request)  # type: ignore[attr-defined]
    run = RefundRun.objects.filter(performance=performance).first()
    if run is not None:
        return _followed(request, run, performance)
    form = CancellationForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_bound and form.is_valid():
        try:
            _start(request, performance, form)
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            return redirect("guichet:cancel_performance", performance_id)
    context = {
        "performance": performance,
        "form": form,
        "key": key_of(request),
        "simulations": [
            (policy.label, simulate_run(performance_id=performance_id, policy=policy))
            for policy in OFFERED
        ],
    }
    return render(request, "guichet/cancellations/simulation.html", context, status=status)


def _start(request: StaffRequest, performance: Performance, form: CancellationForm) -> None:
    till = find_office_till()
    if till is None:
        raise OfficeTillMissing
    start_run(
        key=claim_of(request).key,
        performance_id=performance.pk,
        policy=RunPolicy(form.cleaned_data["policy"]),
        reason=form.cleaned_data["reason"],
        person=request.user,
        till=till,
    )


def _followed(request: StaffRequest, run: RefundRun, performance: Performance) -> HttpResponse:
    """Show the run; a posted choice, or a retry, is done first. Repeats change nothing."""
    refused = ""
    if request.method == "POST" and "choice" in request.POST:
        refused = _chosen(request, run)
    elif request.method == "POST" and "retry" in request.POST:
        retry_lines(run_id=run.pk)
    if request.method == "POST" and not refused:
        return redirect("guichet:cancel_performance", performance.pk)
    context = {
        "run": run,
        "performance": performance,
        "proof": get_proof(run=run),
        "rest": list_rest(run=run),
        "refused": refused,
        "key": str(uuid4()),
    }
    name = "progress" if request.htmx else "run"
    status = 422 if refused else 200
    return render(request, f"guichet/cancellations/{name}.html", context, status=status)


def _chosen(request: StaffRequest, run: RefundRun) -> str:
    """Write down what a customer chose at the counter; returns the sentence of a refusal."""
    typed = request.POST.get("line", "")
    line = (
        run.lines.filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 19 else None
    )
    if line is None or request.POST["choice"] not in {"credit", "money"}:
        raise Http404
    try:
        choose(
            line_id=line.pk,
            credit=request.POST["choice"] == "credit",
            channel=f"guichet {request.user.code}",
        )
    except Refusal as refusal:
        return str(refusal)
    return ""


@staff(Act.CANCEL_PERFORMANCE)
@require_safe
def proof_pdf(request: StaffRequest, performance_id: int) -> HttpResponse:
    """Print the proof sheet of a run: what came in, what went out, what is still to be done."""
    performance = get_object_or_404(Performance, pk=performance_id)
    run = get_object_or_404(
        RefundRun.objects.select_related("performance__event"), performance=performance
    )
    pdf = render_paper(
        name="refund_run",
        title=_("Refund of a cancelled performance: %(what)s"),
        what=run.performance.event.title,
        edited_by=request.user,
        run=run,
        proof=get_proof(run=run),
        lines=run.lines.select_related("order__contact", "refund__sum_owed").order_by("order_id"),
    )
    headers = {"Content-Disposition": f'inline; filename="preuve-{performance_id}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
