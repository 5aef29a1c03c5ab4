"""The way through every page of the counter, the reports, the administration and the door."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import User
from payments.choices import RunPolicy
from payments.services.runs import continue_run, start_run
from tests.busy import BusyVenue

Hands = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """One page, and what hands do there before eyes look."""

    name: str
    args: tuple[object, ...] = ()
    query: str = ""
    hands: Hands | None = None

    @property
    def path(self) -> str:
        """Where it is found."""
        return reverse(self.name, args=self.args) + (f"?{self.query}" if self.query else "")

    @property
    def is_paper(self) -> bool:
        """Whether it is a PDF."""
        return self.name.endswith("_pdf")


@dataclass(frozen=True, slots=True)
class Way:
    """Pages one person sees one after the other; nobody: the door from outside."""

    stops: Callable[[BusyVenue], Iterator[Stop]]
    who: Callable[[BusyVenue], User | None]


def tills(busy: BusyVenue) -> Iterator[Stop]:
    """Tills chosen, opened, read, counted and closed."""
    stop = _stops("guichet")
    session = busy.session.pk
    yield stop("home")
    yield stop("search")
    yield stop("search", query="q=wolf")
    yield stop("search", query="q=nobody")
    yield stop("tills")
    yield stop("open_till", busy.venue.tills["G2"].pk)
    yield stop("till")
    yield stop("till_report_pdf")
    yield stop("move_cash")
    yield stop("close_till")
    yield stop("close_session", busy.venue.desk("G1").session_id)
    yield stop("closing", session)
    yield stop("closing_pdf", session)


def contacts(busy: BusyVenue) -> Iterator[Stop]:
    """Contacts and their credit."""
    stop, jean, zoe = _stops("guichet"), busy.jean.pk, busy.zoe.pk
    yield stop("contacts")
    yield stop("contacts", query="q=wolf")
    yield stop("contacts", query="q=nobody")
    yield stop("new_contact")
    yield stop("contact", jean)
    yield stop("contact", zoe)
    yield stop("contact_vouchers", jean)
    yield stop("edit_contact", jean)
    yield stop("credit", jean)
    yield stop("credit", zoe, query=f"recu={busy.deposit.pk}")
    yield stop("credit", jean, query=f"recu={busy.deposit.pk}")
    yield stop("deposit", jean)
    yield stop("payout", jean)
    yield stop("correct", busy.deposit.pk)
    yield stop("receipt_pdf", busy.deposit.pk)
    yield stop("statement_pdf", jean)


def sale(busy: BusyVenue) -> Iterator[Stop]:
    """The sale, empty, full, paid with many modes, lapsed and done."""
    stop, order, show = _stops("guichet"), busy.basket.pk, busy.long_show.pk
    yield stop("new_sale")
    yield stop("sale", order)
    yield stop("sale", order, hands=_tender)
    yield stop("sale", order, hands=_choose_purchaser)
    yield stop("sale", order, hands=_open_everything)
    yield stop("sale", order, hands=_read_shortcuts)
    yield stop("sale_programme", order, query="q=bourgeois&pick=1")
    yield stop("sale_programme", order, query="q=nothing")
    yield stop("sale_offer", order, show)
    yield stop("sale_purchaser", order, query="q=wolf")
    yield stop("sale_purchaser", order, query="q=nobody")
    yield stop("sale", busy.lapsed.pk)
    yield stop("sale", busy.reserved.pk)
    yield stop("sale_done", busy.sold.order.pk, busy.sold.operation_id)
    yield stop("sale_done", busy.anonymous.order.pk, busy.anonymous.operation_id)


def orders(busy: BusyVenue) -> Iterator[Stop]:
    """Orders and refunds."""
    stop, order = _stops("guichet"), busy.sold.order.pk
    yield stop("printout_pdf", busy.printout.operation_id)  # while it is fresh
    yield stop("orders")
    yield stop("orders", query="q=nobody")
    yield stop("order", order)
    yield stop("order", busy.reserved.pk)
    yield stop("order", busy.anonymous.order.pk)
    yield stop("order_purchaser", busy.anonymous.order.pk, query="q=wolf")
    yield stop("print_tickets", order)
    yield stop("coupons_pdf", order, busy.refunded.refund.operation_id)
    yield stop("refund", order)
    yield stop("refund", order, hands=_choose_credit)
    yield stop("refunded", order, busy.refunded.refund.operation_id)
    yield stop("refunded", busy.owing.refund.order_id, busy.owing.refund.operation_id)
    yield stop("refund_receipt_pdf", order, busy.refunded.refund.operation_id)
    yield stop("exchange", order)
    yield stop("order", busy.exchanged.order.pk)
    yield stop("sale", busy.exchanging.pk)
    yield stop("sale_done", busy.exchanged.order.pk, busy.exchanged.operation_id)
    yield stop("sums_owed")
    yield stop("sum_owed", busy.owed.pk)
    yield stop("sum_owed", busy.paid_sum.pk)
    yield stop("sum_receipt_pdf", busy.paid_sum.pk)


def vouchers(busy: BusyVenue) -> Iterator[Stop]:
    """Vouchers: listed, looked up, sold, issued free, printed, cancelled, taken back."""
    stop, sold, free = _stops("guichet"), busy.voucher.pk, busy.free_voucher.pk
    yield stop("vouchers")
    yield stop("vouchers", query="only=expired")
    yield stop("vouchers", hands=partial(_look_up, code=busy.voucher.code))
    yield stop("voucher", sold)
    yield stop("voucher", free)
    yield stop("voucher_pdf", sold)
    yield stop("sell_voucher")
    yield stop("sale_vouchers", busy.basket.pk)
    yield stop("new_voucher")
    yield stop("cancel_voucher", free)
    yield stop("cancel_voucher", sold)
    yield stop("refund_voucher", sold)
    yield stop("refund_voucher", free)


def entry(busy: BusyVenue) -> Iterator[Stop]:
    """Where people come in: a ticket let in, shown again, of another night, taken back, none."""
    stop, seat = _stops("guichet"), busy.sold.tickets[1]
    yield stop("doors")
    yield stop("door", busy.long_show.pk)
    yield stop("door", busy.long_show.pk, hands=partial(_scan, code=seat.token))
    yield stop("door", seat.performance_id, hands=partial(_scan, code=seat.token))
    yield stop("door", seat.performance_id, hands=partial(_scan, code=seat.token))
    taken_back = busy.sold.tickets[0].token
    yield stop("door", seat.performance_id, hands=partial(_scan, code=taken_back))
    yield stop("door", seat.performance_id, hands=partial(_scan, code="rien de nous"))


def reports(busy: BusyVenue) -> Iterator[Stop]:
    """The bordereau with rows, without any, and on paper."""
    stop = _stops("reports")
    yield stop("home")
    yield stop("bordereau")
    yield stop("bordereau", query="balance=on&tills=G1", hands=_open_filters)
    yield stop("bordereau", query="first=2020-01-01&last=2020-01-31")
    yield stop("bordereau_pdf")
    sold = busy.sold.tickets[0].performance
    day = timezone.localtime(sold.starts_at).date()
    yield stop("performances")
    yield stop("performances", query=f"first={day}&last={day}")
    yield stop("takings", sold.pk)
    yield stop("takings", busy.long_show.pk)
    yield stop("takings_pdf", sold.pk)


def supervisor(busy: BusyVenue) -> Iterator[Stop]:
    """What only a supervisor does: credit by hand, merges, a cancelled performance."""
    stop, jean, zoe = _stops("guichet"), busy.jean, busy.zoe
    yield stop("credit_by_hand", jean.pk)
    yield stop("reverse_movement", busy.gesture)
    yield stop("correct_payment", busy.anonymous.payments[0].pk)
    yield stop("duplicates")
    yield stop("duplicates", query="by=name")
    yield stop("merge_contacts", jean.pk, zoe.pk)
    yield stop("erase_contact", jean.pk)
    yield stop("erase_contact", busy.merge.kept_id)
    yield stop("cancellations")
    show = busy.sold.tickets[1].performance
    yield stop("cancel_performance", show.pk)
    run = start_run(
        key=uuid4(),
        performance_id=show.pk,
        policy=RunPolicy.CREDIT,
        reason="Séance déplacée au lendemain",
        person=busy.venue.supervisor,
        till=busy.venue.tills["BO"],
    )
    continue_run(run_id=run.pk)
    yield stop("cancel_performance", show.pk)
    yield stop("refund_run_pdf", show.pk)
    yield stop("undo_merge", busy.merge.pk)
    yield stop("contact", busy.merge.kept_id)


def administration(busy: BusyVenue) -> Iterator[Stop]:
    """The administration: its front page and lists, one empty, one full."""
    yield Stop("admin:index")
    yield Stop("admin:institution_settings_paymentmode_changelist")
    yield Stop("admin:contacts_user_changelist")


def door(busy: BusyVenue) -> Iterator[Stop]:
    """Where one logs in."""
    yield Stop("account_login")
    yield Stop("account_reset_password")


def _stops(app: str) -> Callable[..., Stop]:
    def stop(name: str, *args: object, query: str = "", hands: Hands | None = None) -> Stop:
        return Stop(f"{app}:{name}", args, query, hands)

    return stop


WAYS = {
    "tills": Way(tills, lambda busy: busy.venue.operator),
    "contacts": Way(contacts, lambda busy: busy.venue.operator),
    "sale": Way(sale, lambda busy: busy.venue.operator),
    "orders": Way(orders, lambda busy: busy.venue.operator),
    "vouchers": Way(vouchers, lambda busy: busy.venue.operator),
    "entry": Way(entry, lambda busy: busy.venue.operator),
    "reports": Way(reports, lambda busy: busy.venue.supervisor),
    "supervisor": Way(supervisor, lambda busy: busy.venue.supervisor),
    "administration": Way(administration, BusyVenue.administrator),
    "door": Way(door, lambda _busy: None),
}


def _tender(page: Page) -> None:
    """Three modes, one of them with a code that nobody knows."""
    lines = page.locator("#tenders .tender")
    for number, mode in enumerate(("Avoir", "Cheque", "Bon"), start=1):
        page.locator("#tenders").get_by_role("button", name=re.compile(f"^{mode}")).click()
        expect(lines).to_have_count(number)
    page.get_by_label("Code du bon").fill("NOSUCHCODE")
    page.get_by_label("Montant, Bon").fill("1250,50")
    expect(page.locator("#tenders .notice").first).to_be_visible()


def _choose_purchaser(page: Page) -> None:
    page.keyboard.press("F2")
    page.get_by_role("dialog").get_by_role("searchbox").fill("lef")
    expect(page.get_by_role("dialog").locator(".pick")).to_have_count(1)


def _open_everything(page: Page) -> None:
    for each in page.locator("main details > summary").all():
        if each.is_visible():
            each.click()


def _read_shortcuts(page: Page) -> None:
    page.get_by_label("Chercher une séance").blur()  # a letter typed in a search is a letter
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def _choose_credit(page: Page) -> None:
    page.get_by_label("Le Misanthrope").first.check()
    page.get_by_label("Au compte d’avoir").check()
    expect(page.locator("#forecast")).to_contain_text("€")


def _look_up(page: Page, *, code: str) -> None:
    page.get_by_label("Code du bon").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=code)).to_be_visible()


def _scan(page: Page, *, code: str) -> None:
    page.get_by_label("Code du billet").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator(".door-said:not(.waiting)")).to_be_visible()


def _open_filters(page: Page) -> None:
    page.locator("main details > summary").first.click()
