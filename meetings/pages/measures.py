"""The leading measures of a team as a grid of weeks, and one of them with what is behind each week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from alignment.models import Team, User
from alignment.permissions import can_plan, can_speak, has_permission
from alignment.rules.formatting import day, measured
from alignment.rules.periods import week_of
from meetings.measures.deals import DealInWeek, read_deals_by_week
from meetings.measures.queries import MeasuredWeeks, read_measures
from meetings.models import Issue, Measure, MeasurePoint
from meetings.rules.measures import (
    LEAST_COUNTED,
    MOST_LEADING,
    OFF_OF,
    OFF_WEEKS,
    WEEKS,
    Direction,
    Trend,
    Week,
    last_ended_week,
    trend_of,
)

LEAST_LEADING = 3
TRENDS = {
    Trend.BETTER: "better than the four weeks before",
    Trend.WORSE: "worse than the four weeks before",
    Trend.SAME: "as in the four weeks before",
}


@dataclass(frozen=True, slots=True)
class WeekCell:
    """One week of a measure on the page. `path` leads to its form, or to the deals behind it."""

    week: Week
    value: str
    mark: str
    """Beside colour: "off", "on", "so far" or nothing."""
    path: str

    @property
    def begins(self) -> date:
        return self.week.period.start


@dataclass(frozen=True, slots=True)
class MeasureLine:
    measure: Measure
    cells: tuple[WeekCell, ...]
    target: str
    trend: str
    off: tuple[Week, ...]
    raised: Issue | None
    """The issue raised because it was off, while it is open."""
    missing: date | None
    """The Monday of the last ended week, where its value was not entered yet."""

    @property
    def how(self) -> str:
        """How its values come."""
        return how_counted(self.measure)

    @property
    def informant(self) -> str:
        """Who is asked by email; empty for nobody."""
        return self.measure.rep.known_as.name if self.measure.rep else ""


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    team: Team
    lines: tuple[MeasureLine, ...]
    ended: tuple[Measure, ...]
    can_edit: bool
    can_raise: bool

    @property
    def weeks(self) -> int:
        return WEEKS

    @property
    def off_weeks(self) -> int:
        return OFF_WEEKS

    @property
    def off_of(self) -> int:
        return OFF_OF

    @property
    def most(self) -> int:
        return MOST_LEADING

    @property
    def least(self) -> int:
        return LEAST_LEADING

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= MOST_LEADING

    @property
    def counted(self) -> int:
        return sum(not line.measure.is_typed for line in self.lines)

    @property
    def asks_for_counted(self) -> bool:
        """Fewer than two are counted: what must be typed stops coming in a busy week."""
        return bool(self.lines) and self.counted < LEAST_COUNTED

    @property
    def least_counted(self) -> int:
        return LEAST_COUNTED


def how_counted(measure: Measure) -> str:
    if measure.source == Measure.Source.NEW_DEALS:
        return "Deals by the day they were opened, counted from the deals"
    if measure.source == Measure.Source.STAGE:
        return f"Deals that entered “{measure.stage}” for the first time, counted from the deals"
    return "Typed in each week"


def target_in_words(measure: Measure) -> str:
    """ "at least 5 a week"."""
    return f"{Direction(measure.direction).word} {measured(measure.target, measure.unit)} a week"


def build_page(team: Team, reader: User, *, today: date) -> MeasuresPage:
    """Two queries: the current measures with their weeks, and those that have ended."""
    can_edit = has_permission(reader, team, can_plan)
    return MeasuresPage(
        team=team,
        lines=tuple(_line(row, today, can_edit=can_edit) for row in read_measures(team, today=today)),
        ended=tuple(
            Measure.objects.leading().filter(team=team).exclude(ended_at=None).order_by("-ended_at", "pk")
        ),
        can_edit=can_edit,
        can_raise=has_permission(reader, team, can_speak),
    )


def _line(row: MeasuredWeeks, today: date, *, can_edit: bool) -> MeasureLine:
    measure, direction = row.measure, Direction(row.measure.direction)
    trend, last = trend_of(row.weeks, direction), last_ended_week(today)
    is_missing = measure.is_typed and any(week.period == last and week.value is None for week in row.weeks)
    return MeasureLine(
        measure=measure,
        cells=tuple(_cell(measure, week, can_edit=can_edit) for week in row.weeks),
        target=target_in_words(measure),
        trend=TRENDS.get(trend, ""),
        off=row.off,
        raised=row.open_issue,
        missing=last.start if is_missing else None,
    )


def _cell(measure: Measure, week: Week, *, can_edit: bool) -> WeekCell:
    here = reverse("meetings:measure", args=(measure.pk,))
    path = f"{here}#week-{week.period.start}" if week.value else ""
    if measure.is_typed:
        enter = reverse("meetings:measure_value", args=(measure.pk,))
        path = f"{enter}?week={week.period.start}" if can_edit else ""
    mark = "so far" if week.is_running else "off" if week.is_off else "on" if week.is_on else ""
    value = "–" if week.value is None else measured(week.value, "")
    return WeekCell(week, value, "" if week.is_running and week.value is None else mark, path)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week on the page of a measure: its value and what it is made of."""

    period_label: str
    anchor: str
    value: str
    mark: str
    tone: str
    deals: tuple[DealInWeek, ...]
    entered: str
    """Who entered it and when."""
    enter_path: str


