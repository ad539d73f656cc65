"""North's leading measures: two counted from the deals, one typed in by a rep; proposals have dried up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from alignment.rules.periods import weeks_back
from deals.models import Rep
from meetings.demo.world import World
from meetings.models import Measure, MeasurePoint
from meetings.rules.measures import WEEKS, last_ended_week

BEGAN = WEEKS + 1
"""Weeks ago: all weeks on the page are judged."""
ENTERED_AT = 9
"""On Monday morning."""
COUNTED = (
    ("New deals", Measure.Source.NEW_DEALS, "", 2),
    ("Proposals", Measure.Source.STAGE, "Proposal", 1),
)
VISITS, VISITS_A_WEEK = "Plant visits", 8
VISITED = (9, 8, 10, 7, 9, 8, 11, 9, 8, 10, 9, 8)
VISITOR = "Maya Osei"


def add_measures(world: World) -> None:
    for position, (name, source, stage, target) in enumerate(COUNTED, 1):
        _agree(world, position, name, target, source=source, stage=stage)
    rep = Rep.objects.on_team(world.team).filter(name=VISITOR).first()
    visits = _agree(world, len(COUNTED) + 1, VISITS, VISITS_A_WEEK, source=Measure.Source.TYPED, rep=rep)
    _enter(world, visits)


def _agree(world: World, position: int, name: str, target: int, **fields: object) -> Measure:
    return Measure.objects.create(
        team=world.team,
        token=UUID(int=world.rng.getrandbits(128)),
        position=position,
        name=name,
        target=Decimal(target),
        created_at=world.timeline.when(BEGAN),
        created_by=world.leader,
        **fields,
    )


def _enter(world: World, measure: Measure) -> None:
    """Each value on the Monday after its week, as far as that is past. Nobody is asked for the last one by mail: the
    demo begins with an empty outbox.
    """
    today = world.timeline.today
    ended = weeks_back(last_ended_week(today).start, count=len(VISITED))
    moments = (world.calendar.at(week.end + timedelta(days=1), ENTERED_AT) for week in ended)
    MeasurePoint.objects.bulk_create(
        MeasurePoint(measure=measure, period=week.start, value=Decimal(value), rep=measure.rep, at=moment)
        for week, value, moment in zip(ended, VISITED, moments, strict=True)
        if week.end + timedelta(days=1) < today
    )
    Measure.objects.filter(pk=measure.pk).update(asked_for=ended[-1].start)
