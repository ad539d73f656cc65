"""Risks: deals and accounts in jeopardy, the largest exposure first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.db.models import F, Q, QuerySet

from alignment.models import Team
from deals.models import Risk
from deals.rules.risks import describe_stale_risks, is_stale
from meetings.agenda.context import BuildContext
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import Check, Mark, Person
from meetings.models import Section


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
    def is_stale(self) -> bool:
        return is_stale(self.meetings_unchanged, is_closed=self.closed)

    @property
    def lacks_action(self) -> bool:
        return not self.closed and not (self.action and self.owner and self.due)

    @property
    def needs_words(self) -> bool:
        return self.is_stale and self.leader_words is None

    @property
    def needs(self) -> str:
        missing = (
            "action, owner and due date" if self.lacks_action else "",
            "what is new" if self.needs_words else "",
        )
        return ", ".join(filter(None, missing))

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
class RisksSection(AgendaSection):
    rows: tuple[RiskRow, ...]
    exposure: Decimal  # of the open ones

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        rows = tuple(risk_row(context, risk) for risk in risks_of(context.team, since=context.since))
        exposure = sum((row.money for row in rows if not row.closed), Decimal(0))
        return cls(**context.opening_of(Section.RISKS), rows=rows, exposure=exposure)

    @property
    def open_rows(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if not row.closed)

    def checks(self) -> Iterator[Check]:
        for row in self.open_rows:
            yield Check(
                self.name, f"Action, owner and due date for {row.title}", not row.lacks_action, row.anchor
            )
            if row.is_stale:
                yield Check(self.name, f"What is new on {row.title}", not row.needs_words, row.anchor)

    def headline_clause(self) -> str:
        stale = sum(row.is_stale for row in self.rows)
        return describe_stale_risks(stale) if stale else ""
