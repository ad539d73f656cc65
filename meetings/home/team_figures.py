"""What stands behind a team's figures on the home of its CEO: the last call, committed deals due, and how many lines
are no longer as agreed. A query each, whatever the number of teams.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import DateField, DecimalField, Exists, F, OuterRef, TextField
from django.db.models.functions import Cast, Coalesce

from alignment.db.json_aggregation import JsonRows
from alignment.db.union_columns import constant, empty
from alignment.models import Agreement, Goal, Team, User
from alignment.rules.periods import Period, key_of_quarter, months_in, period_between, year_of
from alignment.rules.roles import Side
from alignment.rules.zones import zone_named
from deals.goals.agreement import SUBJECT as GOALS
from deals.mix.terms import SUBJECT as MIX
from deals.models import CommittedDeal, Deal
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    Current,
    InitiativeTerms,
    MeasureTerms,
    changes_since,
)
from meetings.home.queries import deal_moves_of, goals_and_revenue_of
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import DueDeals, Figures, TeamCall, Waiting
from meetings.models import Call, Initiative, Measure, Meeting, SilencedReason
from meetings.models.calls import CallQuerySet
from meetings.needs import WaitingRow
from meetings.rules.overdue import became_overdue
from meetings.rules.team_order import Silence

DAY, DUE_WITHIN = timedelta(days=1), timedelta(days=7)
SUBJECTS = (GOALS, MIX, MEASURES, INITIATIVES)
"""Lines that rest on something that people may change."""
PERIODS = 4
"""Calls that may contain today: of a month and of a quarter, and of those that just begin."""


def read_figures(
    teams: Sequence[TeamSnapshot],
    waiting: Sequence[WaitingRow],
    changed: Mapping[int, int],
    user: User,
    now: datetime,
) -> dict[Period, Figures]:
    """By the quarter in which a team is: nearly always all are in the same, and each costs one query. Calls, committed
    deals, and what their reader silenced are read for the teams of a CEO alone.
    """
    own = [team for team in teams if team.part == Side.CEO]
    pks = [team.pk for team in teams]
    shared: dict[str, Any] = {
        "changed": changed,
        "overdue": count_overdue(teams, waiting),
        "moves": deal_moves_of([team.pk for team in teams if team.own], now),
    }
    calls: dict[int, CallRow] = {}
    if own:
        calls = last_calls(own, user, now)
        shared |= {
            "waiting": waiting_of(own, waiting, now),
            "due": committed_deals_due(own, now),
            "silences": silences_of(user, now),
        }
    figures = {}
    for quarter, first_month in {team.quarter: team.first_month for team in teams}.items():
        goals, won = goals_and_revenue_of(pks, quarter, first_month=first_month)
        called = {
            team.pk: _call_of(calls[team.pk], goals.get(team.pk, {}), first_month)
            for team in own
            if team.pk in calls and team.quarter == quarter
        }
        figures[quarter] = Figures(goals=goals, won=won, calls=called, **shared)
    return figures


def _call_of(call: CallRow, goals: Mapping[date, Decimal], first_month: int) -> TeamCall:
    period = period_between(call.starts_on, call.ends_on, first_month=first_month)
    months = months_in(period)
    goal = sum((goals[month] for month in months), Decimal(0)) if all(m in goals for m in months) else None
    return TeamCall(call.commit, call.best_case, goal, period.label, call.at)


def count_overdue(teams: Sequence[TeamSnapshot], waiting: Sequence[WaitingRow]) -> Counter[int]:
    """Of each team how many commitments have become overdue, where it is, since its last meeting."""
    by_pk = {team.pk: team for team in teams}
    return Counter(
        row.team
        for row in waiting
        if row.kind == "commitment"
        and row.due is not None
        and (team := by_pk.get(row.team)) is not None
        and became_overdue(row.due, today=team.today, since=team.last_closed_on)
    )


def waiting_of(
    teams: Sequence[TeamSnapshot], rows: Sequence[WaitingRow], now: datetime
) -> dict[int, Waiting]:
    """Approvals, questions and agreements that wait for the reader; none of them longer than they sit there."""
    ages: dict[int, list[int]] = defaultdict(list)
    by_pk = {team.pk: team for team in teams}
    for row in rows:
        if row.kind != "commitment" and (team := by_pk.get(row.team)) is not None:
            begun = row.since.astimezone(zone_named(team.zone)).date() if row.since else team.today
            ages[row.team].append(max(0, (team.today - max(begun, team.since or begun)).days))
    return {team: Waiting(len(days), max(days)) for team, days in ages.items()}


class CallRow(NamedTuple):
    """The last call of a period that the reader may see."""

    starts_on: date
    ends_on: date
    commit: Decimal
    best_case: Decimal
    at: datetime


def last_calls(teams: Sequence[TeamSnapshot], user: User, now: datetime) -> dict[int, CallRow]:
    """Of each team the last call of the running period, by the rule that opens calls (CallQuerySet): one query."""
    return running_calls(Call.objects.visible_to(user), {team.pk: team.today for team in teams}, now)


def running_calls(calls: CallQuerySet, days: Mapping[int, date], now: datetime) -> dict[int, CallRow]:
    """Of each team the last of these calls whose period contains its day: one query. `days` are by team."""
    today = now.date()
    running = calls.filter(team=OuterRef("pk"), starts_on__lte=today + DAY, ends_on__gte=today - DAY)
    newest_first = running.order_by("-meeting__starts_at", "-number")[:PERIODS]
    rows = Team.objects.filter(pk__in=days).order_by()
    annotated = rows.annotate(newest=JsonRows(newest_first, into=CallRow))
    newest: Any = annotated.values_list("pk", "newest")
    by_team: dict[int, list[CallRow]] = dict(newest)
    last = {
        team: next((call for call in by_team.get(team, ()) if call.starts_on <= day <= call.ends_on), None)
        for team, day in days.items()
    }
    return {team: call for team, call in last.items() if call is not None}


def committed_deals_due(teams: Sequence[TeamSnapshot], now: datetime) -> dict[int, DueDeals]:
    """One query. What was committed for a meeting that has not started is not open yet, and left out."""
    opened = Meeting.objects.started_from()
    pending = Meeting.objects.filter(
        ~Exists(opened), team=OuterRef("team"), started_at=None, submitted_at__lte=OuterRef("committed_at")
    )
    today = now.date()
    rows = CommittedDeal.objects.standing().filter(
        ~Exists(pending),
        team__in=[team.pk for team in teams],
        period_end__gte=today - DAY,
        deal__team=F("team"),
        deal__status=Deal.Status.OPEN,
        deal__close_date__lte=today + DUE_WITHIN + DAY,
    )
    days = {team.pk: team.today for team in teams}
    amounts: dict[int, list[Decimal]] = defaultdict(list)
    for team, _, close_date, amount in (
        rows.order_by().values_list("team", "deal", "deal__close_date", "deal__amount").distinct()
    ):
        if close_date is not None and close_date <= days[team] + DUE_WITHIN:
            amounts[team].append(amount or Decimal(0))
    return {team: DueDeals(len(of_team), sum(of_team, Decimal(0))) for team, of_team in amounts.items()}


def silences_of(user: User, now: datetime) -> dict[int, list[Silence]]:
    """The user's own, by team: one query."""
    silences: dict[int, list[Silence]] = defaultdict(list)
    rows = SilencedReason.objects.visible_to(user).active(now)
    for team, kind, size, until in rows.values_list("team", "kind", "size", "until"):
        silences[team].append(Silence(kind, size, until))
    return silences


