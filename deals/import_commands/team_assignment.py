"""Which team each deal belongs to: by the file of teams, or by the people known in the company's teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median, quantiles

from alignment.models import Company, Team
from alignment.models.policy import company_defaults
from deals.import_runs.owners import OwnerDirectory
from deals.import_runs.scopes import ImportScope
from deals.imports.columns import normalize
from deals.imports.kinds.rows import DealRow
from deals.tables.csv_reader import Line, TableError

REPS = ("sales agent", "rep", "sales rep", "agent", "owner", "deal owner", "opportunity owner")
MANAGERS = ("manager", "sales manager", "team", "leader", "sales leader")
SHOWN_NAMES = 10


@dataclass(frozen=True, slots=True)
class TeamAssignment:
    """`team_of` is the team of each deal by its external id; `new_teams` were created for the import."""

    team_of: dict[str, Team]
    new_teams: list[Team]

    @property
    def teams(self) -> list[Team]:
        """Every team that has a deal in the file, by name."""
        return sorted(set(self.team_of.values()), key=lambda team: team.name)

    def count(self, team: Team) -> int:
        return sum(assigned == team for assigned in self.team_of.values())


def read_teams(table: Sequence[Line]) -> dict[str, str]:
    """Who works for whom: the owner's name as compared → the manager's name. Raises TableError."""
    headers = [normalize(cell) for cell in table[0].cells]
    rep = next((headers.index(name) for name in REPS if name in headers), None)
    manager = next((headers.index(name) for name in MANAGERS if name in headers), None)
    if rep is None or manager is None:
        columns = ", ".join(f"“{cell}”" for cell in table[0].cells)
        raise TableError(
            "The file of teams needs a column “sales_agent” and a column “manager”.",
            f"Columns matching: {columns}.",
        )
    managers: dict[str, str] = {}
    errors = []
    for line in table[1:]:
        cells = dict(enumerate(line.cells))
        name, manager_name = cells.get(rep, ""), " ".join(cells.get(manager, "").split())
        if not name or not _is_team_name(manager_name):
            errors.append(
                f"Row {line.number} of the file of teams: the name of the agent or the manager "
                "is missing or unusable."
            )
        elif normalize(managers.setdefault(normalize(name), manager_name)) != normalize(manager_name):
            errors.append(f"Row {line.number} of the file of teams: {name} has two managers.")
    if errors or not managers:
        raise TableError(*(errors or ["The file of teams names nobody."]))
    return managers


def assign_by_manager(
    rows: Sequence[DealRow], managers: Mapping[str, str], *, company: Company, today: date
) -> TeamAssignment:
    """One team per manager, created when missing. Raises TableError naming owners without a manager."""
    strangers = {row.owner or "(no owner)" for row in rows if normalize(row.owner) not in managers}
    if strangers:
        raise TableError(f"The file of teams does not say who manages {_join_names(strangers)}.")
    known = {normalize(team.name): team for team in Team.objects.filter(company=company)}
    manager_of = {row.external_id: normalize(managers[normalize(row.owner)]) for row in rows}
    won: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        won[manager_of[row.external_id]] += [row.won] if row.won else []
    names = {normalize(name): name for name in sorted(managers.values(), reverse=True)}
    new_teams = [
        _create_team(names[key], won[key], company=company, today=today)
        for key in sorted(names.keys() - known.keys())
    ]
    known |= {normalize(team.name): team for team in new_teams}
    return TeamAssignment({key: known[manager] for key, manager in manager_of.items()}, new_teams)


def assign_by_company(rows: Sequence[DealRow], *, company: Company, source: str = "") -> TeamAssignment:
    """The team of the deal's owner or manager, as imports in the browser find it (deals.import_runs.owners); else the
    company's only team.

    Raises TableError naming the owners for whom no team fits, or more than one.
    """
    owners = OwnerDirectory(ImportScope(company), source=source, choices={})
    if not owners.by_pk:
        raise TableError(
            f"{company} has no team yet. "
            "Use --teams FILE (columns sales_agent and manager) to create the teams."
        )
    team_of, strangers, unclear = dict[str, Team](), set[str](), dict[str, set[str]]()
    for row in rows:
        matching = owners.teams_of(row.owner, row.manager)
        if len(matching) == 1:
            team_of[row.external_id] = owners.by_pk[next(iter(matching))]
        elif matching:
            unclear[row.owner or row.manager] = {owners.names[team] for team in matching}
        else:
            strangers.add(row.owner or "(no owner)")
    if strangers or unclear:
        raise TableError(
            *([f"No team of {company} is known for {_join_names(strangers)}."] if strangers else []),
            *(
                f"{name} is known in {' and '.join(sorted(unclear[name]))}: choose."
                for name in sorted(unclear)
            ),
            "Use --teams FILE with the columns sales_agent and manager.",
        )
    return TeamAssignment(team_of, [])


def _is_team_name(name: str) -> bool:
    return 0 < len(name) <= 120 and name.isprintable()


def _create_team(name: str, won: list[Decimal], *, company: Company, today: date) -> Team:
    monday = today - timedelta(days=today.weekday())
    return Team.objects.create(
        company=company,
        name=name,
        slug=Team.objects.free_slug(name),
        timezone=company.timezone,
        starts_on=monday,
        **company_defaults(company),
        **bands(won),
    )


def bands(won: Sequence[Decimal]) -> dict[str, Decimal]:
    """From which amount deals are mid-size and big.

    The median and the 90th percentile of what was won, rounded to two digits; nothing for fewer than two
    wins.
    """
    if len(won) < 2:
        return {}
    big = Decimal(quantiles(won, n=10, method="inclusive")[-1])
    return {"mid_deal_from": _two_digits(median(won)), "big_deal_from": _two_digits(big)}


def _two_digits(amount: Decimal) -> Decimal:
    """1,187 → 1,200."""
    if amount < 10:
        return amount.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_HALF_UP) + Decimal(0)


def _join_names(names: set[str]) -> str:
    ordered = sorted(names)
    rest = len(ordered) - SHOWN_NAMES
    return ", ".join(ordered[:SHOWN_NAMES]) + (f" and {rest} more" if rest > 0 else "")
