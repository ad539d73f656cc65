"""Put deals into the commit for a period, as they are on the day the preparation is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from alignment.models import Team, User
from alignment.rules.periods import Period
from deals.models import CommittedDeal, Deal
from deals.rules.mix import Bands


class CommitLine(NamedTuple):
    """A deal of the commit, with the amount and the close date that the leader stands behind."""

    deal_id: int
    amount: Decimal | None
    close_date: date | None


@transaction.atomic
def commit_deals(
    team: Team, period: Period, deals: Iterable[CommitLine], *, leader: User | None, at: datetime
) -> None:
    """The commit of the period is these deals, from `at` on. The same commit sent twice changes nothing.

    A deal stays as it was committed first. One that is not among them any more has left the commit; one that returns
    has not. Deals of another team are passed over. A fixed number of statements.
    """
    lines = {line.deal_id: line for line in deals}
    reps = dict(Deal.objects.filter(team=team, pk__in=lines).values_list("pk", "rep"))
    rows = CommittedDeal.objects.filter(team=team, period_start=period.start, period_end=period.end)
    CommittedDeal.objects.bulk_create(
        _new_rows(team, period, [lines[pk] for pk in sorted(reps)], reps=reps, leader=leader, at=at),
        ignore_conflicts=True,
    )
    rows.filter(deal__in=reps).exclude(left_at=None).update(left_at=None)
    rows.standing().exclude(deal__in=reps).update(left_at=at)


def _new_rows(
    team: Team,
    period: Period,
    lines: Iterable[CommitLine],
    *,
    reps: Mapping[int, int | None],
    leader: User | None,
    at: datetime,
) -> Iterable[CommittedDeal]:
    bands = Bands(team.mid_deal_from, team.big_deal_from)
    for line in lines:
        yield CommittedDeal(
            deal_id=line.deal_id,
            team=team,
            period_start=period.start,
            period_end=period.end,
            amount=line.amount,
            close_date=line.close_date,
            committed_at=at,
            committed_on=team.today(at),
            leader=leader,
            rep_id=reps[line.deal_id],
            band=bands.band_of(line.amount) if line.amount else "",
        )
