"""The first 90 days in a seat: what was handed over, as its new holder and the other of the two may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alignment.access import is_of_the_two
from alignment.models import Seat, Team, User
from alignment.models.teams import Role
from alignment.rows import JsonRows, as_day, rows
from deals.models import Deal, DealChange
from deals.promises import Change, date_is_fiction, pushes
from deals.revenue import Standing
from meetings.agenda import Agenda, build, read
from meetings.agenda.values import Promise
from meetings.models import Meeting

DAYS = 90
MARKS = (30, 60, 90)
MOST_DEALS = 25
NAMES = {Role.CEO: "CEO", Role.LEADER: "sales leader"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the days at which the two look back."""

    number: int
    day: date
    passed: bool


@dataclass(frozen=True, slots=True)
class Tenure:
    """How long somebody has had their seat. Day 1 is the first one."""

    since: date
    today: date

    @property
    def day(self) -> int:
        return (self.today - self.since).days + 1

    @property
    def is_new(self) -> bool:
        return self.day <= DAYS

    @property
    def marks(self) -> tuple[Mark, ...]:
        days = ((number, self.since + timedelta(days=number - 1)) for number in MARKS)
        return tuple(Mark(number, day, day < self.today) for number, day in days)


@dataclass(frozen=True, slots=True)
class DealLine:
    """An open deal as it was handed over: how often its date was pushed."""

    id: int
    name: str
    account: str
    amount: Decimal
    close_date: date | None
    pushes: int
    is_fiction: bool


@dataclass(frozen=True, slots=True)
class FirstDays:
    """`left`: commitments of people who are none of the two any more; `theirs`: of the two."""

    team: Team
    seat: Seat
    before: Seat | None
    tenure: Tenure
    agenda: Agenda | None
    deals: tuple[DealLine, ...]
    more_deals: int
    left: tuple[Promise, ...]
    theirs: tuple[Promise, ...]

    @property
    def spans(self) -> tuple[tuple[str, Standing], ...]:
        if self.agenda is None:
            return ()
        figures = self.agenda.revenue.figures
        return ("This quarter", figures.quarter), ("This year", figures.year)

    @property
    def role(self) -> str:
        return NAMES[Role(self.seat.role)]


def first_days(team: Team, reader: User, now: datetime) -> FirstDays | None:
    """Of whoever of the two is new; of the reader, if both are or nobody is. None without such a seat."""
    today = team.today(now)
    seat = newest(team.current_seats, reader.pk, today)
    if seat is None:
        return None
    agenda = _agenda(team, reader, now)
    deals = [_deal(row, team) for row in _open_deals(team)]
    promises = [promise for promise in agenda.promises if promise.is_open] if agenda else []
    two = {each.user_id for each in team.current_seats if is_of_the_two(each)}
    return FirstDays(
        team=team, seat=seat, before=_before(team, seat), tenure=Tenure(seat.since, today), agenda=agenda,
        deals=tuple(deals[:MOST_DEALS]), more_deals=max(0, len(deals) - MOST_DEALS),
        left=tuple(promise for promise in promises if promise.owner.id not in two),
        theirs=tuple(promise for promise in promises if promise.owner.id in two),
    )  # fmt: skip


def newest(seats: Iterable[Seat], reader: int, today: date) -> Seat | None:
    """Whose first days these are. Pure."""
    two = [seat for seat in seats if is_of_the_two(seat)]
    order = sorted(
        two, key=lambda seat: (Tenure(seat.since, today).is_new, seat.user_id == reader, seat.since)
    )
    return order[-1] if order else None


def newly_seated(user: User, teams: Iterable[int], now: datetime) -> QuerySet[Seat, Any]:
    """The user's seats as one of the two, of these teams, taken from somebody else within 90 days."""
    since = (now - timedelta(days=DAYS)).date()
    earlier = Seat.objects.filter(team=OuterRef("team"), role=OuterRef("role"), until__lt=OuterRef("since"))
    mine = Seat.objects.current().filter(
        Exists(earlier.exclude(user=user)), user=user, team__in=teams, role__in=(Role.CEO, Role.LEADER), since__gt=since
    )  # fmt: skip
    return mine.select_related("team")


def _before(team: Team, seat: Seat) -> Seat | None:
    held = Seat.objects.filter(team=team, role=seat.role, until__isnull=False).exclude(user=seat.user_id)
    return held.select_related("user").order_by("-until", "-pk").first()


def _agenda(team: Team, reader: User, now: datetime) -> Agenda | None:
    """Of the next meeting; without one, of the last."""
    near = Meeting.objects.ahead().filter(team=team) or Meeting.objects.over().filter(team=team)[:1]
    nearest = next(iter(near), None)
    return build(read.pages().get(pk=nearest.pk), reader, now) if nearest else None


def _open_deals(team: Team) -> QuerySet[Deal, Any]:
    changes = JsonRows(DealChange.objects.filter(deal=OuterRef("pk")), "field", "old", "new", "day", "reason")
    found = Deal.objects.open().filter(
        Q(amount__gte=team.mid_deal_from) | Q(pinned_at__isnull=False), team=team
    )
    return found.select_related("account").annotate(change_rows=changes).order_by(F("amount").desc(), "pk")


def _deal(deal: Any, team: Team) -> DealLine:
    told = [
        Change(name, old, new, as_day(day) or date.min, reason)
        for name, old, new, day, reason in rows(deal.change_rows)
    ]
    pushed = [push for push in pushes(told, first_month=team.company.fiscal_year_start) if push.counts]
    return DealLine(
        id=deal.pk, name=deal.name, account=deal.account.name if deal.account else "", amount=deal.amount,
        close_date=deal.close_date, pushes=len(pushed), is_fiction=date_is_fiction(pushed),
    )  # fmt: skip
