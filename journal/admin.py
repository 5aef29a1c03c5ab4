"""The journal in the administration: looked at, never changed (spec C4, FIS-14).

Also what every app's administration stands on: ``ReadOnlyAdmin`` for what is written once,
``HistoryAdmin`` for what changes and is remembered.
"""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from journal.models import Chain, Entry, Operation


class BoundedPaginator(Paginator[Any]):
    """Pages through the newest rows only: counting ten million would take seconds a page."""

    LARGEST = 10_000

    @cached_property
    def count(self) -> int:
        """How many rows there are, or that there are many."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return int(rows.order_by()[: self.LARGEST].count())
        return min(len(cast("list[Any]", rows)), self.LARGEST)


class ReadOnly:
    """Nothing is added, changed or deleted, whatever address is forged.

    Services write, guards refuse the rest. ``shown`` are the fields and columns of one row.
    """

    shown: tuple[Any, ...] = ()

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.shown

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.shown


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """List and view."""

    actions = None
    list_per_page = 50
    ordering = ("-pk",)
    paginator = BoundedPaginator
    show_full_result_count = False


class ReadOnlyInline(ReadOnly, admin.TabularInline[Any, Any]):
    """Lines that belong to a row, shown below it."""

    extra = 0


class HistoryAdmin(SimpleHistoryAdmin):
    """A row with its history, which is looked at: going back would write what is frozen."""

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the history of a row; whatever is no row's id is a page that does not exist."""
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        page: HttpResponse = super().history_view(request, object_id, extra_context)
        return page

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, **options: Any
    ) -> HttpResponse:
        """Show a row as it was."""
        if not version_id.isdecimal() or self.get_object(request, unquote(object_id)) is None:
            raise Http404
        page: HttpResponse = super().history_form_view(request, object_id, version_id, **options)
        return page


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "source", "key")
    search_fields = ("=key",)
    search_help_text = _("The whole key of an operation")
    shown = ("at", "kind", "source", "key", "fingerprint")


@admin.register(Chain)
class ChainAdmin(ReadOnlyAdmin):
    list_display = ("code", "number", "last_at", "business_date", "session_open")
    ordering = ("code",)
    shown = (
        "code",
        "entity",
        "number",
        "seal",
        "last_at",
        "session_open",
        "business_date",
    )


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("chain", "number", "at", "kind", "subject_kind")
    list_display_links = ("chain", "number")
    list_filter = ("chain",)
    list_select_related = ("chain",)
    search_fields = ("=number",)
    search_help_text = _("Number of the entry on its chain")
    shown = (
        "chain",
        "number",
        "at",
        "kind",
        "subject_kind",
        "subject_id",
        "payload",
        "previous",
        "seal",
        "key_id",
        "format",
    )
