"""People in the administration: contacts, and the users who log in."""

from typing import Any

import allauth.account.admin  # noqa: F401 (registers what is taken away below)
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.errors import ContactInUse
from contacts.forms import ContactForm, OperatorForm, OperatorMakingForm
from contacts.models import Contact, User
from contacts.selectors import find_contacts
from contacts.services import create_operator, delete_contact, set_pin, update_operator
from institution_settings.admin import SettingsAdmin
from journal.admin import HistoryAdmin
from journal.errors import Refusal

# Roles replace groups (spec §1); the login's address is part of the user (``create_operator``).
admin.site.unregister([Group, EmailAddress])


@admin.register(Contact)
class ContactAdmin(SettingsAdmin, HistoryAdmin):
    form = ContactForm
    list_display = ("number", "label", "email", "phone", "city")
    list_display_links = ("number", "label")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("search",)
    search_fields = ("search",)
    search_help_text = _("Name, e-mail, phone or number")
    readonly_fields = ("number", "user", "merged_into", "erased_at", "created_at")
    fieldsets = (
        (None, {"fields": ("number", "kind", "last_name", "first_name", "organisation")}),
        (_("To reach"), {"fields": ("email", "phone")}),
        (_("Address"), {"fields": ("address", "postcode", "city", "country")}),
        (None, {"fields": ("notes", "user", "merged_into", "erased_at", "created_at")}),
    )

    @admin.display(description=_("name"), ordering="search")
    def label(self, contact: Contact) -> str:
        return contact.label

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        """Find as the counter does: by the beginnings of words, in one index range."""
        if not search_term.strip():
            return queryset, False
        return find_contacts(text=search_term, among=queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who was merged or erased stays as it is."""
        gone = obj is not None and (obj.merged_into_id or obj.erased_at)
        return super().has_change_permission(request, obj) and not gone

    def in_use(self, obj: Contact) -> Refusal:
        return ContactInUse(name=str(obj))

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        delete_contact(contact=obj)


@admin.register(User)
class OperatorAdmin(SettingsAdmin, HistoryAdmin, UserAdmin[User]):
    """Staff are made so that they can log in at once; they are deactivated, never deleted."""

    form = OperatorForm
    add_form = OperatorMakingForm
    list_display = ("name", "code", "email", "role", "is_active", "last_login")
    list_display_links = ("name", "email")
    list_filter = ("role", "is_active", "points_of_sale")
    search_fields = ("name", "code", "email")
    ordering = ("name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "code", "role", "is_active")}),
        (_("Where they sell"), {"fields": ("points_of_sale",)}),
        (_("Secrets"), {"fields": ("password", "new_pin", "no_pin")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "code", "role")}),
        (_("Where they sell"), {"fields": ("points_of_sale",)}),
        (_("Secrets"), {"fields": ("password1", "password2", "new_pin")}),
    )

    def list_fixed(self, obj: Any) -> tuple[str, ...]:
        """A code stands in sealed entries (FIS-06)."""
        return ("code",) if obj is not None and obj.code else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever was given everything is changed only by their like."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        typed: dict[str, Any] = form.cleaned_data
        if not change:
            made = create_operator(
                email=typed["email"],
                password=typed["password1"],
                name=typed["name"],
                code=typed["code"],
                role=typed["role"],
                points_of_sale=typed["points_of_sale"],
                pin=typed["new_pin"],
            )
            obj.pk, obj._state.adding = made.pk, False
            return
        update_operator(
            user=obj,
            email=typed["email"],
            name=typed["name"],
            code=typed.get("code") or obj.code or "",
            role=typed["role"],
            is_active=typed["is_active"],
            points_of_sale=typed["points_of_sale"],
        )
        if typed["new_pin"] or typed["no_pin"]:
            set_pin(user=obj, pin=typed["new_pin"])