# No longer agreed


class TermRow(NamedTuple):
    """A line that holds, or a goal, a measure or an initiative as it is now; what another kind has is empty."""

    kind: str
    pk: int
    team: int
    title: str
    """Of a line its subject."""
    measure: str
    """Of a line its key."""
    unit: str
    direction: str
    owner: str
    target: Decimal | None
    due: date | None
    content: str | None
    facts: str | None
    left_open: str | None


_NO_AMOUNT, _NO_DAY, _NO_TEXT = (
    empty(DecimalField(max_digits=18, decimal_places=2)),
    empty(DateField()),
    empty(TextField()),
)
_MEASURES = (
    Measure.objects.current()
    .order_by()
    .values_list(
        *(constant("measure"), "pk", "team", "name", constant(""), "unit", "direction"),
        *(Coalesce("rep__name", constant("")), "target", _NO_DAY, _NO_TEXT, _NO_TEXT, _NO_TEXT),
    )
)
_INITIATIVES = (
    Initiative.objects.open()
    .exclude(kind=Initiative.Kind.REP)
    .order_by()
    .values_list(
        *(constant("initiative"), "pk", "team", "title", Coalesce("measured_by__name", constant(""))),
        *(Coalesce("measured_by__unit", constant("")), constant(""), constant("")),
        *("measured_by__target", "due", _NO_TEXT, _NO_TEXT, _NO_TEXT),
    )
)


