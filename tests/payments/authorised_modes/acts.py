"""The acts of S3, ready to be done in a mode."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from contacts.models import Contact
from institution_settings.models import ModeAuthorisation
from payments.choices import IdentityDocument, RefundChoice
from payments.selectors.results import CheckoutResult
from payments.services import MoneyRequest, make_deposit, make_payout
from tests.counter import Counter

Act = Callable[[], object]


class Acts:
    """Every act of S3, ready to be done in a mode: all of them work before it is forbidden."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.zoe: Contact = counter.venue.contact()
        counter.deposit(self.zoe, "50.00")
        self.voucher = counter.sell_voucher("30.00")
        self.paid = {mode: self._paid(mode) for mode in ("ESPECES", "CB", "BON", "AVOIR")}

    def _paid(self, mode: str) -> CheckoutResult:
        code = (self.counter.sell_voucher("5.00").code,) if mode == "BON" else ()
        order = self.counter.basket(["5.00"], contact=self.zoe)
        return self.counter.pay(order, (mode, "5.00", *code))

    def sale(self, mode: str) -> Act:
        """A sale in a mode."""
        code = (self.voucher.code,) if mode == "BON" else ()
        order = self.counter.basket(["5.00"], contact=self.zoe)
        return partial(self.counter.pay, order, (mode, "5.00", *code))

    def refund_to_origin(self, mode: str) -> Act:
        """A refund of what was paid in a mode."""
        return partial(self.counter.refund, self.paid[mode], to=RefundChoice.ORIGIN)

    def refund_in(self, mode: str) -> Act:
        """A refund in another mode."""
        return partial(self.counter.refund, self.paid["CB"], to=RefundChoice.MODE, mode=mode)

    def refund_to_credit(self, mode: str | None = None) -> Act:
        """A refund to credit, in the first credit mode or another."""
        return partial(self.counter.refund, self.paid["CB"], to=RefundChoice.CREDIT, mode=mode)

    def deposit(self, mode: str, credit_mode: str | None = None) -> Act:
        """A deposit."""
        return partial(
            make_deposit,
            claim=self.counter.venue.claim(),
            desk=self.counter.desk,
            request=self._money(mode, credit_mode),
        )

    def payout(self, mode: str, credit_mode: str | None = None) -> Act:
        """A payout."""
        return partial(
            make_payout,
            claim=self.counter.venue.claim(),
            desk=self.counter.desk,
            request=replace(self._money(mode, credit_mode), identity=IdentityDocument.ID_CARD),
        )

    def _money(self, mode: str, credit_mode: str | None) -> MoneyRequest:
        modes = self.counter.modes
        return MoneyRequest(
            contact_id=self.zoe.pk,
            mode_id=modes[mode].pk,
            amount=self.counter.venue.money("5.00"),
            credit_mode_id=modes[credit_mode].pk if credit_mode else None,
        )


def withdraw(counter: Counter, mode: str, use: str) -> None:
    """Take one use of a mode away from the counter, and leave the other."""
    rows = ModeAuthorisation.objects.filter(point_of_sale=counter.venue.counter, mode__code=mode)
    assert rows.update(**{use: False}) == 1
