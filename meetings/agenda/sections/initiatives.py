"""Initiatives: what the sales leader works on besides selling,
each with its measure and the CEO's approval.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Self

from django.db.models import OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from meetings.agenda.context import BuildContext
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import Check, Mark, formerly
from meetings.models import Initiative, InitiativePoint, Section

HEALTH_TONES = {Initiative.Health.ON_TRACK: "good", Initiative.Health.BEHIND: "warn"}


class PointRead(NamedTuple):
    value: Decimal


def initiatives_of(team: Team, *, since: datetime) -> QuerySet[Initiative]:
    """Active initiatives and those finished since, each with the values of its measure as `point_rows`."""
    points = InitiativePoint.objects.filter(initiative=OuterRef("pk"))
    initiatives = Initiative.objects.filter(Q(finished_at=None) | Q(finished_at__gt=since), team=team)
    return initiatives.annotate(point_rows=JsonRows(points, into=PointRead)).order_by("created_at", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeRow(Row):
    kind: str
    kind_label: str
    plan: str
    measure: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    current: Decimal | None
    due: date | None
    health: str
    health_label: str
    approval: str = field(metadata=formerly("ceo_word"))
    approval_label: str = field(metadata=formerly("ceo_word_label"))
    approval_why: str = field(metadata=formerly("ceo_why"))
    waits_for_ceo: bool
    points: tuple[Decimal, ...]
    changed: bool  # since the last meeting
    finished: bool
    outcome: str

    key = "initiative"

    @property
    def progress(self) -> str:
        """The measure in one phrase: “Deals above $20k a month 2 → 4, target 9”."""
        baseline, current, target = (
            _without_idle_zeros(value) for value in (self.baseline, self.current, self.target)
        )
        parts = (self.measure, f"{baseline} → {current}, target {target}", self.unit)
        return " ".join(part for part in parts if part)

    @property
    def needs_words(self) -> bool:
        return not self.finished and not self.changed and self.leader_words is None

    @property
    def needs(self) -> str:
        return "progress" if self.needs_words else ""


def _without_idle_zeros(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def initiative_row(context: BuildContext, initiative: Initiative) -> InitiativeRow:
    points: list[PointRead] = initiative.point_rows  # type: ignore[attr-defined]  # annotated
    return InitiativeRow(
        id=initiative.pk,
        title=initiative.title,
        version=initiative.version,
        kind=initiative.kind,
        kind_label=initiative.get_kind_display(),
        plan=initiative.plan,
        measure=initiative.measure,
        unit=initiative.unit,
        baseline=initiative.baseline,
        target=initiative.target,
        current=initiative.current,
        due=initiative.due,
        health=initiative.health,
        health_label=initiative.get_health_display(),
        approval=initiative.approval,
        approval_label=initiative.get_approval_display(),
        approval_why=initiative.approval_why,
        waits_for_ceo=initiative.waits_for_ceo,
        points=tuple(point.value for point in points),
        changed=initiative.changed_at > context.since,
        finished=initiative.finished_at is not None,
        outcome=initiative.outcome,
        marks=tuple(_marks(context, initiative)),
        pair_only=initiative.is_for_principals,
        readers=initiative.readers,
        **context.discussion_of(f"initiative-{initiative.pk}"),
    )


def _marks(context: BuildContext, initiative: Initiative) -> Iterator[Mark]:
    """Its health, and what changed since the last meeting."""
    if initiative.finished_at:
        yield Mark("completed", "good")
        return
    health = Initiative.Health(initiative.health)
    yield Mark(str(health.label).lower(), HEALTH_TONES.get(health, "bad"))
    if initiative.created_at > context.since and not context.is_first:
        yield Mark("new")
    if initiative.approval == Initiative.Approval.CHANGED:
        yield Mark("plan changed", "warn")


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativesSection(AgendaSection):
    rows: tuple[InitiativeRow, ...]

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        initiatives = initiatives_of(context.team, since=context.since)
        return cls(
            **context.opening_of(Section.INITIATIVES),
            rows=tuple(initiative_row(context, initiative) for initiative in initiatives),
        )

    def checks(self) -> Iterator[Check]:
        for row in self.rows:
            if not row.finished:
                text = f"Progress on {row.title}"
                yield Check(self.name, text, not row.needs_words, row.anchor, row.pair_only, row.readers)
