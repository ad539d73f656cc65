"""What the page of a quarter is read from: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from alignment.db.json_aggregation import JsonRows
from alignment.db.named_rows import named_rows
from alignment.models import Team, User
from alignment.rules.periods import Period, quarter_after
from deals.committed.queries import periods_of, read_committed
from deals.models import Deal
from deals.rules.commits import JudgedCommit
from deals.rules.reasons import reason_in_words
from meetings.forecast.history import by_period
from meetings.history.queries import CALL_FIELDS, CommitmentRow, Figures, read_figures
from meetings.models import (
    Call,
    Commitment,
    Decision,
    Expectation,
    Meeting,
    QuarterSharing,
)
from meetings.models.commitments import measures_open_to_team
from meetings.models.initiatives import plans_read_by
from meetings.rules.quarter_page import belongs_to
from meetings.rules.rep_plans import NOBODY
from meetings.rules.team_history import Term

A_DAY = timedelta(days=1)


class DealRow(NamedTuple):
    """A deal of the team that was won or lost. `deal_reason` says why it was lost, `won_line` what won it."""

    pk: int
    name: str
    account: str | None
    status: str
    amount: Decimal | None
    close_date: date
    reason_kind: str
    reason: str
    won_line: str

    @property
    def why(self) -> str:
        return reason_in_words(self.reason_kind, self.won_line if self.status == "won" else self.reason)


class DecisionRow(NamedTuple):
    text: str
    meeting: int
    starts_at: datetime


class SubmittedRow(NamedTuple):
    submitted_at: datetime


class TeamItems(NamedTuple):
    """Decisions of the quarter's meetings, the last one first; commitments that fell due; and from when on commits
    wait for a meeting to start."""

    decisions: list[DecisionRow]
    commitments: list[CommitmentRow]
    submitted: list[SubmittedRow]


@dataclass(frozen=True, slots=True)
class CommittedRead:
    """A period that was committed for; `began_on` is when the team first committed anything."""

    period: Period
    rows: Sequence[JudgedCommit]
    began_on: date


@dataclass(frozen=True, slots=True)
class QuarterRead:
    terms: tuple[Term, ...]
    figures: Figures
    deals: Sequence[DealRow]
    """Decided from the first day that anything on the page looks at."""
    committed: Sequence[CommittedRead]
    calls: Mapping[Period, Sequence[Call]]
    numbers: Sequence[Expectation]
    """The CEO's, that the reader may read."""
    items: TeamItems


def read_quarter(
    team: Team,
    reader: User,
    quarter: Period,
    sharing: QuarterSharing,
    terms: tuple[Term, ...],
    *,
    today: date,
) -> QuarterRead:
    """Six queries; the CEO's number is one more, and committed deals that were merged or withdrawn two more."""
    items = read_items(team, quarter, today=today)
    hidden_since = items.submitted[0].submitted_at if items.submitted else None
    calls = read_calls(team, quarter)
    known = periods_of(team, hidden_since=hidden_since)
    committed_for = [row.period for row in known if belongs_to(row.period, quarter)]
    rows = (
        read_committed(team, committed_for, today=today, hidden_since=hidden_since) if committed_for else []
    )
    after = quarter_after(quarter, first_month=team.company.fiscal_year_start)
    first = min(period.start for period in (quarter, *calls, *committed_for))
    return QuarterRead(
        terms=terms,
        figures=read_figures(team, Period(first, after.end, "")),
        deals=read_deals(team, first, min(quarter.end, today)),
        committed=[
            CommittedRead(
                period,
                [row for row in rows if row.commit.period == period],
                min(row.began_on for row in known),
            )
            for period in sorted(committed_for, key=lambda period: period.start)
        ],
        calls=calls,
        numbers=read_numbers(team, reader, quarter, sharing),
        items=items,
    )


def read_items(team: Team, quarter: Period, *, today: date) -> TeamItems:
    """One query."""
    no_plans = plans_read_by(NOBODY, of="initiative__")
    here = {"team": OuterRef("pk")}
    around = (quarter.start - A_DAY, quarter.end + A_DAY)  # in some zone it is that day already, or still
    decisions = Decision.objects.filter(
        no_plans, meeting__started_at__isnull=False, meeting__starts_at__date__range=around, **here
    ).order_by("-meeting__starts_at", "-created_at", "-pk")
    due = (quarter.start, min(quarter.end, today))
    commitments = Commitment.objects.filter(no_plans, measures_open_to_team(), due__range=due, **here)
    waiting = Meeting.objects.filter(submitted_at__isnull=False, started_at=None, **here)
    waiting = waiting.filter(~Exists(Meeting.objects.started_from())).order_by("submitted_at")
    row = (
        Team.objects.filter(pk=team.pk)
        .order_by()
        .values_list(
            JsonRows(decisions, into=DecisionRow, starts_at="meeting__starts_at"),
            JsonRows(commitments.order_by(), into=CommitmentRow),
            JsonRows(waiting, into=SubmittedRow),
        )
        .get()
    )
    items = TeamItems(*row)
    within = [row for row in items.decisions if quarter.contains(team.today(row.starts_at))]
    return items._replace(decisions=within)


def read_deals(team: Team, first: date, last: date) -> list[DealRow]:
    """One query."""
    deals = Deal.objects.filter(
        team=team, status__in=(Deal.Status.WON, Deal.Status.LOST), close_date__range=(first, last)
    )
    return list(named_rows(deals.order_by("close_date", "pk"), into=DealRow, account="account__name"))


def read_calls(team: Team, quarter: Period) -> dict[Period, list[Call]]:
    """Of periods that end in the quarter, the last call of each meeting that everybody on the team reads. One query."""
    calls = Call.objects.open_to_team().filter(team=team, ends_on__range=(quarter.start, quarter.end))
    rows = calls.last_of_meetings().select_related("meeting").in_order()
    return by_period(team, rows.only(*CALL_FIELDS))


def read_numbers(team: Team, reader: User, quarter: Period, sharing: QuarterSharing) -> Sequence[Expectation]:
    """What a CEO expected for a meeting that has started: what the reader may read anyway, and what the CEO who gave it
    has opened. For whoever is neither of the two, nothing is read where nothing is open."""
    readable = Q(ceo=sharing.ceo_number_of_id) if sharing.ceo_number_of_id else Q(pk__in=())
    if team.is_principal(reader):
        readable |= Q(pk__in=Expectation.objects.visible_to(reader).order_by().values("pk"))
    elif not sharing.ceo_number_of_id:
        return ()
    rows = Expectation.objects.filter(
        readable,
        Exists(Meeting.objects.started_from("meeting__")),
        team=team,
        ends_on__range=(quarter.start, quarter.end),
    )
    return list(rows.order_by("meeting__starts_at"))
