"""What is sealed about sales: facts without names or row ids, keys in French (FIS-05, FIS-06)."""

from collections.abc import Sequence

from journal.sealing import stamp
from journal.services import Draft, Op
from sales.choices import LineKind
from sales.models import Order, OrderLine, Ticket
from sales.money import basis_points, net_of
from tills.selectors import Desk

# Entry kinds, and the words entries point at their rows with (also for looking numbers up).
ORDER = "order"
TICKET = "ticket"
TICKET_CANCELLATION = "ticket_cancellation"
PRINTOUT = "printout"
ADMISSION = "admission"


def sale_draft(*, op: Op, desk: Desk, order: Order, lines: Sequence[OrderLine]) -> Draft:
    """Return the entry VENTE of an order that is paid (fiscal.md §1.2)."""
    return Draft(
        kind="VENTE",
        subject_kind=ORDER,
        subject_id=order.pk,
        facts={
            **_common(op, desk, order),
            "complete": order.linked_to.number if order.linked_to else None,
            "lignes": [_line_facts(line) for line in lines],
            "total": order.total_minor,
        },
    )


def ticket_draft(*, op: Op, desk: Desk, order: Order, line: OrderLine, ticket: Ticket) -> Draft:
    """Return the entry BILLET of one ticket; its number is the ticket's (BIL-03)."""
    return Draft(
        kind="BILLET",
        subject_kind=TICKET,
        subject_id=ticket.pk,
        facts={**_common(op, desk, order), **_seat_facts(line), **_price_facts(ticket)},
    )


def cancellation_draft(
    *, op: Op, desk: Desk, order: Order, line: OrderLine, ticket: Ticket, number: str
) -> Draft:
    """Return the entry ANNULATION of a ticket, the *coupon de gestion* (BIL-05)."""
    return Draft(
        kind="ANNULATION",
        subject_kind=TICKET_CANCELLATION,
        subject_id=ticket.pk,
        facts={
            **_common(op, desk, order),
            **_seat_facts(line),
            **_price_facts(ticket),
            "billet": number,
        },
    )


def _common(op: Op, desk: Desk, order: Order) -> dict[str, object]:
    return {
        "caisse": desk.till_code,
        "commande": order.number,
        "contact": order.contact.number if order.contact else None,
        "devise": order.currency,
        "horodatage": stamp(op.at),
        "journee": desk.business_date.isoformat(),
        "operateur": desk.operator_code or None,
    }


def _line_facts(line: OrderLine) -> dict[str, object]:
    net = net_of(line.total_minor, vat_rate=line.vat_rate)
    return {
        **_seat_facts(line),
        "ht": net,
        "nature": "BON" if line.kind == LineKind.VOUCHER else "BILLET",
        "prix": line.unit_minor,
        "quantite": line.quantity,
        "taux": basis_points(line.vat_rate),
        "ttc": line.total_minor,
        "tva": line.total_minor - net,
    }


def _seat_facts(line: OrderLine) -> dict[str, object]:
    """What is sold; a voucher has neither category, rate nor date."""
    category = line.category
    return {
        "categorie": category.name if category else None,
        "libelle": line.label if category else "Bon",
        "seance": stamp(category.performance.starts_at) if category else None,
        "tarif": line.rate.code if line.rate else None,
    }


def _price_facts(ticket: Ticket) -> dict[str, object]:
    return {
        "ht": ticket.net_minor,
        "prix": ticket.price_minor,
        "taux": basis_points(ticket.vat_rate),
        "tva": ticket.vat_minor,
    }
