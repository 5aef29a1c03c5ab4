"""Who buys and who logs in."""

from collections.abc import Collection
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from contacts.choices import ContactKind
from contacts.search import KEY_LENGTH, FoldedField, find_keys, fold, phone_digits, tidy, tidy_lines
from institution_settings.choices import Role
from institution_settings.models import PointOfSale

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ().\-/]*$",
    _("Type the phone number with digits, for example 06 12 34 56 78 or +41 79 123 45 67."),
)
COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("Type the two letters of the country, for example FR."))


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make an administrator who can log in at once (``manage.py createsuperuser``)."""
        from allauth.account.models import EmailAddress

        fields = {
            "role": Role.ADMINISTRATOR,
            "code": email.partition("@")[0][:20],
            **fields,
            "is_staff": True,
            "is_superuser": True,
        }
        user = self.create_user(email, password, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in by e-mail: staff with a role, or a customer of the shop."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    code = models.CharField(_("operator code"), max_length=20, unique=True, null=True, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.CUSTOMER)
    pin = models.CharField(_("PIN"), max_length=128, blank=True, editable=False)
    points_of_sale = models.ManyToManyField(
        PointOfSale, blank=True, related_name="operators", verbose_name=_("points of sale")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["password", "pin", "last_login"])

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role=Role.CUSTOMER) | models.Q(code__isnull=False),
                name="user_staff_has_code",
                violation_error_message=_("Staff need an operator code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.code or self.email


class Contact(models.Model):
    """A person or organisation; the purchaser of an order. Never deleted once it has movements.

    What was typed is tidied whenever it is saved (``search.tidy``). ``search`` is the folded name
    and city: contacts are sorted by it. What they are found by are their ``ContactKey`` rows.
    ``folded_name`` is the name alone: namesakes are neighbours in its index. An erased one
    (``erased_at``, RGP-03) has no name and is called by its number.
    """

    number = models.CharField(  # noqa: DJ001 (null until the row, and so its number, is known)
        _("number"), max_length=12, unique=True, editable=False, null=True
    )
    kind = models.CharField(
        _("kind"), max_length=14, choices=ContactKind.choices, default=ContactKind.PERSON
    )
    last_name = models.CharField(_("last name"), max_length=120, blank=True)
    first_name = models.CharField(_("first name"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True, validators=[PHONE])
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR", validators=[COUNTRY])
    notes = models.TextField(_("notes"), blank=True)
    search = FoldedField(_("search text"), editable=False, default="")
    folded_name = FoldedField(_("folded name"), editable=False, default="")
    user = models.OneToOneField(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
        verbose_name=_("user"),
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["search", "folded_name"])

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(last_name="", organisation="")
                | models.Q(erased_at__isnull=False),
                name="contact_has_a_name",
                violation_error_message=_("A contact needs a last name or an organisation."),
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="contact_email"),
            models.Index(fields=["search"], name="contact_search"),
            models.Index(fields=["folded_name"], name="contact_same_name"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def current(self) -> "Contact":
        """The contact itself, or the one it was merged into (spec C10)."""
        return self.merged_into or self

    @property
    def label(self) -> str:
        """The name as it is shown and printed."""
        if self.erased_at:
            return str(_("Anonymised contact %(number)s") % {"number": self.number})
        person = f"{self.first_name} {self.last_name}".strip()
        if self.kind == ContactKind.ORGANISATION:
            return f"{self.organisation} ({person})" if person else self.organisation
        return person or self.organisation

    @property
    def sorted_name(self) -> str:
        """The name as it is looked up: organisation or last name first."""
        person = f"{self.last_name} {self.first_name}"
        if self.kind == ContactKind.ORGANISATION:
            return f"{self.organisation} {person}".strip()
        return f"{person.strip()} {self.organisation}".strip()

    def tidy(self) -> None:
        """Bring what was typed into the form it is kept in, before it is validated or saved."""
        for name in ("last_name", "first_name", "organisation", "phone", "address", "postcode"):
            setattr(self, name, tidy(getattr(self, name)))
        self.city = tidy(self.city)
        self.email = tidy(self.email).lower()
        self.country = tidy(self.country).upper()
        self.notes = tidy_lines(self.notes)
        name = fold(self.sorted_name)
        self.folded_name = name[:KEY_LENGTH]
        self.search = f"{name} {fold(self.city)}".strip()[:KEY_LENGTH]

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.tidy()
        super().clean_fields(exclude=exclude)

    @transaction.atomic
    def save(self, *args: object, **options: object) -> None:
        """Save it tidied, found by what it is called now; a new one gets its number (C000103)."""
        self.tidy()
        if options.get("update_fields") is not None:
            folded = {"search", "folded_name"}
            options["update_fields"] = {*options["update_fields"], *folded}  # type: ignore[misc]
        super().save(*args, **options)  # type: ignore[arg-type]
        if self.number is None:
            # Taken from the row's id: unique without a lock, whoever else is adding.
            self.number = f"C{self.pk:06d}"
            type(self).objects.filter(pk=self.pk).update(number=self.number)
        self.write_keys()

    def write_keys(self) -> None:
        """Let the contact be found by what it is called now; merged, by nothing.

        Whoever was merged into it leads to it, by name, e-mail, phone and number (spec C10).
        """
        known = set(self.keys.values_list("key", flat=True))
        wanted: set[str] = set()
        if not self.merged_into_id:
            wanted = self.make_keys().union(*(other.make_keys() for other in self.merged.all()))
        if known - wanted:
            self.keys.filter(key__in=known - wanted).delete()
        ContactKey.objects.bulk_create(
            ContactKey(contact=self, key=key) for key in sorted(wanted - known)
        )

    def make_keys(self) -> set[str]:
        """Return what the contact is found by: names, e-mail, phone digits and number.

        Erased, by the number alone, which stands on pieces and reports (RGP-03).
        """
        if self.erased_at:
            return find_keys(name="", others={(self.number or "").lower()}, sorted_by="")
        others = {fold(self.email), (self.number or "").lower()}
        others |= phone_digits(self.phone, country=self.country)
        return find_keys(name=self.sorted_name, others=others, sorted_by=self.search)


class ContactKey(models.Model):
    """Something a contact is found by: one word, then its folded name (``search.find_keys``).

    One range of one index answers "begins with", on both databases, among a million contacts,
    and needs no extension; trigrams were slower by the planner's guesses.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="keys")
    key = FoldedField(_("search text"))

    class Meta:
        verbose_name = _("search key")
        verbose_name_plural = _("search keys")
        indexes = [models.Index(fields=["key", "contact"], name="contact_key_found")]

    def __str__(self) -> str:
        return str(self.key)
