"""A contact's credit as the counter shows it: history with its receipts, papers (spec G5)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from contacts.models import Contact
from credit.choices import REVERSED_HERE, MovementKind
from credit.selectors import (
    HistoryLine,
    Standing,
    find_movement,
    get_standing,
    list_history,
)
from institution_settings.money import from_minor
from journal.selectors import entry_numbers
from payments.choices import Direction, Purpose
from payments.models import Payment
from sales.models import Order

PAGE_LINES = 50
EXPORT_LINES = 1_000
# A paper longer than this is a report, made in the background.
STATEMENT_LINES = 2_000


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A movement with all its row shows; ``receipt`` is the deposit or payout it belongs to."""

    history: HistoryLine
    number: str
    reverses: str
    reversed_by: str
    order: Order | None
    receipt: Payment | None

    @property
    def debit(self) -> Money | None:
        """The amount, if it lowers the balance."""
        return None if self.history.is_credit else self.history.movement.amount

    @property
    def credit(self) -> Money | None:
        """The amount, if it raises the balance."""
        return self.history.movement.amount if self.history.is_credit else None

    @property
    def mode_label(self) -> str:
        """How it was paid: the money mode, else the credit mode."""
        movement = self.history.movement
        mode = movement.counterpart or movement.mode
        return mode.label if mode else ""

    @property
    def is_correctable(self) -> bool:
        """Whether it is a deposit or payout that nobody has taken back yet (spec C4)."""
        return (
            self.receipt is not None
            and self.receipt.reverses_id is None
            and self.history.reversed_by_id is None
        )

    @property
    def is_reversible(self) -> bool:
        """Whether it was made by hand and nobody has taken it back yet (spec C4)."""
        movement = self.history.movement
        return (
            movement.kind in REVERSED_HERE
            and movement.reverses_id is None
            and self.history.reversed_by_id is None
        )


@dataclass(frozen=True, slots=True)
class CreditPage:
    """One page of history, newest first, and the position to go on from."""

    lines: list[CreditLine]
    next_before: int | None


def list_credit_page(
    *,
    account_id: int | None,
    before: int | None = None,
    since: date | None = None,
    until: date | None = None,
    kinds: Collection[MovementKind] = (),
    limit: int = PAGE_LINES,
) -> CreditPage:
    """Return a page of an account's history in four queries, whatever its length."""
    if account_id is None:
        return CreditPage([], None)
    page = list_history(
        account_id=account_id, before=before, limit=limit, since=since, until=until, kinds=kinds
    )
    return CreditPage(_lines(page.lines), page.next_before)


def iter_credit_lines(
    *,
    account_id: int | None,
    since: date | None = None,
    until: date | None = None,
    kinds: Collection[MovementKind] = (),
) -> Iterator[CreditLine]:
    """Yield the whole history of the filters, newest first, a thousand lines in memory."""
    before: int | None = None
    while True:
        page = list_credit_page(
            account_id=account_id,
            before=before,
            since=since,
            until=until,
            kinds=kinds,
            limit=EXPORT_LINES,
        )
        yield from page.lines
        before = page.next_before
        if before is None:
            return


def find_by_hand(*, movement_id: int) -> HistoryLine | None:
    """Return a movement made by hand, not itself a reversal, else None (spec C4)."""
    movement = find_movement(movement_id=movement_id)
    if movement is None or movement.reverses_id or movement.kind not in REVERSED_HERE:
        return None
    return HistoryLine(movement, None)


def _lines(found: list[HistoryLine]) -> list[CreditLine]:
    movements = [line.movement for line in found]
    shown = {movement.pk for movement in movements}
    shown |= {movement.reverses_id for movement in movements if movement.reverses_id}
    shown |= {line.reversed_by_id for line in found if line.reversed_by_id}
    numbers = entry_numbers(subject_kind="movement", subject_ids=shown)
    receipts = _receipts(movement.pk for movement in movements)
    orders = _orders({movement.reference for movement in movements} - {""})
    return [
        CreditLine(
            history=line,
            number=numbers.get(line.movement.pk, ""),
            reverses=numbers.get(line.movement.reverses_id or 0, ""),
            reversed_by=numbers.get(line.reversed_by_id or 0, ""),
            order=orders.get(line.movement.reference),
            receipt=receipts.get(line.movement.pk),
        )
        for line in found
    ]


