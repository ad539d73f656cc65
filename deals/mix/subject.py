"""The deal mix as something that the CEO and the sales leader agree on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from alignment.agreements.subjects import AgreementSubject, Facts
from alignment.models import Team
from alignment.rules.periods import MONTH_NAMES
from deals.mix.queries import goals_of_year, year_of_key
from deals.mix.terms import SUBJECT, MixTerms


def _read_facts(team: Team, key: str) -> Facts:
    """A target is for the year's goals."""
    return {"goals": goals_of_year(team, key)}


def goal_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Goals that were there and are others now; one that was set since is nothing that was agreed on."""
    goals = now.get("goals", {})
    months = [
        date.fromisoformat(month)
        for month, amount in before.get("goals", {}).items()
        if month not in goals or Decimal(goals[month]) != Decimal(amount)
    ]
    if not months:
        return ()
    if len(months) == 1:
        return (f"The goal of {MONTH_NAMES[months[0].month - 1]} {months[0].year} was changed since.",)
    return (f"The goals of {len(months)} months were changed since.",)


MIX = AgreementSubject(
    name=SUBJECT,
    label=lambda key: f"Deal mix of {key}",
    describe=lambda content: MixTerms.of(content).in_words,
    address=lambda slug, key: reverse("deals:mix", args=(slug,)),
    read_facts=_read_facts,
    changes=goal_changes,
    ends_on=lambda team, key: year_of_key(team, key).end,
)
