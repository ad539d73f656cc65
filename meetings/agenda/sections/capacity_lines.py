"""What wins take to deliver: on the row of its deal, and where nobody was told one line among the exceptions."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.formatting import day as day_words
from alignment.rules.formatting import number_of
from deals.models import CapacityNeed, Deal
from deals.rules.capacity import SOON, Need, needs_to_tell
from meetings.agenda.section import ExceptionLine, without_braces
from meetings.models import Commitment

MOST_NEEDS = 100
"""The most needs that one agenda looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityLine:
    """What it takes to deliver the deal, and when who must know was told."""

    id: int
    what: str
    needed_by: date | None
    who: str
    informed_at: datetime | None

    @property
    def is_nothing(self) -> bool:
        return self.what == CapacityNeed.NOTHING


class UntoldRead(NamedTuple):
    pk: int
    deal: int
    deal_name: str
    status: str
    amount: Decimal | None
    what: str
    who: str
    needed_by: date | None
    promised_by: date | None


def untold_needs(team: Team, today: date) -> JsonRows:
    """Needs of won deals, and of open ones by a day that is near or over, of which nobody was told."""
    near = Q(deal__status=Deal.Status.OPEN, needed_by__lte=today + SOON)
    needs = CapacityNeed.objects.real().filter(
        Q(deal__status=Deal.Status.WON) | near, deal__team=team, informed_at=None
    )
    promises = Commitment.objects.open().filter(capacity_need=OuterRef("pk"))
    needs = needs.annotate(promised_by=Subquery(promises.values("due")[:1])).order_by("needed_by", "pk")
    return JsonRows(
        needs[:MOST_NEEDS],
        into=UntoldRead,
        pk="id",
        deal_name="deal__name",
        status="deal__status",
        amount="deal__amount",
    )


def capacity_lines(
    team: Team, rows: Sequence[UntoldRead], *, listed: Container[int], today: date
) -> Iterator[ExceptionLine]:
    """The need that is due first, and how many others are. What is not late yet of a deal that the section lists as won
    is told there: `listed` are these deals.
    """
    by_pk = {row.pk: row for row in rows}
    needs = (Need(row.pk, row.status == Deal.Status.WON, row.needed_by, row.promised_by) for row in rows)
    urgent = [
        need
        for need in needs_to_tell(needs, today=today)
        if need.is_late(today) or by_pk[need.pk].deal not in listed
    ]
    if not urgent:
        return
    first, others = urgent[0], len(urgent) - 1
    row, is_late = by_pk[first.pk], first.is_late(today)
    by_day = f", needed by {day_words(row.needed_by)}" if row.needed_by else ""
    more = f"; {number_of(others, 'more need')} to tell" if others else ""
    name = without_braces(f"{row.who or 'Whoever delivers it'} was not told: {row.what} for {row.deal_name}")
    yield ExceptionLine(
        text=f"{name}{by_day}{more}",
        path=reverse("meetings:capacity", args=(team.slug,)),
        money=row.amount or Decimal(0),
        age=(today - row.needed_by).days // 7 if is_late and row.needed_by else 0,
        is_bad=is_late,
    )
