"""The deals behind the weeks of a counted measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Min, Q

from alignment.models import User
from alignment.rules.periods import week_of
from deals.models import Deal
from deals.models.deals import was_created_since
from meetings.models import Measure


class DealInWeek(NamedTuple):
    pk: int
    name: str
    on: date


def read_deals_by_week(measure: Measure, reader: User, *, since: date) -> dict[date, list[DealInWeek]]:
    """By the Monday of the week, the oldest first: what meetings.measures.queries counts, by name. One query."""
    weeks: dict[date, list[DealInWeek]] = defaultdict(list)
    for deal in sorted(_counted_deals(measure, reader, since), key=lambda deal: (deal.on, deal.pk)):
        weeks[week_of(deal.on).start].append(deal)
    return weeks


def _counted_deals(measure: Measure, reader: User, since: date) -> Iterator[DealInWeek]:
    deals = Deal.objects.visible_to(reader).filter(team=measure.team).exclude(status=Deal.Status.WITHDRAWN)
    if measure.source == Measure.Source.STAGE:
        entered = Q(changes__field="stage", changes__new=measure.stage, changes__is_undone=False)
        first = deals.filter(entered).order_by().annotate(first=Min("changes__day")).filter(first__gte=since)
        for pk, name, on in first.values_list("pk", "name", "first"):
            yield DealInWeek(pk, name, on)
        return
    rows = (
        deals.filter(was_created_since(since)).order_by().values_list("pk", "name", "opened_on", "created_at")
    )
    for pk, name, opened_on, created_at in rows:
        on = opened_on or created_at.astimezone(measure.team.zone).date()
        if on >= since:
            yield DealInWeek(pk, name, on)
