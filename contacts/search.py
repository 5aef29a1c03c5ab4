"""How names are kept, compared and found; the same on every database (cases.md B84 f, g).

- ``tidy``: what a typed text becomes before it is stored;
- ``fold``: how texts are compared, without case, accents or punctuation;
- ``find_keys``: what a contact is found by; ``read_query`` is what somebody typed to find one.
"""

import re
import unicodedata
from typing import Any

import phonenumbers
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# What an index entry may hold on every database, even in a script of four bytes a letter.
KEY_LENGTH = 200
# Sorts after every letter: the end of "everything that begins with".
TOP = "\U0010ffff"

_SPECIAL = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_NOT_A_WORD = re.compile(r"[^\w@.+]+")
_NOT_A_NAME = re.compile(r"[0-9@]")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
# Nobody sees them, but two names that look alike would differ: zero-width spaces, byte order
# marks, soft hyphens, and the marks that turn the direction of a whole line. The joiners of
# Persian and of emoji stay.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_UNPRINTABLE = {"Cc", "Cs"}
MAX_NAME_WORDS = 24
MAX_QUERY_WORDS = 6
WORD_LENGTH = 100


class FoldedField(models.CharField):  # type: ignore[type-arg]  # the stubs', not Django's
    """A folded text, compared letter by letter on every database: sorted and found by prefix."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": KEY_LENGTH, **options})

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Ask PostgreSQL for the collation that SQLite has by itself."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def tidy(text: str) -> str:
    """Return a typed text as it is stored: composed (NFC), single spaces, nothing invisible.

    Line breaks, tabs, U+0085 and no-break spaces become a space; NUL and other control
    characters, lone surrogates and direction marks vanish. Everything else is kept as it is.
    """
    seen = _INVISIBLE.sub("", " ".join(text.split()))
    kept = "".join(char for char in seen if unicodedata.category(char) not in _UNPRINTABLE)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def tidy_lines(text: str) -> str:
    """Return a typed text of several lines, each tidy, without empty lines around it."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def fold(text: str) -> str:
    """Return ``text`` without case, accents or punctuation: ``O’Hara Éloïse`` → ``ohara eloise``.

    Apostrophes vanish (``l'île`` → ``lile``), hyphens and other signs become one space.
    """
    lowered = text.casefold().translate(_SPECIAL)
    decomposed = unicodedata.normalize("NFKD", lowered)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", bare)).strip()


def phone_digits(phone: str, *, country: str) -> set[str]:
    """Return the ways the digits of a phone number may be typed: ``0612…`` and ``33612…``."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return {_digits(phone)}
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return {_digits(national), _digits(international)}


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def find_keys(*, name: str, others: set[str], sorted_by: str) -> set[str]:
    """Return the keys of a contact: each word of its name, and each other word, then the whole.

    ``sorted_by`` follows the word in every key, so that one index range answers "begins with
    this", filters the other words typed, and comes out in alphabetical order.
    """
    # "almeida" finds d'Almeida, whose folded name is one word.
    words = [*fold(name).split(), *fold(_APOSTROPHES.sub(" ", name)).split()]
    found = {*others, *words[:MAX_NAME_WORDS]} - {""}
    return {f"{word[:WORD_LENGTH]} {sorted_by} "[:KEY_LENGTH] for word in found}


def read_query(text: str) -> list[str]:
    """Return the folded words somebody typed to find a contact, the most telling one first.

    Digits written apart are one number: ``06 12 34`` is ``061234``, ``+33 6`` is ``336``. Numbers
    and addresses tell more than any name, and the longest name more than the others.
    """
    joined = re.sub(r"(?<=[0-9])[\s.\-/()]+(?=[0-9])", "", tidy(text))
    without_prefix = re.sub(r"(?<!\w)(?:\+|00)(?=[1-9][0-9])", "", joined)
    words = [word[:WORD_LENGTH] for word in fold(without_prefix).split()[:MAX_QUERY_WORDS]]
    return sorted(words, key=lambda word: (bool(_NOT_A_NAME.search(word)), len(word)), reverse=True)
