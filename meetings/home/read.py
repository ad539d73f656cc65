"""The queries of the home page: the same few, whatever the number of teams; their SQL is made once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)

from alignment.models import Absence, Goal, Holiday, Membership, Seat, Team, User
from alignment.models.teams import THE_TWO, Role, Side
from alignment.periods import Period
from alignment.prepared import Prepared
from alignment.rows import JsonRows, as_amount, as_day
from deals.models import Deal, DealChange, RevenueEntry, Risk
from meetings.discipline import DOTS
from meetings.models import Commitment, Flag, Initiative, Issue, Meeting, Rating, Update
from meetings.models.agenda_items import begun_with
from meetings.running import RATED_UNTIL

#: A meeting neither over nor this old is the next one: the clock states sooner what became of it.
FORGOTTEN = timedelta(days=60)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
FAR = timedelta(weeks=6)
"""How far ahead it is said that somebody is away: past the next meeting of any cadence."""


def _read_by(user: int) -> QuerySet[Any, Any]:
    """What Team.read_by(user) says, by id."""
    return Seat.objects.current().filter(user=user).order_by().values("team")


def _visible_to(user: int) -> Q:
    """What Team.visible_to(user) says, by id."""
    administered = Membership.objects.filter(user=user, is_admin=True).order_by().values("company")
    return Q(pk__in=_read_by(user)) | Q(company__in=administered)


# The teams


def _teams(
    *, user: int, since: datetime, rated_since: datetime, today: date, far: date
) -> QuerySet[Any, Any]:
    theirs = Meeting.objects.filter(team=OuterRef("pk"))
    ahead = theirs.ahead().filter(planned_start__gt=since)
    unrated = theirs.filter(
        ~Exists(Rating.objects.filter(meeting=OuterRef("pk"), user=user)),
        state=Meeting.State.HELD, closed_at__gt=rated_since, planned_start__gt=since,
    ).order_by("-planned_start")  # fmt: skip
    flags = Flag.objects.open().filter(team=OuterRef("pk"))
    days = Holiday.objects.filter(company=OuterRef("company"), day__range=(today, far))
    two = Q(user__seats__team=OuterRef("pk"), user__seats__until=None, user__seats__role__in=THE_TWO)
    away = Absence.objects.filter(two, last__gte=today, first__lte=far).order_by("first", "pk")
    teams = Team.objects.filter(_visible_to(user)).annotate(
        mine=FilteredRelation("seats", condition=Q(seats__until=None, seats__user=user)),
        led=FilteredRelation("seats", condition=Q(seats__until=None, seats__role=Role.LEADER)),
    )
    return teams.order_by("name", "pk").values_list(
        "pk", "name", "slug", "timezone", "preparation_hours", "company_id", "company__currency", "company__fiscal_year_start",
        "mine__role",
        "mine__acts_for",
        "led__user__name",
        JsonRows(ahead[:1], "pk", "starts_at", "state", "handed_in_at", "missing_at_hand_in"),
        JsonRows(theirs.over()[:DOTS], "state", "pk", "starts_at", "gap"),
        JsonRows(unrated[:1], "pk", "starts_at"),
        JsonRows(flags[:1], "step", "acknowledged_by__name", "word"),
        JsonRows(days, "day", "name"),
        JsonRows(away, "user_id", "user__name", "first", "last", "entered_at"),
        "mine__since",
    )  # fmt: skip


TEAMS = Prepared(_teams, user=int, since=datetime, rated_since=datetime, today=date, far=date)


def teams_of(user: User, now: datetime) -> list[tuple[Any, ...]]:
    """Every team the user may see, with its seats, its next meeting, the last 13 that are over and one not yet rated."""
    today = now.date()
    return TEAMS.rows(
        user=user.pk, since=now - FORGOTTEN, rated_since=now - RATED_UNTIL, today=today - DAY, far=today + FAR
    )


# Money and counts


@dataclass(slots=True)
class Figures:
    """Money of one quarter and counts, by team."""

    actual: dict[int, Decimal] = field(default_factory=dict)
    goals: dict[int, dict[date, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    holidays: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    """By company."""
    overdue: dict[int, int] = field(default_factory=dict)
    """Commitments still open after their day."""
    moved: dict[int, int] = field(default_factory=dict)
    """Big deals pushed out within a week."""
    stale: dict[int, int] = field(default_factory=dict)
    """Open risks of which nothing new was said for two weeks."""


def _figures(
    *, user: int, start: date, end: date, today: date, week_ago: date, stale: datetime
) -> QuerySet[Any, Any]:
    seen = Team.objects.filter(_visible_to(user)).order_by().values("pk")
    companies = Team.objects.filter(_visible_to(user)).order_by().values("company")
    won = RevenueEntry.objects.standing().filter(team__in=seen, day__range=(start, end))
    goals = Goal.objects.filter(team__in=seen, month__range=(start, end))
    holidays = Holiday.objects.filter(company__in=companies, day__range=(start, end))
    pushes = DealChange.objects.filter(
        deal=OuterRef("pk"), field="close_date", day__gt=week_ago, new__gt=F("old")
    ).exclude(old="")
    big = Deal.objects.open().filter(team__in=_read_by(user), amount__gte=F("team__big_deal_from"))
    return _part("actual", won, total=Sum("amount")).union(
        _part("goals", goals, by=("team", "month"), day=F("month"), total=Sum("amount")),
        _part("holidays", holidays, by=("company", "day"), day=F("day")),
        _part("overdue", Commitment.objects.open().filter(team__in=_read_by(user), due__lt=today)),
        _part("moved", big.filter(Exists(pushes))),
        _part("stale", Risk.objects.open().filter(team__in=_read_by(user), changed_at__lte=stale)),
        all=True,
    )  # fmt: skip


FIGURES = Prepared(_figures, user=int, start=date, end=date, today=date, week_ago=date, stale=datetime)


def figures_of(user: User, quarter: Period, *, today: date, now: datetime) -> Figures:
    """The figures of every team the user may see, in one query. No revenue is dated after today."""
    figures = Figures()
    for part, whose, on, total, number in FIGURES.rows(
        user=user.pk,
        start=quarter.start,
        end=quarter.end,
        today=today,
        week_ago=today - WEEK,
        stale=now - 2 * WEEK,
    ):
        if part == "actual":
            figures.actual[whose] = as_amount(total) or Decimal(0)
        elif part == "goals":
            figures.goals[whose][_day(on)] = as_amount(total) or Decimal(0)
        elif part == "holidays":
            figures.holidays[whose].add(_day(on))
        else:
            getattr(figures, part)[whose] = number
    return figures


def _part(
    part: str,
    found: QuerySet[Any],
    *,
    by: tuple[str, ...] = ("team",),
    day: F | None = None,
    total: Sum | None = None,
) -> QuerySet[Any, Any]:
    amount = DecimalField(max_digits=18, decimal_places=2)
    if total is not None:
        total.output_field = amount
    shown = found.order_by().values(*by).annotate(
        part=Value(part, output_field=CharField()), whose=F(by[0]), on=day or Value(None, output_field=DateField()),
        total=total or Value(None, output_field=amount), number=Count("pk", output_field=IntegerField()),
    )  # fmt: skip
    told: QuerySet[Any, Any] = shown.values_list("part", "whose", "on", "total", "number")
    return told


def _day(value: Any) -> date:
    """A day as either database gives it."""
    day = value if isinstance(value, date) else as_day(value)
    assert day is not None  # a goal has a month and a holiday a day
    return day


# What is owed


@dataclass(frozen=True, slots=True)
class Owed:
    """Something one person still has to do: agree to a plan, answer a question, keep a commitment."""

    kind: str
    id: int
    team: int
    text: str
    due: date | None


def _owed(*, user: int) -> QuerySet[Any, Any]:
    held = Seat.objects.current().filter(user=user).order_by()
    as_ceo, for_ceo = held.filter(role=Role.CEO), held.filter(Q(role=Role.CEO) | Q(acts_for=Side.CEO))
    pair = held.filter(role__in=(Role.CEO, Role.LEADER)).values("team")
    begun = begun_with(user, of="initiative__") & Q(team__in=pair)
    not_a_reps_plan = Q(initiative=None) | ~Q(initiative__kind=Initiative.Kind.REP) | begun
    promised = Commitment.objects.open().filter(not_a_reps_plan, owner=user, team__in=_read_by(user))
    unasked = Initiative.objects.open().filter(
        ~Q(kind=Initiative.Kind.REP) | begun_with(user),
        team__in=as_ceo.values("team"),
        ceo_word__in=("", Initiative.Word.CHANGED),
    )
    said = Update.objects.filter(issue=OuterRef("pk"), side=Side.CEO).exclude(text="")
    questions = Issue.objects.open().filter(
        not_a_reps_plan, ~Exists(said), team__in=for_ceo.values("team"), kind=Issue.Kind.QUESTION
    )  # fmt: skip
    return _told("commitment", promised, "text", due=F("due")).union(
        _told("agree", unasked, "title"), _told("answer", questions.exclude(side=Side.CEO), "title"), all=True
    )


OWED = Prepared(_owed, user=int)


def owed_by(user: User) -> list[Owed]:
    """What waits for the user: commitments by their day, then plans to agree to, then questions; one query."""
    found = (
        Owed(kind, pk, team, text, _day(due) if due else None)
        for kind, pk, team, text, due in OWED.rows(user=user.pk)
    )
    return sorted(found, key=lambda owed: (owed.due or date.max, owed.kind, owed.id))


def _told(kind: str, found: QuerySet[Any], text: str, *, due: F | None = None) -> QuerySet[Any, Any]:
    return found.order_by().values_list(
        Value(kind, output_field=CharField()),
        "pk",
        "team",
        F(text),
        due or Value(None, output_field=DateField()),
    )