@dataclass(frozen=True, slots=True)
class MeasurePage:
    measure: Measure
    rows: tuple[WeekRow, ...]
    target: str
    how: str
    can_edit: bool


def build_measure_page(measure: Measure, reader: User, *, today: date) -> MeasurePage:
    """One measure over 13 weeks, the newest first; one that has ended up to the week of its end."""
    team = measure.team
    until = team.today(measure.ended_at) if measure.ended_at else today
    can_edit = measure.can_edit(reader) and measure.ended_at is None
    since = week_of(until).start - timedelta(weeks=WEEKS - 1)
    deals = {} if measure.is_typed else read_deals_by_week(measure, reader, since=since)
    values = MeasurePoint.objects.filter(measure=measure, period__gte=since).select_related("by", "rep")
    points = {point.period: point for point in values if point.period}
    mondays = [week_of(until).start - timedelta(weeks=back) for back in range(WEEKS)]
    rows = (_week_row(measure, monday, deals, points, today, can_edit=can_edit) for monday in mondays)
    return MeasurePage(measure, tuple(rows), target_in_words(measure), how_counted(measure), can_edit)


def _week_row(
    measure: Measure,
    monday: date,
    deals: Mapping[date, Iterable[DealInWeek]],
    points: Mapping[date, MeasurePoint],
    today: date,
    *,
    can_edit: bool,
) -> WeekRow:
    behind, point = tuple(deals.get(monday, ())), points.get(monday)
    value: Decimal | None = (point.value if point else None) if measure.is_typed else Decimal(len(behind))
    week = measure.judge(monday, value, today=today)
    enter = reverse("meetings:measure_value", args=(measure.pk,))
    return WeekRow(
        period_label=f"{day(week.period.start)} to {day(week.period.end)}",
        anchor=f"week-{monday}",
        value="–" if value is None else measured(value, measure.unit),
        mark="so far" if week.is_running else "off" if week.is_off else "on target" if week.is_on else "",
        tone="bad" if week.is_off else "good" if week.is_on else "",
        deals=behind,
        entered=_entered(point, measure.team),
        enter_path=f"{enter}?week={monday}" if can_edit and measure.is_typed else "",
    )


def _entered(point: MeasurePoint | None, team: Team) -> str:
    if point is None:
        return ""
    who = point.by.name if point.by else point.rep.name if point.rep else "A former member"
    return f"{who}, {day(team.today(point.at))}"
