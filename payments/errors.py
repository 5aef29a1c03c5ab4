"""What payments can refuse, one sentence each, with the data a screen may show.

Errors about one tender carry ``position``, its place among the tenders as typed, so that the
sentence can stand beside the line it concerns.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from institution_settings.money import MoneyRefusal, format_date


class PaymentsError(MoneyRefusal):
    """Base of every refusal of payments; ``str()`` is a sentence for the person at the screen."""

    sentence = _("The payment could not be made. Nothing was written.")


class ModeNotAuthorised(PaymentsError):
    """The mode is not authorised for this act at this point of sale (spec S3). Data: mode."""

    sentence = _("“%(mode)s” is not authorised here: choose another mode.")


class TenderNotPositive(PaymentsError):
    """A tender of nothing, or less. Data: mode, position."""

    sentence = _("Type an amount above zero for “%(mode)s”, or remove it.")


class NothingLeft(PaymentsError):
    """A tender although the others pay everything (spec G3). Data: mode, position."""

    sentence = _("Nothing is left to pay in “%(mode)s”: remove it.")


class TenderExceeds(PaymentsError):
    """A mode that may not exceed what is left to pay does (spec G3). Data: mode, left, position."""

    sentence = _("“%(mode)s” cannot exceed what is left to pay: type at most %(left)s.")


class NotSettled(PaymentsError):
    """The tenders do not pay the whole order (spec G2). Data: missing."""

    sentence = _("%(missing)s is still to be paid: add a payment.")


class PurchaserNeeded(PaymentsError):
    """Only the purchaser's credit pays an order, and there is none (spec G2). Data: position."""

    sentence = _("Attach the purchaser to the order to pay with credit.")


class CreditShort(PaymentsError):
    """More credit than is available (spec C3). Data: available, position."""

    sentence = _("The credit available is %(available)s: type at most that and add another mode.")


class VoucherShort(PaymentsError):
    """More than the coded voucher is worth. Data: voucher, balance, position."""

    sentence = _("Voucher %(voucher)s is worth %(balance)s: type at most that.")


class VoucherUnknown(PaymentsError):
    """No voucher has this code (spec G7). Data: code, position."""

    sentence = _("No voucher has the code “%(code)s”: check it and type it again.")


class VoucherUnusable(PaymentsError):
    """A voucher that is cancelled, expired, spent, held or of another currency.

    Data: voucher, reason, and position or expires_on where there is one.
    """

    sentences = {
        "cancelled": _("Voucher %(voucher)s was cancelled."),
        "expired": _("Voucher %(voucher)s was valid through %(expires_on)s."),
        "spent": _("Voucher %(voucher)s is spent."),
        "held": _("Voucher %(voucher)s is set aside for a payment under way."),
        "currency": _("Voucher %(voucher)s is in another currency."),
    }

    def __init__(self, **data: object) -> None:
        self.sentence = self.sentences[str(data["reason"])]
        super().__init__(**data)

    def shown(self, value: object) -> object:
        return format_date(value) if isinstance(value, date) else super().shown(value)


class VoucherTypeMissing(PaymentsError):
    """Vouchers are sold or issued in one of the types made for it (spec G7)."""

    sentence = _("Choose the type of voucher among those shown.")


class VoucherChanged(PaymentsError):
    """A voucher was used between the look at it and the click (cases.md B27). Data: voucher, rest.

    ``orders`` names the orders that used it.
    """

    sentence = _(
        "Voucher %(voucher)s was used meanwhile by %(orders)s: %(rest)s are left. Look at it and "
        "confirm again."
    )


class VoucherWasSold(PaymentsError):
    """A voucher that somebody paid for is not cancelled for nothing (spec G7). Data: voucher."""

    sentence = _("Voucher %(voucher)s was sold: refund its sale instead.")


class VoucherTwice(PaymentsError):
    """The same coded voucher in two tenders. Data: voucher, position."""

    sentence = _("Voucher %(voucher)s is already among the payments: remove one of the two.")


class SurplusNeedsConsent(PaymentsError):
    """A paper voucher exceeds the order and credit is not authorised here (spec C8).

    Catch this class for both cases. Data: mode, rest, position.
    """

    sentence = _(
        "“%(mode)s” is worth %(rest)s more than is left to pay. No change is given and credit is "
        "not authorised here: confirm that the customer gives the rest up, or remove it."
    )


