"""What changed for a team between two moments: still to win, and the open deals of a quarter or month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from alignment.db.named_rows import named_rows
from alignment.models import Team, User
from alignment.rules.call_periods import CallPeriod
from alignment.rules.formatting import MoneyFormat, day
from alignment.rules.periods import Period, quarter_of
from alignment.rules.revenue_kinds import KindWords, words_of
from alignment.web.listing import PAGE, Select
from deals.movement.queries import KnownDeals, read_deals, read_still_to_win, start_of
from deals.rules.bridge import Bridge, BridgeLine, Group, Line, OpenTotal, Step, build_bridge, group_of
from deals.rules.still_to_win import StillToWin
from meetings.models import Meeting
from meetings.pages.changes_entries import ListedEntries, read_entries
from meetings.rules.calls import CalledDays, call_period_of

LARGEST = 3
LISTED = 10
"""So many deals of a line are listed at once; all of them on a page of their own."""
DAY = timedelta(days=1)
START, NOW, NOW_LABEL = "start", "now", "Now"
WON_ENTRIES, CORRECTIONS = "entries", "corrections"
BAR, AT_START, AT_END = "bar-", "at-start", "at-end"
"""Beside the lines themselves, the figures whose rows may be asked for: a bar, what was open at the two moments."""
GROUP_NAMES = {
    Group.WON: "Won",
    Group.NEW: "New",
    Group.MOVED_IN: "Moved in",
    Group.MOVED_OUT: "Moved out",
    Group.LOST: "Lost",
    Group.OTHER: "Amounts and other",
}
LINE_NAMES = {
    Line.NEW: ("New", "first seen in this time"),
    Line.PULLED_IN: ("Pulled in", "from a later date, or from none"),
    Line.PUSHED_IN: ("Pushed in", "from a date before the {period}"),
    Line.REOPENED: ("Reopened", "won, lost or withdrawn before"),
    Line.GAINED: ("From another team", ""),
    Line.UP: ("Amount up", ""),
    Line.DOWN: ("Amount down", ""),
    Line.WON: ("Won", "in the {period}"),
    Line.LOST: ("Lost", ""),
    Line.PUSHED_OUT: ("Pushed out", "to a later date, or to none"),
    Line.PULLED_OUT: ("Pulled out", "to a date before the {period}"),
    Line.HANDED_OVER: ("To another team", ""),
    Line.WITHDRAWN: ("Withdrawn", "deleted or merged in the CRM"),
}


class _MeetingRead(NamedTuple):
    pk: int
    starts_at: datetime
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The two moments that are compared and the period whose deals are looked at, with what else may be chosen."""

    start: datetime
    end: datetime
    period: Period
    start_label: str
    end_label: str
    selects: tuple[Select, ...]

    @property
    def query(self) -> str:
        """What is compared, for a link to the rows behind a figure."""
        return urlencode([(select.name, select.selected) for select in self.selects])

    @property
    def is_now(self) -> bool:
        return self.end_label == NOW_LABEL

    @property
    def kind(self) -> str:
        """“month” or “quarter”."""
        return CalledDays(self.period.start, self.period.end).kind


@dataclass(frozen=True, slots=True)
class NamedStep:
    """One deal in a line, or as it stood at a moment. `is_linked`: it is still the team's."""

    pk: int
    name: str
    amount: Decimal
    line: str
    is_linked: bool
    is_without_amount: bool


