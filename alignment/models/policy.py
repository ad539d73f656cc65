"""Settings that a company gives to its teams and that a team may say otherwise.

`Team.<name>` always says what holds, so that whoever reads it asks nobody else. `Team.own_policies` names the
settings that the team says itself; the others follow the company: one change there reaches all of them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, TextChoices

from alignment.models.company import Company
from alignment.models.teams import Team
from alignment.rules.call_periods import CallPeriod
from alignment.rules.revenue_kinds import RevenueKind

CHOICES: dict[str, type[TextChoices]] = {"revenue_kind": RevenueKind, "call_period": CallPeriod}
"""What each of them can be."""
POLICIES = tuple(CHOICES)
"""Fields of this name are on Company, where they are the default, and on Team."""


def company_defaults(company: Company) -> dict[str, Any]:
    """What a new team of the company starts with."""
    return {name: getattr(company, name) for name in POLICIES}


def follows_company(team: Team, name: str) -> bool:
    return name not in team.own_policies


def own_policies(team: Team, name: str, *, is_own: bool) -> list[str]:
    """The names of the settings that the team says itself, once `name` is one of them or follows the company."""
    return sorted({*team.own_policies, name} if is_own else {*team.own_policies} - {name})


def apply_to_teams(company: Company, name: str) -> int:
    """Give the company's value to every team that follows it, and return how many changed. Inside the transaction
    that changed the company.
    """
    value = getattr(company, name)
    others = company.teams.exclude(**{name: value}).only("pk", "own_policies")
    following = [team.pk for team in others if follows_company(team, name)]
    return Team.objects.filter(pk__in=following).update(
        **{name: value}, version=F("version") + 1, revision=F("revision") + 1
    )
