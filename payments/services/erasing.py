"""Erasing what is known of a contact: the books stay, the person goes (C11, RGP-02, RGP-03)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from contacts.choices import ErasureReason
from contacts.errors import ContactInUse
from contacts.models import Contact, User
from contacts.services import (
    delete_contact,
    end_login,
    forget_versions,
    lock_contacts,
    pseudonymise,
)
from credit.services import close_accounts
from journal.services import Claim, EventCode, Op, event_draft, event_register, perform
from payments.choices import ApprovalReason
from payments.errors import ReasonNeeded
from payments.models import ChequeDrawer
from payments.selectors.erasing import list_obstacles
from payments.services.approvals import ask_supervisor
from tills.selectors import Desk


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure left: the contact by its number, or nothing where nothing pointed at it."""

    contact_id: int
    kept: bool


def erase_contact(
    *,
    claim: Claim,
    desk: Desk,
    contact_id: int,
    reason: str,
    approved_by: User | None,
    at: datetime | None = None,
) -> Erasure:
    """Erase what is known of a contact, and of those merged into it (RGP-03).

    Names, e-mail, phone, address, notes, earlier versions, login, comments on movements and names
    on cheques go; number, orders, movements, amounts, dates and piece numbers stay, so that
    reports and seals say what they said. A contact that nothing points at is deleted.

    Sealed as event 430 with numbers and codes only, on the journal of events. ``reason`` is an
    ``ErasureReason``. Raises ``ReasonNeeded``, ``ApprovalNeeded``, ``ErasureRefused`` with the
    first of ``list_obstacles``, and ``Contact.DoesNotExist``.
    """

    def write(op: Op) -> Erasure:
        if reason not in ErasureReason.values:
            raise ReasonNeeded
        approver = ask_supervisor(
            op=op, desk=desk, approver=approved_by, reason=ApprovalReason.ERASURE
        )
        contact, followers = _lock_with_merged(contact_id)
        for refusal in list_obstacles(contact=contact, currency=desk.currency, now=op.at):
            raise refusal
        numbers: list[str | None] = [one.number for one in followers]
        facts: dict[str, object] = {
            "contact": contact.number,
            "fusionnes": numbers,
            "motif": reason,
            "operateur": desk.operator_code or None,
            "valide_par": approver.code,
        }
        op.drafts.append(event_draft(op=op, code=EventCode.PSEUDONYMISED, facts=facts))
        if _delete_unused(contact):
            return Erasure(contact_id, kept=False)
        _forget_names([*followers, contact], currency=desk.currency, at=op.at)
        return Erasure(contact_id, kept=True)

    return perform(
        claim=claim,
        kind="contact.erase",
        content={"contact": contact_id, "reason": reason},
        register=event_register(),
        write=write,
        found=lambda _operation: Erasure(
            contact_id, kept=Contact.objects.filter(pk=contact_id).exists()
        ),
        at=at,
    )


def _lock_with_merged(contact_id: int) -> tuple[Contact, list[Contact]]:
    """Return the contact and those merged into it, locked in the order of their ids."""
    merged = Contact.objects.filter(merged_into=contact_id).values_list("pk", flat=True)
    found = {one.pk: one for one in lock_contacts(contact_ids=[contact_id, *merged])}
    if contact_id not in found:
        raise Contact.DoesNotExist(contact_id)
    contact = found.pop(contact_id)
    return contact, [one for one in found.values() if one.merged_into_id == contact_id]


def _delete_unused(contact: Contact) -> bool:
    """Delete a contact that nothing points at, and its login; say whether it was one."""
    contact_id, number, login = contact.pk, contact.number, contact.user
    try:
        delete_contact(contact=contact)
    except ContactInUse:
        return False
    forget_versions(model=Contact, row_id=contact_id, called=number or "")
    if login is not None:
        end_login(user=login)
    return True


def _forget_names(contacts: list[Contact], *, currency: str, at: datetime) -> None:
    """Empty what names the contacts, wherever it stands."""
    ids = [contact.pk for contact in contacts]
    close_accounts(contact_ids=ids, currency=currency)
    theirs = Q(payment__contact__in=ids) | Q(payment__order__contact__in=ids)
    ChequeDrawer.objects.filter(theirs).delete()
    pseudonymise(contacts=contacts, at=at)
