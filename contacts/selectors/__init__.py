"""Reading contacts: found as somebody types, and those that may be the same person."""

from contacts.selectors.duplicates import Alike, AlikePage, list_same_email, list_same_name
from contacts.selectors.finding import (
    find_contacts,
    find_similar,
    is_last_administrator,
    search_contacts,
)

__all__ = [
    "Alike",
    "AlikePage",
    "find_contacts",
    "find_similar",
    "is_last_administrator",
    "list_same_email",
    "list_same_name",
    "search_contacts",
]
