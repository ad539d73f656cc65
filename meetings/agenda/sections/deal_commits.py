"""What the agenda says of a deal in the commit: when it was committed, for what, and why it will close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypedDict

from alignment.rules.periods import period_between
from alignment.rules.roles import Role, Side
from deals.models import Deal
from deals.rules.evidence import (
    FACTS,
    SHORT_LABELS,
    EvidenceKind,
    can_close_in_time,
    current_commit,
    is_fresh,
    is_needed,
    is_standing,
    last_slip,
)
from meetings.agenda.context import BuildContext
from meetings.agenda.sections.deal_queries import AnswerRead, CommitRead
from meetings.rules.rep_plans import NOBODY as NO_READER


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedFacts:
    """The deal in the commit of `period`, as it was committed. `slips`: periods before that it did not make.

    `needs_evidence`: the leader has to say why it will close; `was_answered`: that was done since the last meeting.
    """

    period: str
    on: date
    amount: Decimal | None
    left_on: date | None = None
    slips: int = 0
    facts: int = 0
    fact_kinds: tuple[str, ...] = ()  # which; older records only say how many
    is_standing: bool = False
    needs_evidence: bool = False
    was_answered: bool = False
    readers: tuple[int, ...] = ()
    """Until the meeting starts for which it was committed, the ids of the only ones who may read it; then empty."""

    @property
    def facts_in_words(self) -> str:
        return ", ".join(SHORT_LABELS[EvidenceKind(kind)] for kind in self.fact_kinds)


class DealCommit(TypedDict):
    """What a row says of it; `committed_before` is what everyone else reads until the meeting starts."""

    committed: CommittedFacts | None
    committed_before: CommittedFacts | None


def commit_of(context: BuildContext, deal: Deal) -> DealCommit:
    """None for a deal that was never committed."""
    rows: list[CommitRead] = deal.commit_rows  # type: ignore[attr-defined]  # annotated
    facts, since = _facts(context, deal, rows), context.commits_hidden_since
    known = [row for row in rows if since is None or row.committed_at < since]
    known = [
        row._replace(left_at=None) if since and row.left_at and row.left_at >= since else row for row in known
    ]
    if facts is None or known == rows:
        return DealCommit(committed=facts, committed_before=None)
    seats = context.team.current_seats
    readers = [seat.user_id for seat in seats if seat.side == Side.LEADER or seat.role == Role.CEO]
    facts = replace(facts, readers=(*readers,) or (NO_READER,))
    return DealCommit(committed=facts, committed_before=_facts(context, deal, known))


def _facts(context: BuildContext, deal: Deal, rows: list[CommitRead]) -> CommittedFacts | None:
    answers: list[AnswerRead] = deal.answer_rows  # type: ignore[attr-defined]  # annotated
    current = current_commit(rows, today=context.today)
    if current is None:
        return None
    team, is_open = context.team, deal.status == Deal.Status.OPEN
    ends = {row.period_end for row in rows}  # once, where a deal that was merged into it was committed too
    slip = last_slip(ends, today=context.today) if is_open else None
    fresh = [row for row in answers if is_fresh(team.today(row.at), slip)]
    stands = is_open and is_standing(current, today=context.today)
    closes_in_time = can_close_in_time(current, deal.close_date, today=context.today)
    needed = is_needed(
        [row.at for row in fresh],
        is_big=team.is_big_deal(current.amount),
        slip=slip,
        requested_at=current.requested_at,
    )
    first_month = team.company.fiscal_year_start
    period = period_between(current.period_start, current.period_end, first_month=first_month)
    return CommittedFacts(
        period=period.label,
        on=current.committed_on,
        amount=current.amount,
        left_on=team.today(current.left_at) if current.left_at else None,
        slips=sum(end < min(context.today, current.period_start) for end in ends) if is_open else 0,
        facts=sum(row.kind in FACTS for row in fresh),
        is_standing=stands,
        fact_kinds=tuple(kind for kind in FACTS if any(row.kind == kind for row in fresh)),
        needs_evidence=stands and needed and closes_in_time,
        was_answered=stands and not needed and any(row.at > context.since for row in fresh),
    )
