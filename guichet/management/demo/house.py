"""The venue itself: institution, payment modes, points of sale, tills and logins."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from moneyed import Money

from contacts.models import User
from contacts.services import create_operator
from guichet.management.demo.presents import create_voucher_types
from institution_settings.choices import Channel, ModeKind, Paper, Role
from institution_settings.models import Institution, PaymentMode, PointOfSale
from institution_settings.money import from_minor
from institution_settings.services import (
    ModeSpec,
    authorise,
    create_payment_mode,
    create_point_of_sale,
    default_modes,
    set_up_institution,
)
from payments.choices import VoucherState
from payments.models import Voucher
from tills.models import Till
from tills.services import create_till

NAME = "Théâtre des Tilleuls"
# No establishment has this SIREN, its check digit is wrong. It marks the demo, finished or not.
SIREN = "900001234"

PASSWORD = "les-trois-coups"  # noqa: S105 (printed on the terminal: the demo's doors are open)
PIN = "1673"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody the demo can be visited as; ``tried`` are those whom the terminal names."""

    code: str
    name: str
    role: Role
    places: tuple[str, ...] = ()
    pin: str = ""
    tried: bool = True

    @property
    def email(self) -> str:
        """What one logs in with."""
        return f"{self.code}@tilleuls.example"


