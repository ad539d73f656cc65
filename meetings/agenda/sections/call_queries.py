"""What the forecast call in the revenue section is read from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from deals.committed.third_push import FactRead, MoveRead, PeriodRead, third_push_columns
from deals.models import Deal
from meetings.models import Call, CallDeal, Expectation, Meeting, Struck
from meetings.rules.calls import CalledDays

A_QUARTER = timedelta(days=92)


class CallRead(NamedTuple):
    pk: int
    meeting: int
    team: int
    starts_on: date
    ends_on: date
    is_part_of_quarter: bool
    number: int
    commit: Decimal
    best_case: Decimal
    won: Decimal
    at: datetime
    by: int | None
    name: str | None
    role: str

    @property
    def days(self) -> CalledDays:
        return CalledDays(self.starts_on, self.ends_on, self.is_part_of_quarter)


class OwnCallRead(NamedTuple):
    """One of the calls stated for this meeting."""

    pk: int
    starts_on: date
    ends_on: date
    commit: Decimal
    won: Decimal
    at: datetime


class CallDealRead(NamedTuple):
    call: int
    deal: int
    name: str
    amount: Decimal | None
    status: str
    closes_on: date | None
    team: int
    merged_into: str | None
    amount_now: Decimal | None
    fact: str


class ExpectationRead(NamedTuple):
    pk: int
    starts_on: date
    ends_on: date
    amount: Decimal
    ceo: int
    name: str
    leader: int | None
    changed_at: datetime


class StruckRead(NamedTuple):
    expectation: int
    deal: int
    name: str
    verdict: str
    amount: Decimal | None


class CallsRead(NamedTuple):
    calls: Sequence[CallRead] = ()
    deals: Sequence[CallDealRead] = ()
    expected: Sequence[ExpectationRead] = ()
    struck: Sequence[StruckRead] = ()
    own_calls: Sequence[OwnCallRead] = ()
    """All that were stated for this meeting, in their order."""
    ended_periods: Sequence[CalledDays] = ()
    """Those that were called and ended within the last quarter."""
    moves: Sequence[MoveRead] = ()
    committed_periods: Sequence[PeriodRead] = ()
    facts: Sequence[FactRead] = ()

    @property
    def called_days(self) -> list[CalledDays]:
        """The periods that were called, those that ended lately too."""
        return [*(call.days for call in self.calls), *self.ended_periods]


def call_columns(meeting: Meeting, today: date) -> dict[str, JsonRows]:
    """Columns of the team’s query: calls of the periods that are not over, of this meeting and those before it, the
    newest meeting first; the deals of the last two meetings that have some; and what the CEO expects.
    """
    calls = Call.objects.last_of_meetings().filter(
        Q(meeting=meeting.pk) | Q(meeting__starts_at__lt=meeting.starts_at),
        team=meeting.team_id,
        ends_on__gte=today,
    )
    calls = calls.order_by("-meeting__starts_at", "-meeting")
    newer = Call.objects.filter(
        team=OuterRef("call__team"),
        starts_on=OuterRef("call__starts_on"),
        ends_on=OuterRef("call__ends_on"),
        meeting__starts_at__gt=OuterRef("call__meeting__starts_at"),
        meeting__starts_at__lte=meeting.starts_at,
    )
    last_before = Q(call__in=calls.order_by().values("pk")) & ~Exists(newer.exclude(meeting=meeting.pk))
    deals = CallDeal.objects.filter(Q(call__meeting=meeting.pk) | last_before)
    expected = Expectation.objects.filter(meeting=meeting.pk).order_by("starts_on")
    struck = Struck.objects.filter(expectation__meeting=meeting.pk).order_by("-amount", "pk")
    return {
        "call_rows": JsonRows(calls, into=CallRead, name="by__name"),
        "call_deal_rows": JsonRows(
            deals.order_by("-amount", "pk"),
            into=CallDealRead,
            name="deal__name",
            status="deal__status",
            closes_on="deal__close_date",
            team="deal__team",
            merged_into="deal__merged_into__name",
            amount_now="deal__amount",
        ),
        "expectation_rows": JsonRows(expected, into=ExpectationRead, name="ceo__name"),
        "struck_rows": JsonRows(struck, into=StruckRead, name="deal__name"),
        "own_call_rows": JsonRows(
            Call.objects.filter(meeting=meeting.pk).order_by("number"), into=OwnCallRead
        ),
        "ended_period_rows": JsonRows(_ended_periods(meeting, today), into=CalledDays),
        **third_push_columns(_called_deals(meeting, today), meeting.team),
    }


def _ended_periods(meeting: Meeting, today: date) -> QuerySet[Call, Any]:
    ended = Call.objects.filter(team=meeting.team_id, ends_on__lt=today, ends_on__gte=today - A_QUARTER)
    return ended.order_by().values("starts_on", "ends_on", "is_part_of_quarter").distinct()


def _called_deals(meeting: Meeting, today: date) -> QuerySet[CallDeal, Any]:
    """The numbers of open deals that were in a call of a period that is not over."""
    called = CallDeal.objects.filter(call__team=meeting.team_id, call__ends_on__gte=today)
    return called.filter(deal__status=Deal.Status.OPEN).order_by().values("deal")