_GOALS = Goal.objects.order_by().values_list(
    *(constant("goal"), "pk", "team", constant(""), constant(""), constant(""), constant(""), constant("")),
    *("amount", "month", _NO_TEXT, _NO_TEXT, _NO_TEXT),
)


def count_no_longer_agreed(teams: Sequence[TeamSnapshot]) -> Counter[int]:
    """Of each team how many lines of the quarter's agreement are not as they were agreed, without those that the two
    left open: one query.
    """
    if not teams:
        return Counter()
    keys = {key for team in teams for key in _keys_of(team).values()}
    agreed = Agreement.objects.agreed().filter(
        team__in=[team.pk for team in teams], subject__in=SUBJECTS, key__in=keys
    )
    lines = agreed.order_by().values_list(
        *(constant("line"), "pk", "team", "subject", "key", constant(""), constant(""), constant("")),
        *(
            _NO_AMOUNT,
            _NO_DAY,
            *(Cast(name, TextField()) for name in ("content", "facts", "left_open_changes")),
        ),
    )
    pks = [team.pk for team in teams]
    years = [year_of(team.quarter.start, first_month=team.first_month) for team in teams]
    months = (min(year.start for year in years), max(year.end for year in years))
    rows = lines.union(
        _GOALS.filter(team__in=pks, month__range=months),
        *(query.filter(team__in=pks) for query in (_MEASURES, _INITIATIVES)),
        all=True,
    )
    by_team: dict[int, list[TermRow]] = defaultdict(list)
    for row in map(TermRow._make, rows):
        by_team[row.team].append(row)
    return Counter({team.pk: _count_changed(by_team[team.pk], team) for team in teams})


def _keys_of(team: TeamSnapshot) -> dict[str, str]:
    """Of each subject the key of this quarter's line."""
    quarter = key_of_quarter(team.quarter)
    year = year_of(team.quarter.start, first_month=team.first_month).label
    return {subject: year if subject == MIX else quarter for subject in SUBJECTS}


def _count_changed(rows: Collection[TermRow], team: TeamSnapshot) -> int:
    current = Current(
        goals={
            row.due: row.target for row in rows if row.kind == "goal" and row.due and row.target is not None
        },
        measures={row.pk: _measure(row) for row in rows if row.kind == "measure"},
        initiatives={row.pk: _initiative(row) for row in rows if row.kind == "initiative"},
    )
    changed, keys = set(), _keys_of(team)
    for row in rows:
        if row.kind == "line" and row.measure == keys[row.title]:
            changes = changes_since(row.title, _json(row.content), _json(row.facts), current, team.quarter)
            if changes and list(changes) != _json(row.left_open):
                changed.add(row.title)
    return len(changed - {MIX}) if GOALS in changed else len(changed)  # one change of goals is in both


def _json(text: str | None) -> Any:
    return json.loads(text or "{}")


def _measure(row: TermRow) -> MeasureTerms:
    return MeasureTerms(row.pk, row.title, row.target or Decimal(0), row.unit, row.direction, row.owner)


def _initiative(row: TermRow) -> InitiativeTerms:
    return InitiativeTerms(row.pk, row.title, row.measure, row.target, row.unit, row.due)
