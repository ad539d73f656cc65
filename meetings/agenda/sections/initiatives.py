"""Initiatives: what the sales leader works on besides selling,
each with its measure and the CEO's approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Self

from django.db.models import OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from alignment.rules.formatting import number_of, spell_number
from meetings.agenda.context import BuildContext
from meetings.agenda.section import Row, RowsSection, say_count, say_news
from meetings.agenda.values import Ask, Mark, formerly
from meetings.models import Initiative, MeasurePoint, Section
from meetings.rules.questions import is_asked_about

HEALTH_TONES = {Initiative.Health.ON_TRACK: "good", Initiative.Health.BEHIND: "warn"}

DECISIONS = {
    Initiative.Approval.AGREED: Mark("approved", "good"),
    Initiative.Approval.NOT_YET: Mark("changes requested", "warn"),
}
"""How a decision of the CEO since the last meeting is marked."""


class PointRead(NamedTuple):
    """None: from then on it was not known."""

    value: Decimal | None


def initiatives_of(team: Team, *, since: datetime) -> QuerySet[Initiative]:
    """Active initiatives and those finished since, each with the CEO's decision and the values of its measure as
    `point_rows`.
    """
    points = MeasurePoint.objects.filter(measure__initiative=OuterRef("pk"))
    initiatives = Initiative.objects.filter(Q(finished_at=None) | Q(finished_at__gt=since), team=team)
    return (
        initiatives.with_measure()
        .with_decision()
        .annotate(point_rows=JsonRows(points, into=PointRead))
        .order_by("created_at", "pk")
    )


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
    meetings_unchanged: int = 0

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
    def kind_words(self) -> str:
        return self.kind_label.lower()

    @property
    def waits_for(self) -> str:
        return "ceo" if self.waits_for_ceo else ""

    @property
    def marks_tell_news(self) -> bool:
        """Its health is always marked."""
        return self.changed or self.finished

    @property
    def is_red(self) -> bool:
        return self.has_bad_mark or self.health == Initiative.Health.BEHIND

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The CEO requested changes, or it is behind and nobody spoke of it for three meetings."""
        if self.finished:
            return ()
        asks, is_written = [], self.leader_words is not None
        if self.approval == Initiative.Approval.NOT_YET:
            asks.append(Ask("an answer", f"Answer the request for changes: {self.title}", is_written))
        if is_asked_about(self.meetings_unchanged, is_red=self.is_red, was_spoken_of=self.was_spoken_of):
            asks.append(Ask("progress", f"Progress on {self.title}", is_written))
        return tuple(asks) or self.asks_of_ceo


def _without_idle_zeros(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def initiative_row(context: BuildContext, initiative: Initiative) -> InitiativeRow:
    points: list[PointRead] = initiative.point_rows  # type: ignore[attr-defined]  # annotated
    times = (initiative.created_at, initiative.changed_at, initiative.approval_at)
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
        current=points[-1].value if points else None,
        due=initiative.due,
        health=initiative.health,
        health_label=initiative.get_health_display(),
        approval=initiative.approval,
        approval_label=initiative.approval_label,
        approval_why=initiative.approval_why,
        waits_for_ceo=initiative.waits_for_ceo,
        points=tuple(point.value for point in points if point.value is not None),
        changed=initiative.changed_at > context.since,
        finished=initiative.finished_at is not None,
        outcome=initiative.outcome,
        meetings_unchanged=context.meetings_since(initiative.changed_at),
        **context.news_of(f"initiative-{initiative.pk}", *times),
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
    elif (
        initiative.approval_at and initiative.approval_at > context.since and initiative.approval in DECISIONS
    ):
        yield DECISIONS[Initiative.Approval(initiative.approval)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativesSection(RowsSection[InitiativeRow]):
    rows: tuple[InitiativeRow, ...]

    @classmethod
    def build(cls, context: BuildContext, initiatives: Iterable[Initiative]) -> Self:
        return cls(
            **context.opening_of(Section.INITIATIVES),
            rows=tuple(initiative_row(context, initiative) for initiative in initiatives),
        )

    @property
    def heading(self) -> str:
        active = [row for row in self.rows if not row.finished]
        health = [row.health for row in active]
        waiting = sum(row.waits_for_ceo for row in active)
        return say_news(
            f"{spell_number(waiting)} {'needs' if waiting == 1 else 'need'} approval" if waiting else "",
            say_count(health.count(Initiative.Health.STUCK), "blocked"),
            say_count(health.count(Initiative.Health.BEHIND), "behind"),
            say_count(len(self.rows) - len(active), "completed"),
            otherwise=say_news(say_count(len(active), "on track"), otherwise="No active initiatives"),
        )

    @property
    def unchanged_label(self) -> str:
        unchanged = self.arranged.unchanged
        are_on_track = all(row.health == Initiative.Health.ON_TRACK for row in unchanged)
        return f"{number_of(len(unchanged), 'initiative')}{' on track' if are_on_track else ''}, unchanged"
