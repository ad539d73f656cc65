"""What a list page shows: of whose teams, with which words, narrowed how. What an address says wrong is left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from alignment.access import May, Request, seats_of
from alignment.models import Seat, Team, User
from alignment.templatetags.figures import MoneyFormat

PAGE = 50
LONGEST = 100
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Select:
    """One choice that narrows the list; the first option is what is shown unless asked otherwise."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def is_narrowed(self) -> bool:
        return self.chosen != self.options[0][0]


@dataclass(slots=True)
class Listing:
    """The list one person asks for."""

    user: User
    asked: Any
    seats: dict[int, Seat] = field(default_factory=dict)
    selects: list[Select] = field(default_factory=list)
    q: str = ""
    team: Team | None = None

    @classmethod
    def of(cls, request: Request) -> Listing:
        listing = cls(request.user, request.GET, {seat.team_id: seat for seat in seats_of(request.user)})
        listing.q = searched(request.GET.get("q", ""))
        if len(listing.seats) > 1:
            teams = {seat.team.slug: seat.team for seat in listing.seats.values()}
            named = ((slug, team.name) for slug, team in teams.items())
            listing.team = teams.get(listing.choose("team", "Team", [("", "All teams"), *named]))
        elif listing.seats:
            listing.team = next(iter(listing.seats.values())).team
        return listing

    def choose(self, name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
        """Offer a choice; answers the option asked for, or the first."""
        offered = tuple(options)
        asked = self.asked.get(name, "")
        chosen = asked if asked in dict(offered) else offered[0][0]
        self.selects.append(Select(name, label, offered, chosen))
        return chosen

    def found_of_team(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Of the team asked for, or of all the reader's."""
        return rows if self.team is None else rows.filter(team=self.team)

    def found(self, rows: QuerySet[Row], *names: str) -> QuerySet[Row]:
        """Of the team asked for, with the words asked for in one of these fields."""
        rows = self.found_of_team(rows)
        if self.q:
            rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": self.q}) for name in names)))
        return rows

    def page(self, rows: QuerySet[Row]) -> Page[Row]:
        return Paginator(rows, PAGE).get_page(self.asked.get("page"))

    def money(self, team: Team) -> MoneyFormat:
        return MoneyFormat(team.currency, self.user.locale)

    def today(self, now: datetime) -> date:
        """The day it is for the team asked for, else in the reader's zone."""
        return self.team.today(now) if self.team is not None else timezone.localdate(now)

    def seat(self, team_id: int) -> Seat:
        return self.seats[team_id]

    def may(self, what: May) -> bool:
        """Whether a new row may be added on one of the teams shown."""
        return any(what(seat) for seat in self.seats.values() if self.team in (None, seat.team))

    @property
    def has_several_teams(self) -> bool:
        return len(self.seats) > 1

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q) or any(select.is_narrowed for select in self.selects)

    @property
    def team_query(self) -> str:
        """For links to a new row: the team already chosen."""
        return f"?team={self.team.slug}" if self.team is not None else ""


def searched(text: str) -> str:
    """What can be looked for: without the characters no text has."""
    return "".join(char for char in text[:LONGEST] if unicodedata.category(char) != "Cc").strip()
