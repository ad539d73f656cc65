"""Risks: deals and accounts in jeopardy, the largest exposure first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.db.models import F, Q, QuerySet

from alignment.models import Team
from alignment.rules.formatting import counted, number_of
from deals.models import Risk
from deals.rules.key_clients import describe_quiet_clients
from deals.rules.risks import describe_stale_risks, is_stale
from meetings.agenda.context import BuildContext
from meetings.agenda.section import Row, RowsSection, say_count, say_news
from meetings.agenda.values import Ask, Mark, Person, QuietClient
from meetings.models import Section
from meetings.rules.questions import is_asked_about


def risks_of(team: Team, *, since: datetime) -> QuerySet[Risk]:
    """Open risks and those closed since."""
    risks = Risk.objects.filter(Q(closed_at=None) | Q(closed_at__gt=since), team=team).select_related("owner")
    return risks.order_by(F("closed_at").asc(nulls_first=True), F("exposure").desc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow(Row):
    kind: str  # deal or account
    exposure: Decimal | None
    what_is_wrong: str
    action: str
    owner: Person | None
    due: date | None
    weeks_open: int
    meetings_unchanged: int
    closed: bool
    outcome: str

    key = "risk"

    @property
    def kind_words(self) -> str:
        return self.kind

    @property
    def is_stale(self) -> bool:
        return is_stale(self.meetings_unchanged, is_closed=self.closed)

    @property
    def lacks_action(self) -> bool:
        return not self.closed and not (self.action and self.owner and self.due)

    @property
    def waits_for(self) -> str:
        """Without an action it waits for one, also where nothing changed."""
        return "leader" if self.lacks_action else ""

    @property
    def needs_words(self) -> bool:
        """Whether it was silent for too long, and nothing is written about it yet."""
        return self._is_asked_about and self.leader_words is None

    @property
    def _is_asked_about(self) -> bool:
        spoken = self.was_spoken_of
        return not self.closed and is_asked_about(
            self.meetings_unchanged, is_red=self.is_stale, was_spoken_of=spoken
        )

    @property
    def asks(self) -> tuple[Ask, ...]:
        if self.closed:
            return ()
        asks = []
        if self.has_news is not False or self._is_asked_about:
            text = f"Action, owner and due date for {self.title}"
            asks.append(Ask("action, owner and due date", text, not self.lacks_action))
        if self._is_asked_about:
            asks.append(Ask("what is new", f"What is new on {self.title}", not self.needs_words))
        return (*asks, *self.asks_of_ceo)

    @property
    def money(self) -> Decimal:
        return self.exposure or Decimal(0)

    @property
    def age(self) -> int:
        return self.weeks_open


def risk_row(context: BuildContext, risk: Risk) -> RiskRow:
    unchanged = context.meetings_since(risk.changed_at)
    return RiskRow(
        id=risk.pk,
        title=risk.name,
        version=risk.version,
        kind="deal" if risk.deal_id else "account",
        exposure=risk.exposure,
        what_is_wrong=risk.what_is_wrong,
        action=risk.action,
        owner=context.person(risk.owner),
        due=risk.due,
        weeks_open=max(0, (context.today - context.day(risk.created_at)).days // 7),
        meetings_unchanged=unchanged,
        closed=risk.closed_at is not None,
        outcome=risk.outcome,
        **context.news_of(f"risk-{risk.pk}", risk.created_at, risk.changed_at, risk.closed_at),
        marks=tuple(_marks(context, risk, unchanged)),
        **context.discussion_of(f"risk-{risk.pk}"),
    )


def _marks(context: BuildContext, risk: Risk, unchanged: int) -> Iterator[Mark]:
    """What changed since the last meeting, or has not changed for too long."""
    if risk.closed_at:
        yield Mark("closed", "good")
        return
    if is_stale(unchanged, is_closed=False):
        yield Mark(f"no update for {unchanged} meetings", "bad")
    elif risk.created_at > context.since and not context.is_first:
        yield Mark("new")
    elif risk.changed_at > context.since and not context.is_first:
        yield Mark("changed")
    if risk.due and risk.due < context.today:
        yield Mark("action overdue", "bad")


@dataclass(frozen=True, slots=True, kw_only=True)
class RisksSection(RowsSection[RiskRow]):
    rows: tuple[RiskRow, ...]
    exposure: Decimal  # of the open ones
    quiet_clients: tuple[QuietClient, ...] = ()

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        rows = tuple(risk_row(context, risk) for risk in risks_of(context.team, since=context.since))
        exposure = sum((row.money for row in rows if not row.closed), Decimal(0))
        opening = context.opening_of(Section.RISKS)
        return cls(**opening, rows=rows, exposure=exposure, quiet_clients=context.quiet_clients)

    @property
    def quiet_line(self) -> str:
        """The one line about key clients; empty when somebody has spoken to each."""
        rhythms = [client.every_days for client in self.quiet_clients]
        return describe_quiet_clients(len(rhythms), rhythms) if rhythms else ""

    @property
    def open_rows(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if not row.closed)

    @property
    def heading(self) -> str:
        marks = [mark.text for row in self.rows for mark in row.marks]
        stale = sum(row.is_stale for row in self.rows)
        lacking = sum(row.lacks_action for row in self.rows)
        return say_news(
            counted(stale, "risk needs an update", "risks need an update") if stale else "",
            counted(lacking, "risk lacks an action", "risks lack an action") if lacking else "",
            say_count(marks.count("action overdue"), "with an overdue action"),
            say_count(marks.count("new"), "new"),
            say_count(marks.count("changed"), "changed"),
            say_count(marks.count("closed"), "closed"),
            otherwise=self._calm_heading,
        )

    @property
    def _calm_heading(self) -> str:
        """None is new, changed, closed or lacks anything; both sides may have written about some."""
        number, written = len(self.open_rows), sum(bool(row.words) for row in self.open_rows)
        if not number:
            return "No open risks"
        return f"{counted(number, 'risk')}, {say_count(written, 'with an update') or 'unchanged'}"

    @property
    def unchanged_label(self) -> str:
        return f"{number_of(len(self.arranged.unchanged), 'risk')}, unchanged"

    def headline_clause(self) -> str:
        stale = sum(row.is_stale for row in self.rows)
        return describe_stale_risks(stale) if stale else ""
