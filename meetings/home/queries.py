"""The queries of the home page: the same few, whatever the number of teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)

from alignment.db.json_aggregation import JsonRows
from alignment.db.named_rows import named_rows
from alignment.models import Absence, Goal, Holiday, Seat, Team, User
from alignment.rules.periods import Period
from alignment.rules.roles import PRINCIPAL_ROLES, Side
from deals.models import Deal, DealChange, RevenueEntry, Risk
from deals.models.revenue import month_of_day
from deals.rules.pace import MonthWon, history
from meetings.models import Commitment, Flag, Initiative, Issue, Meeting, Rating
from meetings.models.initiatives import plans_read_by
from meetings.rules.track_record import RECENT_MEETINGS
from meetings.schedule.days_off import AbsenceRow, DaysOff

#: A meeting neither over nor this old is the next one: the sweep settles sooner what became of it.
FORGOTTEN_AFTER = timedelta(days=60)
HELD_IN_A_WEEK = 3
"""Of one team: one of the cadence, and others moved to that week."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
FAR = timedelta(weeks=6)
"""How far ahead absences are shown: past the next meeting of any cadence."""
QUARTER = timedelta(days=95)
"""No day of the quarter, whatever the fiscal year, is further away than this."""

# The teams


class NextMeetingRow(NamedTuple):
    pk: int
    starts_at: datetime
    state: str
    due_not_before: datetime | None
    submitted_at: datetime | None
    missing_when_submitted: int


class OutcomeRow(NamedTuple):
    state: str


class HeldMeetingRow(NamedTuple):
    pk: int
    starts_at: datetime
    closed_at: datetime
    gap: Decimal | None


class FlagRow(NamedTuple):
    """The highest step of the escalation a team has reached, and the comment on it, if any."""

    step: int
    by: str | None
    comment: str


class SeatRow(NamedTuple):
    """One seat of a team, held now (`until` None) or given up."""

    pk: int
    team: int
    user: int
    name: str
    role: str
    acts_for: str
    since: date
    until: date | None


class TeamFacts(NamedTuple):
    """One team with what is counted of it alone, in one query."""

    pk: int
    name: str
    slug: str
    timezone: str
    due_rule: str
    due_time: time
    preparation_hours: int
    admins_told_after: int
    red_after: int
    company: int
    currency: str
    first_month: int
    starts_on: date
    first_revenue: date | None
    """The day of the first entry."""
    next: list[NextMeetingRow]
    """The next one, or nothing."""
    outcomes: list[OutcomeRow]
    """Of the last 13 that are over, the newest first."""
    held: list[HeldMeetingRow]
    """The last ones that were held, the newest first: as many as can be closed within a week."""
    open_flags: list[FlagRow]
    """The highest one, or nothing."""
    stale_risks: int | None
    """How many risks have not moved for as many held meetings as make one stale."""


@dataclass(frozen=True, slots=True)
class VisibleTeam:
    """A team that the reader may see, and its seats."""

    facts: TeamFacts
    seats: Sequence[SeatRow]
    """Past ones too."""
    own: SeatRow | None
    """The reader's own seat, if they hold one."""

    def holder(self, role: str) -> SeatRow | None:
        return next((seat for seat in self.seats if seat.role == role and seat.until is None), None)

    @property
    def is_taken_over(self) -> bool:
        """Whether somebody else had the reader's seat before."""
        own = self.own
        return own is not None and any(
            seat.role == own.role
            and seat.user != own.user
            and seat.until is not None
            and seat.until < own.since
            for seat in self.seats
        )


_FIRST_REVENUE = RevenueEntry.objects.filter(team=OuterRef("pk")).order_by("day").values("day")[:1]
_MEETINGS = Meeting.objects.filter(team=OuterRef("pk"))
_STALE_RISKS = Risk.objects.stale(Meeting.objects.filter(team=OuterRef("team")).closes())
_TEAMS = Team.objects.order_by("name_key", "pk").annotate(
    first_revenue=Subquery(_FIRST_REVENUE),
    held=JsonRows(
        _MEETINGS.filter(state=Meeting.State.HELD).newest_first()[:HELD_IN_A_WEEK], into=HeldMeetingRow
    ),
    open_flags=JsonRows(
        Flag.objects.open().filter(team=OuterRef("pk"))[:1], into=FlagRow, by="acknowledged_by__name"
    ),
    stale_risks=Subquery(
        _STALE_RISKS.filter(team=OuterRef("pk"))
        .order_by()
        .values("team")
        .annotate(number=Count("pk"))
        .values("number")
    ),
)
"""What is the same for every reader and at any moment. Who sees which team is filtered for each request."""


