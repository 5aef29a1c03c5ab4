"""What a customer does without an account: choosing how a cancelled order is given back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from journal.errors import Refusal
from payments.selectors.runs import find_choice
from payments.services.runs import choose


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_refund(request: HttpRequest, token: str) -> HttpResponse:
    """Two options of equal prominence, none preselected; what was chosen is shown afterwards."""
    line = find_choice(token=token)
    if line is None:
        return render(request, "ticketshop/choice.html", {"expired": True}, status=404)
    refused, status = "", 200
    wanted = request.POST.get("choice", "")
    if request.method == "POST" and wanted not in {"credit", "money"}:
        status = 422
    elif request.method == "POST":
        try:
            choose(line_id=line.pk, credit=wanted == "credit", channel="client lien")
        except Refusal as refusal:
            refused, status = str(refusal), 422
        else:
            return redirect("ticketshop:choose_refund", token)
    context = {"line": line, "refused": refused, "missing": status == 422 and not refused}
    return render(request, "ticketshop/choice.html", context, status=status)
