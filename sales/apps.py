from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from journal import guards

        guards.append_only("sales_printout", "sales_scan")
        guards.frozen(
            table="sales_ticket",
            columns=(
                "line_id",
                "order_id",
                "performance_id",
                "currency",
                "price_minor",
                "net_minor",
                "vat_rate",
                "token",
                "operation_id",
                "cancelled_at",
                "scanned_at",
            ),
        )
