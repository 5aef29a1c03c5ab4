"""What is typed at the counter about a contact."""

from contacts.search import tidy


def guess_details(text: str) -> dict[str, str]:
    """Return where a search that found nobody goes in a new contact: e-mail, phone or name."""
    typed = tidy(text)
    if "@" in typed:
        return {"email": typed}
    if any(char.isdigit() for char in typed):
        return {"phone": typed}
    return {"last_name": typed} if typed else {}
