"""What the first meeting after a period's end says of its commit: how much was won, and what came from outside."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from alignment.models import Team
from deals.committed.ended_periods import EndedPeriod
from deals.committed.queries import period_key
from deals.rules.commits import Share, point_apart
from meetings.agenda.section import ExceptionLine


def hit_rate_lines(team: Team, ended: Iterator[EndedPeriod]) -> Iterator[ExceptionLine]:
    """A line a period; it ranks by the money that was decided. In per cent as on its page: not below ten deals."""
    for row in ended:
        hit, outside = row.rate.share, row.outside.share
        if not hit.whole.number and not outside.whole.number:
            continue
        clauses = (_of_commit(hit), _from_outside(outside))
        too_little = ": too little was committed" if point_apart(hit, outside) else ""
        yield ExceptionLine(
            text=f"{row.period.label} is over: {'; '.join(filter(None, clauses))}{too_little}",
            path=f"{reverse('deals:team_committed', args=(team.slug,))}?period={period_key(row.period)}",
            money=max(hit.whole.amount, outside.whole.amount),
        )


def _of_commit(hit: Share) -> str:
    if not hit.whole.number:
        return "no deal was committed two weeks ahead"
    deals = f"{hit.part.number} of {hit.whole.number} committed deals won{_per_cent(hit.by_count)}"
    if not hit.whole.amount:
        return deals
    return f"{deals}, {{{hit.part.amount}}} of {{{hit.whole.amount}}}{_per_cent(hit.by_amount)}"


def _from_outside(outside: Share) -> str:
    if not outside.whole.number:
        return ""
    return f"{outside.part.number} of {outside.whole.number} wins from outside{_per_cent(outside.by_count)}"


def _per_cent(rate: int | None) -> str:
    return "" if rate is None else f" ({rate}%)"
