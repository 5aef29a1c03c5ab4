"""Vouchers: found, sold, issued free, printed, cancelled, their sale taken back (spec G7)."""

from guichet.views.vouchers.ending import cancel, refund
from guichet.views.vouchers.finding import of_contact, search, show
from guichet.views.vouchers.issuing import issue, sell
from guichet.views.vouchers.papers import pdf

__all__ = ["cancel", "issue", "of_contact", "pdf", "refund", "search", "sell", "show"]
