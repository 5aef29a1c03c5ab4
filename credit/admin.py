"""Credit accounts in the administration: looked at, never changed (spec C4)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from credit.models import CreditAccount, Hold, Movement
from institution_settings.admin import money_column
from journal.admin import ReadOnlyAdmin


@admin.display(description=_("contact"))
def contact(row: Movement | Hold) -> str:
    """Return number and name of the contact whose account a row stands in."""
    owner = row.account.contact
    return f"{owner.number} · {owner}"


@admin.register(CreditAccount)
class CreditAccountAdmin(ReadOnlyAdmin):
    balances = (
        money_column("balance", _("balance")),
        money_column("held", _("held")),
        money_column("non_refundable", _("non-refundable")),
    )
    list_display = ("contact", "currency", *balances, "position", "last_at", "state")
    list_filter = ("state",)
    list_select_related = ("contact",)
    search_fields = ("=contact__number", "=contact__email")
    search_help_text = _("Number or e-mail of the contact")
    shown = ("contact", "currency", *balances, "position", "last_at", "state")


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        contact,
        "kind",
        "side",
        money_column("amount", _("amount")),
        money_column("balance_after", _("balance after")),
        "mode",
        "counterpart",
        "session",
        "operator",
        "reference",
    )
    list_filter = ("kind", "side", "mode")
    list_select_related = (
        "account__contact",
        "mode",
        "counterpart",
        "session__till",
        "operator",
    )
    search_fields = ("=account__contact__number",)
    search_help_text = _("Number of the contact")
    shown = (
        contact,
        "position",
        "at",
        "business_date",
        "kind",
        "side",
        money_column("amount", _("amount")),
        money_column("non_refundable", _("non-refundable part")),
        money_column("balance_after", _("balance after")),
        money_column("non_refundable_after", _("non-refundable after")),
        "mode",
        "counterpart",
        "session",
        "operator",
        "reference",
        "reverses",
        "reason",
        "operation",
    )


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = (
        contact,
        money_column("amount", _("amount")),
        "reference",
        "created_at",
        "expires_at",
        "released_at",
        "captured",
    )
    list_select_related = ("account__contact", "captured")
    search_fields = ("=account__contact__number", "=reference")
    search_help_text = _("Number of the contact or the order")
    shown = (
        contact,
        money_column("amount", _("amount")),
        "mode",
        "reference",
        "created_at",
        "expires_at",
        "released_at",
        "captured",
        "key",
        "operation",
    )
