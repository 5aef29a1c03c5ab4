"""How an entry is sealed: canonical JSON under a keyed HMAC, chained (FIS-05 to FIS-07).

Pure functions; the key lies outside the database, in ``settings.JOURNAL_KEYS_DIR``.
"""

import functools
import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from journal.errors import KeyMissing

FORMAT = 1


def canonical_json(content: dict[str, object]) -> str:
    """Return the one text that stands for ``content``: sorted keys, no spaces, no floats.

    Amounts are whole minor units, times are text: anything else than text, whole numbers,
    booleans, null, lists and dicts of these is refused with ``TypeError``.
    """
    _refuse_inexact(content)
    return _JSON.encode(content)


_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_EXACT = frozenset({str, int, bool, type(None)})


def _refuse_inexact(value: object) -> None:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            if type(inner) not in _EXACT:
                _refuse_inexact(inner)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"{type(value).__name__} cannot be sealed: {value!r}")


def stamp(at: datetime) -> str:
    """Return a moment as sealed text, in UTC: ``2026-10-05T08:02:00Z`` (fraction kept if any)."""
    text = at.astimezone(UTC).isoformat().removesuffix("+00:00")
    return f"{text}Z"


def as_utc(moment: datetime) -> datetime:
    """Return a moment read by plain SQL with its zone: SQLite gives them in UTC without one."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def genesis(*, entity: str, till: str | None = None) -> str:
    """Return h0: SHA-256 of ``genese:SIREN`` or, one chain a till, of ``genese:SIREN:till``."""
    seed = f"genese:{entity}" if till is None else f"genese:{entity}:{till}"
    return hashlib.sha256(seed.encode()).hexdigest()


def seal_text(*, key: bytes, text: str) -> str:
    """Return the seal of a payload: HMAC-SHA-256, lowercase hexadecimal."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def sealing_key(*, key_id: str) -> bytes:
    """Return the key ``key_id`` from its file; ``KeyMissing`` when it is not on this machine."""
    return _read_key(str(settings.JOURNAL_KEYS_DIR), key_id)


@functools.lru_cache(maxsize=32)
def _read_key(folder: str, key_id: str) -> bytes:
    try:
        return (Path(folder) / f"{key_id}.key").read_bytes()
    except OSError as error:
        raise KeyMissing(key_id=key_id) from error


def make_key(*, key_id: str) -> None:
    """Write a new key file unless it exists; readable by its owner alone (FIS-07)."""
    folder = Path(settings.JOURNAL_KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(folder / f"{key_id}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as key:
        key.write(secrets.token_hex(32).encode())
