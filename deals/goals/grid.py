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
from alignment.models.goals import Goals, Place
from alignment.money import show, typed
from alignment.periods import MONTH_NAMES, Period, months_in, quarter_of, year_of
from alignment.spread import year_before
from deals.models import RevenueEntry

PAGE = 50
"""Teams on a page: 600 fields, which stays below what one form may send."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom amounts are written."""

    locale: str
    currency: str

    def typed(self, amount: Decimal | None) -> str:
        return "" if amount is None else typed(amount, locale=self.locale)

    def shown(self, amount: Decimal | None) -> str:
        """Without the currency, which the page says once."""
        return NOTHING if amount is None else typed(amount, locale=self.locale)

    def money(self, amount: Decimal | None) -> str:
        return "no goal" if amount is None else show(amount, currency=self.currency, locale=self.locale)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form that could not be saved said: the texts, what their writer had seen, what is wrong with them."""

    texts: Mapping[Place, str] = field(default_factory=dict)
    seen: Mapping[Place, Decimal | None] = field(default_factory=dict)
    problems: Mapping[Place, str] = field(default_factory=dict)


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
class Beside:
    """A line of figures under a team: quarter by quarter its name, its months and their sum, then the year."""

    label: str
    quarters: tuple[tuple[str, tuple[str, ...], str], ...]
    year: str


@dataclass(frozen=True, slots=True)
class Row:
    team: Team
    basis: str
    quarters: tuple[Quarter, ...]
    year: str
    beside: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    company: Company
    year: Period
    months: tuple[date, ...]
    quarters: tuple[tuple[str, tuple[date, ...]], ...]
    page: Page[Team]
    rows: tuple[Row, ...]
    totals: tuple[Beside, ...]
    teams: int
    is_narrowed: bool

    @property
    def number(self) -> int:
        return self.year.end.year

    @property
    def first(self) -> str:
        return f"{self.months[0]:%Y%m}"


def key(place: Place) -> str:
    """The name of a goal's field: "7-202703"."""
    return f"{place[0]}-{place[1]:%Y%m}"


def quarters_of(year: Period, first_month: int) -> tuple[tuple[str, tuple[date, ...]], ...]:
    months = months_in(year)
    parts = (months[start : start + 3] for start in range(0, 12, 3))
    return tuple((quarter_of(part[0], first_month=first_month).label.split(" ")[0], part) for part in parts)


def teams_of(company: Company, year: Period) -> QuerySet[Team]:
    """The teams that meet in that year or later: those for which it makes sense to set goals."""
    return company.teams.filter(Q(ends_on=None) | Q(ends_on__gte=year.start)).order_by("name", "pk")


def grid(
    company: Company, year: Period, *, reader: Reader, q: str = "", page: str | int | None = 1, beside: bool = False,
    said: Typed | None = None,
) -> Grid:  # fmt: skip
    """`beside` adds last year's goals and actuals; `said` is shown instead of what is stored where it differs."""
    teams = list(teams_of(company, year))
    found = [team for team in teams if q.casefold() in team.name.casefold()]
    chosen = Paginator(found, PAGE).get_page(page)
    months = months_in(year)
    goals = Goal.objects.stored(
        (team.pk for team in teams), [*months, *(map(year_before, months) if beside else ())]
    )
    actuals = won_in([team.pk for team in teams], months) if beside else {}
    sheet = _Sheet(
        quarters_of(year, company.fiscal_year_start), months, reader, goals, actuals, said or Typed()
    )
    return Grid(
        company=company, year=year, months=months, quarters=sheet.quarters, page=chosen, teams=len(teams), is_narrowed=bool(q),
        rows=tuple(sheet.row(team, beside=beside) for team in chosen.object_list),
        totals=tuple(sheet.totals(teams, beside=beside)),
    )  # fmt: skip


def won_in(team_ids: Collection[int], months: Sequence[date]) -> Goals:
    """What the teams really won in the same months of the year before."""
    first, last = year_before(months[0]), months[0]
    rows = RevenueEntry.objects.standing().filter(team__in=team_ids, day__gte=first, day__lt=last).order_by()
    sums = rows.values_list("team", TruncMonth("day")).annotate(total=Sum("amount"))
    return {(team, month): total for team, month, total in sums}


@dataclass(frozen=True, slots=True)
class _Sheet:
    quarters: tuple[tuple[str, tuple[date, ...]], ...]
    months: tuple[date, ...]
    reader: Reader
    goals: Goals
    actuals: Goals
    said: Typed

    def row(self, team: Team, *, beside: bool) -> Row:
        places = [(team.pk, month) for month in self.months]
        seen = [self.said.seen.get(place, self.goals.get(place)) for place in places]
        return Row(
            team=team,
            basis="|".join("" if amount is None else f"{amount:f}".removesuffix(".00") for amount in seen),
            quarters=tuple(self._quarter(team, label, months) for label, months in self.quarters),
            year=self.reader.shown(_sum(self.goals.get(place) for place in places)),
            beside=tuple(self._last_year([team.pk])) if beside else (),
        )

    def totals(self, teams: Sequence[Team], *, beside: bool) -> Iterable[Beside]:
        keys = [team.pk for team in teams]
        yield self._line(
            f"All {len(keys)} teams" if len(keys) != 1 else "Total", self.goals, keys, self.months
        )
        if beside:
            yield from self._last_year(keys)

    def _quarter(self, team: Team, label: str, months: Sequence[date]) -> Quarter:
        cells = tuple(self._cell((team.pk, month)) for month in months)
        return Quarter(
            label, cells, self.reader.shown(_sum(self.goals.get((team.pk, month)) for month in months))
        )

    def _cell(self, place: Place) -> Cell:
        text = self.said.texts.get(place)
        stored = self.reader.typed(self.goals.get(place))
        return Cell(key(place), place[1], stored if text is None else text, self.said.problems.get(place, ""))

    def _last_year(self, keys: Sequence[int]) -> Iterable[Beside]:
        months = [year_before(month) for month in self.months]
        name = year_of(months[0], first_month=months[0].month).label
        yield self._line(f"Goal {name}", self.goals, keys, months)
        yield self._line(f"Actual {name}", self.actuals, keys, months)

    def _line(self, label: str, amounts: Goals, keys: Sequence[int], months: Sequence[date]) -> Beside:
        sums = [_sum(amounts.get((key, month)) for key in keys) for month in months]
        quarters = tuple(
            (name, tuple(map(self.reader.shown, part)), self.reader.shown(_sum(part)))
            for (name, _), part in zip(
                self.quarters, (sums[at : at + 3] for at in range(0, 12, 3)), strict=True
            )
        )
        return Beside(label, quarters, self.reader.shown(_sum(sums)))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None where there is nothing to add up: that is not zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
