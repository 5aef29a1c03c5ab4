"""Who buys and who logs in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from contacts.choices import ContactKind
from contacts.search import fold
from institution_settings.choices import Role
from institution_settings.models import PointOfSale


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        fields = {"role": Role.ADMINISTRATOR, **fields, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)

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
    REQUIRED_FIELDS: list[str] = []

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
    """A person or organisation; the purchaser of an order. Never deleted once it has movements."""

    number = models.CharField(_("number"), max_length=12, unique=True, editable=False, null=True)
    kind = models.CharField(
        _("kind"), max_length=14, choices=ContactKind.choices, default=ContactKind.PERSON
    )
    last_name = models.CharField(_("last name"), max_length=120, blank=True)
    first_name = models.CharField(_("first name"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    notes = models.TextField(_("notes"), blank=True)
    search = models.TextField(_("search text"), editable=False, default="")
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
    history = HistoricalRecords(excluded_fields=["search"])

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
        indexes = [models.Index(fields=["email"], name="contact_email")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name as it is shown and printed."""
        if self.erased_at:
            return str(_("Anonymised contact %(number)s") % {"number": self.number})
        person = f"{self.first_name} {self.last_name}".strip()
        if self.kind == ContactKind.ORGANISATION:
            return f"{self.organisation} ({person})" if person else self.organisation
        return person

    def save(self, *args: object, **options: object) -> None:
        """Keep ``search`` in step and give a new contact its number (``C000103``)."""
        self.search = fold(
            " ".join(
                (
                    self.last_name,
                    self.first_name,
                    self.organisation,
                    self.email,
                    self.phone,
                    self.city,
                )
            )
        )
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "search"}  # type: ignore[misc]
        super().save(*args, **options)  # type: ignore[arg-type]
        if self.number is None:
            self.number = f"C{self.pk:06d}"
            type(self).objects.filter(pk=self.pk).update(number=self.number)
