"""The search and the filters of a list page. Invalid values in the address are ignored."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone

from alignment.db.search_keys import contains
from alignment.models import Seat, Team, User
from alignment.permissions import Permission, seats_of
from alignment.rules.formatting import MoneyFormat
from alignment.web.requests import Request

PAGE = 50
LONGEST = 100
Row = TypeVar("Row", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class Select:
    """One filter of a list. The first option is the default."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    selected: str

    @property
    def is_narrowed(self) -> bool:
        return self.selected != self.options[0][0]

    @property
    def selected_label(self) -> str:
        return dict(self.options)[self.selected]


@dataclass(slots=True)
class Listing:
    """The list that one person requests."""

    user: User
    params: Any
    seats: dict[int, Seat] = field(default_factory=dict)
    selects: list[Select] = field(default_factory=list)
    q: str = ""
    team: Team | None = None

    @classmethod
    def of(cls, request: Request, params: QueryDict | None = None) -> Listing:
        """`params` in place of those of the address: the filters used last."""
        params = request.GET if params is None else params
        listing = cls(request.user, params, {seat.team_id: seat for seat in seats_of(request.user)})
        listing.q = searched(params.get("q", ""))
        if len(listing.seats) > 1:
            teams = {seat.team.slug: seat.team for seat in listing.seats.values()}
            named = ((slug, team.name) for slug, team in teams.items())
            listing.team = teams.get(listing.choose("team", "Team", [("", "All teams"), *named]))
        elif listing.seats:
            listing.team = next(iter(listing.seats.values())).team
        return listing

    def choose(
        self,
        name: str,
        label: str,
        options: Iterable[tuple[str, str]],
        *,
        other: Callable[[str], str] | None = None,
    ) -> str:
        """Add a filter and return the requested option, or the first. `other` is the label of a value that only a link
        asks for, as the rows behind a figure; empty for none that makes sense.
        """
        offered = tuple(options)
        requested = self.params.get(name, "")
        if other is not None and requested not in dict(offered) and (named := other(requested)):
            offered = (*offered, (requested, named))
        selected = requested if requested in dict(offered) else offered[0][0]
        self.selects.append(Select(name, label, offered, selected))
        return selected

    def filter_by_team(self, rows: Rows) -> Rows:
        """Rows of the requested team, or of all teams of the reader."""
        return rows if self.team is None else rows.filter(team=self.team)

    def search(self, rows: Rows, *keys: str) -> Rows:
        """Rows of the requested team that contain the search text in one of these stored keys."""
        rows = self.filter_by_team(rows)
        return rows.filter(contains(self.q, *keys)) if self.q else rows

    def page(self, rows: QuerySet[Row], *, number: int | None = None) -> Page[Row]:
        """First which rows, then those rows: what is joined to a row is read for one page, not for all before it.

        Two queries, because PostgreSQL, given both in one, joins first. `number` is how many there are, where the
        caller knows it from their sum.
        """
        paginator = Paginator(rows.values_list("pk", flat=True), PAGE)
        if number is not None:
            vars(paginator)["count"] = number
        page: Page[Any] = paginator.get_page(self.params.get("page"))
        by_key = rows.in_bulk(list(page.object_list))
        page.object_list = [by_key[key] for key in page.object_list if key in by_key]
        return page

    def money(self, team: Team) -> MoneyFormat:
        return MoneyFormat(team.currency, self.user.locale)

    def today(self, now: datetime) -> date:
        """Today for the requested team, or else in the reader's zone."""
        return self.team.today(now) if self.team is not None else timezone.localdate(now)

    def seat(self, team_id: int) -> Seat:
        return self.seats[team_id]

    def may(self, what: Permission) -> bool:
        """Whether the reader may add a row to one of the teams shown."""
        return any(what(seat) for seat in self.seats.values() if self.team in (None, seat.team))

    @property
    def has_several_teams(self) -> bool:
        return len(self.seats) > 1

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q) or any(select.is_narrowed for select in self.selects)

    @property
    def narrowed(self) -> list[Select]:
        """The filters that are not at their default."""
        return [select for select in self.selects if select.is_narrowed]

    @property
    def query(self) -> str:
        """What is searched and selected, for a link to the same rows: “?q=orbis&state=won”."""
        used = QueryDict(mutable=True)
        if self.q:
            used["q"] = self.q
        for select in self.narrowed:
            used[select.name] = select.selected
        return f"?{used.urlencode()}" if used else ""

    @property
    def team_query(self) -> str:
        """The query of links to a new row: the team already selected."""
        return f"?team={self.team.slug}" if self.team is not None else ""


def searched(text: str) -> str:
    """The search text, shortened, with composed letters and without control characters."""
    plain = unicodedata.normalize("NFC", text[:LONGEST])
    return "".join(char for char in plain if unicodedata.category(char) != "Cc").strip()
