"""The menu "Solde avoir": history, deposits, payouts, corrections and their papers (spec G5)."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contacts.models import Contact
from credit.errors import InsufficientCredit, NonRefundable
from credit.selectors import get_standing, list_holds
from guichet import documents
from guichet.forms.credit import CorrectionForm, HistoryForm, MoneyForm, PayoutForm
from guichet.selectors.credit import find_payment, get_receipt, get_statement, list_credit_page
from guichet.views.approval import approval_context, approval_of, attempt
from guichet.views.entry import DeskRequest, StaffRequest, at_desk, claim_of, key_of, staff
from guichet.views.web import pdf_response, read_number, status_of
from institution_settings.choices import MONEY_KINDS, ModeKind
from institution_settings.errors import ModeMovesNoMoney, ModeNotAllowed
from institution_settings.permissions import NEEDS, Act
from institution_settings.selectors import get_institution, list_modes
from journal.errors import Refusal
from payments.errors import CashLimit, CashStep, IdentityNotChecked, TenderNotPositive
from payments.models import Payment
from payments.services import correct as take_back
from payments.services import make_deposit, make_payout

# Beside which field a refusal stands; all others stand above the form.
BESIDE_AMOUNT = (CashLimit, CashStep, InsufficientCredit, NonRefundable, TenderNotPositive)
BESIDE_MODE = (ModeMovesNoMoney, ModeNotAllowed)


@at_desk(Act.DEPOSIT)
@require_safe
def history(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Show the account's figures, what is held on it, and a page of its movements.

    Who was merged leads to the kept account; ``?fusionne=1`` reads the old one's history (C10).
    """
    contact = get_object_or_404(Contact, pk=contact_id)
    if contact.merged_into_id and not request.GET.get("fusionne"):
        return redirect("guichet:credit", contact.merged_into_id)
    return show_history(request, contact)


def show_history(
    request: DeskRequest, contact: Contact, *, refused: Refusal | None = None
) -> HttpResponse:
    """Show the page of the history, with the refusal of what was asked for on it."""
    standing = get_standing(contact_id=contact.pk, currency=request.desk.currency)
    form = HistoryForm(request.GET)
    form.is_valid()
    before = read_number(request.GET.get("before"))
    page = list_credit_page(account_id=standing.account_id, before=before, **form.filters())
    context = {
        "contact": contact,
        "standing": standing,
        "holds": list_holds(contact_id=contact.pk) if standing.held.amount else [],
        "form": form,
        "filtered": any(form.filters().values()),
        "lines": page.lines,
        "before": before,
        "next_before": page.next_before,
        "query": _query(request),
        "done": _done(request, contact),
        "refused": refused,
        "key": str(uuid4()),
    }
    status = status_of(refused) if refused else 200
    return render(request, "guichet/credit/history.html", context, status=status)


def _query(request: DeskRequest) -> str:
    """Return the filters as they stand in the address, for links to other pages of the history."""
    names = (*HistoryForm.base_fields, "fusionne")
    kept = {name: request.GET[name] for name in names if request.GET.get(name)}
    return urlencode(kept)


def _done(request: DeskRequest, contact: Contact) -> Payment | None:
    """Return the deposit, payout or correction that has just been made, to offer its receipt."""
    payment_id = read_number(request.GET.get("recu"))
    payment = find_payment(payment_id=payment_id) if payment_id else None
    return payment if payment and payment.contact_id == contact.pk else None