class SurplusNeedsContact(SurplusNeedsConsent):
    """The same where credit is authorised: a purchaser would receive the rest (spec C8)."""

    sentence = _(
        "“%(mode)s” is worth %(rest)s more than is left to pay and no change is given: attach the "
        "customer to put the rest on the credit account, or confirm that it is given up."
    )


class CashStep(PaymentsError):
    """Cash that no coins make up (FMT-02). Data: step, position."""

    sentence = _("Cash is handed over in steps of %(step)s: correct the amount.")


class IdentityNotChecked(PaymentsError):
    """Credit leaves in cash only to whoever shows who they are (MON-05)."""

    sentence = _("Ask for an identity document before cash is paid out, and say which kind it was.")


class CashLimit(PaymentsError):
    """More cash than the law allows, what the day or order took before counted (MON-03).

    Data: limit.
    """

    sentence = _("By law at most %(limit)s may be paid in cash: take the rest in another mode.")


class RefundNotPositive(PaymentsError):
    """A refund of nothing, or less."""

    sentence = _("Type an amount above zero to give back.")


class RefundExceeds(PaymentsError):
    """More than was paid and not yet given back (spec G4). Data: remaining."""

    sentence = _("At most %(remaining)s of this order can still be given back.")


class CreditPartExceeds(PaymentsError):
    """More of a mixed refund to credit than is given back in all. Data: amount."""

    sentence = _("%(amount)s are given back in all: type at most that for the credit account.")


class RefundNotPayable(PaymentsError):
    """Money for what may be spent but never paid out (spec C6b). Data: payable."""

    sentence = _(
        "At most %(payable)s of it can be given back as money, the rest was paid with vouchers or "
        "goodwill: give the rest back to the credit account."
    )


class CreditHeld(CreditShort):
    """Credit that would do, were it not held for another order. Data: available, order, until."""

    sentence = _(
        "The credit available is %(available)s: %(held)s are held for order %(order)s until "
        "%(until)s. Type at most %(available)s and add another mode."
    )


class ContactNeeded(PaymentsError):
    """Credit belongs to somebody: the order has no contact (spec G4)."""

    sentence = _("Attach a contact to the order first: credit belongs to somebody.")


class ApprovalNeeded(PaymentsError):
    """A supervisor approves this on the operator's screen (spec §1, G4, G5). Data: reason."""

    sentences = {
        "payout_limit": _("A supervisor approves payouts above %(limit)s a day."),
        "recent_card": _("A supervisor approves cash for what was paid by card these 14 days."),
        "free_voucher": _("A supervisor issues and cancels vouchers nobody paid for."),
        "final_voucher": _(
            "A supervisor takes back vouchers that are not refundable or whose time is over."
        ),
        "by_hand": _("A supervisor moves credit by hand."),
        "correction": _("A supervisor takes back what another till session recorded."),
        "used_ticket": _("A supervisor takes back tickets that were used or whose show began."),
        "erasure": _("A supervisor erases what is known of a contact."),
    }

    def __init__(self, **data: object) -> None:
        self.sentence = self.sentences[str(data["reason"])]
        super().__init__(**data)


class OfficeTillMissing(PaymentsError):
    """Expiry and waiver belong to the back office's till, and there is none (spec C6)."""

    sentence = _("The back office has no till: an administrator creates it first.")


class ReasonNeeded(PaymentsError):
    """Who moves or takes back credit by hand says why (spec C4, FIS-02)."""

    sentence = _("Choose the reason: it is kept with what is done.")


class ConsentNeeded(PaymentsError):
    """Credit instead of money, which the customer did not choose (CNS-01)."""

    sentence = _("Credit instead of money is the customer’s own choice.")


class NothingToRefund(PaymentsError):
    """No ticket or voucher was chosen, or none of the order."""

    sentence = _("Choose what is taken back.")


class OrderNotPaid(PaymentsError):
    """Only a paid order is refunded (spec G2)."""

    sentence = _("This order is not paid: there is nothing to give back.")


class ModeCannotReturn(PaymentsError):
    """A payment that cannot go back the way it came. Data: mode."""

    sentence = _("“%(mode)s” cannot be given back as such: choose the credit account.")


class AlreadyCorrected(PaymentsError):
    """A deposit, payout or payment is taken back once (spec C4)."""

    sentence = _("This was already taken back.")


