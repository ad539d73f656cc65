"""What the CEO expects of a period: taken from the deals of the commit, or typed. Nobody notices that it was given:
no revision goes up and no line is written anywhere else until it is revealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from alignment.models import User, VersionConflict
from alignment.rules.periods import Period
from alignment.rules.revenue_kinds import words_of
from alignment.rules.roles import Role
from meetings.agenda.sections.call_queries import CallRead, CallsRead
from meetings.agenda.sections.calls import CalledDeal, are_both_in, deals_of, is_of
from meetings.forecast.calls import won_in
from meetings.forecast.queries import periods_of, read_calls
from meetings.models import Expectation, Meeting, Struck, TransitionNotAllowed

STARTED = "This meeting is not ahead any more, so your number stays as it was."
REVEALED = "Both numbers are in, so yours stays as it was."


@dataclass(frozen=True, slots=True)
class ExpectationTerms:
    """`typed` is a total of its own; otherwise what is won and the deals that are not struck add up to it."""

    verdicts: Mapping[int, str]
    typed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ExpectationDraft:
    """What a CEO decides on for one period of one meeting. The leader’s totals are not in it."""

    period: Period
    others: tuple[Period, ...]
    won: Decimal
    deals: tuple[CalledDeal, ...]
    called_at: datetime | None
    is_revealed: bool
    participle: str
    """How the revenue that counts is worded: "won", "invoiced"."""
    terms: ExpectationTerms = ExpectationTerms({})
    version: int = 0
    changed_at: datetime | None = None
    last_editor: User | None = None

    def left(self, verdicts: Mapping[int, str]) -> Decimal:
        """Won so far and the deals that are not struck."""
        amounts = (deal.amount or Decimal(0) for deal in self.deals if not verdicts.get(deal.id))
        return self.won + sum(amounts, Decimal(0))

    def amount_of(self, terms: ExpectationTerms) -> Decimal:
        return self.left(terms.verdicts) if terms.typed is None else terms.typed

    def of(self, row: Expectation) -> ExpectationDraft:
        """The same with what is stored in this row."""
        verdicts = dict(row.struck.values_list("deal", "verdict"))
        terms = ExpectationTerms(verdicts, row.amount if row.is_typed else None)
        return replace(
            self, terms=terms, version=row.version, changed_at=row.changed_at, last_editor=row.last_editor
        )


def read_expectation(meeting: Meeting, start: str, *, user: User, now: datetime) -> ExpectationDraft | None:
    """None where the period is not called now."""
    team, today = meeting.team, meeting.team.today(now)
    read = read_calls(meeting, today=today)
    periods = periods_of(team, read, today=today)
    chosen_start = start or periods[0].start.isoformat()
    period = next((period for period in periods if period.start.isoformat() == chosen_start), None)
    if period is None:
        return None
    call = next((call for call in read.calls if is_of(call, period)), None)
    draft = ExpectationDraft(
        period=period,
        others=tuple(other for other in periods if other != period),
        won=won_in(team, period, today=today),
        deals=_open_deals(read, call, period),
        called_at=call.at if call else None,
        is_revealed=are_both_in(meeting, period, read),
        participle=words_of(team.revenue_kind).participle,
    )
    rows = meeting.expectations.filter(ceo=user, starts_on=period.start, ends_on=period.end)
    row = rows.select_related("ceo").first()
    return draft.of(row) if row else draft


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A period for which the CEO can still give a number or change it; `amount` is the one that is in."""

    period: Period
    amount: Decimal | None


def read_own_numbers(meeting: Meeting, *, user: User, now: datetime) -> tuple[OwnNumber, ...]:
    """For the CEO of a meeting that is ahead. Once both are in, the agenda itself holds what they stated."""
    team = meeting.team
    if not meeting.is_scheduled or team.role_of(user) != Role.CEO:
        return ()
    today = team.today(now)
    read = read_calls(meeting, today=today)
    amounts = {(row.starts_on, row.ends_on): row.amount for row in read.expected if row.ceo == user.pk}
    return tuple(
        OwnNumber(period, amounts.get((period.start, period.end)))
        for period in periods_of(team, read, today=today)
        if not are_both_in(meeting, period, read)
    )


def _open_deals(read: CallsRead, call: CallRead | None, period: Period) -> tuple[CalledDeal, ...]:
    """With the amounts they have today, as the sales leader states them."""
    deals = deals_of(call, read, as_of_now=True) if call is not None else ()
    return tuple(deal for deal in deals if deal.can_close_by(period.end))


@transaction.atomic
def state_expectation(
    meeting: Meeting,
    draft: ExpectationDraft,
    terms: ExpectationTerms,
    *,
    by: User,
    now: datetime,
    version: int,
) -> Expectation:
    """Store the CEO’s number. The same stated again changes nothing. Raises VersionConflict when another window
    stored another one, and TransitionNotAllowed once it is revealed.
    """
    locked = (
        Meeting.objects.select_for_update(of=("self",)).select_related("team__company").get(pk=meeting.pk)
    )
    period, team = draft.period, locked.team
    rows = locked.expectations.filter(starts_on=period.start, ends_on=period.end)
    row = rows.select_related("ceo").first()
    if row is not None and row.ceo_id == by.pk and draft.of(row).terms == terms:
        return row
    if not locked.is_scheduled:
        raise TransitionNotAllowed(STARTED)
    if are_both_in(locked, period, read_calls(locked, today=team.today(now))):
        raise TransitionNotAllowed(REVEALED)
    if row is not None and row.ceo_id == by.pk and version != row.version:
        raise VersionConflict(row)
    return _store(row, locked, draft, terms, by=by, now=now)


def _store(
    row: Expectation | None,
    meeting: Meeting,
    draft: ExpectationDraft,
    terms: ExpectationTerms,
    *,
    by: User,
    now: datetime,
) -> Expectation:
    fields = {
        "ceo": by,
        "leader": meeting.team.holder(Role.LEADER),
        "amount": draft.amount_of(terms),
        "is_typed": terms.typed is not None,
        "changed_at": now,
    }
    period = draft.period
    if row is None:
        row = Expectation.objects.create(
            meeting=meeting, team=meeting.team, starts_on=period.start, ends_on=period.end, **fields
        )
    else:
        row = row.edit(version=row.version, **fields)
        row.struck.all().delete()
    Struck.objects.bulk_create(
        Struck(expectation=row, deal_id=deal.id, verdict=verdict, amount=deal.amount)
        for deal in draft.deals
        if (verdict := terms.verdicts.get(deal.id))
    )
    return row