LOGINS: tuple[Login, ...] = (
    Login("lea", "Léa Marchand", Role.OPERATOR, ("HALL", "SALLE")),
    Login("hugo", "Hugo Perrin", Role.OPERATOR, ("SALLE",), tried=False),
    Login("marc", "Marc Delcourt", Role.SUPERVISOR, ("HALL", "SALLE", "BUREAU"), PIN),
    Login("ines", "Inès Barthélemy", Role.ACCOUNTANT),
    Login("yann", "Yann Kermarrec", Role.AUDITOR),
    Login("admin", "Solange Ferrand", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A point of sale to be made; each mode may pay there (``+``), be refunded (``-``), or both."""

    code: str
    name: str
    channel: Channel
    paper: Paper
    modes: Mapping[str, str]


BOTH, IN, OUT = "+-", "+", "-"
PLACES: tuple[Place, ...] = (
    Place(
        "HALL",
        "Guichet du hall",
        Channel.COUNTER,
        Paper.TICKET,
        {
            "ESPECES": BOTH,
            "CB": BOTH,
            "CHEQUE": BOTH,
            "VIREMENT": OUT,
            "BON": BOTH,
            "CHQVAC": IN,
            "CHQCAD": IN,
            "PASS": IN,
            "AVOIR": BOTH,
            "AVOIR-CE": BOTH,
        },
    ),
    Place(
        "SALLE",
        "Guichet de la petite salle",
        Channel.COUNTER,
        Paper.ROLL,
        {"ESPECES": BOTH, "CB": BOTH, "BON": BOTH, "CHQVAC": IN, "AVOIR": BOTH},
    ),
    Place(
        "WEB",
        "Billetterie en ligne",
        Channel.ONLINE,
        Paper.A4,
        {"CBWEB": BOTH, "BON": BOTH, "AVOIR": BOTH},
    ),
    Place(
        "BUREAU",
        "Bureau",
        Channel.OFFICE,
        Paper.A4,
        {
            "CHEQUE": BOTH,
            "VIREMENT": BOTH,
            "CBWEB": OUT,
            "BON": BOTH,
            "AVOIR": BOTH,
            "AVOIR-CE": BOTH,
        },
    ),
)

# Code, label, point of sale, whether it opens and closes by itself.
TILLS: tuple[tuple[str, str, str, bool], ...] = (
    ("G1", "Caisse du hall", "HALL", False),
    ("G2", "Caisse de la petite salle", "SALLE", False),
    ("WEB", "Caisse en ligne", "WEB", True),
    ("BO", "Caisse du bureau", "BUREAU", True),
)


@dataclass(frozen=True, slots=True)
class House:
    """What the story needs to know of the venue, by code."""

    institution: Institution
    modes: Mapping[str, PaymentMode]
    places: Mapping[str, PointOfSale]
    tills: Mapping[str, Till]
    people: Mapping[str, User]

    @property
    def currency(self) -> str:
        """The venue's one currency (spec S6)."""
        return self.institution.currency

    @property
    def zone(self) -> ZoneInfo:
        """The venue's time zone: the story is told in its hours."""
        return ZoneInfo(self.institution.time_zone)

    def money(self, minor: int) -> Money:
        """Return an amount told in centimes."""
        return from_minor(minor, self.currency)


def is_demo(institution: Institution) -> bool:
    """Whether this venue is the demo's, finished or not; any other is somebody's own."""
    return institution.siren == SIREN


def voucher_to_try() -> str:
    """Return the code of a voucher that was sold and is not spent; none once all are."""
    unspent = Voucher.objects.filter(
        state=VoucherState.ACTIVE, balance_minor__gt=0, free=False, held_minor=0
    )
    return unspent.order_by("-balance_minor", "pk").values_list("code", flat=True).first() or ""


def found_house() -> House:
    """Return the demo venue, set up when the database is empty; all or none."""
    if not Institution.objects.exists():
        with transaction.atomic():
            _found()
    return House(
        institution=Institution.objects.get(),
        modes={mode.code: mode for mode in PaymentMode.objects.all()},
        places={place.code: place for place in PointOfSale.objects.all()},
        tills={till.code: till for till in Till.objects.select_related("point_of_sale")},
        people={user.code: user for user in User.objects.exclude(code=None) if user.code},
    )


def _found() -> None:
    _set_up()
    modes = {mode.code: mode for mode in _create_modes()}
    create_voucher_types()
    places = {}
    for place in PLACES:
        places[place.code] = create_point_of_sale(
            code=place.code, name=place.name, channel=place.channel, paper=place.paper
        )
        for code, mode in modes.items():
            uses = place.modes.get(code, "")
            # Credit was authorised with the point of sale: where it is not meant, it is taken away.
            if uses or mode.is_credit:
                authorise(
                    point_of_sale=places[place.code],
                    mode=mode,
                    payment=IN in uses,
                    refund=OUT in uses,
                )
    for code, label, place_code, automatic in TILLS:
        create_till(code=code, label=label, point_of_sale=places[place_code], automatic=automatic)
    for login in LOGINS:
        create_operator(
            email=login.email,
            password=PASSWORD,
            name=login.name,
            code=login.code,
            role=login.role,
            points_of_sale=[places[code] for code in login.places],
            pin=login.pin,
        )


def _set_up() -> None:
    set_up_institution(
        name=NAME,
        siren=SIREN,
        legal_name="Association Théâtre des Tilleuls",
        siret=f"{SIREN}00017",
        vat_number=f"FR{(12 + 3 * (int(SIREN) % 97)) % 97:02d}{SIREN}",
        licence="PLATESV-D-2024-000000",
        address="12 cours des Tilleuls\n37000 Tours",
        email="billetterie@tilleuls.example",
        phone="02 61 91 00 00",
        website="https://tilleuls.example/",
    )


def _create_modes() -> list[PaymentMode]:
    """The usual modes, two more kinds of paper, and a second credit mode (spec S1)."""
    gift = ModeSpec(
        code="CHQCAD", label="Chèque cadeau", kind=ModeKind.PAPER_VOUCHER, account="511810"
    )
    gift |= {"may_exceed": True, "for_refund": False}
    culture = ModeSpec(code="PASS", label="Pass Culture", kind=ModeKind.EXTERNAL, account="467100")
    culture |= {"for_refund": False}
    works_council = ModeSpec(
        code="AVOIR-CE", label="Avoir CE", kind=ModeKind.CREDIT, account="419700"
    )
    specs = [*default_modes(), gift, culture, works_council]
    return [create_payment_mode(**spec) for spec in specs]
