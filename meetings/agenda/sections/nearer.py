"""At the first meeting after a period has ended: whose number was nearer, for the two alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from alignment.db.json_aggregation import JsonRows
from alignment.rules.periods import Period, period_between
from alignment.rules.roles import Role
from meetings.agenda.context import BuildContext
from meetings.agenda.values import NOBODY, Person
from meetings.models import Call, Expectation
from meetings.rules.calls import Nearer, call_when_both_in, who_was_nearer


class EndedNumberRead(NamedTuple):
    """The last number of the CEO for a period that has ended, with the meeting before which it was given."""

    starts_on: date
    ends_on: date
    amount: Decimal
    changed_at: datetime
    ceo: int
    ceo_name: str
    leader: int | None
    leader_name: str | None
    meeting: int
    met_at: datetime
    submitted_at: datetime | None


class EndedCallRead(NamedTuple):
    meeting: int
    starts_on: date
    ends_on: date
    commit: Decimal
    at: datetime


def nearer_columns(context: BuildContext) -> dict[str, JsonRows]:
    """Columns of the team’s query: of the periods that ended since the last meeting the CEO’s last number, and the
    calls up to that meeting, the oldest first.
    """
    ended = Q(team=context.team, ends_on__gte=context.since_day, ends_on__lt=context.today)
    same_period = {
        "team": OuterRef("team"),
        "starts_on": OuterRef("starts_on"),
        "ends_on": OuterRef("ends_on"),
    }
    took_place = Expectation.objects.exclude(meeting__started_at=None)
    later = took_place.filter(**same_period, meeting__starts_at__gt=OuterRef("meeting__starts_at"))
    numbers = took_place.filter(ended, ~Exists(later)).order_by("starts_on", "ends_on")
    calls = Call.objects.filter(ended).exclude(meeting__started_at=None)
    return {
        "ended_number_rows": JsonRows(
            numbers,
            into=EndedNumberRead,
            ceo_name="ceo__name",
            leader_name="leader__name",
            met_at="meeting__starts_at",
            submitted_at="meeting__submitted_at",
        ),
        "ended_call_rows": JsonRows(
            calls.order_by("meeting__starts_at", "meeting", "number"), into=EndedCallRead
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class NearerRow:
    """What each of the two had said of a period that has ended, and what came; on their screens only."""

    label: str
    actual: Decimal
    on: date  # of the meeting for which both gave a number
    leader: Person
    commit: Decimal
    ceo: Person
    amount: Decimal
    nearer: str  # of Nearer
    pair_only: bool = True
    readers: tuple[int, ...] = ()

    @property
    def verdict(self) -> str:
        if self.nearer == Nearer.BOTH:
            return "Both were equally near"
        person = self.ceo if self.nearer == Nearer.CEO else self.leader
        return f"{person.first_name} was nearer"


def build_nearer(
    context: BuildContext,
    numbers: Sequence[EndedNumberRead],
    calls: Sequence[EndedCallRead],
    actuals: Mapping[date, Decimal],
) -> tuple[NearerRow, ...]:
    """A row for each period that ended since the last meeting, where both had given a number."""
    first_month = context.team.company.fiscal_year_start
    rows = []
    for number in numbers:
        commit = _commit_beside(number, calls)
        if commit is None:
            continue
        period = period_between(number.starts_on, number.ends_on, first_month=first_month)
        actual = sum((amount for day, amount in actuals.items() if period.contains(day)), Decimal(0))
        rows.append(_row(context, number, period, commit=commit, actual=actual))
    return tuple(rows)


def _row(
    context: BuildContext, number: EndedNumberRead, period: Period, *, commit: Decimal, actual: Decimal
) -> NearerRow:
    return NearerRow(
        label=period.label,
        actual=actual,
        on=context.day(number.met_at),
        leader=Person(number.leader or 0, number.leader_name or NOBODY.name, Role.LEADER),
        commit=commit,
        ceo=Person(number.ceo, number.ceo_name, Role.CEO),
        amount=number.amount,
        nearer=str(who_was_nearer(leader=commit, ceo=number.amount, actual=actual)),
        readers=tuple(user for user in (number.ceo, number.leader) if user),
    )


def _commit_beside(number: EndedNumberRead, calls: Sequence[EndedCallRead]) -> Decimal | None:
    """The commit that counted when both numbers were in; where nothing was called for that meeting, the one that still
    stood. None where nothing was called at all.
    """
    days = (number.starts_on, number.ends_on)
    of_period = [call for call in calls if (call.starts_on, call.ends_on) == days]
    own = [call for call in of_period if call.meeting == number.meeting]
    counted = call_when_both_in(own, submitted_at=number.submitted_at, expected_at=number.changed_at)
    if counted is not None:
        return counted.commit
    stood = [call for call in of_period if call.at <= number.met_at]
    return stood[-1].commit if stood else None
