"""Refusals whose sentence holds amounts."""

from moneyed import Money

from institution_settings.money.shown import format_money
from journal.errors import Refusal


class MoneyRefusal(Refusal):
    """A refusal with ``Money`` in its data: shown as everywhere else, kept exact for programs."""

    def shown(self, value: object) -> object:
        return format_money(value) if isinstance(value, Money) else value
