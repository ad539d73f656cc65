"""The teams' leading measures: two counted from the deals, one typed in by a rep. North's proposals have dried up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from alignment.rules.periods import weeks_back
from deals.models import Rep
from meetings.demo import names
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
DEMOS, DEMOS_A_WEEK = "Demonstrations", 4
DEMONSTRATED = (4, 5, 4, 3, 5, 4, 6, 4, 5, 4, 4, 5)
TYPED_IN = {
    "north": (VISITS, VISITS_A_WEEK, VISITOR, VISITED),
    "south": (DEMOS, DEMOS_A_WEEK, names.SOUTH_REPS[0], DEMONSTRATED),
}


def add_measures(world: World) -> None:
    for position, (name, source, stage, target) in enumerate(COUNTED, 1):
        _agree(world, position, name, target, source=source, stage=stage)
    name, target, visitor, values = TYPED_IN[world.team.slug]
    rep = Rep.objects.on_team(world.team).filter(name=visitor).first()
    typed = _agree(world, len(COUNTED) + 1, name, target, source=Measure.Source.TYPED, rep=rep)
    _enter(world, typed, values)


def _agree(world: World, position: int, name: str, target: int, **fields: object) -> Measure:
    began = world.timeline.when(BEGAN)
    return Measure.objects.create(
        team=world.team,
        token=UUID(int=world.rng.getrandbits(128)),
        position=position,
        name=name,
        target=Decimal(target),
        created_at=began,
        created_by=world.leader_at(began),
        **fields,
    )


def _enter(world: World, measure: Measure, values: Sequence[int]) -> None:
    """Each value on the Monday after its week, as far as that is past. Nobody is asked for the last one by mail: the
    demo begins with an empty outbox.
    """
    today = world.timeline.today
    ended = weeks_back(last_ended_week(today).start, count=len(values))
    moments = (world.calendar.at(week.end + timedelta(days=1), ENTERED_AT) for week in ended)
    MeasurePoint.objects.bulk_create(
        MeasurePoint(measure=measure, period=week.start, value=Decimal(value), rep=measure.rep, at=moment)
        for week, value, moment in zip(ended, values, moments, strict=True)
        if week.end + timedelta(days=1) < today
    )
    Measure.objects.filter(pk=measure.pk).update(asked_for=ended[-1].start)
