"""Asking a supervisor: the same two fields on every form that may need them (spec §1).

A form is first sent without them. Where a service answers ``ApprovalNeeded`` it is shown again,
everything typed in place, with ``approval`` in its context; ``guichet/approval.html`` shows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms

from contacts.errors import NotApproved
from contacts.models import User
from contacts.permissions import may
from contacts.services import approve
from guichet.forms.approval import ApprovalForm
from guichet.views.entry import StaffRequest
from guichet.views.web import status_of
from institution_settings.permissions import Act
from journal.errors import Refusal
from payments.errors import ApprovalNeeded

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Approval:
    """What was typed to approve, and the person whom it names (None: nobody yet)."""

    form: ApprovalForm
    person: User | None = None

    @property
    def refused(self) -> bool:
        """Whether an approval was typed that does not hold: show it again, do nothing."""
        return self.form.is_bound and self.person is None


def approval_of(request: StaffRequest, *, act: Act) -> Approval:
    """Return the approval sent with a form; who may do ``act`` by role approves by being here.

    Nothing typed is nobody: the service then decides whether somebody is needed.
    """
    if may(request.user, Act.APPROVE) and may(request.user, act):
        return Approval(ApprovalForm(), request.user)
    if not any(request.POST.get(name) for name in ApprovalForm.base_fields):
        return Approval(ApprovalForm())
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return Approval(form)
    typed = form.cleaned_data
    try:
        person = approve(code=typed["approver_code"], pin=typed["approver_pin"], act=act)
    except NotApproved as refusal:
        form.add_error("approver_pin", str(refusal))
        return Approval(form)
    return Approval(form, person)


@dataclass(frozen=True, slots=True)
class Attempt(Generic[T]):
    """What came of a form that may need a supervisor: what was made, or who is asked for."""

    made: T | None = None
    asked: Refusal | None = None
    status: int = 200


def attempt(
    *,
    form: forms.Form,
    act: Callable[[], T],
    approval: Approval | None = None,
    beside: Callable[[Refusal], str | None] = lambda _refusal: None,
) -> Attempt[T]:
    """Do ``act`` once the form holds; what is refused stands beside the field ``beside`` names.

    A form that was not sent does nothing. Whoever is needed is asked for, everything kept.
    """
    if not form.is_bound:
        return Attempt()
    if not form.is_valid() or (approval and approval.refused):
        return Attempt(status=422)
    try:
        return Attempt(made=act())
    except ApprovalNeeded as refusal:
        return Attempt(asked=refusal, status=422)
    except Refusal as refusal:
        form.add_error(beside(refusal), str(refusal))
        return Attempt(status=status_of(refusal))


def approval_context(approval: Approval, asked: Refusal | None) -> dict[str, Any]:
    """Return what shows the approval's fields: asked for now, or typed and refused."""
    if asked is None and not approval.form.is_bound:
        return {}
    return {"approval": approval.form, "approval_reason": str(asked or "")}
