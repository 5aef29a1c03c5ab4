"""What every page of the counter and the reports is asked for, and what its forms hold.

Each field has a value that is right, so that one that is not is looked at by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from credit.choices import MovementKind
from credit.models import Movement
from sales.models import Price
from tests.busy import BusyVenue
from tests.venue import PIN

Fields = Mapping[str, object]
MARC = {"approver_code": "marc", "approver_pin": PIN}
FILTERS = {"since": "2026-01-01", "until": "2026-12-31", "kind": "DEPOT"}
BORDEREAU = {
    "first": "2026-01-01",
    "last": "2026-12-31",
    "z": "",
    "tills": "G1",
    "kinds": "DEPOT",
    "operators": "lea",
    "modes": "AVOIR",
    "counterparts": "CB",
    "balance": "on",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The ids in an address, what follows its question mark, and the forms posted there."""

    ids: tuple[object, ...] = ()
    query: Fields | None = None
    forms: tuple[Fields, ...] = ()


def _count(busy: BusyVenue) -> Asked:
    modes = ("ESPECES", "CB", "CHEQUE")
    counted = {f"counted_{busy.venue.modes[mode].pk}": "0" for mode in modes}
    return Asked(forms=({**counted, "accepted": "", "key": uuid4()},))


def _open_session(busy: BusyVenue) -> int:
    return busy.venue.desk("G1").session_id


def _contact(busy: BusyVenue) -> Fields:
    details = ("organisation", "address", "postcode", "city", "notes")
    return {
        "kind": "person",
        "last_name": "Lefèvre",
        "first_name": "Zoé",
        "email": "zoe@example.org",
        "phone": "0612345678",
        "country": "FR",
        "confirmed": "1",
        **dict.fromkeys(details, ""),
    }


def _money(busy: BusyVenue) -> Fields:
    return {
        "amount": "2,00",
        "mode": busy.venue.modes["CHEQUE"].pk,
        "credit_mode": busy.venue.modes["AVOIR"].pk,
        "cheque_bank": "BNP",
        "cheque_number": "0042",
        "cheque_drawer": "Z. Lefèvre",
        "identity": "passport",
        "key": uuid4(),
        **MARC,
    }


def _cash(busy: BusyVenue, **pressed: object) -> Fields:
    """Cash alone in the payment panel."""
    return {"t0-mode": busy.venue.modes["ESPECES"].pk, "t0-amount": "10,00", **pressed}


def _tenders(busy: BusyVenue, **pressed: object) -> Fields:
    """A cheque and a coded voucher in the payment panel."""
    modes = busy.venue.modes
    return {
        "t0-mode": modes["CHEQUE"].pk,
        "t0-amount": "10,00",
        "t0-auto": "10,00",
        "t0-bank": "BNP",
        "t0-number": "0042",
        "t0-drawer": "Zoé",
        "t1-mode": modes["BON"].pk,
        "t1-amount": "1,00",
        "t1-code": busy.voucher.code,
        "said": "0/0/0",
        "confirms_loss": "on",
        "key": uuid4(),
        **pressed,
    }


def _lines(busy: BusyVenue) -> tuple[Fields, ...]:
    price = Price.objects.filter(category__performance=busy.long_show).earliest("id").pk
    return (
        {"price": price, "quantity": "2", "seance": busy.long_show.pk},
        {"price": price, "add": "1", "seance": busy.long_show.pk},
        {"type": "CADEAU", "value": "25,00", "count": "1"},
        {"remove": "1"},
    )


def _purchaser(busy: BusyVenue) -> tuple[Fields, ...]:
    details = ("first_name", "organisation", "email", "phone")
    return (
        {"search": "1", "q": "lef"},
        {"contact": busy.zoe.pk},
        {"create": "1", "last_name": "Nouveau", **dict.fromkeys(details, "")},
    )


def _refund(busy: BusyVenue) -> Asked:
    ticks = {"tickets": busy.sold.tickets[1].pk, "vouchers": [], "key": uuid4(), **MARC}
    mode, credit = busy.venue.modes["ESPECES"].pk, busy.venue.modes["AVOIR"].pk
    return Asked(
        (busy.sold.order.pk,),
        {"count": "1"},
        (
            {**ticks, "choice": "mode", "mode": mode},
            {**ticks, "choice": "credit", "credit_mode": credit, "consent": "1"},
            {**ticks, "choice": "origin", "credit_part": "2,00", "consent": "1"},
            {**ticks, "choice": "owed"},
        ),
    )


def _new_voucher(_busy: BusyVenue) -> Asked:
    form = {"type": "CADEAU", "value": "5,00", "expires_on": "2099-01-01", "key": uuid4(), **MARC}
    return Asked(forms=(form,))


def _refund_voucher(busy: BusyVenue) -> Asked:
    mode, credit = busy.venue.modes["ESPECES"].pk, busy.venue.modes["AVOIR"].pk
    form = {"vouchers": busy.voucher.pk, "rest": "28,90", "key": uuid4(), **MARC}
    return Asked(
        (busy.voucher.pk,),
        {"count": "1"},
        (
            {**form, "choice": "mode", "mode": mode},
            {**form, "choice": "credit", "credit_mode": credit, "consent": "1"},
        ),
    )


