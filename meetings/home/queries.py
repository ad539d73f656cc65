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
    Count,
    DateField,
    DateTimeField,
    Exists,
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
from alignment.models import Absence, Goal, Holiday, ReadMark, Seat, Team, User
from alignment.rules.periods import Period
from alignment.rules.roles import PRINCIPAL_ROLES
from deals.models import Deal, DealChange, ImportRun, RevenueEntry, Risk
from deals.models.revenue import month_of_day
from deals.rules.pace import MonthWon, history
from meetings.check_in.rows import OpenCheckInRow, open_check_in_rows
from meetings.feedback_talk.rows import FeedbackTalkRow, feedback_talk_rows
from meetings.first_meeting.rows import FirstMeetingRow, first_meeting_rows
from meetings.home.values import DealMoves, WonDeal
from meetings.models import Call, Expectation, Flag, HeadsUp, Meeting, Rating
from meetings.news.build import LONGEST
from meetings.news.values import HeadsUpRow
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
    submitted_by: int | None
    started_at: datetime | None
    started_by: int | None


class OutcomeRow(NamedTuple):
    state: str
    missed_by: str
    submitted_at: datetime | None
    due_when_submitted: datetime | None

    @property
    def is_prepared_on_time(self) -> bool:
        due = self.due_when_submitted
        return self.submitted_at is not None and (due is None or self.submitted_at <= due)


class HeldMeetingRow(NamedTuple):
    pk: int
    starts_at: datetime
    closed_at: datetime
    gap: Decimal | None
    is_rated: bool
    """By the reader."""


class RevenueSourceRow(NamedTuple):
    """How the newest entry of revenue was made, and when."""

    source: str
    created_at: datetime


class ReadRow(NamedTuple):
    """Up to when the reader has read everything new in a team, and an item opened since."""

    up_to: datetime | None
    about: str | None
    at: datetime | None


class OwnNumberRow(NamedTuple):
    """What the reader, as the CEO, expects of a period; and whether it is called for the same meeting."""

    meeting: int
    starts_on: date
    ends_on: date
    amount: Decimal
    is_called: bool


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
    revenue_kind: str
    all_seats: list[SeatRow]
    """Past ones too."""
    first_revenue: date | None
    """The day of the first entry."""
    next: list[NextMeetingRow]
    """The next one, or nothing."""
    outcomes: list[OutcomeRow]
    """Of the last 13 that are over, the newest first."""
    newest_revenue: list[RevenueSourceRow]
    """Of the newest entry, or nothing."""
    imported_at: datetime | None
    """When the last import of the team's deals or revenue was applied."""
    check_ins: list[OpenCheckInRow]
    """Those that wait for the reader, the first to close first."""
    heads_ups: list[HeadsUpRow]
    """Those that wait for the reader, and those of the reader that were answered lately."""
    feedback_talks: list[FeedbackTalkRow]
    first_meetings: list[FirstMeetingRow]
    read: list[ReadRow]
    """One without an item where none was opened; nothing where nothing was ever marked as read."""
    held: list[HeldMeetingRow]
    """The last ones that were held, the newest first: as many as can be closed within a week."""
    open_flags: list[FlagRow]
    """The highest one, or nothing."""
    own_numbers: list[OwnNumberRow]
    """Of the reader, for meetings that are ahead."""
    stale_risks: int | None
    """How many risks have not moved for as many held meetings as make one stale."""


@dataclass(frozen=True, slots=True)
class VisibleTeam:
    """A team that the reader may see, and its seats."""

    facts: TeamFacts
    own: SeatRow | None
    """The reader's own seat, if they hold one."""

    def holder(self, role: str) -> SeatRow | None:
        return next((seat for seat in self.facts.all_seats if seat.role == role and seat.until is None), None)

    @property
    def is_taken_over(self) -> bool:
        """Whether somebody else had the reader's seat before."""
        own = self.own
        return own is not None and any(
            seat.role == own.role
            and seat.user != own.user
            and seat.until is not None
            and seat.until < own.since
            for seat in self.facts.all_seats
        )


