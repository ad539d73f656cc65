"""What the changes of a team are reckoned from: its deals and their changes, its revenue and its goals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from alignment.db.json_aggregation import JsonRows
from alignment.db.named_rows import named_rows
from alignment.models import Goal, Holiday, Team
from alignment.models.goals import GoalChange
from alignment.rules.periods import Period
from deals.models import Deal, DealChange, RevenueEntry
from deals.rules.known_deals import UNDONE, DealEvent, DealHistory, KnownDeal, histories
from deals.rules.still_to_win import Booking, GoalEvent, StillToWin, still_to_win


class _DealRow(NamedTuple):
    pk: int
    team_id: int
    status: str
    amount: Decimal | None
    close_date: date | None
    created_at: datetime
    name: str
    opened_on: date | None

    @property
    def known(self) -> KnownDeal:
        return KnownDeal(self.pk, self.team_id, self.status, self.amount, self.close_date, self.created_at)


class KnownDeals(NamedTuple):
    """`names` and `opened` by the deals' numbers; `opened` is the day that the CRM or a person says."""

    histories: list[DealHistory]
    names: dict[int, str]
    opened: dict[int, date]


def read_deals(team: Team, period: Period, *, since: datetime) -> KnownDeals:
    """Two queries: the deals that the team has or had since then, with a close date in the period now or since then,
    and what changed of them since. One that was closed and did not change since is left out.
    """
    left = DealChange.objects.standing().filter(from_team=team, at__gt=since).values("deal")
    days = (period.start.isoformat(), period.end.isoformat())
    moved = (
        DealChange.objects.standing().filter(field="close_date", at__gt=since, old__range=days).values("deal")
    )
    deals = Deal.objects.filter(
        Q(team=team) | Q(pk__in=left),
        Q(status=Deal.Status.OPEN) | Q(changed_at__gt=since),
        Q(close_date__range=(period.start, period.end)) | Q(pk__in=moved),
    ).order_by()
    rows = list(named_rows(deals, into=_DealRow))
    changes = DealChange.objects.standing().filter(
        deal__in=[row.pk for row in rows], field__in=UNDONE, at__gt=since
    )
    events = named_rows(
        changes.order_by("at", "pk"), into=DealEvent, deal="deal_id", from_team="from_team_id"
    )
    return KnownDeals(
        histories((row.known for row in rows), list(events)),
        {row.pk: row.name for row in rows},
        {row.pk: row.opened_on for row in rows if row.opened_on},
    )


class _GoalRead(NamedTuple):
    month: date
    amount: Decimal


class _DayRead(NamedTuple):
    day: date


class _MoneyRead(NamedTuple):
    goals: list[_GoalRead]
    goal_changes: list[GoalEvent]
    bookings: list[Booking]
    first: list[_DayRead]
    holidays: list[_DayRead]


def read_still_to_win(
    team: Team, period: Period, *, today: date, start: datetime, end: datetime
) -> StillToWin | None:
    """One query, whatever the number of entries."""
    months = (period.start, period.end)
    entries = RevenueEntry.objects.filter(team=team, kind=team.revenue_kind).order_by()
    booked = entries.filter(Q(day__range=months) | Q(corrects__day__range=months))
    changes = GoalChange.objects.filter(team=team, month__range=months, at__gt=start).order_by("at", "pk")
    holidays = Holiday.objects.filter(company=team.company_id, day__range=months).order_by()
    columns = {
        "goal_rows": JsonRows(Goal.objects.filter(team=team, month__range=months).order_by(), into=_GoalRead),
        "change_rows": JsonRows(changes, into=GoalEvent),
        "booking_rows": JsonRows(
            booked, into=Booking, corrected_day="corrects__day", corrected_amount="corrects__amount"
        ),
        "first_rows": JsonRows(entries.order_by("day")[:1], into=_DayRead),
        "holiday_rows": JsonRows(holidays, into=_DayRead),
    }
    rows = Team.objects.filter(pk=team.pk).order_by().annotate(**columns).values_list(*columns)
    money = _MoneyRead(*rows.get())
    return still_to_win(
        period,
        today=today,
        goals={goal.month: goal.amount for goal in money.goals},
        goal_changes=money.goal_changes,
        bookings=money.bookings,
        holidays={row.day for row in money.holidays},
        data_from=min([team.starts_on, *(row.day for row in money.first)]),
        start=start,
        end=end,
    )


def start_of(day: date, team: Team) -> datetime:
    """The last moment before that day in the team's zone: what is learned on the day itself comes after it."""
    return datetime(day.year, day.month, day.day, tzinfo=team.zone) - timedelta(microseconds=1)
