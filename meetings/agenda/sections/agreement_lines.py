"""What of the quarter's agreement is no longer as agreed: lines among the exceptions of the sections they belong to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from alignment.db.json_aggregation import JsonRows
from alignment.models import Agreement, Team
from alignment.rules.formatting import number_of
from alignment.rules.periods import Period, key_of_quarter, quarter_of
from alignment.rules.roles import NAMES, Role
from deals.goals.agreement import SUBJECT as GOALS
from deals.mix.terms import SUBJECT as MIX
from meetings.agenda.section import ExceptionLine
from meetings.agreement.queries import in_order, initiative_terms, lines_of, measure_terms
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    RIGHT,
    Current,
    changes_since,
    right_of,
)
from meetings.measures.queries import MeasuredWeeks
from meetings.models import Initiative, Section
from meetings.rules.decision_rights import Right

SECTIONS = {
    GOALS: Section.REVENUE,
    MIX: Section.REVENUE,
    MEASURES: Section.INITIATIVES,
    INITIATIVES: Section.INITIATIVES,
}
"""Where a line comes up; who decides what and the sentences among the issues."""
NAMED = {GOALS: "Goals", MIX: "Deal mix", MEASURES: "Leading measures", INITIATIVES: "Initiatives"}


class AgreedRead(NamedTuple):
    """A line that holds. `content`, `facts` and `left_open` are JSON."""

    subject: str
    key: str
    content: str
    facts: str
    left_open: str
    ceo: int | None
    leader: int | None

    @property
    def is_taken_out(self) -> bool:
        """A sentence that both took out."""
        return self.subject not in (*SECTIONS, RIGHT) and not json.loads(self.content)["text"]


def agreed_rows(team: Team, today: date) -> JsonRows:
    """The lines of the quarter that hold, as a column of a query of teams."""
    rows = Agreement.objects.agreed().filter(lines_of(team, _quarter(team, today)), team=team).order_by("pk")
    texts = {name: Cast(name, TextField()) for name in ("content", "facts", "left_open_changes")}
    named = rows.annotate(**{f"{name}_text": text for name, text in texts.items()})
    return JsonRows(
        named,
        into=AgreedRead,
        content="content_text",
        facts="facts_text",
        left_open="left_open_changes_text",
        ceo="ceo_id",
        leader="leader_id",
    )


def _quarter(team: Team, today: date) -> Period:
    return quarter_of(today, first_month=team.company.fiscal_year_start)


def rights_of(rows: Iterable[AgreedRead], team: Team) -> tuple[Right, ...]:
    """What the sales leader decides. A yes of somebody who left the seat grants nothing."""
    rights = [row for row in rows if row.subject == RIGHT and _is_of_holders(row, team)]
    return in_order(right_of(json.loads(row.content)) for row in rights)


def are_goals_agreed(rows: Iterable[AgreedRead], team: Team) -> bool:
    """Whether the two who sit there now said yes to goals of the quarter; those that were changed since are told as
    a line.
    """
    return any(row.subject == GOALS and _is_of_holders(row, team) for row in rows)


def _is_of_holders(row: AgreedRead, team: Team) -> bool:
    ceo, leader = team.holder(Role.CEO), team.holder(Role.LEADER)
    return ceo is not None and leader is not None and (row.ceo, row.leader) == (ceo.pk, leader.pk)


def agreement_lines(
    team: Team,
    rows: Sequence[AgreedRead],
    *,
    goals: Mapping[date, Decimal],
    measures: Iterable[MeasuredWeeks],
    initiatives: Iterable[Initiative],
    today: date,
) -> dict[str, tuple[ExceptionLine, ...]]:
    """By section. What was left open with a reason is told again once something else changes."""
    quarter = _quarter(team, today)
    current = Current(
        goals=goals,
        measures={row.measure.pk: measure_terms(row.measure) for row in measures},
        initiatives={plan.pk: initiative_terms(plan) for plan in initiatives if plan.finished_at is None},
    )
    path = f"{reverse('meetings:agreement', args=(team.slug,))}?quarter={key_of_quarter(quarter)}"
    lines: dict[str, list[ExceptionLine]] = defaultdict(list)
    changed = {
        row.subject: changes
        for row in rows
        if (changes := _changes(row, current, quarter)) and json.loads(row.left_open) != list(changes)
    }
    for subject, changes in changed.items():
        if subject == MIX and GOALS in changed:
            continue  # the same goals: one line says both
        name = "Goals and deal mix" if subject == GOALS and MIX in changed else NAMED[subject]
        lines[SECTIONS[subject]].append(ExceptionLine(text=_in_words(name, changes), path=path))
    lines[Section.ISSUES].extend(_former_lines(team, rows, path))
    return {section: tuple(of_section) for section, of_section in lines.items()}


def _changes(row: AgreedRead, current: Current, quarter: Period) -> tuple[str, ...]:
    return changes_since(row.subject, json.loads(row.content), json.loads(row.facts), current, quarter)


def _in_words(name: str, changes: Sequence[str]) -> str:
    """ "Goals no longer as agreed: the goal of November 2026 was {100000} and is now {120000}" """
    first, *more = changes
    rest = f" and {number_of(len(more), 'more change')}" if more else ""
    return f"{name} no longer as agreed: {first[:1].lower()}{first[1:].removesuffix('.')}{rest}"


def _former_lines(team: Team, rows: Sequence[AgreedRead], path: str) -> Iterator[ExceptionLine]:
    """Lines that hold with the yes of somebody who left the seat: one line a seat."""
    standing = [row for row in rows if not row.is_taken_out]
    for role, users in (
        (Role.CEO, [row.ceo for row in standing]),
        (Role.LEADER, [row.leader for row in standing]),
    ):
        holder = team.holder(role)
        number = sum(user != holder.pk for user in users) if holder is not None else 0
        if number:
            verb = "was" if number == 1 else "were"
            agreed = number_of(number, "line")
            yield ExceptionLine(
                text=f"{agreed} of the agreement {verb} agreed with the former {NAMES[role]}", path=path
            )
