"""Big deals: won, about to close, lost or pushed out since the last meeting."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Self

from alignment.rules.formatting import MONTHS, counted, number_of
from deals.mix.attention import attention_of
from deals.models import Deal
from deals.rules.changes import Change
from deals.rules.movement import Movement, movement
from deals.rules.reasons import kind_in_words
from deals.rules.slips import is_date_unreliable, pushes, stated_dates
from meetings.agenda.context import BuildContext
from meetings.agenda.section import Row, RowsSection, say_count, say_news, without_braces
from meetings.agenda.sections.capacity_lines import CapacityLine
from meetings.agenda.sections.deal_commits import CommittedFacts, commit_of
from meetings.agenda.sections.deal_marks import marks_of
from meetings.agenda.sections.deal_queries import ChangeRead, NeedRead, big_deals_of
from meetings.agenda.sections.mix_lines import mix_lines
from meetings.agenda.sections.revenue_queries import MoneyRead, amount_and_number
from meetings.agenda.values import Ask, Mark, formerly
from meetings.models import Section
from meetings.rules.questions import is_asked_about

NEAR = timedelta(days=14)
"""A deal that closes within this time after the meeting is about to close."""
MOST_EXPLAINED = 3
"""Pushes of which a reason is required at one meeting."""
NEWS = ("won", "lost", "withdrawn", "pushed_out", "pulled_in", "amount_up", "amount_down", "new")
"""What may have happened to a deal, the most telling first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow(Row):
    account: str
    rep: str = field(metadata=formerly("owner"))
    stage: str
    status: str
    amount: Decimal | None
    close_date: date | None
    pinned: bool
    capacity_what: str = ""  # in older records, one need in three texts; now in `capacity`
    capacity_by: date | None = None
    capacity_who: str = ""
    capacity: tuple[CapacityLine, ...] = ()
    kinds: tuple[str, ...]  # of Movement
    trail: tuple[date, ...]
    pushes: int
    date_is_fiction: bool
    push_reason: str  # in words; of a lost deal why it was lost
    won_by: str = ""
    won_line: str = ""
    is_big: bool = True  # by its amount, not only pinned
    meetings_unchanged: int = 0
    push_kind: str = ""  # the kind of that reason, in words
    congratulated: bool = False  # the CEO wrote to whoever won it
    taken_from: str = ""  # the team it came from since the last meeting
    must_explain: bool = True  # if it was pushed: one of the largest of this meeting
    committed: CommittedFacts | None = None
    is_apart: bool = False  # struck by the CEO; set for the two alone, once both numbers are revealed
    committed_before: CommittedFacts | None = None  # until the meeting starts, for who may not read that one

    key = "deal"

    @property
    def name(self) -> str:
        return self.account if self.account and not self._names_account else self.title

    @property
    def kind_words(self) -> str:
        return self.title if self.account and not self._names_account else ""

    @property
    def _names_account(self) -> bool:
        """Whether the deal's own name begins as its account's: “Orbis renewal” of Orbis Logistics."""
        return self.title.casefold().split(" ")[0] == self.account.casefold().split(" ")[0]

    @property
    def news(self) -> str:
        """The one thing that a heading counts it for; empty when nothing of it moved."""
        happened = (self.status, *sorted(self.kinds, key=NEWS.index))
        return next((kind for kind in happened if kind in NEWS), "")

    @property
    def needs_capacity(self) -> bool:
        return self.status == "won" and self.is_big and not (self.capacity or self.capacity_what)

    @property
    def needs_reason(self) -> bool:
        return (
            self.must_explain
            and "pushed_out" in self.kinds
            and not (self.push_reason or self.push_kind)
            and self.leader_words is None
        )

    @property
    def asks(self) -> tuple[Ask, ...]:
        if self.status == "won":
            capacity = Ask("capacity", f"Delivery capacity for {self.title}", not self.needs_capacity)
            return (capacity,) if self.is_big else ()
        if self.status in ("lost", "withdrawn"):
            return ()
        if "pushed_out" in self.kinds and self.must_explain:
            why = Ask("why it was pushed", f"Why {self.title} was pushed", not self.needs_reason)
            return (why, *self._asks_of_commit, *self.asks_of_ceo)
        return (*self._asks_of_commit, *self._asks_after_silence, *self.asks_of_ceo)

    @property
    def _asks_of_commit(self) -> tuple[Ask, ...]:
        committed = self.committed
        if committed is None or not (committed.needs_evidence or committed.was_answered):
            return ()
        return (Ask("why it will close", f"Why {self.title} will close", committed.was_answered),)

    @property
    def can_be_asked_why(self) -> bool:
        """Whether the CEO may ask why it will close: it is in the commit and nobody gave a fact."""
        committed = self.committed
        return bool(committed and committed.is_standing and not (committed.facts or committed.needs_evidence))

    @property
    def _asks_after_silence(self) -> tuple[Ask, ...]:
        spoken = self.was_spoken_of
        if not is_asked_about(self.meetings_unchanged, is_red=self.has_bad_mark, was_spoken_of=spoken):
            return ()
        return (Ask("what is new", f"What is new on {self.title}", self.leader_words is not None),)

    @property
    def other_marks(self) -> tuple[Mark, ...]:
        """The marks that say more than its status."""
        return tuple(mark for mark in self.marks if mark.text != self.status)

    @property
    def money(self) -> Decimal:
        return self.amount or Decimal(0)

    @property
    def stands_first(self) -> bool:
        return self.is_apart

    @property
    def is_exception(self) -> bool:
        return self.is_apart or super(DealRow, self).is_exception

    def readable_by(self, viewer: int) -> Self:
        """Without what was committed lately, for whoever may not read that before the meeting starts."""
        if self.committed is None or not self.committed.readers or viewer in self.committed.readers:
            return self
        return replace(self, committed=self.committed_before)

    def is_near(self, until: date) -> bool:
        return self.pinned or (self.close_date is not None and self.close_date <= until)


