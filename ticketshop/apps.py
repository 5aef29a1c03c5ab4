from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketshopConfig(AppConfig):
    name = "ticketshop"
    verbose_name = _("Online shop")
