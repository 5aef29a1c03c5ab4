"""Tills and their sessions in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from institution_settings.admin import SettingsAdmin, money_column
from institution_settings.models import Institution
from journal.admin import ReadOnlyAdmin, ReadOnlyInline
from tills.models import BlindCount, CashMovement, ModeCount, Till, TillSession
from tills.services import create_till


@admin.register(Till)
class TillAdmin(SettingsAdmin):
    """A till is made with its chain; once it has sessions it stays where it stands."""

    fixed = ("code", "automatic")
    list_display = ("code", "label", "point_of_sale", "automatic", "active")
    list_filter = ("point_of_sale", "active")
    list_select_related = ("point_of_sale",)
    ordering = ("code",)
    fields = ("code", "label", "point_of_sale", "automatic", "blind_count", "active")

    def list_fixed(self, obj: Any) -> tuple[str, ...]:
        fixed: tuple[str, ...] = super().list_fixed(obj)
        used = obj is not None and TillSession.objects.filter(till=obj).exists()
        return (*fixed, "point_of_sale") if used else fixed

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in self.fields if obj or name != "active"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A chain belongs to the legal entity: the institution comes first."""
        return super().has_add_permission(request) and Institution.objects.exists()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = create_till(**form.cleaned_data)
        obj.pk, obj.chain_id, obj._state.adding = made.pk, made.chain_id, False


class CountInline(ReadOnlyInline):
    """The lines of a Z."""

    model = ModeCount
    shown = (
        "mode",
        "payments",
        money_column("in", _("in")),
        money_column("out", _("out")),
        money_column("put_in", _("cash put in")),
        money_column("taken_out", _("cash taken out")),
        money_column("expected", _("expected")),
        money_column("counted", _("counted")),
    )


class CashInline(ReadOnlyInline):
    """Cash put into the drawer of a session and taken out of it."""

    model = CashMovement
    shown = ("at", "way", "reason", money_column("amount", _("amount")), "operator")


class BlindCountInline(ReadOnlyInline):
    """What was counted before what is expected was shown."""

    model = BlindCount
    shown = (
        "at",
        "mode",
        money_column("expected", _("expected")),
        money_column("counted", _("counted")),
        "operator",
    )


@admin.register(TillSession)
class TillSessionAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "business_date", "opened_at", "opened_by", "closed_at")
    list_filter = ("till",)
    list_select_related = ("till", "opened_by")
    shown = (
        "till",
        "number",
        "business_date",
        "opened_at",
        "opened_by",
        money_column("float", _("float")),
        "closed_at",
        "closed_by",
    )
    inlines = (CashInline, BlindCountInline, CountInline)
