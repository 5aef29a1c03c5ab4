"""Payments, refunds and vouchers in the administration: looked at, never changed; voucher types."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from institution_settings.admin import SettingsAdmin, money_column
from journal.admin import HistoryAdmin, ReadOnlyAdmin, ReadOnlyInline
from payments.models import (
    Approval,
    Payment,
    Refund,
    RefundedTicket,
    Voucher,
    VoucherMovement,
    VoucherType,
)


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
    shown = (
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
        "cheque_bank",
        "cheque_number",
        "cheque_drawer",
        "identity",
        "refunds",
        "reverses",
        "session",
        "operator",
        "approved_by",
        "operation",
    )


class RefundedTicketInline(ReadOnlyInline):
    model = RefundedTicket
    shown = ("ticket",)


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
    shown = (
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


@admin.register(VoucherType)
class VoucherTypeAdmin(SettingsAdmin, HistoryAdmin):
    list_display = (
        "label",
        "code",
        "use",
        "refundable",
        "gives_change",
        "validity_months",
        "validity_days",
        "position",
        "active",
    )
    list_filter = ("use", "active")
    ordering = ("position", "code")
    fields = (
        "code",
        "label",
        "use",
        ("refundable", "gives_change"),
        ("validity_months", "validity_days"),
        "conditions",
        "position",
        "active",
    )


class VoucherMovementInline(ReadOnlyInline):
    model = VoucherMovement
    shown = (
        "position",
        "at",
        "kind",
        "reason",
        money_column("change", _("change of the balance")),
        money_column("balance_after", _("balance after")),
        "operator",
    )
    ordering = ("position",)


@admin.register(Voucher)
class VoucherAdmin(ReadOnlyAdmin):
    list_display = (
        "code",
        "type",
        "mode",
        money_column("value", _("value")),
        money_column("balance", _("balance")),
        "free",
        "expires_on",
        "state",
    )
    list_filter = ("state", "free", "type", "mode")
    list_select_related = ("mode", "type")
    search_fields = ("=code",)
    search_help_text = _("The whole code of a voucher")
    shown = (
        "code",
        "type",
        "mode",
        money_column("value", _("value")),
        money_column("balance", _("balance")),
        "free",
        "non_refundable",
        "expires_on",
        "state",
        "sold_on",
        "operation",
        "created_at",
    )
    inlines = (VoucherMovementInline,)


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ("at", "reason", "person", "operator", "session")
    list_filter = ("reason",)
    list_select_related = ("person", "operator", "session__till")
    shown = ("at", "business_date", "reason", "person", "operator", "session", "operation")
