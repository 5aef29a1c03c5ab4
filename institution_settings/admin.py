"""The settings in the administration (spec S1 to S7).

``SettingsAdmin`` is for every setting that becomes part of the record once used: what is frozen
is shown and not asked, what is used is deactivated and not deleted, and no refusal is a 500.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institution_settings.errors import SettingInUse
from institution_settings.forms import InstitutionForm
from institution_settings.models import Institution, ModeAuthorisation, PaymentMode, PointOfSale
from institution_settings.money import format_money, from_minor
from institution_settings.selectors import is_used
from institution_settings.services import (
    create_point_of_sale,
    delete_unused,
    set_up_institution,
)
from journal.admin import HistoryAdmin
from journal.errors import Refusal
from journal.guards import frozen_columns


def money_column(name: str, label: Any) -> Callable[[Any], str]:
    """Return a column that shows ``<name>_minor`` of a row with its currency (FMT-01)."""

    @admin.display(description=label)
    def column(row: Any) -> str:
        minor = getattr(row, f"{name}_minor")
        return "" if minor is None else format_money(from_minor(minor, row.currency))

    return column


class SettingsAdmin(admin.ModelAdmin[Any]):
    """See the module. ``fixed`` is what never changes besides what the database freezes."""

    actions: Any = None
    fixed: tuple[str, ...] = ()

    def list_fixed(self, obj: Any) -> tuple[str, ...]:
        """Return the fields of a row that cannot change any more."""
        if obj is None:
            return ()
        columns = frozen_columns(connection=connection, table=obj._meta.db_table)
        frozen = [f.name for f in obj._meta.fields if f.column in columns and f.editable]
        return tuple(dict.fromkeys([*self.fixed, *frozen]))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *self.list_fixed(obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Put what cannot change any more in a group of its own that says so."""
        fixed = self.list_fixed(obj)
        if not fixed:
            return list(super().get_fieldsets(request, obj))
        groups = []
        for title, options in super().get_fieldsets(request, obj):
            free = [name for name in options["fields"] if name not in fixed]
            if free:
                groups.append((title, {**options, "fields": free}))
        says = _("These cannot change any more: older rows would no longer be readable.")
        return [(_("Fixed"), {"fields": fixed, "description": says}), *groups]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save, or say why not: a race lost, a row used since the form was opened."""
        try:
            page: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except Refusal as refusal:
            sentence = str(refusal)
        except ValidationError as error:
            sentence = " ".join(error.messages)
        except IntegrityError:
            sentence = str(
                _("Nothing was saved: somebody changed it meanwhile. Look at it and try again.")
            )
        else:
            return page
        self.message_user(request, sentence, level="error")
        return HttpResponseRedirect(request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask before deleting; what has been used is not even asked about (S5)."""
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and self.has_delete_permission(request, obj) and is_used(row=obj):
            return self._refuse(request, obj, self.in_use(obj))
        try:
            page: HttpResponse = super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            return self._refuse(request, obj, refusal)
        return page

    def in_use(self, obj: Any) -> Refusal:
        """Return the sentence for a row that has been used."""
        return SettingInUse(name=str(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_unused(row=obj)

    def _refuse(self, request: HttpRequest, obj: Any, refusal: Refusal) -> HttpResponse:
        self.message_user(request, str(refusal), level="error")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=(quote(obj.pk),)))


@admin.register(Institution)
class InstitutionAdmin(SettingsAdmin, HistoryAdmin):
    form = InstitutionForm
    list_display = ("name", "siren", "currency", "time_zone", "day_starts_at")
    readonly_fields = ("is_demo",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "legal_name",
                    "regime",
                    "siren",
                    "siret",
                    "vat_number",
                    "licence",
                    "is_demo",
                )
            },
        ),
        (_("Address"), {"fields": ("address", "email", "phone", "website")}),
        (_("Money and time"), {"fields": ("currency", "time_zone", "day_starts_at")}),
        (_("Limits"), {"fields": ("cash_limit", "payout_limit")}),
        (_("Deadlines"), {"fields": ("basket_minutes", "hold_minutes", "reservation_days")}),
    )

    # For those who only look; the others type amounts in the form's fields of the same name.
    cash_limit = staticmethod(money_column("cash_limit", _("cash limit")))
    payout_limit = staticmethod(money_column("payout_limit", _("payout without a supervisor")))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One institution per database."""
        return super().has_add_permission(request) and not Institution.objects.exists()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        set_up_institution(**form.cleaned_data)
        obj.pk, obj._state.adding = 1, False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PaymentMode)
class PaymentModeAdmin(SettingsAdmin, HistoryAdmin):
    list_display = (
        "label",
        "code",
        "kind",
        "for_payment",
        "for_refund",
        "may_exceed",
        "gives_change",
        "account",
        "position",
        "active",
    )
    list_filter = ("kind", "active")
    ordering = ("position", "code")
    fields = (
        "code",
        "label",
        "kind",
        ("for_payment", "for_refund"),
        ("may_exceed", "gives_change"),
        "account",
        "position",
        "active",
    )


class AuthorisationInline(admin.TabularInline[ModeAuthorisation, PointOfSale]):
    model = ModeAuthorisation
    fields = ("mode", "payment", "refund")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ModeAuthorisation]:
        rows = super().get_queryset(request).select_related("mode")
        return rows.order_by("mode__position", "mode__code")


@admin.register(PointOfSale)
class PointOfSaleAdmin(SettingsAdmin, HistoryAdmin):
    list_display = ("name", "code", "channel", "paper", "active")
    list_filter = ("channel", "active")
    ordering = ("code",)
    fields = ("code", "name", "channel", "paper", "active")
    inlines = (AuthorisationInline,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in self.fields if obj or name != "active"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """A new one starts with credit authorised both ways (S3); the rest is said afterwards."""
        return list(self.inlines) if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        wanted = ("code", "name", "channel", "paper")
        made = create_point_of_sale(**{name: form.cleaned_data[name] for name in wanted})
        obj.pk, obj._state.adding = made.pk, False

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the page where modes are authorised."""
        says = _("Credit is authorised here for payment and refund. Authorise the other modes.")
        self.message_user(request, str(says), level="success")
        return HttpResponseRedirect(
            reverse("admin:institution_settings_pointofsale_change", args=(obj.pk,))
        )
