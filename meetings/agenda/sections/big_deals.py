"""Big deals: won, about to close, lost or pushed out since the last meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.formatting import counted
from alignment.rules.money import compact
from deals.models import Deal, DealChange
from deals.rules.changes import Change
from deals.rules.movement import Movement, movement
from deals.rules.slips import is_date_unreliable, pushes, stated_dates
from meetings.agenda.context import BuildContext
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import Check, Mark
from meetings.models import Section

MOST_DEALS = 60
"""The most deals that one agenda shows."""
NEAR = timedelta(days=14)
"""A deal that closes within this time after the meeting is about to close."""
TIMES = {2: ", second time", 3: ", third time", 4: ", fourth time", 5: ", fifth time"}


class ChangeRead(NamedTuple):
    field: str
    old: str
    new: str
    day: date
    reason: str
    at: datetime


def is_recorded_since(since: datetime, since_day: date) -> Q:
    """Changes recorded after the last meeting was closed: `_is_fresh` in SQL."""
    return Q(day__gt=since_day) | Q(day=since_day, at__gt=since)


def is_closed_since(since: datetime, since_day: date, today: date) -> Q:
    """Deals won or lost after the last meeting was closed, or whose outcome was recorded after it."""
    outcomes = DealChange.objects.filter(
        is_recorded_since(since, since_day), deal=OuterRef("pk"), field="status", day__lte=today
    )
    entered_on_that_day = Q(close_date=since_day, created_at__gt=since)
    news = Q(close_date__gt=since_day) | entered_on_that_day | Exists(outcomes)
    return news & Q(status__in=(Deal.Status.WON, Deal.Status.LOST), close_date__lte=today)


def big_deals_of(team: Team, *, since: datetime, since_day: date, today: date, until: date) -> QuerySet[Deal]:
    """Big or pinned deals closed since the last meeting,
    closing by `until`, moved or added since, each with its changes as `change_rows`.
    """
    big = Q(amount__gte=team.big_deal_from) | Q(pinned_at__isnull=False)
    moved = DealChange.objects.filter(
        is_recorded_since(since, since_day),
        deal__team=team,
        day__lte=today,
        field__in=("close_date", "amount", "status"),
    )
    added = Q(created_at__gt=since, external_id="")  # by a person: an import may bring hundreds
    coming = Q(status="open") & (
        Q(close_date__lte=until) | Q(pinned_at__isnull=False) | Q(pk__in=moved.values("deal")) | added
    )
    changes = DealChange.objects.filter(deal=OuterRef("pk"))
    return (
        Deal.objects.filter(big, is_closed_since(since, since_day, today) | coming, team=team)
        .select_related("account")
        .annotate(change_rows=JsonRows(changes, into=ChangeRead))
        .order_by(F("close_date").asc(nulls_last=True), "pk")[:MOST_DEALS]
    )


def small_wins_of(team: Team, *, since: datetime, since_day: date, today: date) -> tuple[Decimal, int]:
    """Deals won since the last meeting that are not listed one by one: their total and their number."""
    wins = Deal.objects.filter(
        is_closed_since(since, since_day, today),
        team=team,
        status=Deal.Status.WON,
        amount__lt=team.big_deal_from,
        pinned_at=None,
    )
    sums = wins.aggregate(amount=Sum("amount"), number=Count("pk"))
    return sums["amount"] or Decimal(0), sums["number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow(Row):
    account: str
    owner: str
    stage: str
    status: str
    amount: Decimal | None
    close_date: date | None
    pinned: bool
    capacity_what: str
    capacity_by: date | None
    capacity_who: str
    kinds: tuple[str, ...]  # of Movement
    trail: tuple[date, ...]
    pushes: int
    date_is_fiction: bool
    push_reason: str

    key = "deal"

    @property
    def needs_capacity(self) -> bool:
        return self.status == "won" and not self.capacity_what

    @property
    def needs_reason(self) -> bool:
        return "pushed_out" in self.kinds and not self.push_reason and self.leader_words is None

    @property
    def needs(self) -> str:
        if self.needs_capacity:
            return "capacity"
        return "why it was pushed" if self.needs_reason else ""

    @property
    def other_marks(self) -> tuple[Mark, ...]:
        """The marks that say more than its status."""
        return tuple(mark for mark in self.marks if mark.text != self.status)

    @property
    def money(self) -> Decimal:
        return self.amount or Decimal(0)

    def is_near(self, until: date) -> bool:
        return self.pinned or (self.close_date is not None and self.close_date <= until)


def deal_row(context: BuildContext, deal: Deal) -> DealRow:
    recorded: list[ChangeRead] = deal.change_rows  # type: ignore[attr-defined]  # annotated
    read = [row for row in recorded if row.day <= context.today]
    changes = [_change(row) for row in read]
    fresh = [_change(row) for row in read if _is_fresh(context, row)]
    movement = _movement(context, deal, fresh)
    first_month = context.team.company.fiscal_year_start
    counting = [push for push in pushes(changes, first_month=first_month) if push.counts]
    fiction = deal.status == Deal.Status.OPEN and is_date_unreliable(counting)
    marks = _marks(deal, movement, len(counting), context.team.currency, fiction=fiction)
    return DealRow(
        id=deal.pk,
        title=deal.name,
        version=deal.version,
        account=deal.account.name if deal.account else "",
        owner=deal.owner,
        stage=deal.stage,
        status=deal.status,
        amount=deal.amount,
        close_date=deal.close_date,
        pinned=deal.pinned_at is not None,
        capacity_what=deal.capacity_what,
        capacity_by=deal.capacity_by,
        capacity_who=deal.capacity_who,
        kinds=tuple(str(kind) for kind in movement.kinds),
        trail=stated_dates(changes, current=deal.close_date),
        pushes=len(counting),
        date_is_fiction=fiction,
        push_reason=_push_reason(fresh),
        marks=tuple(marks),
        **context.discussion_of(f"deal-{deal.pk}"),
    )


def _change(row: ChangeRead) -> Change:
    return Change(row.field, row.old, row.new, row.day, row.reason)


def _is_fresh(context: BuildContext, row: ChangeRead) -> bool:
    """Whether it was recorded after the last meeting."""
    return row.day > context.since_day or (row.day == context.since_day and row.at > context.since)


def _movement(context: BuildContext, deal: Deal, fresh: Iterable[Change]) -> Movement:
    is_new = context.since < deal.created_at <= context.now and not context.is_first
    created_on = context.today if is_new else None
    return movement(fresh, since=context.since_day - timedelta(days=1), created_on=created_on)


def _push_reason(fresh: list[Change]) -> str:
    reasons = (change.reason for change in reversed(fresh) if change.field == "close_date" and change.reason)
    return next(reasons, "")


def _marks(deal: Deal, movement: Movement, pushes: int, currency: str, *, fiction: bool) -> Iterator[Mark]:
    """What happened to a deal since the last meeting, in words."""
    kinds = movement.kinds
    if deal.status == Deal.Status.WON:
        yield Mark("won", "good")
    elif deal.status == Deal.Status.LOST:
        yield Mark("lost", "bad")
    elif "new" in kinds:
        yield Mark("new")
    if "pushed_out" in kinds:
        yield Mark(f"pushed {span(movement.days)}{_times(pushes)}", "bad")
    if "pulled_in" in kinds:
        yield Mark(f"pulled in {span(-movement.days)}", "good")
    if "amount_up" in kinds or "amount_down" in kinds:
        amount = compact(movement.amount, currency=currency, locale="en", signed=True)
        yield Mark(amount, "good" if movement.amount > 0 else "warn")
    if fiction and "pushed_out" not in kinds:
        yield Mark(f"pushed {pushes} times", "bad")


def span(days: int) -> str:
    """A number of days in words; from two weeks on in weeks."""
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    return f"{round(days / 7)} weeks"


def _times(count: int) -> str:
    return TIMES.get(count, f", {count} times" if count > max(TIMES) else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsSection(AgendaSection):
    won: tuple[DealRow, ...]
    closing: tuple[DealRow, ...]
    gone: tuple[DealRow, ...]  # lost, or no longer near since the last meeting
    small_won: Decimal
    small_won_count: int
    added: tuple[DealRow, ...] = ()  # since the last meeting, not closing soon

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        team, today = context.team, context.today
        until = max(today, context.day(context.meeting.starts_at)) + NEAR
        since, since_day = context.since, context.since_day
        deals = big_deals_of(team, since=since, since_day=since_day, today=today, until=until)
        by_deal = [(deal, deal_row(context, deal)) for deal in deals]
        rows = [row for _, row in by_deal]
        small_won, small_won_count = small_wins_of(team, since=since, since_day=since_day, today=today)
        return cls(
            **context.opening_of(Section.DEALS),
            won=tuple(row for row in rows if row.status == "won"),
            closing=tuple(row for row in rows if row.status == "open" and row.is_near(until)),
            gone=tuple(row for row in rows if _is_gone(row, until)),
            added=tuple(row for deal, row in by_deal if _is_added(deal, row, until, since)),
            small_won=small_won,
            small_won_count=small_won_count,
        )

    @property
    def rows(self) -> tuple[DealRow, ...]:
        return self.won + self.closing + self.added + self.gone

    @property
    def groups(self) -> list[tuple[str, tuple[DealRow, ...]]]:
        """The rows in display order, good news first, without empty groups."""
        named = (
            ("Won", self.won),
            ("Closing within two weeks of the meeting", self.closing),
            ("New, closing later", self.added),
            ("Lost or pushed out", self.gone),
        )
        return [(name, rows) for name, rows in named if rows]

    def checks(self) -> Iterator[Check]:
        for row in self.rows:
            if row.status == "won":
                text = f"Delivery capacity for {row.title}"
                yield Check(self.name, text, not row.needs_capacity, row.anchor)
            elif "pushed_out" in row.kinds:
                yield Check(self.name, f"Why {row.title} was pushed", not row.needs_reason, row.anchor)

    def headline_clause(self) -> str:
        pushed = sum("pushed_out" in row.kinds for row in self.rows)
        lost = sum(row.status == "lost" for row in self.rows)
        won = len(self.won)
        if pushed:
            return f"{counted(pushed, 'big deal')} slipped"
        if lost:
            return f"{counted(lost, 'big deal')} {'was' if lost == 1 else 'were'} lost"
        return f"{counted(won, 'big deal')} {'was' if won == 1 else 'were'} won" if won else ""


def _is_added(deal: Deal, row: DealRow, until: date, since: datetime) -> bool:
    """Entered by a person since the last meeting, open and not near, and not listed for a change."""
    is_new = deal.created_at > since and not deal.external_id and row.status == Deal.Status.OPEN
    return is_new and not row.is_near(until) and not _is_gone(row, until)


def _is_gone(row: DealRow, until: date) -> bool:
    """Lost, or open and no longer near because something about it changed."""
    if row.status == "lost":
        return True
    return row.status == "open" and not row.is_near(until) and bool(set(row.kinds) - {"new"})
