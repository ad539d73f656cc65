"""Which team each deal belongs to: by the file of teams, or by whom the company's teams are known to have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median, quantiles

from django.utils.text import slugify

from alignment.models import Company, Seat, Team
from deals.imports.read import BadFile, Line
from deals.imports.recognise import plain
from deals.imports.rows import DealRow
from deals.models import Deal

REPS = ("sales agent", "rep", "sales rep", "agent", "owner", "deal owner", "opportunity owner")
MANAGERS = ("manager", "sales manager", "team", "leader", "sales leader")
SHOWN_NAMES = 10


@dataclass(frozen=True, slots=True)
class Placed:
    """`team_of` tells the team of each deal by its external id; `made` are the teams that were new."""

    team_of: dict[str, Team]
    made: list[Team]

    @property
    def teams(self) -> list[Team]:
        """Every team that has a deal in the file, by name."""
        return sorted(set(self.team_of.values()), key=lambda team: team.name)

    def count(self, team: Team) -> int:
        return sum(each == team for each in self.team_of.values())


def read_teams(table: Sequence[Line]) -> dict[str, str]:
    """Who works for whom: the owner's plain name → the manager's name. Raises BadFile."""
    headers = [plain(cell) for cell in table[0].cells]
    rep = next((headers.index(name) for name in REPS if name in headers), None)
    manager = next((headers.index(name) for name in MANAGERS if name in headers), None)
    if rep is None or manager is None:
        found = ", ".join(f"“{cell}”" for cell in table[0].cells)
        raise BadFile(
            "The file of teams needs a column “sales_agent” and a column “manager”.",
            f"Columns found: {found}.",
        )
    managers: dict[str, str] = {}
    faults = []
    for line in table[1:]:
        cells = dict(enumerate(line.cells))
        name, boss = cells.get(rep, ""), " ".join(cells.get(manager, "").split())
        if not name or not boss or len(boss) > 120 or not boss.isprintable() or not slugify(boss):
            faults.append(
                f"Row {line.number} of the file of teams: it needs the name of an agent and of a manager."
            )
        elif managers.setdefault(plain(name), boss) != boss:
            faults.append(f"Row {line.number} of the file of teams: {name} has two managers.")
    if faults or not managers:
        raise BadFile(*(faults or ["The file of teams names nobody."]))
    return managers


def by_manager(
    rows: Sequence[DealRow], managers: Mapping[str, str], *, company: Company, today: date
) -> Placed:
    """One team per manager, made when missing. Raises BadFile naming owners without a manager."""
    strangers = {row.owner or "(no owner)" for row in rows if plain(row.owner) not in managers}
    if strangers:
        raise BadFile(f"The file of teams does not say who manages {_listed(strangers)}.")
    known = {team.name: team for team in Team.objects.filter(company=company)}
    won: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        won[managers[plain(row.owner)]] += [row.won] if row.won else []
    made = [
        _make(name, won[name], company=company, today=today)
        for name in sorted(set(managers.values()) - known.keys())
    ]
    known |= {team.name: team for team in made}
    return Placed({row.external_id: known[managers[plain(row.owner)]] for row in rows}, made)


def by_company(rows: Sequence[DealRow], *, company: Company) -> Placed:
    """The team whose leader, name or earlier deals match the deal's owner or manager; else the company's only team.

    Raises BadFile naming the owners of whom no team is known.
    """
    teams = list(Team.objects.filter(company=company))
    if not teams:
        raise BadFile(
            f"{company} has no team yet. Give --teams FILE (columns sales_agent and manager) to make them."
        )
    if len(teams) == 1:
        return Placed({row.external_id: teams[0] for row in rows}, [])
    known = _known_people(teams)
    placed = {row.external_id: known.get(plain(row.owner)) or known.get(plain(row.manager)) for row in rows}
    strangers = {row.owner or "(no owner)" for row in rows if placed[row.external_id] is None}
    if strangers:
        raise BadFile(
            f"No team of {company} is known for {_listed(strangers)}.",
            "Give --teams FILE with the columns sales_agent and manager.",
        )
    return Placed({key: team for key, team in placed.items() if team is not None}, [])


def _known_people(teams: Iterable[Team]) -> dict[str, Team]:
    """Plain names of leaders, teams and owners of deals → their team; whoever is known in two is left out."""
    by_pk = {team.pk: team for team in teams}
    found: dict[str, set[int]] = defaultdict(set)
    owners = (
        Deal.objects.filter(team__in=by_pk)
        .exclude(owner="")
        .order_by()
        .values_list("owner", "team")
        .distinct()
    )
    for name, pk in owners:
        found[plain(name)].add(pk)
    leaders = Seat.objects.current().filter(team__in=by_pk, role="leader").values_list("user__name", "team")
    for name, pk in (*leaders, *((team.name, team.pk) for team in teams)):
        found[plain(name)] = {pk}
    return {name: by_pk[pks.pop()] for name, pks in found.items() if name and len(pks) == 1}


def _make(name: str, won: list[Decimal], *, company: Company, today: date) -> Team:
    slug = slugify(name)[:60]
    if Team.objects.filter(slug=slug).exists():
        slug = f"{slug}-{company.slug}"[:80]
    monday = today - timedelta(days=today.weekday())
    return Team.objects.create(
        company=company, name=name, slug=slug, timezone=company.timezone, starts_on=monday, **bands(won)
    )


def bands(won: Sequence[Decimal]) -> dict[str, Decimal]:
    """Where mid and big deals begin, from what was won: the median and the 90th percentile, to two digits."""
    if len(won) < 2:
        return {}
    big = Decimal(quantiles(won, n=10, method="inclusive")[-1])
    return {"mid_deal_from": _two_digits(median(won)), "big_deal_from": _two_digits(big)}


def _two_digits(amount: Decimal) -> Decimal:
    """1,187 → 1,200."""
    if amount < 10:
        return amount.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_HALF_UP) + Decimal(0)


def _listed(names: set[str]) -> str:
    ordered = sorted(names)
    rest = len(ordered) - SHOWN_NAMES
    return ", ".join(ordered[:SHOWN_NAMES]) + (f" and {rest} more" if rest > 0 else "")
