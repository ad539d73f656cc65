"""Who may read what a sales leader committed lately: this app knows no meetings, so the app above says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from alignment.models import Team, User


@dataclass(frozen=True, slots=True)
class Pending:
    """What was committed from `since` on waits for its meeting to start; None: nothing does.

    Until then it is hidden from everyone but those who may read the deals; of these some may not read the sums.
    """

    since: datetime | None = None
    reads_deals: bool = True
    reads_totals: bool = True

    @property
    def hidden_since(self) -> datetime | None:
        return None if self.reads_deals else self.since

    @property
    def hides_totals(self) -> bool:
        return self.since is not None and not self.reads_totals


Rule = Callable[[Team, User], Pending]
_RULES: list[Rule] = []


def declare_pending(rule: Rule) -> Rule:
    _RULES.append(rule)
    return rule


def pending_commit(team: Team, reader: User) -> Pending:
    """One query."""
    return next((rule(team, reader) for rule in _RULES), Pending())
