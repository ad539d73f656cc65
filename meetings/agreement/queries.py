"""What the page of a quarter's agreement reads: its lines, and what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from alignment.models import Agreement, Team
from alignment.rules.periods import Period, key_of_quarter, year_of
from deals.goals.agreement import goals_between
from deals.mix.queries import key_of as mix_key
from deals.mix.terms import SUBJECT as MIX
from meetings.agreement.terms import OF_QUARTER, RIGHT, Current, InitiativeTerms, MeasureTerms, right_of
from meetings.models import Initiative, Measure
from meetings.rules.decision_rights import Right

PEOPLE = ("ceo", "leader", "proposed_by", "closed_by", "left_open_by")


def lines_of(team: Team, quarter: Period) -> Q:
    """Of the quarter's own subjects, and the deal mix of its year."""
    key = key_of_quarter(quarter)
    own = Q(subject__in=OF_QUARTER) & (Q(key=key) | Q(key__startswith=f"{key}-"))
    return own | Q(subject=MIX, key=mix_key(team, today=quarter.start))


def read_lines(team: Team, quarter: Period) -> list[Agreement]:
    """All rows of the quarter, the newest of each line first: one query."""
    rows = Agreement.objects.filter(lines_of(team, quarter), team=team)
    lines = list(rows.select_related(*PEOPLE).order_by("subject", "key", "-number"))
    for line in lines:
        line.team = team
    return lines


def read_current(team: Team, quarter: Period) -> Current:
    """Goals, leading measures and initiatives as they are now: three queries."""
    year = year_of(quarter.start, first_month=team.company.fiscal_year_start)
    return Current(
        goals=goals_between(team, year.start, year.end),
        measures={terms.id: terms for terms in map(measure_terms, leading_measures(team))},
        initiatives={terms.id: terms for terms in map(initiative_terms, open_initiatives(team))},
    )


def leading_measures(team: Team) -> Iterable[Measure]:
    return Measure.objects.current().filter(team=team).select_related("rep").order_by("position")


def open_initiatives(team: Team) -> Iterable[Initiative]:
    """Without rep's plans: an agreement is read by everyone on the team."""
    plans = Initiative.objects.open().filter(team=team).exclude(kind=Initiative.Kind.REP)
    return plans.with_measure().order_by("created_at", "pk")


def measure_terms(measure: Measure) -> MeasureTerms:
    assert measure.target is not None  # a leading one has a target
    owner = measure.rep.name if measure.rep else ""
    return MeasureTerms(measure.pk, measure.name, measure.target, measure.unit, str(measure.direction), owner)


def initiative_terms(plan: Initiative) -> InitiativeTerms:
    return InitiativeTerms(plan.pk, plan.title, plan.measure, plan.target, plan.unit, plan.due)


def read_rights(team: Team, quarter: Period) -> tuple[Right, ...]:
    """What the sales leader decides in this quarter, as the two who sit there now agreed: one query."""
    key = f"{key_of_quarter(quarter)}-"
    rows = Agreement.objects.agreed_by_holders().filter(team=team, subject=RIGHT, key__startswith=key)
    rights = [right_of(content) for content in rows.order_by("pk").values_list("content", flat=True)]
    return in_order(rights)


def in_order(rights: Iterable[Right]) -> tuple[Right, ...]:
    return tuple(
        sorted((right for right in rights if right.is_leaders), key=lambda right: right.kind.position)
    )
