"""What time brings about: lapsed baskets, yesterday's automatic tills, heads kept outside."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from journal.services import record_heads
from payments.services import automatic_desk
from sales.models import Order
from tests.counter import Counter
from tests.venue import Venue
from tests.verified import findings
from tills.models import TillSession


def test_a_tick_frees_lapsed_baskets_once(counter: Counter) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    basket = counter.basket(["20.00"], at=hour_ago)
    assert "1 commande" in tick()
    assert Order.objects.get(pk=basket.pk).state == "cancelled"
    assert "0 commande" in tick()


def test_a_tick_closes_yesterdays_automatic_tills(venue: Venue) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    automatic_desk(till=venue.tills["BO"], at=yesterday)
    tick()
    assert TillSession.objects.filter(closed_at=None).count() == 0
    assert findings() == []


def test_a_tick_keeps_the_heads_outside(counter: Counter, heads_log: Path) -> None:
    counter.deposit(counter.venue.contact(), "5.00")
    tick()
    kept = heads_log.read_text().splitlines()
    assert len(kept) == record_heads()


def tick() -> str:
    out = StringIO()
    call_command("tick", stdout=out)
    return out.getvalue()
