"""How names are kept and compared (cases.md B84 f, g), without a database."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.search import KEY_LENGTH, find_keys, fold, phone_digits, read_query, tidy, tidy_lines


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoé   Lefèvre ", "Zoé Lefèvre"),
        (unicodedata.normalize("NFD", "Éloïse"), "Éloïse"),
        ("Jean\u00a0Paul\tde\u202fla\nTour\u0085x", "Jean Paul de la Tour x"),
        ("Dup\x00ont", "Dupont"),
        ("Dup\ud800ont", "Dupont"),
        ("\ufeffDup\u200bont\u00ad", "Dupont"),
        ("\u202eDupont\u202c", "Dupont"),
        ("\x00", ""),
        ("محمد", "محمد"),
        ("李小龙", "李小龙"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Diva 👩\u200d🎤", "Diva 👩\u200d🎤"),
        ("=1+1", "=1+1"),
        ("@x", "@x"),
        ("\r=1+1", "=1+1"),
    ],
)
def test_b84f_a_name_is_kept_without_what_breaks_software(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_notes_keep_their_lines() -> None:
    assert tidy_lines("\n Fauteuil  roulant\x00 \r\n\n rang A\n") == "Fauteuil roulant\n\nrang A"


@given(st.text())
def test_a_tidied_name_can_be_stored_anywhere_and_tidying_again_changes_nothing(text: str) -> None:
    kept = tidy(text)
    assert kept.encode("utf-8").decode() == tidy(kept) == kept
    assert [char for char in kept if unicodedata.category(char) in {"Cc", "Cs"}] == []
    assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éloïse LEFÈVRE", "eloise lefevre"),
        (unicodedata.normalize("NFD", "Éloïse Lefèvre"), "eloise lefevre"),
        ("O’Hara", "ohara"),
        ("o'hara", "ohara"),
        ("L'Île-d'Yeu", "lile dyeu"),
        ("Łukasz Šťastný", "lukasz stastny"),
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("Bœuf & Cie", "boeuf cie"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("zoe.lefevre+x@exemple.fr", "zoe.lefevre+x@exemple.fr"),
        ("😀", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("phone", "country", "digits"),
    [
        ("06 12 34 56 78", "FR", {"0612345678", "33612345678"}),
        ("+33 6 12 34 56 78", "FR", {"0612345678", "33612345678"}),
        ("0033612345678", "FR", {"0612345678", "33612345678"}),
        ("079 123 45 67", "CH", {"0791234567", "41791234567"}),
        ("+41 79 123 45 67", "FR", {"0791234567", "41791234567"}),
        ("1", "FR", {"1"}),
        ("06 12 34 56 78", "ZZ", {"0612345678"}),
        ("", "FR", {""}),
    ],
)
def test_a_phone_number_is_found_as_it_is_dialled_here_and_abroad(
    phone: str, country: str, digits: set[str]
) -> None:
    assert phone_digits(phone, country=country) == digits


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("zo", ["zo"]),
        ("Zoé LEF", ["zoe", "lef"]),
        ("lefe zo", ["lefe", "zo"]),
        ("06 12 34", ["061234"]),
        ("06.12-34", ["061234"]),
        ("+33 6 12", ["33612"]),
        ("00 33 6 12", ["33612"]),
        ("Zoé 06 12", ["0612", "zoe"]),
        ("C000103", ["c000103"]),
        ("a b c d e f g h", ["a", "b", "c", "d", "e", "f"]),
        ("%", []),
        ("\\", []),
        ("", []),
        ("\x00\ud800", []),
    ],
)
def test_what_was_typed_becomes_words_the_longest_first(typed: str, words: list[str]) -> None:
    assert read_query(typed) == words


def test_keys_hold_each_word_then_the_name() -> None:
    keys = find_keys(name="d’Almeida Zoé", others={"c000103", ""}, sorted_by="dalmeida zoe lyon")
    assert keys == {
        "dalmeida dalmeida zoe lyon ",
        "d dalmeida zoe lyon ",
        "almeida dalmeida zoe lyon ",
        "zoe dalmeida zoe lyon ",
        "c000103 dalmeida zoe lyon ",
    }


@given(name=st.text(max_size=400), other=st.text(max_size=400))
def test_keys_are_few_and_short_whatever_the_name(name: str, other: str) -> None:
    keys = find_keys(name=name, others={fold(other)}, sorted_by=fold(name)[:KEY_LENGTH])
    assert len(keys) <= 25
    assert max((len(key) for key in keys), default=0) <= KEY_LENGTH
