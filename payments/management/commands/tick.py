"""What time brings about by itself: run it every minute, from cron or a systemd timer."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from journal.services import record_heads
from payments.services import roll_tills
from payments.services.runs import resume_runs
from sales.services import lapse_orders


class Command(BaseCommand):
    """Free lapsed baskets, close yesterday's automatic tills, keep the heads outside.

    Every part may be repeated at any moment, by several servers at once, and changes nothing
    that is done already.
    """

    help = _("Frees lapsed baskets, closes yesterday’s automatic tills, keeps the chains’ heads.")

    def handle(self, **_options: Any) -> None:
        now = datetime.now(UTC)
        lapsed = lapse_orders(now=now)
        rolled = roll_tills(at=now)
        heads = record_heads()
        resume_runs()
        self.stdout.write(
            _("%(lapsed)d orders lapsed, %(rolled)d tills closed, %(heads)d heads kept.")
            % {"lapsed": lapsed, "rolled": rolled, "heads": heads}
        )