def deal_row(context: BuildContext, deal: Deal) -> DealRow:
    recorded: list[ChangeRead] = deal.change_rows  # type: ignore[attr-defined]  # annotated
    needs: list[NeedRead] = deal.need_rows  # type: ignore[attr-defined]  # annotated
    read = [row for row in recorded if row.day <= context.today]
    changes = [_change(row) for row in read]
    fresh = [_change(row) for row in read if _is_fresh(context, row)]
    movement = _movement(context, deal, fresh)
    first_month = context.team.company.fiscal_year_start
    counting = [push for push in pushes(changes, first_month=first_month) if push.counts]
    fiction = deal.status == Deal.Status.OPEN and is_date_unreliable(counting)
    times = (deal.created_at, deal.changed_at, deal.pinned_at, *(row.at for row in read))
    news = context.news_of(f"deal-{deal.pk}", *times)
    news["has_news"] |= bool(fresh) or deal.status != Deal.Status.OPEN
    reason = _last_with_a_reason(fresh)
    marks = list(marks_of(deal, movement, len(counting), context.team.currency, fiction=fiction))
    if taken_from := _taken_from(fresh):
        marks.append(Mark(f"from {taken_from}"))
    return DealRow(
        id=deal.pk,
        title=deal.name,
        version=deal.version,
        account=deal.account.name if deal.account else "",
        rep=deal.rep_name,
        stage=deal.stage,
        status=deal.status,
        amount=deal.amount,
        close_date=deal.close_date,
        pinned=deal.pinned_at is not None,
        capacity=tuple(
            CapacityLine(
                id=row.pk, what=row.what, needed_by=row.needed_by, who=row.who, informed_at=row.informed_at
            )
            for row in needs
        ),
        kinds=tuple(str(kind) for kind in movement.kinds),
        trail=stated_dates(changes, current=deal.close_date),
        pushes=len(counting),
        date_is_fiction=fiction,
        push_reason=reason.reason,
        push_kind=kind_in_words(reason.reason_kind),
        won_by=deal.earned_by,
        won_line=deal.won_line,
        congratulated=hasattr(deal, "congratulation"),
        is_big=context.team.is_big_deal(deal.amount),
        meetings_unchanged=context.meetings_since(deal.changed_at),
        taken_from=taken_from,
        marks=tuple(marks),
        **commit_of(context, deal),
        **news,
        **context.discussion_of(f"deal-{deal.pk}"),
    )


