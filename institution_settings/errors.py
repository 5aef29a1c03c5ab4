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


class NotSetUp(SettingsError):
    """Nothing can be sold before the institution exists."""

    sentence = _("The institution is not set up yet: an administrator enters it first.")


class AlreadySetUp(SettingsError):
    """One institution per database (spec §2)."""

    sentence = _("The institution is set up already: “%(name)s”.")


class SettingInUse(SettingsError):
    """What has been used is deactivated, never deleted (spec S5)."""

    sentence = _("“%(name)s” has been used: it can be deactivated, but not deleted.")


class UseRefused(SettingsError):
    """Base of the refusals of S3, whichever door the act came by."""


_MODE_SENTENCES = {
    "payment": _(
        "The payment mode “%(mode)s” is not authorised for payment at “%(point_of_sale)s”."
    ),
    "refund": _("The payment mode “%(mode)s” is not authorised for refund at “%(point_of_sale)s”."),
}
_CREDIT_SENTENCES = {
    "payment": _("Credit is not authorised for payment at “%(point_of_sale)s”."),
    "refund": _("Credit is not authorised for refund at “%(point_of_sale)s”."),
}


class ModeNotAllowed(UseRefused):
    """The mode is not authorised there for that use (S3); ``use`` is payment or refund."""

    def __init__(self, *, use: str, mode: str, point_of_sale: str) -> None:
        self.sentence = _MODE_SENTENCES[use]
        super().__init__(use=use, mode=mode, point_of_sale=point_of_sale)


class CreditNotAllowed(UseRefused):
    """The act needs credit, and no credit mode is authorised there for that use (S3)."""

    def __init__(self, *, use: str, point_of_sale: str) -> None:
        self.sentence = _CREDIT_SENTENCES[use]
        super().__init__(use=use, point_of_sale=point_of_sale)


class ModeMovesNoMoney(UseRefused):
    """Deposits and payouts are made in money, never in credit or vouchers (S3)."""

    sentence = _("“%(mode)s” is not money: choose another payment mode.")


class NoCreditMode(UseRefused):
    """Credit was asked for through a mode that is not of kind credit (S1)."""

    sentence = _("“%(mode)s” is not a credit mode: choose another one.")
