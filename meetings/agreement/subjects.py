"""The lines of a quarter's agreement as subjects that the CEO and the sales leader agree on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from alignment.agreements.subjects import AgreementSubject, Facts, no_content_changes
from alignment.models import Team
from alignment.rules.periods import quarter_with_key
from deals.goals.agreement import SUBJECT as GOALS
from deals.goals.agreement import goals_between
from meetings.agreement.queries import initiative_terms, leading_measures, measure_terms, open_initiatives
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    RIGHT,
    SENTENCE,
    initiatives_of,
    lines_in_words,
    measures_content,
    measures_of,
    term_changes,
)
from meetings.rules.decision_rights import RightKind


def quarter_part(key: str) -> str:
    """Of the key of a line: "2026-Q4-discount" → "2026-Q4"."""
    return "-".join(key.split("-")[:2])


def own_part(key: str) -> str:
    """ "2026-Q4-discount" → "discount"; empty where the quarter has one such line."""
    return "-".join(key.split("-")[2:])


def quarter_label(key: str) -> str:
    """ "2026-Q4-discount" → "Q4 2026" """
    year, quarter = key.split("-")[:2]
    return f"{quarter} {year}"


def end_of_quarter(team: Team, key: str) -> date | None:
    quarter = quarter_with_key(quarter_part(key), first_month=team.company.fiscal_year_start)
    return quarter.end if quarter else None


def address_of(slug: str, key: str) -> str:
    return f"{reverse('meetings:agreement', args=(slug,))}?quarter={quarter_part(key)}"


def _named(name: str, key: str) -> str:
    return f"{name} of {quarter_label(key)}"


def _right_label(key: str) -> str:
    return f"{RightKind(own_part(key)).label}, {quarter_label(key)}"


def _describe(subject: str, content: Mapping[str, Any]) -> str:
    return f"{'. '.join(lines_in_words(subject, content))}."


def _read_facts(subject: str, team: Team, key: str) -> Facts:
    """What a yes must not overlook when it was changed since it was proposed. An initiative's targets are compared by
    the page: which initiatives are meant stands in the line alone.
    """
    quarter = quarter_with_key(quarter_part(key), first_month=team.company.fiscal_year_start)
    if subject == GOALS and quarter is not None:
        goals = goals_between(team, quarter.start, quarter.end)
        return {"goals": {month.isoformat(): str(amount) for month, amount in goals.items()}}
    if subject == MEASURES:
        return measures_content(measure_terms(measure) for measure in leading_measures(team))
    return {}


def _changes(subject: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    if subject == GOALS:
        return () if before == now else ("The goals were changed since.",)
    if subject == MEASURES:
        return term_changes(measures_of(before), {terms.id: terms for terms in measures_of(now)})
    return ()


def _initiative_changes(team: Team, key: str, content: Mapping[str, Any]) -> tuple[str, ...]:
    current = {terms.id: terms for terms in map(initiative_terms, open_initiatives(team))}
    return term_changes(initiatives_of(content), current)


LABELS: dict[str, Callable[[str], str]] = {
    GOALS: partial(_named, "Goals"),
    MEASURES: partial(_named, "Leading measures"),
    INITIATIVES: partial(_named, "Initiatives"),
    RIGHT: _right_label,
    SENTENCE: partial(_named, "Sentence"),
}

SUBJECTS_OF_QUARTER = tuple(
    AgreementSubject(
        name=name,
        label=label,
        describe=partial(_describe, name),
        address=address_of,
        read_facts=partial(_read_facts, name),
        changes=partial(_changes, name),
        content_changes=_initiative_changes if name == INITIATIVES else no_content_changes,
        ends_on=end_of_quarter,
        page_title=partial(_named, "Agreement"),
    )
    for name, label in LABELS.items()
)
