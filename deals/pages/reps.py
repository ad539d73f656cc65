"""The lists of reps: of a team for its readers, of a company for its admins."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from alignment.models import Company, Team, User
from deals.models import Deal, Rep, RepTerm


@dataclass(frozen=True, slots=True)
class RepLine:
    rep: Rep
    terms: tuple[RepTerm, ...]
    joined: tuple[Rep, ...]
    open_deals: int
    has_namesake: bool

    @property
    def is_on_a_team(self) -> bool:
        return any(term.until is None for term in self.terms)


def reps_of_team(team: Team, reader: User) -> list[RepLine]:
    """Those who are or were on the team, those of today first."""
    terms = RepTerm.objects.filter(team=team)
    deals = Deal.objects.visible_to(reader).filter(team=team)
    return _lines(Rep.objects.visible_to(reader).filter(company=team.company_id), terms, deals)


def reps_of_company(company: Company) -> list[RepLine]:
    """Names and teams alone, for an admin."""
    terms = RepTerm.objects.filter(rep__company=company)
    return _lines(Rep.objects.filter(company=company), terms, Deal.objects.none())


def _lines(reps: QuerySet[Rep], terms: QuerySet[RepTerm], deals: QuerySet[Deal]) -> list[RepLine]:
    rows = list(reps.select_related("joined_into").order_by("name_key", "pk"))
    known_as = {rep.pk: rep.known_as.pk for rep in rows}
    of_rep: dict[int, list[RepTerm]] = defaultdict(list)
    for term in terms.select_related("team"):
        if term.rep_id in known_as:
            of_rep[known_as[term.rep_id]].append(term)
    joined: dict[int, list[Rep]] = defaultdict(list)
    for rep in rows:
        if rep.joined_into_id:
            joined[rep.joined_into_id].append(rep)
    active = [rep for rep in rows if not rep.joined_into_id and of_rep.get(rep.pk)]
    names = Counter(rep.name_key for rep in active)
    numbers = _open_deals(deals)
    lines = [
        RepLine(
            rep,
            tuple(of_rep[rep.pk]),
            tuple(joined[rep.pk]),
            numbers.get(rep.pk, 0),
            names[rep.name_key] > 1,
        )
        for rep in active
    ]
    return sorted(lines, key=lambda line: not line.is_on_a_team)


def _open_deals(deals: QuerySet[Deal]) -> dict[int, int]:
    rows = deals.filter(status=Deal.Status.OPEN, rep__isnull=False).order_by()
    return dict(rows.values_list("rep").annotate(number=Count("pk")))
