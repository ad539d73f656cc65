"""The history of a team over 13 or 52 weeks, as one person may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alignment.models import Seat, Team, User
from alignment.rules.periods import Period
from meetings.history.calls import called_periods, calls_chart
from meetings.history.commitments import commitments_chart
from meetings.history.meetings import meetings_chart
from meetings.history.queries import commitments_due, meeting_facts, read_calls, read_figures, terms_of
from meetings.history.revenue import revenue_chart
from meetings.history.tables import (
    HistoryFact,
    first_days_facts,
    gap_fact,
    hit_rate_fact,
    preparation_fact,
    rating_fact,
)
from meetings.history.values import HistoryChart, Scope
from meetings.models import Meeting
from meetings.rules.outcomes import PastMeeting
from meetings.rules.team_history import SPANS, SeatChange, columns_back


@dataclass(frozen=True, slots=True)
class TeamHistory:
    """What the charts are drawn from, in the order of the page, and the facts beside them."""

    scope: Scope
    charts: tuple[HistoryChart, ...]
    facts: tuple[HistoryFact, ...]

    spans = SPANS

    @property
    def weeks(self) -> int:
        return self.scope.weeks

    @property
    def changes(self) -> tuple[SeatChange, ...]:
        return self.scope.changes

    def chart(self, key: str) -> HistoryChart | None:
        """None for one that there is not, or that this person may not read."""
        return next((chart for chart in self.charts if chart.key == key), None)


def weeks_of(text: str) -> int:
    """The span that an address asks for; the shortest where it asks for none that there is."""
    return next((weeks for weeks in SPANS if str(weeks) == text), SPANS[0])


def scope_of(team: Team, reader: User, seats: Iterable[Seat], *, weeks: int, now: datetime) -> Scope:
    """`seats` are all that the team ever had."""
    today = team.today(now)
    return Scope(
        team=team,
        reader=reader,
        reads=team.seat_of(reader) is not None,
        side=team.side_of(reader),
        today=today,
        weeks=weeks,
        columns=columns_back(today, weeks=weeks),
        terms=terms_of(seats),
    )


def build_history(
    scope: Scope, meetings: Sequence[Meeting], past: Sequence[PastMeeting], now: datetime
) -> TeamHistory:
    """`meetings` are those of the span, with their ratings and moves; `past` all that are over, the newest first. At
    most six queries, two for a reader without a seat.
    """
    calls = read_calls(scope.team, scope.reader, scope.span) if scope.reads else {}
    spans = [scope.span, *calls]
    whole = Period(min(span.start for span in spans), max(span.end for span in spans), "")
    figures = read_figures(scope.team, whole)
    due = commitments_due(scope.team, scope.reader, scope.terms, scope.span, today=scope.today)
    facts = meeting_facts(scope.team, meetings, scope.terms, scope.span)
    charts = [revenue_chart(scope, figures), commitments_chart(scope, due), meetings_chart(scope, facts)]
    beside = [preparation_fact(scope, past), *first_days_facts(scope, past, due)]
    if scope.reads:
        periods = called_periods(scope, calls, figures)
        charts.insert(1, calls_chart(scope, periods))
        in_span = {fact.id for fact in facts}
        read = sorted(
            (meeting for meeting in meetings if meeting.pk in in_span), key=lambda meeting: meeting.starts_at
        )
        beside[:0] = [gap_fact(scope, read)]
        beside[2:2] = [hit_rate_fact(scope, periods), rating_fact(scope, read, now)]
    return TeamHistory(scope, tuple(charts), tuple(beside))
