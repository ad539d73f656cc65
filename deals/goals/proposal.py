"""What a bulk act would change, goal by goal, and doing it: in one transaction, with one line in the audit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from alignment import audit
from alignment.models import Company, Goal, GoalChange, GoalEdit, Team, User
from alignment.models.goals import Place
from alignment.periods import month_of
from deals.goals.grid import Reader

LISTED = 300
"""Single goals a preview lists; the sums by team are always whole."""
MOST = 50_000
_EDIT = re.compile(
    r"(\d{1,18}) ((?:19|20|21)\d\d)-(0[1-9]|1[0-2]) (-|\d{1,15}(?:\.\d{1,2})?) (-|\d{1,15}(?:\.\d{1,2})?)"
)


class BadProposal(ValueError):  # noqa: N818 - it is the text that is bad
    """The text is not one that a preview wrote."""


@dataclass(frozen=True, slots=True)
class Line:
    team: str
    month: str
    old: str
    new: str
    clash: bool


@dataclass(frozen=True, slots=True)
class TeamSum:
    team: str
    number: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits of the goals of one company that differ from what is stored."""

    company: Company
    teams: Mapping[int, Team]
    edits: tuple[GoalEdit, ...]
    clashes: frozenset[Place] = frozenset()

    @classmethod
    def of(cls, company: Company, teams: Sequence[Team], wanted: Mapping[Place, Decimal | None]) -> Proposal:
        """What it takes to come from what is stored to what is wanted: one query."""
        stored = Goal.objects.stored((team for team, _ in wanted), (month for _, month in wanted))
        edits = (GoalEdit(*place, stored.get(place), new) for place, new in wanted.items())
        return cls(
            company, {team.pk: team for team in teams}, tuple(edit for edit in edits if edit.old != edit.new)
        )

    @classmethod
    def told(cls, company: Company, text: str) -> Proposal:
        """The proposal a preview wrote down as `text`. Raises BadProposal for anything else."""
        edits = [_edit(line) for line in text.splitlines()]
        teams = {team.pk: team for team in company.teams.filter(pk__in={edit.team_id for edit in edits})}
        if not edits or len(edits) > MOST or any(edit.team_id not in teams for edit in edits):
            raise BadProposal
        return cls(company, teams, tuple(edits))

    def after(self, stored: Mapping[Place, Decimal | None]) -> Proposal:
        """The same wish, once somebody else set some of the goals: what they are now is what it starts from."""
        edits = (GoalEdit(*edit.place, stored.get(edit.place, edit.old), edit.new) for edit in self.edits)
        return Proposal(self.company, self.teams, tuple(edits), frozenset(stored))

    @property
    def text(self) -> str:
        return "\n".join(
            f"{edit.team_id} {edit.month:%Y-%m} {_plain(edit.old)} {_plain(edit.new)}" for edit in self.edits
        )

    @property
    def number(self) -> int:
        return len(self.edits)

    @property
    def counts(self) -> dict[str, int]:
        """How many of them are set for the first time, changed, taken away; only what there is."""
        gone = sum(edit.new is None for edit in self.edits)
        new = sum(edit.old is None for edit in self.edits)
        each = {"set for the first time": new, "changed": self.number - new - gone, "taken away": gone}
        return {done: number for done, number in each.items() if number}

    @property
    def what(self) -> str:
        """ "24 goals of 2 teams, January to December 2027"."""
        months = sorted({edit.month for edit in self.edits})
        teams = {self.teams[edit.team_id].name for edit in self.edits}
        whose = next(iter(teams)) if len(teams) == 1 else f"{len(teams)} teams"
        when = month_of(months[0]).label + (f" to {month_of(months[-1]).label}" if len(months) > 1 else "")
        return f"{self.number} {'goal' if self.number == 1 else 'goals'} of {whose}, {when}"

    def lines(self, reader: Reader) -> list[Line]:
        """What changes, what somebody else set meanwhile first; at most LISTED of them."""
        ordered = sorted(
            self.edits,
            key=lambda edit: (edit.place not in self.clashes, self.teams[edit.team_id].name, edit.month),
        )
        return [
            Line(
                self.teams[edit.team_id].name, month_of(edit.month).label, reader.money(edit.old), reader.money(edit.new),
                edit.place in self.clashes,
            )
            for edit in ordered[:LISTED]
        ]  # fmt: skip

    def sums(self, reader: Reader) -> list[TeamSum]:
        """What the changed goals of each team sum to, before and after."""
        by_team: dict[int, list[GoalEdit]] = {}
        for edit in self.edits:
            by_team.setdefault(edit.team_id, []).append(edit)
        named = sorted(by_team.items(), key=lambda pair: self.teams[pair[0]].name)
        return [
            TeamSum(self.teams[pk].name, len(edits), *self._from_to(edits, reader)) for pk, edits in named
        ]

    def _from_to(self, edits: Iterable[GoalEdit], reader: Reader) -> tuple[str, str]:
        pairs = [(edit.old or Decimal(0), edit.new or Decimal(0)) for edit in edits]
        return reader.money(sum((old for old, _ in pairs), Decimal(0))), reader.money(
            sum((new for _, new in pairs), Decimal(0))
        )

    @transaction.atomic
    def apply(self, *, by: User, now: datetime, why: str) -> list[GoalChange]:
        """Do it, all or nothing. Raises GoalClash when a goal is not what it was any more."""
        changes = Goal.objects.set_many(self.edits, by=by, now=now, why=why)
        if changes:
            done = Proposal(
                self.company,
                self.teams,
                tuple(GoalEdit(each.team_id, each.month, each.old, each.new) for each in changes),
            )
            old, new = done._from_to(done.edits, Reader("en-US", self.company.currency))
            audit.note(
                "goals.changed",
                by=by,
                now=now,
                company=self.company,
                about=done.what,
                old=old,
                new=new,
                why=why,
            )
        return changes


def _plain(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount:f}"


def _edit(line: str) -> GoalEdit:
    match = _EDIT.fullmatch(line)
    if match is None:
        raise BadProposal
    old, new = (None if text == "-" else Decimal(text) for text in match.group(4, 5))
    return GoalEdit(int(match[1]), date(int(match[2]), int(match[3]), 1), old, new)
