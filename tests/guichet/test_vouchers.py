"""Vouchers looked up and issued free (spec G7, cases B46, B47, B49)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from guichet.throttles import UNKNOWN_CODES
from payments.errors import ApprovalNeeded, VoucherUnknown
from payments.models import Voucher
from tests.counter import Counter
from tests.guichet.conftest import Person
from tests.venue import PIN, Venue

pytestmark = pytest.mark.django_db
BY_MARC = {"approver_code": "marc", "approver_pin": PIN}


@pytest.fixture(autouse=True)
def nothing_was_guessed() -> None:
    cache.clear()


@pytest.fixture
def counter(venue: Venue) -> Counter:
    return Counter(venue)


@pytest.fixture
def voucher(counter: Counter) -> Voucher:
    """A voucher of 50 €, 20 € of it spent."""
    sold = counter.sell_voucher("50.00")
    counter.sell(["20.00"], ("BON", "20.00", sold.code))
    sold.refresh_from_db()
    return sold


def test_b47_a_code_is_found_however_it_is_typed(lea: Person, voucher: Voucher) -> None:
    plain = voucher.code.replace("-", "")
    for typed in (voucher.code, f" {voucher.code.lower()} ", plain, voucher.code.replace("-", "–")):
        card = lea.post("vouchers", code=typed).context["card"]
        assert card.voucher == voucher
        assert card.available == lea.venue.money("30.00")
    assert [line.change.amount for line in card.movements] == [-20, 50]
    assert card.refusal is None


def test_b46_what_is_no_code_finds_nothing(lea: Person, voucher: Voucher) -> None:
    for typed in (" ", "", "%", "_", "null", "\x00", "x" * 500):
        answer = lea.post("vouchers", code=typed)
        assert answer.status_code == 422
        assert answer.context["card"] is None


def test_staff_see_why_a_voucher_cannot_be_spent(
    lea: Person, voucher: Voucher, counter: Counter
) -> None:
    counter.sell(["30.00"], ("BON", "30.00", voucher.code))
    assert lea.post("vouchers", code=voucher.code).context["card"].refusal.data["reason"] == "spent"
    unknown = lea.post("vouchers", code="ZZZZ-ZZZZ-ZZZZ")
    assert unknown.context["form"].errors["code"] == [str(VoucherUnknown(code="ZZZZ-ZZZZ-ZZZZ"))]


def test_b49_codes_are_guessed_at_a_throttled_rate(lea: Person, voucher: Voucher) -> None:
    for guess in range(UNKNOWN_CODES):
        lea.post("vouchers", code=f"ZZZZ-ZZZZ-ZZZ{guess}")
    answer = lea.post("vouchers", code=voucher.code)
    assert answer.status_code == 422
    assert answer.context["card"] is None


def test_a_supervisor_issues_a_free_voucher_on_the_operators_screen(lea: Person) -> None:
    asked = lea.post("new_voucher", value="25")
    assert asked.status_code == 422
    assert asked.context["approval_reason"] == str(ApprovalNeeded(reason="free_voucher"))
    assert 'value="25"' in asked.content.decode()
    key = str(uuid4())
    until = timezone.now().date() + timedelta(days=365)
    typed = {"value": "25", "expires_on": until.isoformat(), "key": key, **BY_MARC}
    issued = lea.post("new_voucher", **typed)
    again = lea.post("new_voucher", **typed)
    voucher = Voucher.objects.get()
    assert issued.context["voucher"] == again.context["voucher"] == voucher
    assert voucher.code in issued.content.decode()
    assert (voucher.value.amount, voucher.free, voucher.expires_on) == (25, True, until)


def test_a_supervisor_needs_no_pin_at_the_own_screen(marc: Person) -> None:
    assert marc.stand_at("G1").post("new_voucher", value="25").status_code == 200
    assert Voucher.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"value": ""},
        {"value": "0"},
        {"value": "12,345"},
        {"value": "25", "expires_on": "tomorrow"},
        {"value": "25", "expires_on": "2020-01-01"},
        {"value": "25", "approver_code": "marc", "approver_pin": "0000"},
        {"value": "25", "approver_code": "lea", "approver_pin": PIN},
    ],
)
def test_a_free_voucher_is_refused(lea: Person, typed: dict[str, str]) -> None:
    answer = lea.post("new_voucher", **{**BY_MARC, **typed})
    assert answer.status_code == 422
    assert not Voucher.objects.exists()


def test_looking_a_voucher_up_costs_few_queries(lea: Person, voucher: Voucher) -> None:
    assert lea.count_queries("vouchers") <= 12
    assert lea.count_queries("new_voucher") <= 12


@pytest.mark.parametrize("name", ["vouchers", "new_voucher"])
def test_who_may_see_vouchers(ladder: Callable[..., None], name: str) -> None:
    ladder(name)
