"""What the settings and the money rules refuse, one sentence each, with the data to show."""

from django.utils.translation import gettext_lazy as _

from journal.errors import Refusal


class SettingsError(Refusal):
    """Base of every refusal of this app."""

    sentence = _("This setting cannot be used.")


AMOUNT_SENTENCES = {
    "empty": _("Type an amount, for example %(example)s."),
    "digits": _("Type the amount with the digits 0 to 9, for example %(example)s."),
    "signed": _("Type the amount without a sign, for example %(example)s."),
    "exponent": _("Type all the digits of the amount, without a power of ten."),
    "foreign": _("Amounts are in %(currency)s here: type the amount without another currency."),
    "letters": _("An amount is written in digits, for example %(example)s."),
    "separators": _(
        "Type a single decimal separator, and no point between thousands, for example %(long)s."
    ),
    "unfinished": _("Type digits on both sides of the decimal separator, for example %(example)s."),
    "grouping": _("Group the thousands by three digits or not at all, for example %(long)s."),
    "unreadable": _("This is not an amount: type it like %(example)s."),
    "decimals": _("Type at most %(decimals)s decimals, for example %(example)s."),
    "no_decimals": _(
        "Amounts in %(currency)s have no decimals: type a whole number, for example %(example)s."
    ),
    "zero": _("Type an amount above zero, for example %(example)s."),
    "too_large": _("This amount is too large: type at most %(maximum)s."),
    "currency": _("The currency %(currency)s is not known here."),
    "not_finite": _("This amount is not a number."),
    "inexact": _("%(amount)s has more decimals than %(currency)s allows."),
}


class AmountError(SettingsError):
    """An amount that is not read or not kept; ``code`` says why (spec §10, design.md §3)."""

    def __init__(self, code: str, **data: object) -> None:
        self.code = code
        self.sentence = AMOUNT_SENTENCES[code]
        super().__init__(**data)
