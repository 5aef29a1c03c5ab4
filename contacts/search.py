"""Folding: how names are compared, the same on every database (cases.md B84 g)."""

import re
import unicodedata

_SPECIAL = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_NOT_A_WORD = re.compile(r"[^\w@.+]+")


def fold(text: str) -> str:
    """Return ``text`` without case, accents or punctuation: ``fold("O’Hara Éloïse")`` is ``"ohara eloise"``.

    Apostrophes vanish (``l'île`` → ``lile``), hyphens and other signs become one space.
    """
    lowered = text.casefold().translate(_SPECIAL)
    decomposed = unicodedata.normalize("NFKD", lowered)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    without_apostrophes = re.sub(r"['’ʼ`´]", "", bare)
    return _NOT_A_WORD.sub(" ", without_apostrophes).strip()