@at_desk(Act.DEPOSIT)
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Put money on the account (*alimenter*)."""
    contact = get_object_or_404(Contact, pk=contact_id, merged_into=None, erased_at=None)
    form = _money_form(request, Act.DEPOSIT)
    done = attempt(
        form=form,
        act=lambda: make_deposit(
            claim=claim_of(request),
            desk=request.desk,
            request=form.request(contact_id=contact.pk),
        ),
        beside=_beside,
    )
    if done.made:
        return _receipt_page(done.made)
    return _money_page(request, "guichet/credit/deposit.html", contact, form, done.status)


@at_desk(Act.PAYOUT)
@require_http_methods(["GET", "HEAD", "POST"])
def payout(request: DeskRequest, contact_id: int) -> HttpResponse:
    """Give credit back as money (*rembourser le solde*), with a supervisor where one is needed."""
    contact = get_object_or_404(Contact, pk=contact_id, merged_into=None, erased_at=None)
    form = _money_form(request, Act.PAYOUT)
    approval = approval_of(request, act=Act.PAYOUT)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: make_payout(
            claim=claim_of(request),
            desk=request.desk,
            request=form.request(contact_id=contact.pk),
            approved_by=approval.person,
        ),
        beside=_beside,
    )
    if done.made:
        return _receipt_page(done.made)
    shown = approval_context(approval, done.asked)
    return _money_page(request, "guichet/credit/payout.html", contact, form, done.status, shown)


@at_desk(Act.DEPOSIT)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: DeskRequest, payment_id: int) -> HttpResponse:
    """Take a deposit or payout back, movement and money together (spec C4)."""
    payment = find_payment(payment_id=payment_id)
    if payment is None or payment.contact is None or payment.reverses_id is not None:
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    approval = approval_of(request, act=Act.CORRECT)
    done = attempt(
        form=form,
        approval=approval,
        act=lambda: take_back(
            claim=claim_of(request),
            desk=request.desk,
            payment_id=payment.pk,
            reason=form.cleaned_data["reason"],
            approved_by=approval.person,
        ),
    )
    if done.made:
        return _receipt_page(done.made)
    context = {
        "contact": payment.contact,
        "standing": get_standing(contact_id=payment.contact.pk, currency=request.desk.currency),
        "receipt": get_receipt(payment=payment),
        "form": form,
        "key": key_of(request),
        **approval_context(approval, done.asked),
    }
    return render(request, "guichet/credit/correct.html", context, status=done.status)


@staff(Act.DEPOSIT)
@require_safe
def receipt_pdf(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Give the receipt of a deposit, payout or correction."""
    payment = find_payment(payment_id=payment_id)
    if payment is None:
        raise Http404
    receipt = get_receipt(payment=payment)
    pdf = documents.render_receipt(receipt=receipt, edited_by=request.user)
    return pdf_response(pdf, name=f"recu-{receipt.number}.pdf")


@staff(Act.DEPOSIT)
@require_safe
def statement_pdf(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Give the statement of an account over the period of the filters."""
    contact = get_object_or_404(Contact, pk=contact_id, merged_into=None)
    form = HistoryForm(request.GET)
    form.is_valid()
    period = form.filters()
    statement = get_statement(
        contact=contact,
        currency=get_institution().currency,
        since=period["since"],
        until=period["until"],
    )
    pdf = documents.render_statement(statement=statement, edited_by=request.user)
    return pdf_response(pdf, name=f"releve-{contact.number}.pdf")


def _money_form(request: DeskRequest, act: Act) -> MoneyForm:
    """Return the form of a deposit or payout with the modes authorised here alone (spec S3)."""
    needs, desk = NEEDS[act], request.desk
    modes, credit_modes = (
        list_modes(point_of_sale_id=desk.point_of_sale_id, use=use, kinds=kinds) if use else []
        for use, kinds in ((needs.modes, MONEY_KINDS), (needs.credit, {ModeKind.CREDIT}))
    )
    typed = request.POST if request.method == "POST" else None
    form = PayoutForm if act is Act.PAYOUT else MoneyForm
    return form(typed, currency=desk.currency, modes=modes, credit_modes=credit_modes)


def _money_page(
    request: DeskRequest,
    template: str,
    contact: Contact,
    form: MoneyForm,
    status: int,
    shown: dict[str, Any] | None = None,
) -> HttpResponse:
    if shown:
        form.focus(None)  # the approval takes it
    context = {
        "contact": contact,
        "standing": get_standing(contact_id=contact.pk, currency=request.desk.currency),
        "form": form,
        "key": key_of(request),
        **(shown or {}),
    }
    return render(request, template, context, status=status)


def _beside(refusal: Refusal) -> str | None:
    """Return the field a refusal concerns; None: it stands above the form."""
    if isinstance(refusal, BESIDE_AMOUNT):
        return "amount"
    if isinstance(refusal, IdentityNotChecked):
        return "identity"
    return "mode" if isinstance(refusal, BESIDE_MODE) else None


def _receipt_page(payment: Payment) -> HttpResponse:
    """Go back to the history, which offers the receipt; a repeated click arrives there too."""
    return redirect(reverse("guichet:credit", args=[payment.contact_id]) + f"?recu={payment.pk}")
