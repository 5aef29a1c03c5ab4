"""Asking a supervisor: the same two fields on every form that may need them (spec §1).

A form is first sent without them. Where a service answers ``ApprovalNeeded`` it is shown again,
everything typed in place, with ``approval`` in its context; ``guichet/approval.html`` shows it.
"""

from dataclasses import dataclass
from typing import Any

from contacts.errors import NotApproved
from contacts.models import User
from contacts.permissions import may
from contacts.services import approve
from guichet.forms.approval import ApprovalForm
from guichet.views.entry import StaffRequest
from institution_settings.permissions import Act
from journal.errors import Refusal


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


def approval_context(approval: Approval, asked: Refusal | None) -> dict[str, Any]:
    """Return what shows the approval's fields: asked for now, or typed and refused."""
    if asked is None and not approval.form.is_bound:
        return {}
    return {"approval": approval.form, "approval_reason": str(asked or "")}