_COUNTED = RevenueEntry.objects.filter(team=OuterRef("pk"), kind=OuterRef("revenue_kind"))
_FIRST_REVENUE = _COUNTED.order_by("day").values("day")[:1]
_NEWEST_REVENUE = _COUNTED.order_by("-day")[:1]
_IMPORTS = ImportRun.objects.applied_for(team=OuterRef("pk"), company=OuterRef("company"))
_IMPORTED_AT = _IMPORTS.values("applied_at")[:1]
_MEETINGS = Meeting.objects.filter(team=OuterRef("pk"))
_HELD = _MEETINGS.filter(state=Meeting.State.HELD).newest_first()
_STALE_RISKS = Risk.objects.stale(Meeting.objects.filter(team=OuterRef("team")).closes())
_TEAMS = Team.objects.order_by("name_key", "pk").annotate(
    all_seats=JsonRows(
        Seat.objects.filter(team=OuterRef("pk")).order_by("pk"),
        into=SeatRow,
        name="user__name",
    ),
    first_revenue=Subquery(_FIRST_REVENUE),
    newest_revenue=JsonRows(_NEWEST_REVENUE, into=RevenueSourceRow),
    imported_at=Subquery(_IMPORTED_AT),
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
    """Every team the user may see, by name, with its seats: one query.

    A team's facts follow the team: the `teams` of the other queries are those found here to be visible, and
    where words are read, those among them on which the user sits.
    """
    ahead = _MEETINGS.filter(starts_at__gt=now - FORGOTTEN_AFTER).ahead()
    marks = ReadMark.objects.filter(team=OuterRef("pk"), user=user)
    same_period = {name: OuterRef(name) for name in ("meeting", "starts_on", "ends_on")}
    called = Exists(Call.objects.filter(**same_period))
    own_numbers = Expectation.objects.filter(
        team=OuterRef("pk"), ceo=user, meeting__state=Meeting.State.SCHEDULED
    )
    rated = Exists(Rating.objects.filter(user=user, meeting=OuterRef("pk")))
    heads_ups = HeadsUp.objects.visible_to(user).news_for(user, now - LONGEST).filter(team=OuterRef("pk"))
    teams = _TEAMS.visible_to(user).annotate(
        check_ins=open_check_in_rows(user, now),
        heads_ups=JsonRows(heads_ups, into=HeadsUpRow),
        feedback_talks=feedback_talk_rows(user, now),
        first_meetings=first_meeting_rows(user),
        read=JsonRows(marks, into=ReadRow, about="items__about", at="items__at"),
        held=JsonRows(_HELD.annotate(is_rated=rated)[:HELD_IN_A_WEEK], into=HeldMeetingRow),
        own_numbers=JsonRows(own_numbers.annotate(is_called=called), into=OwnNumberRow),
        next=JsonRows(ahead[:1], into=NextMeetingRow),
        outcomes=JsonRows(_MEETINGS.over(now)[:RECENT_MEETINGS], into=OutcomeRow),
    )
    rows = list(
        named_rows(
            teams, into=TeamFacts, currency="company__currency", first_month="company__fiscal_year_start"
        )
    )
    return [VisibleTeam(row, _current_seat(row.all_seats, user)) for row in rows]


def _current_seat(seats: Sequence[SeatRow], user: User) -> SeatRow | None:
    return next((seat for seat in seats if seat.user == user.pk and seat.until is None), None)


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
_WON = RevenueEntry.objects.counted().order_by()


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


_MOVES = (
    DealChange.objects.standing()
    .exclude(old="")
    .order_by()
    .alias(last_close=Subquery(Meeting.objects.filter(team=OuterRef("deal__team")).closes()[:1]))
)
_PUSHES = _MOVES.filter(
    field="close_date",
    new__gt=F("old"),
    deal__status=Deal.Status.OPEN,
    deal__amount__gte=F("deal__team__big_deal_from"),
)
_WINS = _MOVES.filter(field="status", new=Deal.Status.WON, deal__status=Deal.Status.WON)


def deal_moves_of(teams: Collection[int], now: datetime) -> DealMoves:
    """Deals won and big deals pushed out since their team's last meeting was closed, or within a week: one query.

    A deal's words are for those with a seat: `teams` are teams on which the reader sits.
    """
    lately = Q(at__gt=F("last_close")) | Q(last_close=None, at__gt=now - WEEK)
    moves = Q(lately, deal__team__in=teams)
    columns = ("field", "deal__team", "deal", "deal__name", "deal__amount")
    won_lately = _WINS.filter(moves, deal__close_date__gt=now.date() - QUARTER)
    pushed: dict[int, int] = defaultdict(int)
    won: dict[int, list[WonDeal]] = defaultdict(list)
    for kind, team, _, name, amount in (
        _PUSHES.filter(moves).values_list(*columns).union(won_lately.values_list(*columns))
    ):
        if kind == "status":
            won[team].append(WonDeal(name, amount or Decimal(0)))
        else:
            pushed[team] += 1
    for deals in won.values():
        deals.sort(key=lambda deal: (-deal.amount, deal.name))
    return DealMoves(pushed, won)
