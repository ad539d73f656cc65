"""Stating a call, and the deals that its commit commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum

from alignment.models import Team, User, VersionConflict
from alignment.rules.periods import Period, period_between
from alignment.rules.roles import Role
from deals.committed.commit import CommitLine, commit_deals
from deals.committed.evidence import give_evidence
from deals.models import CommittedDeal, Deal, RevenueEntry
from deals.rules.evidence import EvidenceKind
from meetings.models import Call, CallDeal, Meeting, TransitionNotAllowed
from meetings.rules.calls import is_part_of_quarter

STARTED = "This meeting is not ahead any more, so its call stays as it was. Change it when you prepare the next one."


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What is stated for one period: both totals with what is won already, and the open deals of the commit."""

    commit: Decimal
    best_case: Decimal
    deals: frozenset[int]
    facts: frozenset[tuple[int, str]] = frozenset()
    """Of deals that were pushed three times, each with the fact why it will close (deals.rules.evidence.FACTS)."""


def won_in(team: Team, period: Period, *, today: date) -> Decimal:
    """Of the revenue that counts for the team’s goal, up to and including `today`."""
    entries = RevenueEntry.objects.counted().filter(
        team=team, day__range=(period.start, min(period.end, today))
    )
    total: Decimal | None = entries.aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


@transaction.atomic
def state_call(
    meeting: Meeting, period: Period, terms: CallTerms, *, by: User, now: datetime, version: int
) -> Call:
    """State the call of a period for this meeting; `version` is the number of the call that it replaces, 0 for none.

    The same call stated again changes nothing. Raises VersionConflict when another was stated in between, and
    TransitionNotAllowed once the meeting has started. Deals that are not open deals of the team are passed over.
    """
    locked = (
        Meeting.objects.select_for_update(of=("self",)).select_related("team__company").get(pk=meeting.pk)
    )
    calls = locked.calls.filter(starts_on=period.start, ends_on=period.end).select_related("by")
    last = calls.order_by("-number").first()
    terms = _with_earlier_facts(terms, last)
    if last is not None and terms_of(last) == terms:
        return last
    if not locked.is_scheduled:
        raise TransitionNotAllowed(STARTED)
    if last is not None and version != last.number:
        raise VersionConflict(last)
    call = Call.objects.create(
        meeting=locked,
        team=locked.team,
        starts_on=period.start,
        ends_on=period.end,
        is_part_of_quarter=is_part_of_quarter(period, kind=locked.team.call_period),
        number=last.number + 1 if last else 1,
        commit=terms.commit,
        best_case=terms.best_case,
        won=won_in(locked.team, period, today=locked.team.today(now)),
        at=now,
        by=by,
        role=Role.DELEGATE if locked.team.role_of(by) == Role.DELEGATE else Role.LEADER,
    )
    facts = dict(terms.facts)
    CallDeal.objects.bulk_create(
        CallDeal(
            call=call,
            deal=deal,
            amount=deal.amount,
            close_date=deal.close_date,
            fact=facts.get(deal.pk, ""),
        )
        for deal in Deal.objects.open().filter(team=locked.team, pk__in=terms.deals).order_by("pk")
    )
    if locked.submitted_at is not None:
        _commit(call, at=now)
    return call


def terms_of(call: Call) -> CallTerms:
    facts = dict(call.deals.values_list("deal", "fact"))
    return CallTerms(call.commit, call.best_case, frozenset(facts), _known(facts))


def _known(facts: Mapping[int, str]) -> frozenset[tuple[int, str]]:
    return frozenset((deal, fact) for deal, fact in facts.items() if fact)


def _with_earlier_facts(terms: CallTerms, last: Call | None) -> CallTerms:
    """A fact that was given in an earlier call of the meeting stands as long as its deal is in the commit."""
    if last is None:
        return terms
    earlier = dict(terms_of(last).facts)
    standing = {deal: fact for deal, fact in earlier.items() if deal in terms.deals}
    return replace(terms, facts=_known(standing | dict(terms.facts)))


def commit_calls(meeting: Meeting, *, at: datetime) -> None:
    """Freeze the deals of the meeting’s calls: when its preparation is submitted, else when it starts."""
    for call in meeting.calls.last_of_meetings().select_related("team__company", "by"):
        _commit(call, at=at)


@transaction.atomic
def submit_preparation(meeting: Meeting, *, by: User, now: datetime, missing: int = 0) -> None:
    """Submit the preparation, and freeze the commit that was stated in it. Again changes nothing.

    Raises TransitionNotAllowed like Meeting.submit_preparation.
    """
    was_submitted = meeting.submitted_at is not None
    meeting.submit_preparation(by=by, now=now, missing=missing)
    if not was_submitted:
        commit_calls(meeting, at=now)


def _commit(call: Call, *, at: datetime) -> None:
    """Deals of an earlier commit that were decided since stay in it: nobody took them out."""
    team = call.team
    period = period_between(call.starts_on, call.ends_on, first_month=team.company.fiscal_year_start)
    decided = CommittedDeal.objects.standing().filter(
        team=team, period_start=period.start, period_end=period.end
    )
    decided = decided.exclude(deal__status=Deal.Status.OPEN)
    decided_lines = [CommitLine(*row) for row in decided.values_list("deal", "amount", "close_date")]
    lines = [*_lines_now(call, period, today=team.today(at)), *decided_lines]
    commit_deals(team, period, lines, leader=team.holder(Role.LEADER), at=at)
    _give_facts(call, period)


def _give_facts(call: Call, period: Period) -> None:
    """What was said in the call of a deal that was pushed three times stands with the deal, now that it is committed.
    Those of a person who was forgotten since go with them.
    """
    facts = dict(call.deals.exclude(fact="").values_list("deal", "fact"))
    if not facts or call.by is None:
        return
    committed = CommittedDeal.objects.standing().filter(
        team=call.team, period_start=period.start, period_end=period.end, deal__in=facts
    )
    for row in committed:
        kind = EvidenceKind(facts[row.deal_id])
        day = call.team.today(call.at)
        give_evidence(row, [kind], day=day, contact=None, words="", by=call.by, now=call.at)


def _lines_now(call: Call, period: Period, *, today: date) -> list[CommitLine]:
    """The deals of the call as they are now. Between the statement and the submission a deal may have been lost,
    withdrawn, pushed out of the period or gone to another team: nobody commits that one.
    """
    is_open = Q(may_close_in(period, today=today) | Q(close_date=None), status=Deal.Status.OPEN)
    won = Q(Q(close_date__range=(period.start, period.end)) | Q(close_date=None), status=Deal.Status.WON)
    deals = Deal.objects.filter(is_open | won, pk__in=call.deals.values("deal"), team=call.team_id)
    return [CommitLine(*row) for row in deals.order_by("pk").values_list("pk", "amount", "close_date")]


def may_close_in(period: Period, *, today: date) -> Q:
    """Deals with a close date in the period; while it runs, also those whose day has passed."""
    closing = Q(close_date__lte=period.end)
    return closing & Q(close_date__gte=period.start) if period.start > today else closing
