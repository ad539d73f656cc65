"""The cadence a team has, and when its preparations are due, as the rules read them."""

from __future__ import annotations

from datetime import time

from alignment.models import Team
from alignment.models.teams import DueRule as DueRuleName
from alignment.rules.zones import zone_named
from meetings.rules.cadence import Cadence, Kind
from meetings.rules.preparation import DueRule


def cadence_of(team: Team) -> Cadence:
    return Cadence(
        kind=Kind(team.rhythm),
        weekday=team.weekday,
        time=team.local_time,
        zone=team.zone,
        starts_on=team.starts_on,
        ends_on=team.ends_on,
        minutes=team.minutes,
        nth=team.nth,
    )


def due_rule_of(team: Team) -> DueRule:
    return make_due_rule(team.due_rule, hours=team.preparation_hours, at=team.due_time, zone=team.timezone)


def make_due_rule(name: str, *, hours: int, at: time, zone: str) -> DueRule:
    """From the columns of a team: one of its two settings decides, the other one waits."""
    return DueRule(hours if name == DueRuleName.HOURS else None, at, zone_named(zone))
