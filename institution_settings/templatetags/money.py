"""``{% load money %}``: amounts, dates and percentages in templates, all by the one formatter.

Dates take the house style as argument where it is not French: ``{{ day|day:"fr-ch" }}``.
A missing value shows nothing.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import TypeGuard, TypeVar

from django import template
from moneyed import Money

from institution_settings import money as rules

T = TypeVar("T")

register = template.Library()


def _there(value: T | None) -> TypeGuard[T]:
    """Whether there is a value: a variable a template does not know arrives as empty text."""
    return value is not None and value != ""


@register.filter
def money(value: Money | None) -> str:
    """``{{ order.due|money }}`` → ``1 234,56 €``."""
    return rules.format_money(value) if _there(value) else ""


@register.filter
def amount(value: Money | None) -> str:
    """``{{ total|amount }}`` → ``1 234,56``: for tables whose header names the currency."""
    return rules.format_amount(value) if _there(value) else ""


@register.filter
def amount_or_blank(value: Money | None) -> str:
    """``{{ row.debit|amount_or_blank }}``: as ``amount``, nothing for zero (columns D and C)."""
    return rules.format_amount(value, blank_zero=True) if _there(value) else ""


@register.filter
def percent(value: Decimal | None, style: rules.Style = "fr") -> str:
    """``{{ line.vat_rate|percent }}`` → ``5,5 %``."""
    return rules.format_percent(value, style=style) if _there(value) else ""


@register.filter
def day(value: date | None, style: rules.Style = "fr") -> str:
    """``{{ session.business_date|day }}`` → ``05/11/2026``."""
    return rules.format_date(value, style=style) if value else ""


@register.filter
def long_day(value: date | None, weekday: str = "") -> str:
    """``{{ performance.starts_at|long_day:"weekday" }}`` → ``jeudi 5 novembre 2026``."""
    return rules.format_long_date(value, weekday=bool(weekday)) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """``{{ hold.expires_at|clock }}`` → ``20:14``."""
    return rules.format_time(value) if value else ""


@register.filter
def moment(value: datetime | None, style: rules.Style = "fr") -> str:
    """``{{ movement.at|moment }}`` → ``05/11/2026 09:07``."""
    return rules.format_datetime(value, style=style) if value else ""
