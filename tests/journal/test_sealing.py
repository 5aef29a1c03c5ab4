"""The seal itself: canonical JSON under a keyed HMAC (FIS-05 to FIS-07)."""

import stat
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django import Settings

from journal.errors import KeyMissing
from journal.sealing import canonical_json, genesis, make_key, seal_text, sealing_key, stamp

KEY = b"cle-de-test"
FIRST: dict[str, object] = {
    "caisse": "G1",
    "chaine": "AVOIR",
    "contact": "C000101",
    "contrepasse": None,
    "devise": "EUR",
    "entite": "532001234",
    "format": 1,
    "horodatage": "2026-10-05T08:02:00Z",
    "mode": "ESPECES",
    "montant": 5000,
    "nature": "DEPOT",
    "operateur": "lea",
    "piece": "R-2001",
    "precedent": "ee7a64159f752f52164ada9975a576e441555a0a099430cff613e880a461658e",
    "sens": "C",
    "seq": 1001,
}


def test_the_genesis_is_that_of_the_rule() -> None:
    assert genesis(entity="532001234") == FIRST["precedent"]


def test_a_till_has_a_genesis_of_its_own() -> None:
    assert (
        genesis(entity="532001234", till="G1")
        == "89799177fbed4eacd57f00560779b50c7bbed2c2d5e25cf0c5474c29c5bd9d4a"
    )


def test_the_vector_of_the_rule_is_reproduced() -> None:
    first = seal_text(key=KEY, text=canonical_json(FIRST))
    second = seal_text(
        key=KEY,
        text=canonical_json(
            {
                **FIRST,
                "horodatage": "2026-10-05T08:15:00Z",
                "mode": "AVOIR",
                "montant": 2110,
                "nature": "PAIEMENT",
                "piece": "CMD-3001",
                "precedent": first,
                "sens": "D",
                "seq": 1002,
            }
        ),
    )
    assert first == "e734f1718b91c6f906ede76fe1ee06aea2ad72beed04b8d30b07be76a7ec53b0"
    assert second == "5c0f867517335715755080112b030bce1cc55173e9ddbc13b7a41b0146a03e0e"


def test_the_canonical_text_is_sorted_dense_and_keeps_accents() -> None:
    text = canonical_json({"b": None, "a": "Théâtre", "c": [1, {"z": True, "y": "€"}]})
    assert text == '{"a":"Théâtre","b":null,"c":[1,{"y":"€","z":true}]}'


@pytest.mark.parametrize(
    "inexact",
    [12.5, 0.0, float("nan"), Decimal("12.50"), datetime(2026, 10, 5, tzinfo=UTC), b"12", {1, 2}],
)
@pytest.mark.parametrize("depth", ["above", "in a list", "in a dict"])
def test_what_is_not_exact_is_refused(inexact: object, depth: str) -> None:
    content = {"above": inexact, "in a list": [1, inexact], "in a dict": {"montant": inexact}}
    with pytest.raises(TypeError):
        canonical_json({"montant": content[depth]})


def test_a_moment_is_sealed_in_utc_with_its_fraction() -> None:
    assert stamp(datetime(2026, 10, 5, 8, 2, tzinfo=UTC)) == "2026-10-05T08:02:00Z"
    assert stamp(datetime(2026, 10, 5, 8, 2, 0, 120, tzinfo=UTC)) == "2026-10-05T08:02:00.000120Z"


def test_the_key_is_made_once_outside_the_database_for_its_owner_alone(
    settings: Settings, tmp_path: Path
) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "keys"
    make_key(key_id="k7")
    path = tmp_path / "keys" / "k7.key"
    key = path.read_bytes()
    make_key(key_id="k7")
    assert path.read_bytes() == key == sealing_key(key_id="k7")
    assert len(key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_key_that_is_not_here_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path
    with pytest.raises(KeyMissing) as refused:
        sealing_key(key_id="k8")
    assert refused.value.data == {"key_id": "k8"}