def teams_of(user: User, now: datetime) -> list[VisibleTeam]:
    """Every team the user may see, by name, with its seats: two queries.

    A team's facts follow the team: the `teams` of the other queries are those found here to be visible, and
    where words are read, those among them on which the user sits.
    """
    ahead = _MEETINGS.filter(starts_at__gt=now - FORGOTTEN_AFTER).ahead()
    teams = _TEAMS.visible_to(user).annotate(
        next=JsonRows(ahead[:1], into=NextMeetingRow),
        outcomes=JsonRows(_MEETINGS.over(now)[:RECENT_MEETINGS], into=OutcomeRow),
    )
    rows = list(
        named_rows(
            teams, into=TeamFacts, currency="company__currency", first_month="company__fiscal_year_start"
        )
    )
    seats = _seats_by_team([row.pk for row in rows])
    return [VisibleTeam(row, seats[row.pk], _current_seat(seats[row.pk], user)) for row in rows]


def _seats_by_team(teams: Collection[int]) -> dict[int, list[SeatRow]]:
    seats: dict[int, list[SeatRow]] = defaultdict(list)
    rows = Seat.objects.filter(team__in=teams).order_by("pk")
    for seat in named_rows(rows, into=SeatRow, name="user__name"):
        seats[seat.team].append(seat)
    return seats


def _current_seat(seats: Sequence[SeatRow], user: User) -> SeatRow | None:
    return next((seat for seat in seats if seat.user == user.pk and seat.until is None), None)


def rated_meetings_of(user: User, meetings: Collection[int]) -> set[int]:
    """Those of the meetings that the user has rated: one query."""
    return set(Rating.objects.filter(user=user, meeting__in=meetings).values_list("meeting", flat=True))


# Days off


@dataclass(frozen=True, slots=True)
class NearDaysOff:
    """Holidays of companies and absences of people, around today."""

    holidays: dict[int, dict[date, str]] = field(default_factory=lambda: defaultdict(dict))
    """Of each company, by day: of the quarter and as far ahead as absences."""
    absences: dict[int, list[AbsenceRow]] = field(default_factory=lambda: defaultdict(list))
    """Of each person, from yesterday on."""

    def of_team(self, team: VisibleTeam) -> DaysOff:
        """Of one team, read from those of all."""
        holders = (team.holder(role) for role in PRINCIPAL_ROLES) if self.absences else ()
        absences = [absence for holder in holders if holder for absence in self.absences.get(holder.user, ())]
        absences.sort(key=attrgetter("first"))
        return DaysOff.of_team(team.facts.pk, self.holidays.get(team.facts.company, {}), absences)


def days_off_near(teams: Sequence[VisibleTeam], today: date) -> NearDaysOff:
    """Days off of the teams' companies, CEOs and sales leaders: one query."""
    people = {
        holder.user for team in teams for role in PRINCIPAL_ROLES if (holder := team.holder(role)) is not None
    }
    absences = Absence.objects.filter(user__in=people, first__lte=today + FAR, last__gte=today - DAY)
    holidays = Holiday.objects.filter(
        company__in={team.facts.company for team in teams}, day__range=(today - QUARTER, today + QUARTER)
    )
    away = (
        absences.order_by()
        .annotate(owner=F("user"), name=F("user__name"), zone=F("user__timezone"))
        .values_list("first", "pk", "owner", "name", "last", "entered_at", "zone", named=True)
    )
    closed = holidays.order_by().values_list(
        "day",
        "pk",
        "company",
        "name",
        Value(None, output_field=DateField()),
        Value(None, output_field=DateTimeField()),
        Value(""),
    )
    days_off = NearDaysOff()
    for row in sorted(away.union(closed, all=True), key=lambda row: (row.first, row.pk)):
        if row.last is None:
            days_off.holidays[row.owner][row.first] = row.name
        else:
            absence = AbsenceRow(row.owner, row.name, row.zone, row.first, row.last, row.entered_at)
            days_off.absences[row.owner].append(absence)
    return days_off


# Money and counts


_GOALS = Goal.objects.order_by()
_WON = RevenueEntry.objects.uncorrected().order_by()


