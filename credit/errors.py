"""What the credit account refuses, one sentence each, with its data."""

from django.utils.translation import gettext_lazy as _

from institution_settings.money import MoneyRefusal


class CreditError(MoneyRefusal):
    """Base of every refusal of the credit account."""

    sentence = _("The credit account cannot do this.")


class InsufficientCredit(CreditError):
    """Less is available than asked for (spec C3); data: asked, available, held."""

    sentence = _(
        "This credit does not suffice: %(available)s left of the %(asked)s asked for "
        "(%(held)s held elsewhere). Choose another payment mode."
    )


class SpentSince(InsufficientCredit):
    """What is to be taken back was spent or held since (spec C4); data: missing as well."""

    sentence = _(
        "%(missing)s is missing on this credit account to take %(asked)s back: "
        "only %(available)s is available."
    )


class NonRefundable(CreditError):
    """The part asked for may be spent but never paid out (spec C6b)."""

    sentence = _("Only %(refundable)s of this credit may be paid out; the rest can be spent.")


class ModeNotAuthorised(CreditError):
    """The credit mode is not authorised for this use at the point of sale (spec S3)."""

    sentence = _("Credit is not authorised here for this use.")


class AccountNotOpen(CreditError):
    """The account was merged into another or erased."""

    sentence = _("This credit account is no longer open.")


class AccountNotEmpty(CreditError):
    """What is owed to somebody is not erased (RGP-02); data: balance."""

    sentence = _(
        "%(balance)s of credit is left: pay it back, let it be spent, or record the waiver that "
        "was given in writing."
    )


class WrongCurrency(CreditError):
    """An account moves in its own currency alone (cases.md B45)."""

    sentence = _("This credit account is kept in %(currency)s.")


class AmountNotPositive(CreditError):
    """Money that is moved is more than nothing (spec §10)."""

    sentence = _("Enter an amount above zero.")


class AlreadyReversed(CreditError):
    """A movement is taken back once (FIS-02)."""

    sentence = _("Movement %(reference)s was already taken back.")


class NotReversible(CreditError):
    """This kind of movement is not taken back here (spec C4)."""

    sentence = _("A movement of kind “%(kind)s” is not taken back this way.")


class HoldEnded(CreditError):
    """The hold was released before it could be captured (spec C9)."""

    sentence = _("The credit was no longer held: it had been released.")


class HoldCaptured(CreditError):
    """The hold was captured: there is nothing to release (spec C9)."""

    sentence = _("This credit was already used for its order.")
