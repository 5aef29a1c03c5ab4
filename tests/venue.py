"""A small venue for tests, set up through the services."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from moneyed import Money

from contacts.models import Contact, User
from contacts.services import create_operator
from credit.models import CreditAccount, Movement
from credit.services import account_for, deposit
from institution_settings.choices import Channel, ModeKind, Role
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode, PointOfSale
from institution_settings.services import set_up_institution
from journal.services import Claim, perform
from tills.models import Till
from tills.selectors import Desk, desk_of
from tills.services import create_till, open_session

PASSWORD = "une longue phrase de passe"
PIN = "4711"

MODES = {
    "ESPECES": (ModeKind.CASH, True, True),
    "CB": (ModeKind.CARD, False, False),
    "CHEQUE": (ModeKind.CHEQUE, False, False),
    "VIREMENT": (ModeKind.TRANSFER, False, False),
    "BON": (ModeKind.VOUCHER, True, False),
    "CHQVAC": (ModeKind.PAPER_VOUCHER, True, False),
    "AVOIR": (ModeKind.CREDIT, False, False),
}


def euros(text: str) -> Money:
    """``euros("12.40")``: an amount as a test says it."""
    return Money(Decimal(text), "EUR")


@dataclass
class Venue:
    """What a test needs to know of the venue; ``currency`` is that of everything in it."""

    institution: Institution
    modes: dict[str, PaymentMode]
    counter: PointOfSale
    office: PointOfSale
    tills: dict[str, Till]
    operator: User
    supervisor: User
    currency: str = "EUR"
    desks: dict[str, Desk] = field(default_factory=dict)

    def money(self, text: str) -> Money:
        """An amount in the venue's currency."""
        return Money(Decimal(text), self.currency)

    def open(self, code: str, *, at: datetime | None = None, float_: str = "0") -> Desk:
        """Open a till and remember its desk."""
        session = open_session(
            claim=self.claim(),
            till=self.tills[code],
            opening_float=self.money(float_),
            operator=self.operator,
            at=at,
        )
        self.desks[code] = desk_of(session=session, operator=self.operator)
        return self.desks[code]

    def desk(self, code: str = "G1") -> Desk:
        """The desk of a till, opened when it is first asked for."""
        return self.desks.get(code) or self.open(code)

    def claim(self, key: uuid.UUID | None = None) -> Claim:
        """A fresh click of the operator, or the click ``key`` again."""
        return Claim(source=f"user:{self.operator.pk}", key=key or uuid.uuid4())

    def contact(self, last_name: str = "Lefèvre", first_name: str = "Zoé") -> Contact:
        """A new contact."""
        return Contact.objects.create(last_name=last_name, first_name=first_name)

    def account(self, contact: Contact | None = None, credit: str = "0") -> CreditAccount:
        """A contact's account, with ``credit`` put on it in cash."""
        account = account_for(contact_id=(contact or self.contact()).pk, currency=self.currency)
        if Decimal(credit):
            self.deposit(account, credit)
            account.refresh_from_db()
        return account

    def deposit(self, account: CreditAccount, amount: str, till: str = "G1") -> Movement:
        """Put money on an account in cash, as one operation."""
        desk = self.desk(till)

        return perform(
            claim=self.claim(),
            kind="test.deposit",
            content={},
            register=desk.register,
            write=lambda op: deposit(
                op=op,
                desk=desk,
                account_id=account.pk,
                amount=self.money(amount),
                mode=self.modes["AVOIR"],
                counterpart=self.modes["ESPECES"],
            ),
            found=lambda _operation: None,
        )


def build_venue(*, currency: str = "EUR") -> Venue:
    """Set up the venue: two counters' tills, the back office, an operator and a supervisor."""
    institution = set_up_institution(
        name="Théâtre des Tilleuls", siren="532001234", currency=currency
    )
    modes = {
        code: PaymentMode.objects.create(
            code=code,
            label=code.capitalize(),
            kind=kind,
            may_exceed=exceeds,
            gives_change=change,
            position=position,
        )
        for position, (code, (kind, exceeds, change)) in enumerate(MODES.items())
    }
    counter = PointOfSale.objects.create(code="GUICHET", name="Guichet", channel=Channel.COUNTER)
    office = PointOfSale.objects.create(code="BUREAU", name="Bureau", channel=Channel.OFFICE)
    for point_of_sale in (counter, office):
        for mode in modes.values():
            ModeAuthorisation.objects.create(point_of_sale=point_of_sale, mode=mode)
    tills = {
        code: create_till(code=code, label=code, point_of_sale=counter) for code in ("G1", "G2")
    }
    tills["BO"] = create_till(code="BO", label="BO", point_of_sale=office, automatic=True)
    return Venue(
        institution=institution,
        modes=modes,
        counter=counter,
        office=office,
        tills=tills,
        operator=_person("lea", "Léa", Role.OPERATOR, [counter, office]),
        supervisor=_person("marc", "Marc", Role.SUPERVISOR, [counter, office]),
        currency=currency,
    )


def _person(code: str, name: str, role: Role, points_of_sale: list[PointOfSale]) -> User:
    return create_operator(
        email=f"{code}@tilleuls.example",
        password=PASSWORD,
        name=name,
        code=code,
        role=role,
        points_of_sale=points_of_sale,
        pin=PIN if role == Role.SUPERVISOR else "",
    )
