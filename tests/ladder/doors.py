"""Every address outside the administration, and what each person gets there.

What the specification gives across points of sale (S3, S4, S6, G2, G4 to G8; §1):

- Contacts, their credit, vouchers, and orders paid or reserved are the institution's. Any operator
  finds, refunds, prints and corrects them, at an own till and in the modes authorised there; a
  payment of somebody else's session is corrected with a supervisor.
- A basket is its point of sale's: elsewhere it can be looked at as an order, and nothing else.
- A drawer with its cash, X and Z is its point of sale's; while it is open, it is worked at and
  closed by whoever opened it, or by a supervisor.
- A fresh printout is whose who printed it; a bordereau shows an operator the own sessions alone.
- Supervisors are assigned to points of sale like operators: *all tills* are those of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tests.ladder.people import Who

# What an answer is: its status, or where it leads.
Answer = str
LOGIN, TILLS = "> account_login", "> guichet:tills"
NO, ABSENT, NO_METHOD, TAKEN, ASKED = "403", "404", "405", "409", "422"

_OUTSIDE = dict.fromkeys((Who.NOBODY, Who.LEFT), LOGIN)
_NO_SALES = dict.fromkeys((Who.CUSTOMER, Who.ACCOUNTANT, Who.AUDITOR, Who.ADMINISTRATOR), NO)
_NO_SUPERVISORS = dict.fromkeys((Who.MOVED, Who.ELSEWHERE, Who.COLLEAGUE, Who.OPERATOR), NO)

# Who is not let in by a door, and what they get instead; all others get what the page answers.
EVERYBODY: Mapping[Who, Answer] = MappingProxyType({})
STAFF = MappingProxyType({**_OUTSIDE, **_NO_SALES})
TILL = MappingProxyType({**STAFF, Who.MOVED: TILLS})
SUPERVISORS = MappingProxyType({**STAFF, **_NO_SUPERVISORS})
MEMBERS = MappingProxyType(_OUTSIDE)
READERS = MappingProxyType({**_OUTSIDE, Who.CUSTOMER: NO, **_NO_SUPERVISORS})
SIGNERS = MappingProxyType({**_OUTSIDE, Who.CUSTOMER: NO})


@dataclass(frozen=True, slots=True)
class Row:
    """What a page answers to those its door lets in: to GET, and to each right form.

    ``but`` names whom it answers otherwise, to everything it would have done for the others.
    ``method_first``: a wrong method is refused before the person is looked at closely.
    """

    door: Mapping[Who, Answer]
    get: Answer = "200"
    posts: tuple[Answer, ...] = ()
    but: Mapping[Who, Answer] = field(default_factory=dict)
    method_first: bool = False

    def expected(self, who: Who) -> list[Answer]:
        """Return the answers to GET and to each form; to one empty form where there is none."""
        return [self._one(who, answer) for answer in (self.get, *(self.posts or (NO_METHOD,)))]

    def _one(self, who: Who, answer: Answer) -> Answer:
        refused = self.door.get(who)
        known = refused != LOGIN
        if refused and not (known and self.method_first and answer == NO_METHOD):
            return refused
        return answer if answer == NO_METHOD else self.but.get(who, answer)


def reads(door: Mapping[Who, Answer], **more: object) -> Row:
    """A page of the reports: the method is looked at before the role."""
    return Row(door, method_first=True, **more)


_AWAY = {Who.ELSEWHERE: ABSENT}
_NOT_HERE = {Who.MOVED: ABSENT, Who.ELSEWHERE: ABSENT}
_NOT_MINE = {**_NOT_HERE, Who.COLLEAGUE: TAKEN}
_PRINTED_BY_LEA = {**_NOT_HERE, Who.COLLEAGUE: ABSENT, Who.SUPERVISOR: ABSENT}
_SALE, _ORDER, _CONTACT = "> guichet:sale", "> guichet:order", "> guichet:contact"
_CREDIT, _VOUCHER, _NEW_SALE = "> guichet:credit", "> guichet:voucher", "> guichet:new_sale"
_PRINTED, _REFUNDED, _Z = "> guichet:printout_pdf", "> guichet:refunded", "> guichet:closing"
_HOMES = {
    Who.ACCOUNTANT: "> reports:home",
    Who.AUDITOR: "> admin:index",
    Who.ADMINISTRATOR: "> admin:index",
}

ROWS: Mapping[str, Row] = {
    # The house
    "root": Row(EVERYBODY, "> guichet:home", ("> guichet:home",)),
    "preferences": Row(EVERYBODY, NO_METHOD, ("> root",)),
    "styleguide": Row(EVERYBODY),
    "styleguide_page": Row(EVERYBODY),
    "ticketshop:choose_refund": Row(EVERYBODY, posts=("> ticketshop:choose_refund",)),
    # Tills
    "guichet:home": reads({**_OUTSIDE, Who.CUSTOMER: NO}, but=_HOMES),
    "guichet:tills": Row(STAFF),
    "guichet:open_till": Row(STAFF, posts=(_NEW_SALE,), but=_NOT_HERE),
    "guichet:take_till": Row(STAFF, NO_METHOD, (_NEW_SALE,), but=_NOT_MINE),
    "guichet:till": Row(TILL),
    "guichet:till_report_pdf": Row(TILL),
    "guichet:move_cash": Row(TILL, posts=("> guichet:till",)),
    "guichet:close_till": Row(TILL, posts=(_Z,)),
    "guichet:close_session": Row(STAFF, posts=(_Z,), but=_NOT_MINE),
    "guichet:closing": Row(STAFF, but=_NOT_HERE),
    "guichet:closing_pdf": Row(STAFF, but=_NOT_HERE),
    # Contacts
    "guichet:search": Row(TILL, posts=(_VOUCHER,)),
    "guichet:contacts": Row(TILL),
    "guichet:new_contact": Row(TILL, posts=(_CONTACT,)),
    "guichet:contact": Row(TILL),
    "guichet:edit_contact": Row(TILL, posts=(_CONTACT,)),
    "guichet:contact_vouchers": Row(TILL),
    "guichet:duplicates": Row(SUPERVISORS),
    "guichet:erase_contact": Row(TILL, posts=(ASKED,)),
    "guichet:merge_contacts": Row(SUPERVISORS, posts=(_CONTACT,)),
    "guichet:undo_merge": Row(SUPERVISORS, posts=(_CONTACT,)),
    # Credit
    "guichet:credit": Row(TILL),
    "guichet:deposit": Row(TILL, posts=(_CREDIT,)),
    "guichet:payout": Row(TILL, posts=(_CREDIT,)),
    "guichet:statement_pdf": Row(STAFF),
    "guichet:credit_csv": Row(STAFF),
    "guichet:credit_xlsx": Row(STAFF),
    "guichet:credit_by_hand": Row(TILL, posts=(_CREDIT,)),
    "guichet:reverse_movement": Row(TILL, posts=(_CREDIT,)),
    "guichet:release_hold": Row(TILL, NO_METHOD, (_CREDIT,)),
    "guichet:receipt_pdf": Row(STAFF),
    "guichet:correct": Row(TILL, posts=(_CREDIT,)),
    # A sale
    "guichet:new_sale": Row(TILL, _SALE),
    "guichet:sale": Row(TILL, but=_AWAY),
    "guichet:sale_programme": Row(TILL, but=_AWAY),
    "guichet:sale_offer": Row(TILL, but=_AWAY),
    "guichet:sale_quantity": Row(TILL, NO_METHOD, (_SALE,) * 4, but=_AWAY),
    "guichet:sale_vouchers": Row(TILL, but=_AWAY),
    "guichet:sale_purchaser": Row(TILL, posts=(_SALE,) * 3, but=_AWAY),
    "guichet:sale_tenders": Row(TILL, NO_METHOD, ("200",) * 4, but=_AWAY),
    "guichet:sale_pay": Row(TILL, NO_METHOD, ("> guichet:sale_done",), but=_AWAY),
    "guichet:sale_keep": Row(TILL, NO_METHOD, (_SALE,), but=_AWAY),
    "guichet:sale_reserve": Row(TILL, NO_METHOD, (_ORDER,), but=_AWAY),
    "guichet:sale_abandon": Row(TILL, NO_METHOD, (_NEW_SALE,), but=_AWAY),
    "guichet:sale_done": Row(TILL),
    # Orders
    "guichet:orders": Row(TILL),
    "guichet:order": Row(TILL),
    "guichet:cancel_order": Row(TILL, NO_METHOD, (_ORDER,), but=_AWAY),
    "guichet:order_purchaser": Row(TILL, posts=(_ORDER,) * 3),
    "guichet:print_tickets": Row(TILL, posts=(_PRINTED,)),
    "guichet:print_receipt": Row(TILL, NO_METHOD, (_PRINTED,)),
    "guichet:printout_pdf": Row(STAFF, but=_PRINTED_BY_LEA),
    "guichet:correct_payment": Row(TILL, posts=(_ORDER,)),
    "guichet:refund": Row(TILL, posts=(_REFUNDED,) * 4),
    "guichet:refund_receipt_pdf": Row(TILL),
    "guichet:choose_refund": Row(TILL, NO_METHOD, (_ORDER,)),
    "guichet:exchange": Row(TILL, posts=(_SALE,)),
    "guichet:sums_owed": Row(TILL),
    "guichet:sum_owed": Row(TILL, posts=("> guichet:sum_owed",)),
    "guichet:sum_receipt_pdf": Row(TILL),
    "guichet:refunded": Row(TILL),
    "guichet:coupons_pdf": Row(TILL),
    # Vouchers
    "guichet:vouchers": Row(TILL, posts=(_VOUCHER,)),
    "guichet:sell_voucher": Row(TILL, posts=(_SALE,)),
    "guichet:new_voucher": Row(TILL, posts=("200",)),
    "guichet:voucher": Row(TILL),
    "guichet:voucher_pdf": Row(TILL),
    "guichet:cancel_voucher": Row(TILL, posts=(_VOUCHER,)),
    "guichet:refund_voucher": Row(TILL, posts=(_REFUNDED,)),
    # Doors and cancelled performances
    "guichet:doors": Row(STAFF),
    "guichet:door": Row(STAFF, posts=("200",)),
    "guichet:cancellations": Row(SUPERVISORS),
    "guichet:cancel_performance": Row(SUPERVISORS, posts=("> guichet:cancel_performance",)),
    "guichet:refund_run_pdf": Row(SUPERVISORS),
    # Reports
    "reports:home": reads(SIGNERS, get="> reports:bordereau"),
    "reports:bordereau": reads(SIGNERS),
    "reports:bordereau_pdf": reads(SIGNERS),
    "reports:performances": reads(READERS),
    "reports:takings": reads(READERS),
    "reports:takings_pdf": reads(READERS),
    "reports:close_takings": reads(
        {**SUPERVISORS, **dict.fromkeys((Who.ACCOUNTANT, Who.AUDITOR, Who.ADMINISTRATOR), NO)},
        get=NO_METHOD,
        posts=("> reports:takings",),
    ),
}

# Forms that an operator sends in vain without a supervisor's code and PIN (spec §1, C4, C6, G7):
# those whose session it was need none, so they are sent from a colleague's till.
APPROVED = (
    "guichet:credit_by_hand",
    "guichet:reverse_movement",
    "guichet:correct",
    "guichet:correct_payment",
    "guichet:new_voucher",
    "guichet:cancel_voucher",
)


@dataclass(frozen=True, slots=True)
class LoginRow:
    """What a page about one's own login answers to nobody, and to whoever is logged in."""

    nobody: Answer = "200"
    known: Answer = "200"
    ids: tuple[str, ...] = ()


# A link out of a mail works whoever opens it; what one knows of oneself is for who logged in.
OWN = LoginRow(nobody=LOGIN)
LOGINS: Mapping[str, LoginRow] = {
    "account_login": LoginRow(known="> guichet:home"),
    "account_logout": OWN,
    "account_inactive": LoginRow(),
    "account_signup": LoginRow(known="> guichet:home"),
    "account_reauthenticate": OWN,
    "account_email": OWN,
    "account_email_verification_sent": LoginRow(),
    "account_change_password": OWN,
    "account_set_password": LoginRow(LOGIN, "> account_change_password"),
    "account_reset_password": LoginRow(),
    "account_reset_password_done": LoginRow(),
    "account_reset_password_from_key": LoginRow(ids=("1", "wrong")),
    "account_reset_password_from_key_done": LoginRow(),
    "account_confirm_email": LoginRow(ids=("wrong",)),
    "account_confirm_login_code": LoginRow(LOGIN, "> guichet:home"),
}
