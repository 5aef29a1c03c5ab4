"""Making and changing contacts and operators, and approving with a PIN."""

from contacts.services.approvals import approve, check_pin, set_pin, validate_pin
from contacts.services.contacts import (
    ContactDetails,
    create_contact,
    delete_contact,
    index_contacts,
    lock_contacts,
    mark_apart,
    mark_merged,
    update_contact,
)
from contacts.services.erasing import end_login, forget_versions, pseudonymise
from contacts.services.operators import create_operator, update_operator

__all__ = [
    "ContactDetails",
    "approve",
    "check_pin",
    "create_contact",
    "create_operator",
    "delete_contact",
    "end_login",
    "forget_versions",
    "index_contacts",
    "lock_contacts",
    "mark_apart",
    "mark_merged",
    "pseudonymise",
    "set_pin",
    "update_contact",
    "update_operator",
    "validate_pin",
]
