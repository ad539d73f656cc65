"""Who is meant by a rep's name in a form or a file."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction

from alignment.models import Company, Team
from alignment.rules.folding import fold, search_key
from deals.models import Rep, RepSpelling, RepTerm
from deals.rules.reps import KnownRep, reps_meant


class AmbiguousRepError(Exception):
    """Several reps of the team have this name. Nothing was changed."""

    def __init__(self, name: str, team: Team) -> None:
        super().__init__(
            f"“{name}” could be two reps of {team}. Give one of them another name, or join them."
        )
        self.name, self.team = name, team


class RepNames:
    """The reps of a company by their names and confirmed spellings, in three queries."""

    def __init__(self, company: Company | int) -> None:
        self.company = company if isinstance(company, int) else company.pk
        reps = Rep.objects.filter(company=self.company).select_related("joined_into")
        self.by_pk = {rep.pk: rep for rep in reps}
        self.by_key: dict[str, set[int]] = defaultdict(set)
        for rep in self.by_pk.values():
            self.by_key[rep.name_key].add(rep.known_as.pk)
        self.spelled = {
            (source, key): self.by_pk[pk].known_as.pk
            for source, key, pk in RepSpelling.objects.filter(company=self.company).values_list(
                "source", "key", "rep"
            )
        }
        self.terms: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
        for pk, team, until in RepTerm.objects.filter(rep__company=self.company).values_list(
            "rep", "team", "until"
        ):
            self.terms[self.by_pk[pk].known_as.pk].append((team, until))

    def meant_by(self, name: str, *, team: Team, source: str = "") -> Rep | None:
        """The rep whom a person confirmed for this spelling of the source, else the team's own of that name.

        None: nobody of the team has it. Raises AmbiguousRepError.
        """
        confirmed = self.spelled.get((source, fold(name)))
        meant = (
            (confirmed,)
            if confirmed
            else reps_meant(list(map(self._known, self._called(name))), team=team.pk)
        )
        if len(meant) > 1:
            raise AmbiguousRepError(name, team)
        return self.by_pk[meant[0]] if meant else None

    def find_or_create(self, name: str, *, team: Team, day: date, source: str = "") -> Rep | None:
        """The same; somebody new is on the team from that day on. None for an empty name."""
        if not name:
            return None
        rep = self.meant_by(name, team=team, source=source)
        if rep is None:
            rep = Rep.objects.create(company_id=self.company, name=name)
            RepTerm.objects.create(rep=rep, team=team, since=day)
            self.by_pk[rep.pk] = rep
            self.by_key[rep.name_key].add(rep.pk)
            self.terms[rep.pk].append((team.pk, None))
        return rep

    def _called(self, name: str) -> set[int]:
        return self.by_key.get(search_key(name), set())

    def _known(self, pk: int) -> KnownRep:
        terms = self.terms[pk]
        return KnownRep(
            pk, frozenset(team for team, _ in terms), frozenset(team for team, until in terms if not until)
        )


@transaction.atomic
def find_or_create_rep(name: str, *, team: Team, day: date) -> Rep | None:
    """The team's rep of that name, on the team from that day on if new. Raises AmbiguousRepError."""
    if not name:
        return None
    list(Team.objects.select_for_update(no_key=True).filter(pk=team.pk).values_list("pk"))  # one at a time
    return RepNames(team.company_id).find_or_create(name, team=team, day=day)


def rep_names_of(team: Team, *, most: int) -> list[str]:
    """The names of the team's reps, suggested while typing."""
    return list(Rep.objects.on_team(team).values_list("name", flat=True)[:most])
