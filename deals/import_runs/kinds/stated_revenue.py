"""Which teams' revenue has been stated in a closed meeting: there an entry is corrected, never removed.

Meetings are not this app's: it is told who knows, in their registry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

StatedTeams = Callable[[Collection[int], datetime], Collection[int]]
_SOURCES: list[StatedTeams] = []


def register_stated_teams(source: StatedTeams) -> None:
    """`source(teams, since)` answers those of the teams that have stated their revenue since then."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def stated_teams(teams: Collection[int], *, since: datetime | None) -> set[int]:
    if since is None or not teams:
        return set()
    return {team for source in _SOURCES for team in source(teams, since)}
