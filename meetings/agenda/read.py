"""The queries of an Agenda: a fixed number, whatever there is to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import (
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.query import ModelIterable

from alignment.models import Goal, Holiday, Seat, Team, User
from alignment.periods import Period
from alignment.prepared_models import PreparedModels
from alignment.rows import JsonRows, as_amount, rows
from deals.models import Deal, DealChange, RevenueEntry, Risk
from meetings.discipline import STEPS
from meetings.models import (
    Attendance,
    Commitment,
    Decision,
    Flag,
    Initiative,
    InitiativePoint,
    Issue,
    Meeting,
    Rating,
    Update,
)

ABOUT = ("section", "deal_id", "risk_id", "initiative_id", "issue_id")
PAST = 60  # meetings looked back on for streak and dots
MOST = 60  # big deals on one agenda


class _Seated(ModelIterable):  # type: ignore[type-arg]  # not subscriptable at run time
    """Meetings whose team knows its seats already: who may do what then costs no query."""

    def __iter__(self) -> Iterator[Meeting]:
        for meeting in super().__iter__():
            seats = rows(meeting.seat_rows)
            meeting.team.__dict__["current_seats"] = [_seat(meeting.team, *row) for row in seats]
            yield meeting


def _seat(team: Team, pk: int, role: str, acts_for: str, user: int, name: str, email: str) -> Seat:
    return Seat(pk=pk, team=team, role=role, acts_for=acts_for, user=User(pk=user, name=name, email=email))


def pages() -> QuerySet[Meeting]:
    """Meetings as their pages need them: with team, company and who sits there, in one query."""
    seats = Seat.objects.current().filter(team=OuterRef("team")).order_by("pk")
    meetings = Meeting.objects.select_related("team__company", "handed_in_by", "closed_by").annotate(
        seat_rows=JsonRows(seats, "pk", "role", "acts_for", "user_id", "user__name", "user__email"),
        is_red=Exists(Flag.objects.filter(team=OuterRef("team"), step=STEPS, cleared_at=None)),
    )
    meetings._iterable_class = _Seated  # noqa: SLF001 - Django's hook for how rows become objects
    return meetings


def _small_rows(*, meeting: int, team: int, start: datetime) -> QuerySet[Meeting, tuple[str, ...]]:
    past = Meeting.objects.over().filter(team=team, planned_start__lt=start)
    held = past.filter(state=Meeting.State.HELD).values("pk")[:1]
    words = Update.objects.exclude(text="").order_by("changed_at", "pk")
    told = ("pk", "side", "author__name", "text", "changed_at", "version", *ABOUT)
    columns = {
        "words_rows": JsonRows(words.filter(meeting=meeting), *told),
        "before_rows": JsonRows(words.filter(meeting=Subquery(held)), *told),
        "decisions_rows": JsonRows(
            Decision.objects.filter(meeting=meeting), "pk", "text", "created_at", *ABOUT, "deal__name", "risk__name",
            "initiative__title", "issue__title", "initiative__kind", "initiative__pair_ceo_id", "initiative__pair_leader_id",
        ),
        "attendance_rows": JsonRows(Attendance.objects.filter(meeting=meeting), "user_id", "present"),
        "ratings_rows": JsonRows(
            Rating.objects.filter(meeting=meeting).order_by("pk"), "user_id", "user__name", "role", "score", "why"
        ),
        "past_rows": JsonRows(past[:PAST], "state", "closed_at", "gap"),
    }  # fmt: skip
    found = Meeting.objects.filter(pk=meeting).order_by().annotate(**columns).values_list(*columns)
    return cast("QuerySet[Meeting, tuple[str, ...]]", found)


_SMALL = PreparedModels(_small_rows, meeting=int, team=int, start=datetime)
SMALL = ("words", "before", "decisions", "attendance", "ratings", "past")


def small_rows(meeting: Meeting) -> dict[str, list[list[Any]]]:
    """Words, decisions, attendance, ratings and past outcomes of one meeting, in one query."""
    (columns,) = _SMALL.objects(meeting=meeting.pk, team=meeting.team_id, start=meeting.planned_start)
    return {name: rows(column) for name, column in zip(SMALL, columns, strict=True)}


@dataclass(frozen=True, slots=True)
class Money:
    goals: dict[date, Decimal]
    actuals: dict[date, Decimal]
    holidays: frozenset[date]
    pipeline: tuple[Decimal, int]
    small_won: tuple[Decimal, int]
    corrected: Decimal


def money(
    team: Team, *, year: Period, quarter: Period, today: date, since: date, since_time: datetime
) -> Money:
    """Goals, actuals by day, holidays and the sums beside them, in one query."""
    first_day = min(year.start, today - timedelta(weeks=13))
    found = _MONEY.objects(
        team=team.pk, company=team.company_id, big=team.big_deal_from, first_day=first_day, today=today, year=year.start,
        year_end=year.end, goals_until=year.end + timedelta(days=31), quarter=quarter.start, quarter_end=quarter.end,
        since=since, since_time=since_time,
    )  # fmt: skip
    return _sorted_out(found)


def _money(
    *, team: int, company: int, big: Decimal, first_day: date, today: date, year: date, year_end: date,
    goals_until: date, quarter: date, quarter_end: date, since: date, since_time: datetime,
) -> QuerySet[Any, MoneyRow]:  # fmt: skip
    entries = RevenueEntry.objects.filter(team=team).order_by()
    deals = Deal.objects.filter(team=team).order_by()
    small = deals.filter(
        status="won", amount__lt=big, close_date__gt=since, close_date__lte=today, pinned_at=None
    )
    corrections = entries.filter(corrects__isnull=False, created_at__gt=since_time)
    parts = (
        _part("actual", entries.standing().filter(day__range=(first_day, today)), day=F("day"), total=Sum("amount"), by="day"),
        _part("goal", Goal.objects.filter(team=team, month__range=(year, goals_until)).order_by(),
              day=F("month"), total=Sum("amount"), by="month"),
        _part("holiday", Holiday.objects.filter(company=company, day__range=(year, year_end)).order_by(),
              day=F("day"), total=Sum(Value(0)), by="day"),
        _part("pipeline", deals.filter(status="open", close_date__range=(quarter, quarter_end)),
              day=Value(None), total=Sum("amount"), by="team"),
        _part("small", small, day=Value(None), total=Sum("amount"), by="team"),
        _part("corrected", corrections, day=Value(None), total=Sum(F("amount") - F("corrects__amount")), by="team"),
    )  # fmt: skip
    return parts[0].union(*parts[1:], all=True)


_MONEY = PreparedModels(
    _money, team=int, company=int, big=Decimal, first_day=date, today=date, year=date, year_end=date, goals_until=date,
    quarter=date, quarter_end=date, since=date, since_time=datetime,
)  # fmt: skip
MoneyRow = tuple[str, date | None, Decimal | None, int]


def _part(kind: str, rows: QuerySet[Any], *, day: F | Value, total: Sum, by: str) -> QuerySet[Any, MoneyRow]:
    amount = DecimalField(max_digits=18, decimal_places=2)
    total.output_field = amount
    shown = rows.values(by).annotate(
        part=Value(kind), on=Value(None, output_field=DateField()) if isinstance(day, Value) else day, total=total,
        number=Count("pk", output_field=IntegerField()),
    )  # fmt: skip
    return cast("QuerySet[Any, MoneyRow]", shown.values_list("part", "on", "total", "number"))


def _sorted_out(found: Iterable[MoneyRow]) -> Money:
    goals: dict[date, Decimal] = {}
    actuals: dict[date, Decimal] = {}
    holidays: set[date] = set()
    sums: dict[str, tuple[Decimal, int]] = {}
    for part, on, summed, number in found:
        total = as_amount(summed) or Decimal(0)  # SQLite sums with more decimals than it was given
        if on is None:
            sums[part] = (total, number)
        elif part == "holiday":
            holidays.add(on)
        else:
            (goals if part == "goal" else actuals)[on] = total
    nothing = (Decimal(0), 0)
    return Money(
        goals=goals, actuals=actuals, holidays=frozenset(holidays), pipeline=sums.get("pipeline", nothing),
        small_won=sums.get("small", nothing), corrected=sums.get("corrected", nothing)[0],
    )  # fmt: skip


def _big_deals(*, team: int, big: Decimal, since: date, today: date, until: date) -> QuerySet[Deal]:
    shown = Q(amount__gte=big) | Q(pinned_at__isnull=False)
    moved = DealChange.objects.filter(
        deal__team=team, day__gte=since, day__lte=today, field__in=("close_date", "amount", "status")
    )
    closed = Q(status__in=("won", "lost"), close_date__lte=today) & (
        Q(close_date__gt=since) | Q(pk__in=moved.filter(field="status").values("deal"))
    )
    coming = Q(status="open") & (
        Q(close_date__lte=until) | Q(pinned_at__isnull=False) | Q(pk__in=moved.values("deal"))
    )
    changes = JsonRows(
        DealChange.objects.filter(deal=OuterRef("pk")), "field", "old", "new", "day", "reason", "at"
    )
    found = Deal.objects.filter(shown, closed | coming, team=team).select_related("account")
    return found.annotate(change_rows=changes).order_by(F("close_date").asc(nulls_last=True), "pk")[:MOST]


_BIG_DEALS = PreparedModels(_big_deals, team=int, big=Decimal, since=date, today=date, until=date)


def big_deals(team: Team, *, since: date, today: date, until: date) -> list[Deal]:
    """Closed since the last meeting, closing by `until`, pinned, or moved since: with every change of theirs."""
    return _BIG_DEALS.objects(team=team.pk, big=team.big_deal_from, since=since, today=today, until=until)


def _risks(*, team: int, since: datetime) -> QuerySet[Risk]:
    found = Risk.objects.filter(Q(closed_at=None) | Q(closed_at__gt=since), team=team).select_related("owner")
    return found.order_by(F("closed_at").asc(nulls_first=True), F("exposure").desc(nulls_last=True), "pk")


def _initiatives(*, team: int, since: datetime) -> QuerySet[Initiative]:
    points = JsonRows(InitiativePoint.objects.filter(initiative=OuterRef("pk")), "value")
    found = Initiative.objects.filter(Q(finished_at=None) | Q(finished_at__gt=since), team=team)
    return found.annotate(point_rows=points).order_by("created_at", "pk")


def _issues(*, team: int, since: datetime) -> QuerySet[Issue]:
    found = Issue.objects.filter(Q(solved_at=None) | Q(solved_at__gt=since), team=team)
    return found.select_related("created_by", "deal", "risk", "initiative").order_by(
        "position", "created_at", "pk"
    )


def _commitments(*, team: int, since: datetime, due_from: date) -> QuerySet[Commitment]:
    told = Q(done_at=None, dropped_at=None) | Q(done_at__gt=since) | Q(dropped_at__gt=since)
    found = Commitment.objects.filter(told | Q(due__gte=due_from), team=team)
    return found.select_related("owner", "deal", "risk", "initiative", "issue").order_by("due", "pk")


_RISKS = PreparedModels(_risks, team=int, since=datetime)
_INITIATIVES = PreparedModels(_initiatives, team=int, since=datetime)
_ISSUES = PreparedModels(_issues, team=int, since=datetime)
_COMMITMENTS = PreparedModels(_commitments, team=int, since=datetime, due_from=date)


def risks(team: Team, *, since: datetime) -> list[Risk]:
    """The open ones, and those closed since."""
    return _RISKS.objects(team=team.pk, since=since)


def initiatives(team: Team, *, since: datetime) -> list[Initiative]:
    return _INITIATIVES.objects(team=team.pk, since=since)


def issues(team: Team, *, since: datetime) -> list[Issue]:
    return _ISSUES.objects(team=team.pk, since=since)


def commitments(team: Team, *, since: datetime, due_from: date) -> list[Commitment]:
    """Every open one, those closed since the last meeting, and those due in the weeks that completion counts."""
    return _COMMITMENTS.objects(team=team.pk, since=since, due_from=due_from)