def _receipts(movement_ids: Iterable[int]) -> dict[int, Payment]:
    found = Payment.objects.filter(
        movement_id__in=list(movement_ids), purpose__in=[Purpose.DEPOSIT, Purpose.PAYOUT]
    )
    return {payment.movement_id or 0: payment for payment in found}


def _orders(numbers: set[str]) -> dict[str, Order]:
    if not numbers:
        return {}
    return {order.number or "": order for order in Order.objects.filter(number__in=numbers)}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A deposit, payout or correction on paper; ``number`` is that of its entry (MON-05).

    ``cash`` is what was handed over where coins made it differ from the amount (FMT-02).
    """

    payment: Payment
    number: str
    corrects: str
    balance_after: Money | None
    cash: Money | None

    @property
    def is_deposit(self) -> bool:
        """Whether it is about money put on the account, or about money paid back from it."""
        return self.payment.purpose == Purpose.DEPOSIT

    @property
    def goes_out(self) -> bool:
        """Whether money was handed over to the customer: somebody signs for it."""
        return self.payment.direction == Direction.OUT


def find_payment(*, payment_id: int) -> Payment | None:
    """Return a deposit, payout or correction of one with all its paper shows, else None."""
    return (
        Payment.objects.filter(
            pk=payment_id,
            purpose__in=[Purpose.DEPOSIT, Purpose.PAYOUT],
            contact__isnull=False,
            movement__isnull=False,
        )
        .select_related(
            "contact", "mode", "movement", "session__till__point_of_sale", "operator", "approved_by"
        )
        .first()
    )


def get_receipt(*, payment: Payment) -> Receipt:
    """Return the receipt of a payment of ``find_payment``."""
    numbers = entry_numbers(
        subject_kind="payment", subject_ids=[payment.pk, payment.reverses_id or 0]
    )
    return Receipt(
        payment=payment,
        number=numbers.get(payment.pk, ""),
        corrects=numbers.get(payment.reverses_id or 0, ""),
        balance_after=payment.movement.balance_after if payment.movement else None,
        cash=payment.tendered if payment.rounding_minor else None,
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """An account over a period, oldest first; opening + credits − debits = closing.

    ``truncated`` says that only the last ``STATEMENT_LINES`` of the period stand on it: what came
    before is in the opening balance.
    """

    contact: Contact
    standing: Standing
    since: date | None
    until: date | None
    lines: list[CreditLine]
    opening: Money
    credits: Money
    debits: Money
    closing: Money
    truncated: bool


def get_statement(
    *, contact: Contact, currency: str, since: date | None, until: date | None
) -> Statement:
    """Return the statement of a contact's account; business dates, both included."""
    standing = get_standing(contact_id=contact.pk, currency=currency)
    page = list_credit_page(
        account_id=standing.account_id, since=since, until=until, limit=STATEMENT_LINES
    )
    lines = page.lines[::-1]
    received, given = (
        sum(
            line.history.movement.amount_minor
            for line in lines
            if line.history.is_credit is is_credit
        )
        for is_credit in (True, False)
    )
    if lines:
        closing = lines[-1].history.movement.balance_after_minor
    else:
        closing = _balance_before(standing, until)
    return Statement(
        contact=contact,
        standing=standing,
        since=since,
        until=until,
        lines=lines,
        opening=from_minor(closing - received + given, currency),
        credits=from_minor(received, currency),
        debits=from_minor(given, currency),
        closing=from_minor(closing, currency),
        truncated=page.next_before is not None,
    )


def _balance_before(standing: Standing, until: date | None) -> int:
    """The balance of an account without movements in the period, in minor units."""
    if standing.account_id is None:
        return 0
    page = list_history(account_id=standing.account_id, until=until, limit=1)
    return page.lines[0].movement.balance_after_minor if page.lines else 0
