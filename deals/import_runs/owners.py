"""Whose team a row is: by what somebody chose, by the company's reps, by its leaders and the names of its teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from alignment.models import Seat
from alignment.rules.folding import fold, search_key
from alignment.rules.roles import Role
from deals.import_runs.scopes import ImportScope
from deals.models import Deal, Rep, RepTerm
from deals.sales_people.rep_names import RepNames

LEAVE_OUT = "-"
"""Instead of a team: rows of this owner are not imported."""
NO_OWNER = "(no owner)"


@dataclass(frozen=True, slots=True)
class OwnerQuestion:
    """An owner no team, or more than one, is known for. `choices` are the slugs and names of teams."""

    owner: str
    rows: int
    sentence: str
    choices: tuple[tuple[str, str], ...]
    is_known: bool
    """Whether teams are known for the owner, more than one: each of these is asked by itself."""


class OwnerDirectory:
    """What is known of the owners of one import, in a fixed number of queries."""

    def __init__(self, scope: ImportScope, *, source: str, choices: Mapping[str, str]) -> None:
        self.scope, self.source = scope, source
        self.by_slug = {team.slug: team.pk for team in scope.teams}
        self.names = {team.pk: team.name for team in scope.teams}
        self.choices = {fold(owner): answer for owner, answer in choices.items()}
        self.by_pk = {team.pk: team for team in scope.teams}
        self.reps = RepNames(scope.company)
        self.rep_teams = _teams_by_rep(scope)
        self.stated = _teams_by_leader(scope)

    def rep(self, owner: str, team_id: int) -> Rep | None:
        """The team's rep who is meant; None for one who is not known yet. Raises AmbiguousRepError."""
        return self.reps.meant_by(owner, team=self.by_pk[team_id], source=self.source)

    def is_left_out(self, owner: str) -> bool:
        return self.choices.get(fold(owner)) == LEAVE_OUT

    def team_id(self, owner: str, manager: str = "") -> int | None:
        """The one team of the owner, else of the manager; None where there are none or several."""
        teams = self.teams_of(owner, manager)
        return next(iter(teams)) if len(teams) == 1 else None

    def teams_of(self, owner: str, manager: str = "") -> Collection[int]:
        selected = self.by_slug.get(self.choices.get(fold(owner), ""))
        if selected:
            return {selected}
        if len(self.by_slug) == 1:
            return set(self.names)
        owned, managed = self._known(owner), self._known(manager)
        return owned if len(owned) == 1 else (owned & managed or managed or owned)

    def elsewhere(self, owners: Iterable[str]) -> frozenset[str]:
        """Those whose rows are not of this import: left out, or of another team and without a deal of this one."""
        return frozenset(owner for owner in owners if self.is_left_out(owner) or self._is_of_others(owner))

    def _is_of_others(self, owner: str) -> bool:
        if self.scope.team is None or len(self.by_slug) == 1:
            return False
        teams = self.teams_of(owner)
        return len(teams) == 1 and self.scope.team.pk not in teams and not self._reps(owner) & self.with_deals

    @cached_property
    def with_deals(self) -> set[int]:
        """Reps who have deals of the team that the import is for, also those who are in another one by now."""
        deals = Deal.objects.filter(team=self.scope.team).exclude(rep=None).order_by()
        return set(deals.values_list("rep", flat=True).distinct())

    def questions(self, owners: Mapping[str, int]) -> Iterator[OwnerQuestion]:
        """One for each owner whose rows cannot be placed."""
        for owner, rows in owners.items():
            teams = self.teams_of(owner)
            if self.is_left_out(owner) or len(teams) == 1:
                continue
            yield OwnerQuestion(
                owner, rows, self._doubt(owner, teams), team_choices(self.scope), is_known=bool(teams)
            )

    def _known(self, name: str) -> set[int]:
        key = fold(name)
        if not key:
            return set()
        teams = {team for rep in self._reps(name) for team in self.rep_teams.get(rep, ())}
        return self.stated.get(key) or teams

    def _reps(self, name: str) -> set[int]:
        confirmed = self.reps.spelled.get((self.source, fold(name)))
        return {confirmed} if confirmed else self.reps.by_key.get(search_key(name), set())

    def _doubt(self, owner: str, teams: Collection[int]) -> str:
        if len(teams) > 1:
            names = " and ".join(sorted(self.names[team] for team in teams))
            return f"{owner} is known in {names}: choose."
        return f"No team is known for {owner or NO_OWNER}. Whose deals are these?"


def team_choices(scope: ImportScope) -> tuple[tuple[str, str], ...]:
    """Whose the deals of an owner may be, as slugs and names of teams."""
    if scope.team is None:
        teams = [(team.slug, team.name) for team in scope.teams]
        return (*teams, (LEAVE_OUT, "None: leave these rows out"))
    return ((scope.team.slug, scope.team.name), (LEAVE_OUT, "Another team: leave these rows out"))


def _teams_by_rep(scope: ImportScope) -> dict[int, set[int]]:
    teams: dict[int, set[int]] = defaultdict(set)
    terms = RepTerm.objects.filter(rep__company=scope.company, until=None)
    for rep, joined_into, team in terms.values_list("rep", "rep__joined_into", "team"):
        teams[joined_into or rep].add(team)
    return teams


def _teams_by_leader(scope: ImportScope) -> dict[str, set[int]]:
    """Names of leaders and of teams → their teams."""
    teams: dict[str, set[int]] = defaultdict(set)
    leaders = Seat.objects.current().filter(team__company=scope.company, role=Role.LEADER)
    for name, pk in leaders.values_list("user__name", "team"):
        teams[fold(name)].add(pk)
    for team in scope.teams:
        teams[fold(team.name)].add(team.pk)
    return teams