def goals_and_revenue_of(
    teams: Collection[int], quarter: Period, *, first_month: int
) -> tuple[dict[int, dict[date, Decimal]], dict[int, dict[date, MonthWon]]]:
    """Of each team its goals in the quarter, and what was won in each month of it and of the quarters that show how
    a quarter comes in: one query.

    No revenue is dated after today.
    """
    oldest, _ = history(quarter, first_month=first_month)
    months = _GOALS.filter(team__in=teams, month__range=(quarter.start, quarter.end))
    rows = months.values_list(
        "team", "month", "amount", Value(None, output_field=IntegerField()), named=False
    )
    won = _WON.filter(team__in=teams, day__range=(oldest, quarter.end)).annotate(first=month_of_day())
    totals = won.values_list("team", "first").annotate(total=Sum("amount"), wins=Count("pk"))
    goals: dict[int, dict[date, Decimal]] = defaultdict(dict)
    revenue: dict[int, dict[date, MonthWon]] = defaultdict(dict)
    for team, month, amount, wins in rows.union(totals, all=True):
        if wins is None:
            goals[team][month] = amount
        else:
            revenue[team][month] = MonthWon(amount, wins)
    return goals, revenue


_PUSHES = (
    DealChange.objects.filter(
        field="close_date",
        new__gt=F("old"),
        deal__status=Deal.Status.OPEN,
        deal__amount__gte=F("deal__team__big_deal_from"),
    )
    .exclude(old="")
    .order_by()
    .alias(last_close=Subquery(Meeting.objects.filter(team=OuterRef("deal__team")).closes()[:1]))
)


def pushed_deals_of(teams: Collection[int], now: datetime) -> dict[int, int]:
    """Big deals per team pushed out since its last meeting was closed, or within a week: one query.

    A deal's words are for those with a seat: `teams` are teams on which the reader sits.
    """
    lately = Q(at__gt=F("last_close")) | Q(last_close=None, at__gt=now - WEEK)
    pushes = _PUSHES.filter(lately, deal__team__in=teams)
    return dict(pushes.values_list("deal__team").annotate(number=Count("deal", distinct=True)))


# Requests and commitments


@dataclass(frozen=True, slots=True)
class CeoRequest:
    """A plan that waits for the CEO's approval (`kind` agree), or a question to the CEO's side (answer)."""

    kind: str
    id: int
    team: int
    text: str


class OpenCommitment(NamedTuple):
    pk: int
    team: int
    text: str
    due: date
    owner: int


_COMMITMENTS = Commitment.objects.open().order_by("due", "pk")


def open_commitments_of(
    user: User, now: datetime, *, seated: Collection[int], paired: Collection[int]
) -> list[OpenCommitment]:
    """The user's own, and everybody's whose day may be over where the team is: one query.

    The user sits on the teams `seated`; of those in `paired` they are the CEO or the sales leader.
    """
    own_or_overdue = Q(owner=user) | Q(due__lt=now.date() + DAY)
    readable = plans_read_by(user.pk, of="initiative__", paired=paired)
    commitments = _COMMITMENTS.filter(readable, own_or_overdue, team__in=seated)
    return list(named_rows(commitments, into=OpenCommitment))


_PLANS = Initiative.objects.waiting_for_ceo().order_by()
_QUESTIONS = Issue.objects.unanswered_by(Side.CEO).order_by()


def ceo_requests(user: User, *, as_ceo: Collection[int], for_ceo: Collection[int]) -> list[CeoRequest]:
    """Plans that wait for the CEO's approval, then questions to the CEO's side: one query.

    `as_ceo` are the teams whose CEO the user is, `for_ceo` those on which they speak for the CEO's side.
    """
    plans = _PLANS.filter(plans_read_by(user.pk, paired=as_ceo), team__in=as_ceo)
    questions = _QUESTIONS.filter(plans_read_by(user.pk, of="initiative__", paired=as_ceo), team__in=for_ceo)
    columns = ("request", "pk", "team", "title")
    agree = plans.annotate(request=_constant("agree")).values_list(*columns, named=True)
    answer = questions.annotate(request=_constant("answer")).values_list(*columns, named=True)
    requests = (CeoRequest(row.request, row.pk, row.team, row.title) for row in agree.union(answer, all=True))
    return sorted(requests, key=lambda request: (request.kind, request.id))


def _constant(text: str) -> Value:
    return Value(text, output_field=CharField())