@dataclass(frozen=True, slots=True)
class GroupBar:
    label: str
    amount: Decimal
    number: int
    tone: str
    """Its colour: good, in or out; the sign and the word say the same."""
    path: str
    """Where its deals are listed; empty without any."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All rows behind one figure of the page, which add up to it; a page at a time."""

    label: str
    amount: Decimal
    number: int
    steps: Page[NamedStep]
    is_change: bool = True
    """Whether its amounts have a sign; else they are what was open at a moment."""
    names_lines: bool = False

    @property
    def is_total(self) -> bool:
        return not self.is_change


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the table with its largest deals."""

    key: str
    label: str
    note: str
    amount: Decimal
    number: int
    without_amount: int
    steps: tuple[NamedStep, ...]

    @property
    def has_more(self) -> bool:
        return self.number > len(self.steps)


@dataclass(frozen=True, slots=True)
class ChangesPage:
    team: Team
    m: MoneyFormat
    span: Span
    words: KindWords
    still: StillToWin | None
    bridge: Bridge
    bars: tuple[GroupBar, ...]
    largest: tuple[NamedStep, ...]
    rows: tuple[LineRow, ...]
    listed: Listed | None
    """The figure whose rows are asked for, in place of the rest."""
    entries: ListedEntries | None
    """The entries of revenue behind a figure, where those are asked for."""
    late_known: int
    """New deals that were opened before the first moment, and only became known since."""

    @property
    def has_deals(self) -> bool:
        return bool(self.bridge.start.number or self.bridge.end.number or self.rows)

    @property
    def bar_amounts(self) -> list[tuple[str, Decimal, str, str]]:
        return [(bar.label, bar.amount, bar.tone, bar.path) for bar in self.bars]


def choose_span(team: Team, params: Mapping[str, str], *, now: datetime) -> Span:
    """One query. By default since the last meeting; whatever makes no sense in the address is left out."""
    held = Meeting.objects.filter(team=team, state=Meeting.State.HELD, closed_at__lte=now).newest_first()
    meetings = {str(row.pk): row for row in named_rows(held, into=_MeetingRead)}
    named = [
        (key, f"Meeting of {day(row.starts_at.astimezone(team.zone).date())}")
        for key, row in meetings.items()
    ]
    until = _choose("until", "To", [(NOW, NOW_LABEL), *named], params)
    end = meetings[until.selected].closed_at if until.selected in meetings else now
    periods = _periods(team, team.today(end))
    of = _choose("period", "Deals of", [(key, period.label) for key, period in periods.items()], params)
    period = periods[of.selected]
    first = min(period, periods["this"], key=lambda period: period.start)
    earlier = [(key, label) for key, label in named if meetings[key].closed_at < end]
    since = _choose("since", "From", [*earlier[:1], (START, f"Start of {first.label}"), *earlier[1:]], params)
    is_start = since.selected not in meetings
    return Span(
        start=start_of(first.start, team) if is_start else meetings[since.selected].closed_at,
        end=end,
        period=period,
        start_label=f"Start of {first.label}" if is_start else since.selected_label,
        end_label=until.selected_label,
        selects=(since, until, of),
    )


def _choose(name: str, label: str, options: list[tuple[str, str]], params: Mapping[str, str]) -> Select:
    requested = params.get(name, "")
    return Select(name, label, tuple(options), requested if requested in dict(options) else options[0][0])


def _periods(team: Team, today: date) -> dict[str, Period]:
    """By the word in the address: months where the team calls by month, and then the quarter, of which the agenda
    speaks.
    """
    first_month, kind = team.company.fiscal_year_start, team.call_period
    this = call_period_of(today, kind=kind, first_month=first_month)
    periods = {
        "this": this,
        "next": call_period_of(this.end + DAY, kind=kind, first_month=first_month),
        "last": call_period_of(this.start - DAY, kind=kind, first_month=first_month),
    }
    if kind == CallPeriod.MONTH:
        periods[CallPeriod.QUARTER.value] = quarter_of(today, first_month=first_month)
    return periods


def build_page(team: Team, reader: User, params: Mapping[str, str], *, now: datetime) -> ChangesPage:
    """Four queries, whatever the number of deals, meetings and entries."""
    span = choose_span(team, params, now=now)
    known = read_deals(team, span.period, since=span.start)
    bridge = build_bridge(known.histories, team=team.pk, period=span.period, start=span.start, end=span.end)
    names = _Names(team, known)
    still = read_still_to_win(team, span.period, today=team.today(span.end), start=span.start, end=span.end)
    rows = tuple(_line_row(line, names, span) for line in bridge.lines if line.steps)
    return ChangesPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        span=span,
        words=words_of(team.revenue_kind),
        still=still,
        bridge=bridge,
        bars=tuple(_bar(group, bridge, span) for group in Group),
        largest=tuple(names.of(step) for step in bridge.largest(LARGEST)),
        rows=rows,
        listed=_listed(bridge, names, span, params),
        entries=_entries(team, span, still, params),
        late_known=sum(
            _is_late_known(step, known, team.today(span.start))
            for step in bridge.steps
            if step.line == Line.NEW
        ),
    )


class _Names:
    """Deals as a page names them."""

    def __init__(self, team: Team, known: KnownDeals) -> None:
        self.names = known.names
        self.ours = {history.deal.pk for history in known.histories if history.deal.team == team.pk}

    def at(self, total: OpenTotal) -> list[NamedStep]:
        """The deals that were open at a moment, the largest first."""
        ranked = sorted(total.deals.items(), key=lambda deal: (-(deal[1] or 0), deal[0]))
        return [
            NamedStep(pk, self.names[pk], amount or Decimal(0), "", pk in self.ours, not amount)
            for pk, amount in ranked
        ]

    def of(self, step: Step) -> NamedStep:
        label = LINE_NAMES[step.line][0]
        return NamedStep(
            step.deal,
            self.names[step.deal],
            step.amount,
            label,
            step.deal in self.ours,
            step.is_without_amount,
        )


def _bar(group: Group, bridge: Bridge, span: Span) -> GroupBar:
    amount = bridge.total(group)
    tone = "good" if group == Group.WON else "in" if amount > 0 else "out"
    number = sum(line.number for line in bridge.lines if group_of(line.line) == group)
    path = f"?{span.query}&line={BAR}{group}" if number else ""
    return GroupBar(GROUP_NAMES[group], amount, number, tone, path)


def _line_row(line: BridgeLine, names: _Names, span: Span) -> LineRow:
    label, note = LINE_NAMES[line.line]
    steps = tuple(names.of(step) for step in line.steps[:LISTED])
    note = note.format(period=span.kind)
    return LineRow(line.line.value, label, note, line.amount, line.number, line.without_amount, steps)


def _entries(
    team: Team, span: Span, still: StillToWin | None, params: Mapping[str, str]
) -> ListedEntries | None:
    requested = params.get("line", "")
    if still is None or requested not in (WON_ENTRIES, CORRECTIONS):
        return None
    period = replace(span.period, start=still.begins) if still.begins else span.period
    is_corrections = requested == CORRECTIONS
    return read_entries(team, period, start=span.start, end=span.end, is_corrections=is_corrections)


def _listed(bridge: Bridge, names: _Names, span: Span, params: Mapping[str, str]) -> Listed | None:
    """The rows behind the line, the bar or the total that the address asks for; None where there are none."""
    requested = params.get("line", "")
    totals = {
        AT_START: (f"Open, {span.start_label}", bridge.start),
        AT_END: (f"Open, {span.end_label}", bridge.end),
    }
    if requested in totals:
        label, total = totals[requested]
        steps = _page_of(names.at(total), params)
        return Listed(label, total.amount, total.number, steps, is_change=False)
    for group in Group:
        if requested == f"{BAR}{group}":
            in_group = [step for step in bridge.steps if group_of(step.line) == group]
            steps = _page_of([names.of(step) for step in in_group], params)
            label = GROUP_NAMES[group]
            return Listed(label, bridge.total(group), len(in_group), steps, names_lines=True)
    for line in bridge.lines:
        if line.steps and line.line == requested:
            steps = _page_of([names.of(step) for step in line.steps], params)
            return Listed(LINE_NAMES[line.line][0], line.amount, line.number, steps)
    return None


def _page_of(steps: list[NamedStep], params: Mapping[str, str]) -> Page[NamedStep]:
    return Paginator(steps, PAGE).get_page(params.get("page"))


def _is_late_known(step: Step, known: KnownDeals, first: date) -> bool:
    opened = known.opened.get(step.deal)
    return opened is not None and opened < first
