"""The season: works that belong to everybody, their dates told from today, halls and prices.

A date is (weeks from this week, weekday from Monday = 0, time). ``nights`` are days from today,
whatever weekday that is, so that something is on tonight and tomorrow.
"""

from dataclasses import dataclass
from decimal import Decimal

GRANDE, PETITE, FOYER = "Grande salle", "Petite salle", "Foyer"

# New stagings have the lower rate for their first 140 paid performances (BIL-12).
NEW_STAGING = Decimal("2.10")
USUAL = Decimal("5.50")

RATES: tuple[tuple[str, str], ...] = (
    ("PLEIN", "Plein tarif"),
    ("REDUIT", "Tarif réduit"),
    ("JEUNE", "Moins de 26 ans"),
    ("GRATUIT", "Exonéré"),
)


@dataclass(frozen=True, slots=True)
class Seats:
    """A category of a hall: capacity, and prices in centimes at the rates in their order."""

    name: str
    capacity: int
    prices: tuple[int | None, int | None, int | None, int | None]


TARIFFS: dict[str, tuple[Seats, ...]] = {
    "theatre": (
        Seats("Catégorie 1", 36, (3200, 2600, 1600, 0)),
        Seats("Catégorie 2", 44, (2400, 1900, 1200, None)),
        Seats("Catégorie 3", 20, (1500, None, 800, None)),
    ),
    "opera": (
        Seats("Catégorie 1", 36, (4800, 3900, 2400, 0)),
        Seats("Catégorie 2", 44, (3650, 2950, 1800, None)),
        Seats("Catégorie 3", 20, (2200, None, 1100, None)),
    ),
    "studio": (
        Seats("Parterre", 22, (2110, 1680, 1050, 0)),
        Seats("Gradins", 18, (1690, 1350, 850, None)),
        Seats("Strapontins", 6, (900, None, 500, None)),
    ),
    "famille": (
        Seats("Parterre", 22, (1200, 950, 600, 0)),
        Seats("Gradins", 18, (950, 750, 500, None)),
        Seats("Strapontins", 6, (600, None, 400, None)),
    ),
    "libre": (Seats("Entrée libre", 40, (None, None, None, 0)),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One event of the season; ``pull`` is how much people want it."""

    title: str
    by: str
    genre: str
    minutes: int
    colour: str
    about: str
    hall: str = GRANDE
    tariff: str = "theatre"
    vat_rate: Decimal = USUAL
    pull: int = 2
    dates: tuple[tuple[int, int, str], ...] = ()
    nights: tuple[tuple[int, str], ...] = ()


SEASON: tuple[Show, ...] = (
    Show(
        title="Le Misanthrope",
        by="Molière · mise en scène Claire Aubin",
        genre="Comédie",
        minutes=125,
        colour="#6b2346",
        about="Alceste voudrait que chacun dise ce qu’il pense. Célimène a d’autres projets.",
        dates=((-12, 3, "20:30"), (-12, 4, "20:30"), (-11, 6, "16:00")),
        pull=3,
    ),
    Show(
        title="Le Jeu de l’amour et du hasard",
        by="Marivaux · Compagnie L’Œil du Loup",
        genre="Comédie",
        minutes=100,
        colour="#8a5a00",
        about="Deux maîtres, deux valets, et chacun dans l’habit de l’autre.",
        hall=PETITE,
        tariff="studio",
        dates=((-11, 1, "19:30"), (-11, 3, "20:30"), (-10, 5, "20:30")),
    ),
    Show(
        title="Phèdre",
        by="Racine · mise en scène Antoine Vasseur",
        genre="Tragédie",
        minutes=120,
        colour="#7a1f1f",
        about="La fille de Minos et de Pasiphaé, nue sous la lumière de Trézène.",
        dates=((-9, 2, "19:30"), (-9, 4, "20:30"), (-9, 5, "20:30")),
    ),
    Show(
        title="Le Mariage de Figaro",
        by="Beaumarchais · troupe des Tilleuls",
        genre="Comédie",
        minutes=165,
        colour="#2f5d50",
        about="La folle journée : un mariage à faire, un comte à déjouer.",
        dates=((-8, 3, "19:30"), (-8, 5, "19:30"), (-7, 6, "15:00")),
        pull=3,
    ),
    Show(
        title="Midi en musique",
        by="Classes du Conservatoire",
        genre="Concert",
        minutes=45,
        colour="#3d4f7c",
        about="Une heure de musique de chambre au foyer, entrée libre sur réservation.",
        hall=FOYER,
        tariff="libre",
        dates=((-5, 1, "12:30"), (-1, 1, "12:30"), (3, 1, "12:30")),
        pull=1,
    ),
    Show(
        title="La Puce à l’oreille",
        by="Feydeau · mise en scène Joëlle Prévost",
        genre="Vaudeville",
        minutes=140,
        colour="#a3431f",
        about="Un mari modèle, une paire de bretelles, un hôtel du Minet-Galant.",
        dates=((-6, 3, "20:30"), (-6, 5, "20:30"), (-5, 5, "20:30")),
        pull=3,
    ),
    Show(
        title="Peau d’Âne",
        by="D’après Perrault · marionnettes et ombres, création",
        genre="Jeune public",
        minutes=60,
        colour="#35618a",
        about="Une princesse, trois robes et une peau. À partir de 6 ans.",
        hall=PETITE,
        tariff="famille",
        vat_rate=NEW_STAGING,
        dates=((-4, 2, "14:30"), (-4, 5, "17:00"), (-3, 2, "14:30")),
    ),
    Show(
        title="La Belle Hélène",
        by="Offenbach · opéra bouffe, livret de Meilhac et Halévy",
        genre="Opéra bouffe",
        minutes=150,
        colour="#9a2c5c",
        about="Le jugement de Pâris et ses suites, avec fanfare et bottes.",
        tariff="opera",
        dates=((-3, 4, "20:00"), (-3, 5, "20:00"), (-3, 6, "16:00")),
        pull=3,
    ),
    Show(
        title="Hernani",
        by="Victor Hugo · création de la maison",
        genre="Drame",
        minutes=170,
        colour="#4a3c78",
        about="Un bandit, un roi, un vieillard, et l’honneur castillan.",
        hall=PETITE,
        tariff="studio",
        vat_rate=NEW_STAGING,
        nights=((-13, "19:30"), (-8, "19:30"), (-2, "19:30"), (0, "19:30"), (6, "19:30")),
    ),
    Show(
        title="Carmen",
        by="Bizet · livret de Meilhac et Halévy d’après Mérimée",
        genre="Opéra",
        minutes=165,
        colour="#b3202c",
        about="L’amour est enfant de Bohême, et Séville n’a pas dormi.",
        tariff="opera",
        nights=((-4, "20:00"), (-1, "20:00"), (0, "20:30"), (1, "20:00"), (4, "16:00")),
        pull=6,
    ),
    Show(
        title="Les Femmes savantes",
        by="Molière · mise en scène Claire Aubin",
        genre="Comédie",
        minutes=115,
        colour="#6b2346",
        about="On y parle grec, on y chasse une servante pour une faute de grammaire.",
        dates=((2, 3, "20:30"), (2, 4, "20:30"), (3, 6, "16:00")),
        pull=3,
    ),
    Show(
        title="On ne badine pas avec l’amour",
        by="Musset · jeune troupe du Conservatoire",
        genre="Drame",
        minutes=95,
        colour="#52713a",
        about="Camille, Perdican, Rosette, et ce que l’orgueil leur coûte.",
        hall=PETITE,
        tariff="studio",
        dates=((4, 3, "20:30"), (4, 5, "20:30"), (5, 1, "19:30")),
    ),
    Show(
        title="Cyrano de Bergerac",
        by="Edmond Rostand · troupe des Tilleuls",
        genre="Comédie héroïque",
        minutes=185,
        colour="#1f4e5f",
        about="Un nez, une plume, une épée, et des lettres signées d’un autre.",
        dates=((6, 3, "19:30"), (6, 4, "19:30"), (7, 6, "15:00")),
        pull=4,
    ),
    Show(
        title="Fables",
        by="La Fontaine · spectacle masqué",
        genre="Jeune public",
        minutes=55,
        colour="#7a6a1d",
        about="Onze fables, six masques, un violoncelle. À partir de 5 ans.",
        hall=PETITE,
        tariff="famille",
        dates=((8, 2, "10:00"), (8, 2, "14:30"), (8, 5, "17:00")),
    ),
    Show(
        title="Le Barbier de Séville",
        by="Beaumarchais · mise en scène Joëlle Prévost",
        genre="Comédie",
        minutes=120,
        colour="#2f5d50",
        about="Avant la folle journée, la précaution inutile.",
        dates=((9, 3, "20:30"), (9, 5, "20:30"), (10, 4, "20:30")),
    ),
    Show(
        title="Ubu roi",
        by="Alfred Jarry · création, théâtre d’objets",
        genre="Farce",
        minutes=80,
        colour="#5b5b23",
        about="Une spirale, un voïvode, des balais. Merdre.",
        hall=PETITE,
        tariff="studio",
        vat_rate=NEW_STAGING,
        dates=((11, 1, "19:30"), (11, 3, "20:30"), (12, 5, "20:30")),
    ),
)
