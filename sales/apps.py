from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from journal import guards

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
            ),
        )