def _change(row: ChangeRead) -> Change:
    return Change(row.field, row.old, row.new, row.day, row.reason, row.reason_kind)


def _is_fresh(context: BuildContext, row: ChangeRead) -> bool:
    """Whether it was recorded after the last meeting."""
    return row.day > context.since_day or (row.day == context.since_day and row.at > context.since)


def _movement(context: BuildContext, deal: Deal, fresh: Iterable[Change]) -> Movement:
    is_new = context.since < deal.created_at <= context.now and not context.is_first
    created_on = context.today if is_new else None
    return movement(fresh, since=context.since_day - timedelta(days=1), created_on=created_on)


def _last_with_a_reason(fresh: list[Change]) -> Change:
    """The change that says why its close date last moved, or why it was lost; one without a reason if none does."""
    given = (change for change in reversed(fresh) if change.reason or change.reason_kind)
    return next(given, Change("", "", "", date.min))


def _taken_from(fresh: Iterable[Change]) -> str:
    """The team it came from; empty when it came from none, or went back."""
    moves = [change for change in fresh if change.field == "team"]
    return moves[0].old if moves and moves[0].old != moves[-1].new else ""


def _largest_pushed(rows: Iterable[DealRow]) -> frozenset[int]:
    """The deals of whose pushes a reason is required: at most three a meeting. The rest can be explained together."""
    pushed = sorted((row for row in rows if "pushed_out" in row.kinds), key=lambda row: (-row.money, row.id))
    return frozenset(row.id for row in pushed[:MOST_EXPLAINED])