def _goodwill(busy: BusyVenue) -> int:
    return Movement.objects.filter(kind=MovementKind.GOODWILL).earliest("id").pk


PAGES: Mapping[str, Callable[[BusyVenue], Asked]] = {
    "guichet:home": lambda _busy: Asked(),
    "guichet:tills": lambda _busy: Asked(),
    "guichet:open_till": lambda busy: Asked(
        (busy.venue.tills["G2"].pk,), forms=({"opening_float": "100,00", "key": uuid4()},)
    ),
    "guichet:take_till": lambda busy: Asked((busy.venue.tills["G1"].pk,), forms=({},)),
    "guichet:search": lambda busy: Asked(query={"q": "lef"}, forms=({"q": busy.voucher.code},)),
    "guichet:till": lambda _busy: Asked(),
    "guichet:till_report_pdf": lambda _busy: Asked(),
    "guichet:move_cash": lambda _busy: Asked(
        forms=({"way": "out", "reason": "bank", "amount": "2,00", "key": uuid4()},)
    ),
    "guichet:close_session": lambda busy: Asked((_open_session(busy),), forms=_count(busy).forms),
    "guichet:close_till": _count,
    "guichet:closing": lambda busy: Asked((busy.session.pk,)),
    "guichet:closing_pdf": lambda busy: Asked((busy.session.pk,)),
    "guichet:contacts": lambda _busy: Asked(query={"q": "lef"}),
    "guichet:new_contact": lambda busy: Asked(query={"q": "lef"}, forms=(_contact(busy),)),
    "guichet:contact": lambda busy: Asked((busy.jean.pk,), {"before": "9999"}),
    "guichet:contact_vouchers": lambda busy: Asked((busy.zoe.pk,), {"before": "9999"}),
    "guichet:edit_contact": lambda busy: Asked((busy.zoe.pk,), forms=(_contact(busy),)),
    "guichet:credit": lambda busy: Asked(
        (busy.zoe.pk,), {**FILTERS, "before": "99", "recu": busy.deposit.pk}
    ),
    "guichet:deposit": lambda busy: Asked((busy.zoe.pk,), forms=(_money(busy),)),
    "guichet:payout": lambda busy: Asked((busy.jean.pk,), forms=(_money(busy),)),
    "guichet:statement_pdf": lambda busy: Asked((busy.zoe.pk,), FILTERS),
    "guichet:receipt_pdf": lambda busy: Asked((busy.deposit.pk,)),
    "guichet:correct": lambda busy: Asked(
        (busy.deposit.pk,), forms=({"reason": "typing", "key": uuid4(), **MARC},)
    ),
    "guichet:credit_csv": lambda busy: Asked((busy.zoe.pk,), FILTERS),
    "guichet:credit_xlsx": lambda busy: Asked((busy.zoe.pk,), FILTERS),
    "guichet:credit_by_hand": lambda busy: Asked(
        (busy.jean.pk,),
        forms=({"kind": "GESTE", "amount": "2,00", "reason": "typing", "key": uuid4(), **MARC},),
    ),
    "guichet:reverse_movement": lambda busy: Asked(
        (_goodwill(busy),), forms=({"reason": "typing", "key": uuid4(), **MARC},)
    ),
    "guichet:release_hold": lambda busy: Asked((busy.hold.pk,), forms=({"key": uuid4()},)),
    "guichet:new_sale": lambda busy: Asked(
        query={"contact": busy.zoe.pk, "linked": busy.sold.order.pk}
    ),
    "guichet:sale": lambda busy: Asked(
        (busy.basket.pk,), {"seance": busy.long_show.pk, "q": "mis"}
    ),
    "guichet:sale_programme": lambda busy: Asked((busy.basket.pk,), {"q": "mis", "pick": "1"}),
    "guichet:sale_offer": lambda busy: Asked((busy.basket.pk, busy.long_show.pk), {"q": "mis"}),
    "guichet:sale_vouchers": lambda busy: Asked((busy.basket.pk,)),
    "guichet:sale_quantity": lambda busy: Asked((busy.basket.pk,), forms=_lines(busy)),
    "guichet:sale_purchaser": lambda busy: Asked((busy.basket.pk,), {"q": "lef"}, _purchaser(busy)),
    "guichet:sale_tenders": lambda busy: Asked(
        (busy.basket.pk,),
        {"count": "1"},
        (
            _tenders(busy, add_tender=busy.venue.modes["AVOIR"].pk),
            _cash(busy, remove_tender="0"),
            _cash(busy, fill_tender="0"),
            _cash(busy, give_tender="0:50"),
        ),
    ),
    "guichet:sale_pay": lambda busy: Asked(
        (busy.basket.pk,), forms=(_tenders(busy), {**_tenders(busy), "difference": "credit"})
    ),
    "guichet:sale_keep": lambda busy: Asked((busy.basket.pk,), forms=(_cash(busy),)),
    "guichet:sale_reserve": lambda busy: Asked((busy.basket.pk,), forms=({"until": "2099-01-01"},)),
    "guichet:sale_abandon": lambda busy: Asked((busy.basket.pk,), forms=({},)),
    "guichet:sale_done": lambda busy: Asked((busy.sold.order.pk, busy.sold.operation_id)),
    "guichet:orders": lambda _busy: Asked(query={"q": "lef"}),
    "guichet:order": lambda busy: Asked((busy.sold.order.pk,)),
    "guichet:cancel_order": lambda busy: Asked((busy.basket.pk,), forms=({},)),
    "guichet:order_purchaser": lambda busy: Asked(
        (busy.anonymous.order.pk,), {"q": "lef"}, _purchaser(busy)
    ),
    "guichet:print_tickets": lambda busy: Asked(
        (busy.sold.order.pk,),
        forms=({"reprint": "1", "tickets": busy.sold.tickets[1].pk, "reason": "lost"}, {}),
    ),
    "guichet:print_receipt": lambda busy: Asked((busy.sold.order.pk,), forms=({},)),
    "guichet:printout_pdf": lambda busy: Asked((busy.printout.operation_id,)),
    "guichet:coupons_pdf": lambda busy: Asked(
        (busy.sold.order.pk, busy.refunded.refund.operation_id)
    ),
    "guichet:correct_payment": lambda busy: Asked(
        (busy.anonymous.payments[0].pk,), forms=({**_money(busy)},)
    ),
    "guichet:refund": _refund,
    "guichet:choose_refund": lambda busy: Asked(
        (busy.sold.order.pk,), forms=({"line": "1", "choice": "money"},)
    ),
    "guichet:exchange": lambda busy: Asked(
        (busy.sold.order.pk,), forms=({"tickets": busy.sold.tickets[1].pk},)
    ),
    "guichet:refund_receipt_pdf": lambda busy: Asked(
        (busy.sold.order.pk, busy.refunded.refund.operation_id)
    ),
    "guichet:sums_owed": lambda _busy: Asked(),
    "guichet:sum_owed": lambda busy: Asked(
        (busy.owed.pk,), forms=({"mode": busy.venue.modes["ESPECES"].pk, "key": uuid4()},)
    ),
    "guichet:sum_receipt_pdf": lambda busy: Asked((busy.paid_sum.pk,)),
    "guichet:refunded": lambda busy: Asked((busy.sold.order.pk, busy.refunded.refund.operation_id)),
    "guichet:vouchers": lambda busy: Asked(
        query={"only": "usable", "q": "lef", "before": "99"}, forms=({"code": busy.voucher.code},)
    ),
    "guichet:voucher": lambda busy: Asked((busy.voucher.pk,)),
    "guichet:voucher_pdf": lambda busy: Asked((busy.voucher.pk,)),
    "guichet:sell_voucher": lambda _busy: Asked(
        forms=({"type": "CADEAU", "value": "5,00", "count": "2"},)
    ),
    "guichet:cancel_voucher": lambda busy: Asked(
        (busy.free_voucher.pk,), forms=({"reason": "lost", "key": uuid4(), **MARC},)
    ),
    "guichet:refund_voucher": _refund_voucher,
    "guichet:new_voucher": _new_voucher,
    "guichet:cancellations": lambda _busy: Asked(),
    "guichet:merge_contacts": lambda busy: Asked(
        (busy.jean.pk, busy.zoe.pk), forms=({"kept": busy.zoe.pk, "key": uuid4(), **MARC},)
    ),
    "guichet:duplicates": lambda _busy: Asked(query={"by": "name", "after": "a"}),
    "guichet:erase_contact": lambda busy: Asked(
        (busy.jean.pk,), forms=({"reason": "request", "key": uuid4(), **MARC},)
    ),
    "guichet:undo_merge": lambda busy: Asked((busy.merge.pk,), forms=({"key": uuid4(), **MARC},)),
    "guichet:refund_run_pdf": lambda busy: Asked((busy.long_show.pk,)),
    "guichet:cancel_performance": lambda busy: Asked(
        (busy.long_show.pk,),
        forms=({"policy": "credit", "reason": "Hors obligation", "key": uuid4()},),
    ),
    "guichet:doors": lambda _busy: Asked(),
    "guichet:door": lambda busy: Asked(
        (busy.sold.tickets[1].performance_id,),
        forms=({"code": busy.sold.tickets[1].token, "key": uuid4()},),
    ),
    "reports:home": lambda _busy: Asked(),
    "reports:bordereau": lambda _busy: Asked(query=BORDEREAU),
    "reports:bordereau_pdf": lambda _busy: Asked(query=BORDEREAU),
    "reports:performances": lambda _busy: Asked(
        query={"first": "2026-01-01", "last": "2026-12-31"}
    ),
    "reports:takings": lambda busy: Asked((busy.sold.tickets[0].performance_id,)),
    "reports:close_takings": lambda busy: Asked(
        (busy.sold.tickets[0].performance_id,), forms=({"key": uuid4()},)
    ),
    "reports:takings_pdf": lambda busy: Asked((busy.sold.tickets[0].performance_id,)),
}
