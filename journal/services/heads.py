"""Heads kept outside the database, so that a cut tail is found (FIS-08)."""

import json
from datetime import UTC, datetime

from django.conf import settings

from journal.models import Chain
from journal.sealing import stamp


def record_heads() -> int:
    """Append the head of every chain to ``var/heads.log``; returns how many lines were written.

    Called by ``tick`` and after every closing. Repeats only add lines.
    """
    now = stamp(datetime.now(UTC))
    heads = list(Chain.objects.order_by("code").values_list("code", "number", "seal"))
    settings.JOURNAL_HEADS_LOG.parent.mkdir(parents=True, exist_ok=True)
    with settings.JOURNAL_HEADS_LOG.open("a", encoding="utf-8") as log:
        for code, number, seal in heads:
            line = {"at": now, "chain": code, "number": number, "seal": seal}
            log.write(json.dumps(line, sort_keys=True) + "\n")
    return len(heads)
