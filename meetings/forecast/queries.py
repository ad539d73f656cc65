"""What a call is stated from: the deals that can be in its commit, and what was called before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Q

from alignment.models import Team, User
from alignment.rules.periods import Period
from alignment.rules.revenue_kinds import words_of
from deals.committed.third_push import missing_for_commits
from deals.models import Deal
from deals.rules.evidence import NO_FACT
from meetings.agenda.sections.call_queries import CallRead, CallsRead, call_columns
from meetings.agenda.sections.calls import CalledDeal, deals_of, fallen_of, is_of
from meetings.forecast.calls import CallTerms, may_close_in, terms_of, won_in
from meetings.models import Call, Meeting
from meetings.rules.calls import find_call_periods


class Candidate(NamedTuple):
    """An open deal of the team that can close in the period. `forecast` is the CRM’s category."""

    id: int
    name: str
    account: str | None
    amount: Decimal | None
    close_date: date | None
    forecast: str


def candidates_of(
    team: Team, period: Period, *, today: date, known: Collection[int] = ()
) -> tuple[Candidate, ...]:
    """Open deals with a close date in the period, the largest first; while it runs, also those whose day has passed.
    Of the `known` ones, those without a date too.
    """
    closing = may_close_in(period, today=today)
    deals = Deal.objects.open().filter(closing | Q(pk__in=known, close_date=None), team=team)
    rows = deals.order_by(F("amount").desc(nulls_last=True), "pk")
    return tuple(
        Candidate(*row)
        for row in rows.values_list("pk", "name", "account__name", "amount", "close_date", "forecast")
    )


@dataclass(frozen=True, slots=True)
class CallDraft:
    """The call of one period for one meeting, as its form begins: as it was stated, as it stood last, or proposed.

    `version` is the number of the call of this meeting; 0 before the first. `by` stated it.
    """

    team: Team
    today: date
    period: Period
    won: Decimal
    candidates: tuple[Candidate, ...]
    terms: CallTerms | None
    proposed: frozenset[int]
    participle: str
    """How the revenue that counts is worded: "won", "invoiced"."""
    fallen: tuple[tuple[CalledDeal, str], ...] = ()
    """Deals of the call that stood before this meeting that cannot be in this one, each with why."""
    is_typed: bool = False
    """Whether the commit is another total than what was won and its deals added up to."""
    version: int = 0
    changed_at: datetime | None = None
    last_editor: User | None = None

    @property
    def fallen_key(self) -> str:
        """Their numbers, as a form carries them: without which deals somebody confirms the same total."""
        return ",".join(str(deal.id) for deal, _ in self.fallen)

    @property
    def deals(self) -> frozenset[int]:
        return self.terms.deals if self.terms else self.proposed

    def total_of(self, deals: Collection[int]) -> Decimal:
        """Won so far and these deals."""
        amounts = (row.amount or Decimal(0) for row in self.candidates if row.id in deals)
        return self.won + sum(amounts, Decimal(0))

    def missing_for(self, deals: Collection[int]) -> Iterator[tuple[Candidate, tuple[str, ...]]]:
        """Each of these deals that needs more to be in the commit, with what it needs; a fact that was given in the
        call of this meeting is one.
        """
        given = {deal for deal, _ in self.terms.facts} if self.terms else set()
        missing = missing_for_commits(deals, self.team, today=self.today)
        for row in self.candidates:
            needs = [need for need in missing.get(row.id, ()) if need != NO_FACT or row.id not in given]
            if needs:
                yield row, tuple(needs)


def read_calls(meeting: Meeting, *, today: date) -> CallsRead:
    columns = call_columns(meeting, today)
    row = Team.objects.filter(pk=meeting.team_id).order_by().annotate(**columns).values_list(*columns).get()
    return CallsRead(*row)


def periods_of(team: Team, read: CallsRead, *, today: date) -> tuple[Period, ...]:
    return find_call_periods(
        today,
        kind=team.call_period,
        first_month=team.company.fiscal_year_start,
        earlier=read.called_days,
    )


def read_draft(meeting: Meeting, start: str, *, now: datetime) -> CallDraft | None:
    """The draft of the period that begins on this day; None where it is not called now."""
    team, today = meeting.team, meeting.team.today(now)
    read = read_calls(meeting, today=today)
    periods = {period.start.isoformat(): period for period in periods_of(team, read, today=today)}
    period = periods.get(start) or (next(iter(periods.values())) if not start else None)
    if period is None:
        return None
    calls = [call for call in read.calls if is_of(call, period)]
    last = calls[0] if calls else None
    is_stated = last is not None and last.meeting == meeting.pk
    in_last = frozenset(deal.deal for deal in read.deals if last and deal.call == last.pk)
    candidates = candidates_of(team, period, today=today, known=in_last)
    possible = {row.id for row in candidates}
    return CallDraft(
        team=team,
        today=today,
        period=period,
        won=won_in(team, period, today=today),
        candidates=candidates,
        terms=_terms_of(last, read, possible, is_stated=is_stated) if last else None,
        is_typed=last is not None and last.commit != _sum_of(last, read),
        proposed=frozenset(row.id for row in candidates if row.forecast == Deal.Forecast.COMMIT),
        participle=words_of(team.revenue_kind).participle,
        fallen=fallen_of(deals_of(last, read), period.end) if last and not is_stated else (),
        version=last.number if last and is_stated else 0,
        changed_at=last.at if last else None,
    )


def _terms_of(call: CallRead, read: CallsRead, possible: Collection[int], *, is_stated: bool) -> CallTerms:
    """With the facts of this meeting alone: those of an earlier one stand with the deals that it committed."""
    rows = [row for row in read.deals if row.call == call.pk and row.deal in possible]
    facts = frozenset((row.deal, row.fact) for row in rows if row.fact and is_stated)
    return CallTerms(call.commit, call.best_case, frozenset(row.deal for row in rows), facts)


def _sum_of(call: CallRead, read: CallsRead) -> Decimal:
    """What was won and the deals of a call add up to, as they were when it was stated."""
    return sum((deal.amount or Decimal(0) for deal in read.deals if deal.call == call.pk), call.won)


def draft_of(draft: CallDraft, call: Call) -> CallDraft:
    """The same draft with what is stored now."""
    terms, possible = terms_of(call), {row.id for row in draft.candidates}
    return replace(
        draft,
        terms=replace(terms, deals=terms.deals & possible),
        is_typed=True,
        version=call.number,
        changed_at=call.at,
        last_editor=call.by,
    )
