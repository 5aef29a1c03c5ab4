"""The catalogue in the administration; orders and tickets to be looked at, never changed there."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import F, Model, QuerySet, Sum
from django.forms import BaseInlineFormSet, ModelForm, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.search import fold
from institution_settings.models import Institution
from institution_settings.money import format_money
from journal.admin import HistoryAdmin
from sales.forms import category_form
from sales.models import Event, Order, OrderLine, Performance, Price, PriceCategory, Rate, Ticket
from sales.services import set_prices


class ReadOnly:
    """Nothing is added, changed or deleted here: services write, guards refuse the rest."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FoldedSearch:
    """Titles and names are compared as everywhere else: without case or accents."""

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))  # type: ignore[misc]


class PerformanceInline(admin.TabularInline[Performance, Event]):
    model = Performance
    fields = ("starts_at", "hall", "state")
    extra = 0
    show_change_link = True
    ordering = ("starts_at",)


@admin.register(Event)
class EventAdmin(FoldedSearch, HistoryAdmin):
    list_display = ("title", "subtitle", "genre")
    list_filter = ("genre",)
    search_fields = ("search",)
    ordering = ("title",)
    inlines = (PerformanceInline,)

    def get_form(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> Any:
        widgets = {"colour": TextInput(attrs={"type": "color"})}
        return super().get_form(request, obj, widgets=widgets, **kwargs)


class CategoryInline(admin.TabularInline[PriceCategory, Performance]):
    """Seats and prices side by side, a column a rate that is in use."""

    model = PriceCategory
    extra = 0
    ordering = ("position", "id")

    def get_formset(
        self, request: HttpRequest, obj: Performance | None = None, **kwargs: Any
    ) -> Any:
        rates = Rate.objects.filter(active=True).order_by("position", "id")
        form = category_form(rates=rates, currency=Institution.objects.get().currency)
        return super().get_formset(request, obj, **{**kwargs, "form": form})

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceCategory]:
        return super().get_queryset(request).prefetch_related("prices")


@admin.register(Performance)
class PerformanceAdmin(FoldedSearch, HistoryAdmin):
    list_display = ("event", "starts_at", "hall", "state", "seats")
    list_filter = ("state", "hall")
    list_select_related = ("event",)
    search_fields = ("event__search",)
    autocomplete_fields = ("event",)
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    inlines = (CategoryInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Performance]:
        found: QuerySet[Performance] = super().get_queryset(request)
        return found.annotate(
            all_taken=Sum("categories__taken"), all_capacity=Sum("categories__capacity")
        )

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm[Performance],
        formset: BaseInlineFormSet[Any, Any, Any],
        change: bool,
    ) -> None:
        formset.save()
        for category in formset.forms:
            if category.has_changed() and category not in formset.deleted_forms:
                set_prices(
                    category=category.instance,
                    prices=category.prices(),
                    vat_rate=category.cleaned_data["vat_rate"],
                )

    @admin.display(description=_("seats taken"))
    def seats(self, performance: Any) -> str:
        return f"{performance.all_taken or 0} / {performance.all_capacity or 0}"


@admin.register(Rate)
class RateAdmin(admin.ModelAdmin[Rate]):
    list_display = ("label", "code", "position", "active")
    ordering = ("position", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Rate | None = None) -> tuple[str, ...]:
        """A code stands in sealed entries: it never changes."""
        return ("code",) if obj else ()


@admin.register(Price)
class PriceAdmin(ReadOnly, FoldedSearch, HistoryAdmin):
    """Prices with their history; they are typed beside the seats of their performance."""

    list_display = ("title", "starts_at", "category", "rate", "shown", "vat_rate")
    list_select_related = ("category__performance__event", "rate")
    list_filter = ("rate",)
    search_fields = ("category__performance__event__search",)
    ordering = ("-category__performance__starts_at", "category__position", "rate__position")
    fields = ("title", "starts_at", "category", "rate", "shown", "vat_rate")
    history_list_display = ("shown",)

    @admin.display(description=_("event"))
    def title(self, price: Price) -> str:
        return price.category.performance.event.title

    @admin.display(description=_("starts at"))
    def starts_at(self, price: Price) -> datetime:
        return price.category.performance.starts_at

    @admin.display(description=_("price"), ordering="amount")
    def shown(self, price: Price) -> str:
        return format_money(price.amount)


class LineInline(ReadOnly, admin.TabularInline[OrderLine, Order]):
    model = OrderLine
    fields = ("label", "category", "rate", "quantity", "price", "vat_rate")
    readonly_fields = ("price",)
    ordering = ("id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        return super().get_queryset(request).select_related("category", "rate")

    @admin.display(description=_("unit price"))
    def price(self, line: OrderLine) -> str:
        return format_money(line.unit)


@admin.register(Order)
class OrderAdmin(ReadOnly, FoldedSearch, admin.ModelAdmin[Order]):
    list_display = (
        "number",
        "state",
        "contact",
        "point_of_sale",
        "amount",
        "created_at",
        "paid_at",
    )
    list_filter = ("state", "point_of_sale")
    list_select_related = ("contact", "point_of_sale")
    search_fields = ("=number", "contact__search")
    search_help_text = _("Number of the order, or name of the purchaser")
    show_full_result_count = False
    ordering = ("-id",)
    inlines = (LineInline,)
    fields = (
        "number",
        "state",
        "contact",
        "point_of_sale",
        "operator",
        "linked_to",
        "amount",
        "created_at",
        "expires_at",
        "paid_at",
        "cancelled_at",
    )

    @admin.display(description=_("total"), ordering="total_minor")
    def amount(self, order: Order) -> str:
        return format_money(order.total)


@admin.register(Ticket)
class TicketAdmin(ReadOnly, FoldedSearch, admin.ModelAdmin[Ticket]):
    """Without the token: whoever sees it can come in."""

    list_display = ("order", "title", "starts_at", "seat", "amount", "state", "scanned_at")
    list_filter = ("state",)
    list_select_related = ("order", "performance", "line__category", "line__rate")
    search_fields = ("=order__number", "order__contact__search")
    show_full_result_count = False
    ordering = ("-id",)
    fields = (
        "order",
        "title",
        "starts_at",
        "seat",
        "amount",
        "vat_rate",
        "state",
        "cancelled_at",
        "scanned_at",
    )

    @admin.display(description=_("event"))
    def title(self, ticket: Ticket) -> str:
        return ticket.line.label

    @admin.display(description=_("starts at"), ordering=F("performance__starts_at"))
    def starts_at(self, ticket: Ticket) -> datetime:
        return ticket.performance.starts_at

    @admin.display(description=_("category"))
    def seat(self, ticket: Ticket) -> str:
        return f"{ticket.line.category} · {ticket.line.rate}"

    @admin.display(description=_("price"), ordering="price_minor")
    def amount(self, ticket: Ticket) -> str:
        return format_money(ticket.price)
