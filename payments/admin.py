"""Payments, refunds and vouchers in the administration: looked at, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from institution_settings.admin import money_column
from journal.admin import ReadOnlyAdmin
from payments.models import Payment, Refund, RefundedTicket, Voucher, VoucherMovement


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Lines that belong to a row, shown below it."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "direction",
        "purpose",
        "mode",
        money_column("amount", _("amount")),
        money_column("tendered", _("tendered")),
        money_column("change", _("change")),
        money_column("surplus", _("surplus to credit")),
        "order",
        "contact",
        "session",
        "operator",
    )
    list_filter = ("direction", "purpose", "mode")
    list_select_related = ("mode", "order", "contact", "session__till", "operator")
    search_fields = ("=order__number", "=contact__number")
    search_help_text = _("Number of the order or the contact")
    fields = readonly_fields = (
        "at",
        "business_date",
        "direction",
        "purpose",
        "order",
        "contact",
        "mode",
        money_column("amount", _("amount")),
        money_column("tendered", _("tendered")),
        money_column("change", _("change")),
        money_column("surplus", _("surplus to credit")),
        "movement",
        "voucher",
        ("cheque_bank", "cheque_number", "cheque_drawer"),
        "reverses",
        "session",
        "operator",
        "approved_by",
        "operation",
    )


class RefundedTicketInline(ReadOnlyInline):
    model = RefundedTicket
    fields = readonly_fields = ("ticket",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "order",
        money_column("amount", _("amount")),
        "choice",
        "session",
        "operator",
    )
    list_filter = ("choice",)
    list_select_related = ("order", "session__till", "operator")
    search_fields = ("=order__number",)
    search_help_text = _("Number of the order")
    fields = readonly_fields = (
        "at",
        "business_date",
        "order",
        money_column("amount", _("amount")),
        "choice",
        "consent",
        "session",
        "operator",
        "operation",
    )
    inlines = (RefundedTicketInline,)


class VoucherMovementInline(ReadOnlyInline):
    model = VoucherMovement
    fields = readonly_fields = (
        "position",
        "at",
        "kind",
        money_column("change", _("change of the balance")),
        money_column("balance_after", _("balance after")),
    )
    ordering = ("position",)


@admin.register(Voucher)
class VoucherAdmin(ReadOnlyAdmin):
    list_display = (
        "code",
        "mode",
        money_column("value", _("value")),
        money_column("balance", _("balance")),
        "free",
        "expires_on",
        "state",
    )
    list_filter = ("state", "free", "mode")
    list_select_related = ("mode",)
    search_fields = ("=code",)
    search_help_text = _("The whole code of a voucher")
    fields = readonly_fields = (
        "code",
        "mode",
        money_column("value", _("value")),
        money_column("balance", _("balance")),
        "free",
        "expires_on",
        "state",
        "sold_on",
        "operation",
        "created_at",
    )
    inlines = (VoucherMovementInline,)
