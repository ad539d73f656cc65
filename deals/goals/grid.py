"""The goals of a company's teams in one fiscal year, as its page shows them. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from alignment.models import Company, Goal, Team
from alignment.models.goals import GoalKey, Goals
from alignment.rules.folding import unaccented
from alignment.rules.money import show, typed
from alignment.rules.periods import MONTH_NAMES, Period, months_in, quarter_of, year_of
from deals.goals.agreement import teams_not_agreed
from deals.models import RevenueEntry
from deals.rules.goal_spread import year_before

TEAMS_PER_PAGE = 50
"""Their 600 fields stay below the number that one form may send."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Reader:
    """How amounts are written for a person: their locale, the company's currency."""

    locale: str
    currency: str

    def typed(self, amount: Decimal | None) -> str:
        return "" if amount is None else typed(amount, locale=self.locale)

    def amount(self, amount: Decimal | None) -> str:
        """Without the currency, which the page shows once."""
        return NOTHING if amount is None else typed(amount, locale=self.locale)

    def money(self, amount: Decimal | None) -> str:
        return "no goal" if amount is None else show(amount, currency=self.currency, locale=self.locale)


@dataclass(frozen=True, slots=True)
class SubmittedGoals:
    """The content of a form that could not be saved: texts as typed, the goals its writer saw, the errors."""

    texts: Mapping[GoalKey, str] = field(default_factory=dict)
    base: Mapping[GoalKey, Decimal | None] = field(default_factory=dict)
    problems: Mapping[GoalKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    key: str
    month: date
    text: str
    problem: str

    @property
    def head(self) -> str:
        """The id of its column's heading."""
        return f"m{self.key[-6:]}"

    @property
    def short(self) -> str:
        return MONTH_NAMES[self.month.month - 1][:3]


@dataclass(frozen=True, slots=True)
class Quarter:
    label: str
    cells: tuple[Cell, ...]
    total: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A line of figures below the goals: for each quarter its name, months and sum, then the year."""

    label: str
    quarters: tuple[tuple[str, tuple[str, ...], str], ...]
    year: str


@dataclass(frozen=True, slots=True)
class Row:
    """A team's goals. `base` are the goals the writer saw, `stored` those stored now where they differ."""

    team: Team
    base: str
    stored: str
    quarters: tuple[Quarter, ...]
    year: str
    last_year: tuple[FigureLine, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    company: Company
    year: Period
    months: tuple[date, ...]
    quarters: tuple[tuple[str, tuple[date, ...]], ...]
    page: Page[Team]
    rows: tuple[Row, ...]
    totals: tuple[FigureLine, ...]
    teams: int
    is_narrowed: bool
    quarter: Period | None
    """The running one, if it lies in this year."""
    not_agreed: tuple[Team, ...]
    """Those of the page to whose goals of that quarter the CEO and the sales leader have not both said yes."""

    @property
    def number(self) -> int:
        return self.year.end.year

    @property
    def first(self) -> str:
        return f"{self.months[0]:%Y%m}"


def field_name(key: GoalKey) -> str:
    """The name of a goal's field: "7-202703"."""
    return f"{key[0]}-{key[1]:%Y%m}"


def quarters_of(year: Period, first_month: int) -> tuple[tuple[str, tuple[date, ...]], ...]:
    months = months_in(year)
    parts = (months[start : start + 3] for start in range(0, 12, 3))
    return tuple((quarter_of(part[0], first_month=first_month).label.split(" ")[0], part) for part in parts)


def teams_of(company: Company, year: Period) -> QuerySet[Team]:
    """The teams that meet in that year or later."""
    return company.teams.filter(Q(ends_on=None) | Q(ends_on__gte=year.start)).order_by("name_key", "pk")


def grid(
    company: Company,
    year: Period,
    *,
    reader: Reader,
    q: str = "",
    page: str | int | None = 1,
    with_last_year: bool = False,
    submitted: SubmittedGoals | None = None,
    today: date | None = None,
) -> Grid:
    """The grid of one page of teams.

    `with_last_year` adds last year's goals and revenue. `submitted` is shown where it differs from what is
    stored.
    """
    teams = list(teams_of(company, year))
    matching = [team for team in teams if unaccented(q) in team.name_key]
    page_of_teams = Paginator(matching, TEAMS_PER_PAGE).get_page(page)
    content = _read_content(
        teams,
        months=months_in(year),
        quarters=quarters_of(year, company.fiscal_year_start),
        reader=reader,
        with_last_year=with_last_year,
        submitted=submitted or SubmittedGoals(),
    )
    quarter = (
        quarter_of(today, first_month=company.fiscal_year_start) if today and year.contains(today) else None
    )
    return Grid(
        company=company,
        year=year,
        months=content.months,
        quarters=content.quarters,
        page=page_of_teams,
        teams=len(teams),
        is_narrowed=bool(q),
        quarter=quarter,
        not_agreed=teams_not_agreed(quarter, page_of_teams.object_list, content.goals) if quarter else (),
        rows=tuple(content.row(team, with_last_year=with_last_year) for team in page_of_teams.object_list),
        totals=tuple(content.totals(teams, with_last_year=with_last_year)),
    )


def _read_content(
    teams: Sequence[Team],
    *,
    months: tuple[date, ...],
    quarters: tuple[tuple[str, tuple[date, ...]], ...],
    reader: Reader,
    with_last_year: bool,
    submitted: SubmittedGoals,
) -> _GridContent:
    """Two queries: the goals of all teams, because the totals are theirs, and last year's revenue."""
    team_ids = [team.pk for team in teams]
    months_of_goals = [*months, *(map(year_before, months) if with_last_year else ())]
    goals = Goal.objects.stored(team_ids, months_of_goals)
    actuals = revenue_of_last_year(team_ids, months) if with_last_year else {}
    return _GridContent(quarters, months, reader, goals, actuals, submitted)


def revenue_of_last_year(team_ids: Collection[int], months: Sequence[date]) -> Goals:
    """The teams' revenue in the same months of the year before."""
    first, last = year_before(months[0]), months[0]
    rows = RevenueEntry.objects.counted().filter(team__in=team_ids, day__gte=first, day__lt=last).order_by()
    sums = rows.values_list("team", TruncMonth("day")).annotate(total=Sum("amount"))
    return {(team, month): total for team, month, total in sums}


@dataclass(frozen=True, slots=True)
class _GridContent:
    quarters: tuple[tuple[str, tuple[date, ...]], ...]
    months: tuple[date, ...]
    reader: Reader
    goals: Goals
    actuals: Goals
    submitted: SubmittedGoals

    def row(self, team: Team, *, with_last_year: bool) -> Row:
        keys = [(team.pk, month) for month in self.months]
        stored = [self.goals.get(key) for key in keys]
        base = [self.submitted.base.get(key, now) for key, now in zip(keys, stored, strict=True)]
        return Row(
            team=team,
            base=_joined(base),
            stored=_joined(stored) if stored != base else "",
            quarters=tuple(self._quarter(team, label, months) for label, months in self.quarters),
            year=self.reader.amount(_sum(self.goals.get(key) for key in keys)),
            last_year=tuple(self._last_year([team.pk])) if with_last_year else (),
        )

    def totals(self, teams: Sequence[Team], *, with_last_year: bool) -> Iterable[FigureLine]:
        team_ids = [team.pk for team in teams]
        yield self._line(
            f"All {len(team_ids)} teams" if len(team_ids) != 1 else "Total", self.goals, team_ids, self.months
        )
        if with_last_year:
            yield from self._last_year(team_ids)

    def _quarter(self, team: Team, label: str, months: Sequence[date]) -> Quarter:
        cells = tuple(self._cell((team.pk, month)) for month in months)
        return Quarter(
            label, cells, self.reader.amount(_sum(self.goals.get((team.pk, month)) for month in months))
        )

    def _cell(self, key: GoalKey) -> Cell:
        text = self.submitted.texts.get(key)
        stored = self.reader.typed(self.goals.get(key))
        return Cell(
            field_name(key), key[1], stored if text is None else text, self.submitted.problems.get(key, "")
        )

    def _last_year(self, team_ids: Sequence[int]) -> Iterable[FigureLine]:
        months = [year_before(month) for month in self.months]
        name = year_of(months[0], first_month=months[0].month).label
        yield self._line(f"Goal {name}", self.goals, team_ids, months)
        yield self._line(f"Actual {name}", self.actuals, team_ids, months)

    def _line(
        self, label: str, amounts: Goals, team_ids: Sequence[int], months: Sequence[date]
    ) -> FigureLine:
        sums = [_sum(amounts.get((team_id, month)) for team_id in team_ids) for month in months]
        quarters = tuple(
            (name, tuple(map(self.reader.amount, part)), self.reader.amount(_sum(part)))
            for (name, _), part in zip(
                self.quarters, (sums[at : at + 3] for at in range(0, 12, 3)), strict=True
            )
        )
        return FigureLine(label, quarters, self.reader.amount(_sum(sums)))


def _joined(amounts: Iterable[Decimal | None]) -> str:
    return "|".join("" if amount is None else f"{amount:f}".removesuffix(".00") for amount in amounts)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None where there is nothing to add up, which is not zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
