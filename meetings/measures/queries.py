"""The leading measures of a team with what was counted or entered, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.periods import week_of
from deals.models import Deal, DealChange
from deals.models.deals import was_created_since
from meetings.models import Issue, Measure, MeasurePoint
from meetings.rules.measures import WEEKS, Direction, Week, count_by_week, weeks_of, weeks_off

NOTHING = Decimal(0)


class PointRead(NamedTuple):
    period: date
    value: Decimal


class CreatedRead(NamedTuple):
    opened_on: date | None
    created_at: datetime


class EntryRead(NamedTuple):
    """The first time a deal entered the stage."""

    first: date


@dataclass(frozen=True, slots=True)
class MeasuredWeeks:
    """A leading measure and its last weeks, the oldest first."""

    measure: Measure
    weeks: tuple[Week, ...]

    @property
    def open_issue(self) -> Issue | None:
        """The issue raised because it was off, while nobody has resolved it."""
        issue = self.measure.issue
        return issue if issue is not None and issue.solved_at is None else None

    @property
    def off(self) -> tuple[Week, ...]:
        """The weeks for which an issue is proposed; none while the last one raised is open."""
        issue = self.measure.issue
        if issue is None:
            return weeks_off(self.weeks)
        if issue.solved_at is None:
            return ()
        return weeks_off(self.weeks, after=self.measure.team.today(issue.solved_at))


def measures_of(team: Team, *, since: date) -> QuerySet[Measure]:
    """The current ones, each with what was counted and entered from `since` on, a Monday."""
    there = Deal.objects.filter(team=OuterRef("team")).exclude(status=Deal.Status.WITHDRAWN).order_by()
    is_counted = Exists(Measure.objects.filter(pk=OuterRef(OuterRef("pk")), source=Measure.Source.NEW_DEALS))
    entries = (
        DealChange.objects.standing()
        .filter(deal__team=OuterRef("team"), field="stage", new=OuterRef("stage"))
        .exclude(deal__status=Deal.Status.WITHDRAWN)
    )
    first_entries = entries.order_by().values("deal").annotate(first=Min("day")).filter(first__gte=since)
    points = MeasurePoint.objects.filter(measure=OuterRef("pk"), period__gte=since)
    return (
        Measure.objects.current()
        .filter(team=team)
        .select_related("rep", "issue")
        .annotate(
            point_rows=JsonRows(points, into=PointRead),
            created_rows=JsonRows(there.filter(was_created_since(since), is_counted), into=CreatedRead),
            entry_rows=JsonRows(first_entries, into=EntryRead),
        )
        .order_by("position")
    )


def read_measures(team: Team, *, today: date, weeks: int = WEEKS) -> list[MeasuredWeeks]:
    """One query, whatever the number of deals."""
    since = week_of(today).start - timedelta(weeks=weeks - 1)
    return [_measured(measure, team, since, today, weeks) for measure in measures_of(team, since=since)]


def _measured(measure: Measure, team: Team, since: date, today: date, weeks: int) -> MeasuredWeeks:
    measure.team = team
    return MeasuredWeeks(
        measure,
        weeks_of(
            _values(measure, team, since, weeks),
            target=measure.target,
            direction=Direction(measure.direction),
            agreed_on=team.today(measure.created_at),
            today=today,
            count=weeks,
        ),
    )


def _values(measure: Measure, team: Team, since: date, weeks: int) -> dict[date, Decimal]:
    """By the Monday of the week. A counted measure has a value for each week, if only none."""
    if measure.is_typed:
        points: list[PointRead] = measure.point_rows  # type: ignore[attr-defined]  # annotated
        return {point.period: point.value for point in points}
    every_week = {since + timedelta(weeks=number): NOTHING for number in range(weeks)}
    return every_week | count_by_week(_counted_days(measure, team))


def _counted_days(measure: Measure, team: Team) -> list[date]:
    if measure.source == Measure.Source.STAGE:
        entries: list[EntryRead] = measure.entry_rows  # type: ignore[attr-defined]  # annotated
        return [entry.first for entry in entries]
    created: list[CreatedRead] = measure.created_rows  # type: ignore[attr-defined]  # annotated
    return [deal.opened_on or deal.created_at.astimezone(team.zone).date() for deal in created]


def stages_of(team: Team) -> list[str]:
    """Those the team's deals have or had."""
    named = Deal.objects.filter(team=team).exclude(stage="").order_by().values_list("stage", flat=True)
    return sorted(set(named.distinct()), key=str.casefold)
