"""What the counter prints on the letterhead. Tickets and receipts of orders: ``sales.documents``,
``payments.documents``, which the shop prints too.
"""

from guichet.documents.credit import render_receipt, render_statement
from guichet.documents.tills import render_closing, render_report

__all__ = ["render_closing", "render_receipt", "render_report", "render_statement"]