class AlreadyPaidOut(PaymentsError):
    """A sum owed is handed over once (CNS-02)."""

    sentence = _("This sum was paid out already.")


class ExchangePending(PaymentsError):
    """A basket that exchanges tickets is not sold without taking them back (spec G4)."""

    sentence = _("This sale exchanges tickets of another order: confirm it as an exchange.")


class ExchangePurchaser(PaymentsError):
    """What an order is worth stays with its purchaser (spec G2, G4). Data: order, name."""

    sentence = _("Order %(order)s is exchanged for its purchaser, %(name)s: put the name back.")


class DifferenceNeedsChoice(PaymentsError):
    """The new tickets cost less: how does the difference return? Data: difference."""

    sentence = _("%(difference)s are to be given back: ask the customer how.")


class ModeNotCorrectable(PaymentsError):
    """Credit, vouchers and online payments are not retyped in another mode (C4). Data: mode."""

    sentence = _("“%(mode)s” cannot be replaced by another mode: refund the order instead.")


class PartlyReturned(PaymentsError):
    """A payment of which something was given back stays as it is (C4). Data: mode."""

    sentence = _("Some of what was paid in “%(mode)s” was given back already: it stays as it is.")


class SameMode(PaymentsError):
    """The mode chosen is the one it was typed in. Data: mode."""

    sentence = _("This payment is already in “%(mode)s”: choose the mode it was really made in.")


class NotInDrawer(PaymentsError):
    """No more cash is taken out of a drawer than should be there (spec G6). Data: till.

    The sentence says no amount: a till may be counted blind.
    """

    sentence = _("There is less than that in the drawer of till %(till)s: check the amount.")


class MergeRefused(PaymentsError):
    """Only two contacts that stand by themselves are merged (spec C10). Data: reason."""

    sentences = {
        "same": _("Choose two different contacts."),
        "gone": _("One of the two was merged or anonymised already: nothing was changed."),
    }

    def __init__(self, **data: object) -> None:
        self.sentence = self.sentences[str(data["reason"])]
        super().__init__(**data)


class MergeSettled(PaymentsError):
    """A merge that can no longer be taken back (spec C10). Data: reason, and days."""

    sentences = {
        "undone": _("These contacts are apart already."),
        "late": _(
            "A merge is taken back within %(days)s days: a supervisor moves the credit instead."
        ),
        "moved": _(
            "The kept account moved since the merge: a supervisor moves the credit instead."
        ),
        "erased": _("These contacts are anonymised: they stay together."),
    }

    def __init__(self, **data: object) -> None:
        self.sentence = self.sentences[str(data["reason"])]
        super().__init__(**data)


class ErasureRefused(PaymentsError):
    """What is known of a contact is still needed (RGP-02). Data: reason, and what it shows."""

    sentences = {
        "erased": _("This contact is anonymised already."),
        "merged": _("This contact was merged into %(kept)s: erase that one, both are erased."),
        "balance": _(
            "%(balance)s of credit is left: pay it back, let it be spent, or record the waiver "
            "that was given in writing."
        ),
        "held": _("%(held)s of credit is held for a payment under way: wait until it is over."),
        "unpaid": _("Order %(order)s is not paid yet: finish it or cancel it first."),
        "upcoming": _(
            "Order %(order)s has tickets for %(when)s: wait until it is over, or take them back."
        ),
        "owed": _("The refund of order %(order)s is not finished: finish it first."),
    }

    def __init__(self, **data: object) -> None:
        self.sentence = self.sentences[str(data["reason"])]
        super().__init__(**data)


class RunPolicyNeeded(PaymentsError):
    """Credit for all is attested by a supervisor, with the reason (spec G8, CNS-01)."""

    sentence = _("Say why no money is due: it is kept with the cancellation.")


class RunNotAllowed(PaymentsError):
    """Only who may cancel performances starts the refund of one (spec G8)."""

    sentence = _("A supervisor cancels a performance.")


class PerformanceCancelledAlready(PaymentsError):
    """A performance is cancelled once (spec G8)."""

    sentence = _("This performance was cancelled already: look at its refund.")


class NothingToChoose(PaymentsError):
    """The customer has chosen, or nobody asked (CNS-01)."""

    sentence = _("The choice for this order was already made.")
