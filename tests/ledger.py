"""The acts of credit, each as one operation at a till: what payments does, without payments."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from credit import services as credit
from credit.models import CreditAccount, Hold, Movement
from journal.services import Claim, Op, lock_chain, perform
from tests.venue import Venue
from tills.models import TillSession
from tills.selectors import Desk
from tills.services import close_session

T = TypeVar("T")


def nothing_found(_operation_id: int) -> Any:
    """What a repeat is answered with where a test repeats nothing."""
    return None


@dataclass
class Ledger:
    """Acts at one till; ``at`` is the clock, the real one if None."""

    venue: Venue
    till: str = "G1"
    at: datetime | None = None

    @property
    def desk(self) -> Desk:
        """Where the acts are done; the till is opened when it is first needed."""
        return self.venue.desks.get(self.till) or self.venue.open(self.till, at=self.at)

    def at_till(self, code: str) -> "Ledger":
        """The same at another till."""
        return Ledger(self.venue, code, self.at)

    def later(self, **passed: float) -> "Ledger":
        """The same some time later: ``later(minutes=5)``."""
        return Ledger(self.venue, self.till, (self.at or datetime.now(UTC)) + timedelta(**passed))

    def account(self, credit: str = "0") -> CreditAccount:
        """The account of a new contact, with ``credit`` put on it."""
        account = self.venue.account()
        if float(credit):
            self.deposit(account, credit)
            account.refresh_from_db()
        return account

    def do(
        self,
        write: Callable[[Op, Desk], T],
        *,
        claim: Claim | None = None,
        kind: str = "test",
        content: dict[str, object] | None = None,
        found: Callable[[int], T] = nothing_found,
        desk: Desk | None = None,
    ) -> T:
        """Do ``write`` as one operation."""
        desk = desk or self.desk
        return perform(
            claim=claim or self.venue.claim(),
            kind=kind,
            content=content or {},
            register=desk.register,
            write=lambda op: write(op, desk),
            found=found,
            at=self.at,
        )

    def deposit(
        self, account: CreditAccount, amount: str, *, counterpart: str = "ESPECES", **options: Any
    ) -> Movement:
        """Put money on the account."""
        return self._post(
            credit.deposit, account, amount, counterpart=self.venue.modes[counterpart], **options
        )

    def refund(self, account: CreditAccount, amount: str, **options: Any) -> Movement:
        """Credit what an order gives back."""
        return self._post(credit.refund, account, amount, **{"reference": "CMD-1", **options})

    def surplus(
        self, account: CreditAccount, amount: str, *, non_refundable: bool = False
    ) -> Movement:
        """Credit what a voucher is worth beyond its order."""
        return self._post(
            credit.credit_surplus,
            account,
            amount,
            counterpart=self.venue.modes["BON"],
            reference="CMD-1",
            non_refundable=non_refundable,
        )

    def pay(self, account: CreditAccount, amount: str, **options: Any) -> Movement:
        """Pay an order."""
        return self._post(credit.pay, account, amount, **{"reference": "CMD-1", **options})

    def pay_out(self, account: CreditAccount, amount: str, **options: Any) -> Movement:
        """Give credit back as money."""
        cash = self.venue.modes["ESPECES"]
        return self._post(credit.pay_out, account, amount, counterpart=cash, **options)

    def goodwill(self, account: CreditAccount, amount: str) -> Movement:
        """A gesture."""
        return self._post(credit.give_goodwill, account, amount, reason="complaint")

    def adjust(self, account: CreditAccount, amount: str) -> Movement:
        """An adjustment down."""
        return self._post(credit.adjust, account, amount, reason="typing")

    def expire(self, account: CreditAccount, amount: str) -> Movement:
        """Credit whose time is over."""
        return self._post(credit.expire, account, amount, reason="prescription")

    def waive(self, account: CreditAccount, amount: str) -> Movement:
        """Credit given up."""
        return self._post(credit.waive, account, amount, reason="customer_request")

    def _post(
        self, act: Callable[..., Movement], account: CreditAccount, amount: str, **options: Any
    ) -> Movement:
        named = {"mode": self.venue.modes["AVOIR"], **options}
        return self.do(
            lambda op, desk: act(
                op=op, desk=desk, account_id=account.pk, amount=self.venue.money(amount), **named
            )
        )

    def hold(
        self,
        account: CreditAccount,
        amount: str,
        *,
        minutes: float = 35,
        key: uuid.UUID | None = None,
    ) -> Hold:
        """Set credit aside for an order."""
        now = self.at or datetime.now(UTC)
        return self.do(
            lambda op, desk: credit.hold(
                op=op,
                desk=desk,
                account_id=account.pk,
                amount=self.venue.money(amount),
                mode=self.venue.modes["AVOIR"],
                reference="CMD-1042",
                expires_at=now + timedelta(minutes=minutes),
            ),
            claim=self.venue.claim(key),
        )

    def capture(self, hold: Hold) -> Movement | None:
        """Use what was set aside."""
        return self.do(lambda op, desk: credit.capture(op=op, desk=desk, hold_id=hold.pk))

    def release(self, hold: Hold) -> bool:
        """Give back what was set aside."""
        return self.do(lambda op, desk: credit.release(op=op, desk=desk, hold_id=hold.pk))

    def reverse(self, movement: Movement, **options: Any) -> list[Movement]:
        """Take a movement back."""
        return self.do(
            lambda op, desk: credit.reverse(
                op=op, desk=desk, movement_id=movement.pk, reason="typing", **options
            )
        )

    def transfer(
        self, giver: CreditAccount, taker: CreditAccount, amount: str
    ) -> tuple[Movement, Movement]:
        """Move credit from one account to another."""
        return self.do(
            lambda op, desk: credit.transfer(
                op=op,
                desk=desk,
                from_account_id=giver.pk,
                to_account_id=taker.pk,
                amount=self.venue.money(amount),
                mode=self.venue.modes["AVOIR"],
                reason="customer_request",
            )
        )

    def close(self) -> TillSession:
        """Close the till, nothing counted."""
        desk = self.desk

        def write(op: Op, desk: Desk) -> TillSession:
            lock_chain(cursor=op.cursor, register=desk.register)
            return close_session(op=op, desk=desk, counts=[], operator=self.venue.operator)

        session = self.do(write)
        del self.venue.desks[desk.till_code]
        return session
