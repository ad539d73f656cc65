"""The agreement of a pair as it stood when one of them left the seat: read back from its lines, stored nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from alignment.models import Agreement, Seat, Team
from alignment.permissions import is_principal_seat
from alignment.rules.periods import Period, key_of_quarter, quarter_of
from alignment.rules.roles import NAMES, Role
from deals.goals.agreement import SUBJECT as GOALS
from deals.mix.terms import SUBJECT as MIX
from meetings.agreement.queries import read_lines
from meetings.agreement.subjects import own_part
from meetings.agreement.terms import INITIATIVES, MEASURES, RIGHT, SENTENCE, lines_in_words
from meetings.rules.agreement_closing import stood_at
from meetings.rules.decision_rights import RightKind

ONE_DAY = timedelta(days=1)
TITLES = {GOALS: "Goals", MIX: "Deal mix", MEASURES: "Leading measures", INITIATIVES: "Initiatives"}


class LineInWords(NamedTuple):
    """`title` is empty for a sentence, which says what it is about."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class AgreementClosing:
    """`agreed` and `open` are the lines in words: what both had said yes to, and what waited for an answer."""

    quarter: Period
    ended_on: date
    name: str
    role: str
    agreed: tuple[LineInWords, ...]
    open: tuple[LineInWords, ...]

    @property
    def key(self) -> str:
        return key_of_quarter(self.quarter)


def close_agreement(
    team: Team, seat: Seat, rows: Sequence[Agreement], quarter: Period, *, locale: str
) -> AgreementClosing:
    """At the end of the last day in the seat, by the team's zone. `rows` are all of the quarter."""
    assert seat.until is not None  # it has ended
    moment = datetime.combine(seat.until + ONE_DAY, time(), team.zone)
    stood = stood_at(rows, moment)
    return AgreementClosing(
        quarter=quarter,
        ended_on=seat.until,
        name=seat.user.name,
        role=NAMES[Role(seat.role)],
        agreed=lines_in_order(stood.agreed, locale),
        open=lines_in_order(stood.open, locale),
    )


def read_closing(team: Team, seat: Seat, *, locale: str) -> AgreementClosing:
    """Of the quarter in which the seat ended. One query."""
    assert seat.until is not None  # it has ended
    quarter = quarter_of(seat.until, first_month=team.company.fiscal_year_start)
    return close_agreement(team, seat, read_lines(team, quarter), quarter, locale=locale)


def read_closings(
    team: Team, rows: Sequence[Agreement], quarter: Period, *, locale: str
) -> tuple[AgreementClosing, ...]:
    """Of all principals' seats that ended in the quarter, the last first. One query."""
    ended = Seat.objects.filter(team=team, until__range=(quarter.start, quarter.end)).select_related("user")
    seats = [seat for seat in ended.order_by("-until", "-pk") if is_principal_seat(seat)]
    return tuple(close_agreement(team, seat, rows, quarter, locale=locale) for seat in seats)


def lines_in_order(rows: Iterable[Agreement], locale: str) -> tuple[LineInWords, ...]:
    return tuple(
        LineInWords(_title(row), text)
        for row in sorted(rows, key=_position)
        for text in lines_in_words(row.subject, row.content, locale=locale)
    )


def _title(row: Agreement) -> str:
    return str(RightKind(own_part(row.key)).label) if row.subject == RIGHT else TITLES.get(row.subject, "")


def _position(row: Agreement) -> tuple[int, int]:
    """In the order of the agreement's own page."""
    subjects = [*TITLES, RIGHT, SENTENCE]
    kind = RightKind(own_part(row.key)).position if row.subject == RIGHT else row.number
    return subjects.index(row.subject), kind
