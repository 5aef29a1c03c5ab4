"""Reading contacts: found as somebody types."""

from contacts.selectors.finding import (
    find_contacts,
    find_similar,
    is_last_administrator,
    search_contacts,
)

__all__ = [
    "find_contacts",
    "find_similar",
    "is_last_administrator",
    "search_contacts",
]
