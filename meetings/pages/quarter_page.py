"""The quarter on one page: goal, what came, and what the CEO and the sales leader said and did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import (
    Period,
    key_of_quarter,
    quarter_after,
    quarter_before,
)
from alignment.rules.revenue_kinds import words_of
from alignment.rules.roles import Role
from deals.pages.spans import deals_path, revenue_path
from deals.rules.spans import DaySpan
from deals.rules.wins_and_losses import LOST, WON
from meetings.history.queries import terms_of
from meetings.models import QuarterSharing
from meetings.quarter_page.figures import Figures, build_figures
from meetings.quarter_page.queries import (
    read_quarter,
)
from meetings.rules.quarter_page import (
    HeldSeat,
    Part,
    held_seats,
    readable_parts,
)


class PartView(NamedTuple):
    """A part of the page as its reader has it; `is_open`: others have it too."""

    part: Part
    is_open: bool

    @property
    def template(self) -> str:
        return f"meetings/quarter_page/{self.part}.html"


@dataclass(frozen=True, slots=True)
class QuarterPage:
    team: Team
    m: MoneyFormat
    quarter: Period
    today: date
    ceos: tuple[HeldSeat, ...]
    leaders: tuple[HeldSeat, ...]
    parts: tuple[PartView, ...]
    figures: Figures | None
    """None before the quarter begins."""
    is_principal: bool
    can_share: bool
    sharing: QuarterSharing
    before: str
    after: str
    """The key of the quarter after; empty where it has not begun."""

    @property
    def key(self) -> str:
        return key_of_quarter(self.quarter)

    @property
    def is_running(self) -> bool:
        return self.quarter.contains(self.today)

    @property
    def participle(self) -> str:
        return words_of(self.team.revenue_kind).participle

    @property
    def infinitive(self) -> str:
        return words_of(self.team.revenue_kind).infinitive

    @property
    def won_path(self) -> str:
        return revenue_path(self.team, self.quarter)

    def _decided_path(self, state: str) -> str:
        return deals_path(self.team, state=state, when=DaySpan.of(self.quarter).key)

    @property
    def won_deals_path(self) -> str:
        return self._decided_path(WON)

    @property
    def lost_deals_path(self) -> str:
        return self._decided_path(LOST)

    @property
    def commitments_path(self) -> str:
        return (
            f"{reverse('meetings:commitments')}?team={self.team.slug}&state=all"
            f"&due={DaySpan.of(self.quarter).key}"
        )

    @property
    def closed_parts(self) -> tuple[Part, ...]:
        """What only the CEO and the sales leader have."""
        return tuple(view.part for view in self.parts if not view.is_open)


def build_page(team: Team, reader: User, quarter: Period, *, now: datetime) -> QuarterPage:
    """At most twelve queries: the seats, what is open, the figures and the agreement of the quarter after."""
    today, first_month = team.today(now), team.company.fiscal_year_start
    seats = list(team.seats.select_related("user").order_by("since", "pk"))
    team.with_seats([seat for seat in seats if seat.until is None])
    sharing = QuarterSharing.objects.of(team, quarter)
    is_principal = team.is_principal(reader)
    readable = readable_parts(sharing.parts, is_principal=is_principal)
    has_begun = quarter.start <= today
    terms = terms_of(seats)
    read = (
        read_quarter(team, reader, quarter, sharing, terms, today=today) if has_begun and readable else None
    )
    after = quarter_after(quarter, first_month=first_month)
    return QuarterPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        quarter=quarter,
        today=today,
        ceos=held_seats(terms, Role.CEO, quarter),
        leaders=held_seats(terms, Role.LEADER, quarter),
        parts=tuple(PartView(part, part in sharing.parts) for part in readable) if read else (),
        figures=build_figures(team, reader, quarter, sharing, read, today=today) if read else None,
        is_principal=is_principal,
        can_share=QuarterSharing.can_change(team, reader),
        sharing=sharing,
        before=key_of_quarter(quarter_before(quarter, first_month=first_month)),
        after=key_of_quarter(after) if after.start <= today else "",
    )
