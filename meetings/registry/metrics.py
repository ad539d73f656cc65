"""What operators monitor about meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q

from alignment.registry.metrics import Gauge, measured
from meetings.models import Meeting


@measured
def meetings(now: datetime) -> Iterable[Gauge]:
    running, missed = Q(state="in_progress"), Q(state="missed", missed_at__gte=now - timedelta(days=7))
    counted = Meeting.objects.filter(running | missed).aggregate(
        running=Count("pk", filter=running), missed=Count("pk", filter=missed)
    )
    yield Gauge("meetings_in_progress", "Meetings in progress now.", counted["running"])
    yield Gauge(
        "meetings_missed_7_days", "Meetings marked as missed in the last seven days.", counted["missed"]
    )
