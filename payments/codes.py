"""Voucher codes: unguessable when made, forgiving when typed (spec G7, cases.md B46, B47)."""

import hashlib
import secrets
import unicodedata

# Without what is taken for something else when read aloud or typed: 0 O, 1 I L, 5 S, 2 Z, 8 B.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
GROUP = 4
GROUPS = 3


def make_code() -> str:
    """Return a new code, ``ACDE-F34G-HJKM``: 25¹² of them, 55 bits, drawn by the system."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(GROUP * GROUPS))
    return grouped(letters)


def canonical_code(typed: str) -> str:
    """Return the code that was meant, in its one written form, or ``""`` for no code at all.

    Case, spaces of any sort and dashes of any sort do not count: `` ab12–cd34 `` is
    ``AB12-CD34``. Signs that no code has make it no code.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = [char for char in plain if not _is_gap(char)]
    if not all(char.isascii() and char.isalnum() for char in kept):
        return ""
    return grouped("".join(kept))


def code_print(code: str) -> str:
    """Return the fingerprint under which a voucher stands in the journal: its code is money."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def grouped(letters: str) -> str:
    """Return letters in groups of four."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def _is_gap(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Pd", "Zs", "Cf", "Cc"} or char == "−"