def _is_left_unexplained(row: DealRow) -> bool:
    explanation = row.push_reason or row.push_kind or row.leader_words
    return (
        "pushed_out" in row.kinds
        and row.status == Deal.Status.OPEN
        and not row.must_explain
        and not explanation
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsSection(RowsSection[DealRow]):
    won: tuple[DealRow, ...]
    closing: tuple[DealRow, ...]
    gone: tuple[DealRow, ...]  # lost, or no longer near since the last meeting
    small_won: Decimal
    small_won_count: int
    added: tuple[DealRow, ...] = ()  # since the last meeting, not closing soon
    until: date | None = None  # the day by which a deal is about to close
    has_moved_dates: bool = False  # of smaller deals, later and without a reason
    offers_first_look: bool = False  # at a team's first meeting, once it has deals

    @classmethod
    def build(cls, context: BuildContext, money: MoneyRead) -> Self:
        team, today = context.team, context.today
        until = max(today, context.day(context.meeting.starts_at)) + NEAR
        since, since_day = context.since, context.since_day
        deals = big_deals_of(team, since=since, since_day=since_day, today=today, until=until)
        by_deal = [(deal, deal_row(context, deal)) for deal in deals]
        largest = _largest_pushed([row for _, row in by_deal])
        by_deal = [(deal, replace(row, must_explain=row.id in largest)) for deal, row in by_deal]
        rows = [row for _, row in by_deal]
        small_won, small_won_count = amount_and_number(money.small_wins)
        attention = attention_of(team, money.mix_deals, money.mix_team, money.mix_goals, today=today)
        return cls(
            **context.opening_of(Section.DEALS),
            won=tuple(row for row in rows if row.status == "won"),
            closing=tuple(row for row in rows if row.status == "open" and row.is_near(until)),
            gone=tuple(row for row in rows if _is_gone(row, until)),
            added=tuple(row for deal, row in by_deal if _is_added(deal, row, until, since)),
            until=until,
            has_moved_dates=context.has_moved_dates or any(map(_is_left_unexplained, rows)),
            offers_first_look=context.is_first and context.has_deals,
            small_won=small_won,
            small_won_count=small_won_count,
            lines=tuple(mix_lines(team, attention)),
        )

    def readable_by(self, viewer: int) -> Self:
        return self._with(lambda row: row.readable_by(viewer))

    @property
    def is_apart(self) -> bool:
        """Whether deals stand first because the CEO struck them: on the screens of the two alone."""
        return any(row.is_apart for row in self.rows)

    @property
    def on_paper(self) -> Self:
        """In the order of everybody else: paper is read by whoever finds it."""
        return self.with_first(())

    def with_first(self, apart: Container[int]) -> Self:
        """These deals stand first: the two are apart about them."""
        return self._with(lambda row: replace(row, is_apart=row.id in apart))

    def _with(self, change: Callable[[DealRow], DealRow]) -> Self:
        won, closing, added, gone = (
            tuple(map(change, rows)) for rows in (self.won, self.closing, self.added, self.gone)
        )
        return replace(self, won=won, closing=closing, added=added, gone=gone)

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
            ("Lost, withdrawn or pushed out", self.gone),
        )
        return [(name, rows) for name, rows in named if rows]

    @property
    def heading(self) -> str:
        news = [row.news for row in self.rows]
        resized = news.count("amount_up") + news.count("amount_down")
        return say_news(
            say_count(news.count("won"), "won"),
            say_count(news.count("lost"), "lost"),
            say_count(news.count("withdrawn"), "withdrawn"),
            say_count(news.count("pushed_out"), "pushed"),
            say_count(news.count("pulled_in"), "pulled in"),
            say_count(news.count("new"), "new"),
            say_count(sum(bool(row.taken_from) for row in self.rows), "taken over"),
            say_count(resized, "resized"),
            otherwise="No big deal moved" if self.rows else "No big deals",
        )

    @property
    def unchanged_label(self) -> str:
        unchanged = self.arranged.unchanged
        number, until = number_of(len(unchanged), "deal"), self.until
        if until and all(row.close_date and row.close_date <= until for row in unchanged):
            return f"{number} closing by {until.day} {MONTHS[until.month - 1]}, unchanged"
        return f"{number}, unchanged"

    def win(self) -> str:
        """The largest win in a sentence, with who earned it; empty without one."""
        if not self.won:
            return ""
        row = max(self.won, key=lambda row: row.money)
        title, earned_by = without_braces(row.title), without_braces(row.won_by)
        sentence = f"{earned_by} won {title}" if earned_by else f"{title} is won"
        amount = f" ({{{row.amount}}})" if row.amount is not None else ""
        others = len(self.won) - 1
        more = f", and {counted(others, 'more big deal is', 'more big deals are')} won" if others else ""
        return f"{sentence}{amount}{more}"

    def headline_clause(self) -> str:
        pushed = sum("pushed_out" in row.kinds for row in self.rows)
        lost = sum(row.status == "lost" for row in self.rows)
        if pushed:
            return f"{counted(pushed, 'big deal was', 'big deals were')} pushed"
        return f"{counted(lost, 'big deal')} {'was' if lost == 1 else 'were'} lost" if lost else ""


def _is_added(deal: Deal, row: DealRow, until: date, since: datetime) -> bool:
    """Entered by a person or taken over since the last meeting, open and not near, and not listed for a change."""
    is_new = deal.created_at > since and not deal.external_id
    is_open = row.status == Deal.Status.OPEN
    return (
        is_open and (is_new or bool(row.taken_from)) and not row.is_near(until) and not _is_gone(row, until)
    )


def _is_gone(row: DealRow, until: date) -> bool:
    """Lost, withdrawn in the CRM, or open and no longer near because something about it changed."""
    if row.status in ("lost", "withdrawn"):
        return True
    return row.status == "open" and not row.is_near(until) and bool(set(row.kinds) - {"new"})
