"""A team as a row of the home page, and what to say of it first. Reads no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from alignment.middleware import zone_named
from alignment.periods import MONTH_NAMES
from alignment.rows import as_amount, as_day, as_time, rows
from alignment.templatetags.figures import compact, day, signed, when
from meetings.agenda.headline import counted
from meetings.cadence import preparation_due
from meetings.days_off import DaysOff
from meetings.discipline import STEPS, Outcome, missed_in_a_row
from meetings.home.read import Figures
from meetings.home.values import Last, Next, Standing, TeamRow
from meetings.models import Meeting

Near = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Raised:
    """The highest step of the escalation a team has reached, and what somebody said to it."""

    step: int
    by: str
    word: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A team as the query gave it, decoded."""

    pk: int
    name: str
    slug: str
    zone: str
    company: int
    currency: str
    first_month: int
    part: str  # ceo, leader, reader or admin
    role: str  # of the reader; empty without a seat
    side: str
    leader: str
    next: Next | None
    last: Last | None
    outcomes: tuple[str, ...]  # newest first
    missed: int  # in a row, up to now
    unrated: tuple[int, datetime] | None
    flag: Raised | None = None
    since: date | None = None
    """Since when the reader has their seat."""
    off: tuple[str, ...] = ()
    """Why nobody expects them to meet on the day of the next meeting."""

    @property
    def is_pair(self) -> bool:
        return self.role in ("ceo", "leader")

    @property
    def is_red(self) -> bool:
        return self.flag is not None and self.flag.step == STEPS


def seen(row: tuple[Any, ...]) -> Seen:
    """A row of teams_of()."""
    pk, name, slug, zone, hours, company, currency, first_month = row[:8]
    held, stands_in, leader, ahead_told, over_told, unrated_told, flag_told, days, away, since = row[8:]
    role, acts_for, over = held or "", stands_in or "", rows(over_told)
    side = acts_for or role
    ahead = next((_next(hours, *told) for told in rows(ahead_told)), None)
    return Seen(
        pk=pk, name=name, slug=slug, zone=zone, company=company, currency=currency, first_month=first_month,
        role=role, side=side, part=_part(role, side),
        leader=leader or "",
        next=ahead, off=_off(pk, zone, ahead, days, away),
        last=next((Last(pk, _time(start), as_amount(gap)) for state, pk, start, gap in over if state == "held"), None),
        outcomes=tuple(state for state, *_ in over), missed=_missed([state for state, *_ in over]),
        unrated=next(((pk, _time(start)) for pk, start in rows(unrated_told)), None),
        flag=next((Raised(step, by or "", word) for step, by, word in rows(flag_told)), None),
        since=since if since is None or isinstance(since, date) else as_day(since),
    )  # fmt: skip


def _off(team: int, zone: str, ahead: Next | None, days: str, away: str) -> tuple[str, ...]:
    """Nearly always nobody is away, and there is nothing to decode."""
    if ahead is None or days == away == "[]":
        return ()
    day = ahead.starts_at.astimezone(zone_named(zone)).date()
    return tuple(why.words for why in DaysOff.of_columns(team, days, away).on(team, day))


def _missed(outcomes: list[str]) -> int:
    """Nearly always the last one was held, and there is nothing to count."""
    return 0 if outcomes[:1] == ["held"] else missed_in_a_row(Outcome(state) for state in outcomes)


def _time(text: str) -> datetime:
    time = as_time(text)
    assert time is not None  # every meeting has a start
    return time


def _part(role: str, side: str) -> str:
    if not role:
        return "admin"
    return side if side in ("ceo", "leader") else "reader"


def _next(hours: int, pk: int, starts_at: str, state: str, handed_in_at: str | None, missing: int) -> Next:
    start = _time(starts_at)
    return Next(
        pk,
        start,
        state == Meeting.State.IN_PROGRESS,
        as_time(handed_in_at),
        missing,
        preparation_due(start, hours=hours),
    )


def address(name: str, of: int | str) -> str:
    """What reverse() says; its work is done once for all rows."""
    head, tail = _around(name)
    return f"{head}{of}{tail}"


@cache
def _around(name: str) -> tuple[str, str]:
    stand_in = "7070707"  # an id as well as a slug
    head, _, tail = reverse(name, args=[stand_in]).partition(stand_in)
    return head, tail


def team_row(
    seen: Seen, standing: Standing | None, figures: Figures, now: datetime, near: Near = when
) -> TeamRow:
    """Everything but the money for a reader of facts alone (`standing` None). `near` says when in words."""
    ahead = seen.next
    status, tone = prepared(ahead, now, off=bool(seen.off))
    if standing is None:
        return TeamRow(
            **_facts(seen, near), href=address("meetings:team", seen.slug), status=status, tone=tone, join="",
            why=_sentence(list(_habit(seen))), goal_is_set=bool(figures.goals.get(seen.pk)),
        )  # fmt: skip
    said = list(clauses(seen, standing, figures))
    return TeamRow(
        **_facts(seen, near), **_money(seen, standing), status=status, tone=tone, why=_sentence(said), standing=standing,
        href=address("meetings:review", ahead.id) if ahead else address("meetings:team", seen.slug),
        join=address("meetings:present", ahead.id) if ahead and ahead.in_session else "",
        record=address("meetings:review", seen.last.id) if seen.last and seen.part == "reader" else "",
        record_of=day(seen.last.starts_at) if seen.last and seen.part == "reader" else "", need=_need(seen, standing, tone, len(said)),
    )  # fmt: skip


def _facts(seen: Seen, near: Near) -> dict[str, Any]:
    return {
        "name": seen.name, "slug": seen.slug, "leader": seen.leader or "no leader",
        "when": near(seen.next.starts_at) if seen.next else "no meeting planned",
        "outcomes": tuple(reversed(seen.outcomes)), "red": seen.is_red,
        "acknowledged": acknowledged(seen),
    }  # fmt: skip


def acknowledged(seen: Seen) -> str:
    """Who acknowledged that meetings were missed, and with what word."""
    flag = seen.flag
    return f"{flag.by or 'Somebody no longer here'}: {flag.word}" if flag and flag.word else ""


def _money(seen: Seen, standing: Standing) -> dict[str, Any]:
    gap, before = standing.gap, _gap_before(seen, standing)
    if gap is None:
        return {"gap": "no goal set"}
    return {
        "gap": signed(gap, standing.m),
        "gap_tone": "bad" if gap < 0 else "good",
        "was": "" if before is None else signed(before, standing.m),
    }


def prepared(ahead: Next | None, now: datetime, *, off: bool = False) -> tuple[str, str]:
    """How far the preparation is, in words and in tone. On a day off none is asked for."""
    if ahead is None:
        return "Nothing planned", "warn"
    if ahead.in_session:
        return "In session", "good"
    if ahead.handed_in_at:
        return (
            ("Ready to read", "good") if not ahead.missing else (f"Handed in, {ahead.missing} open", "warn")
        )
    if off:
        return "Not asked for", ""
    left = ahead.preparation_due - now
    if left <= timedelta(0):
        return "Preparation late", "bad"
    return (f"Due in {in_hours(left)}", "") if left <= timedelta(days=1) else ("Not due yet", "")


def in_hours(left: timedelta) -> str:
    """ "5 h", "40 min"."""
    minutes = int(left.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 60 else f"{max(minutes, 1)} min"


def clauses(seen: Seen, standing: Standing, figures: Figures) -> Iterator[str]:
    """What should be looked at, the most pressing first, each the part of a sentence."""
    pk = seen.pk
    yield from _habit(seen)
    yield from _gap(seen, standing)
    if number := figures.moved.get(pk):
        yield f"{counted(number, 'big deal')} moved out this week"
    if number := figures.overdue.get(pk):
        yield f"{counted(number, 'commitment')} {'is' if number == 1 else 'are'} overdue"
    if number := figures.stale.get(pk):
        yield f"{counted(number, 'risk')} {'has' if number == 1 else 'have'} not moved for two weeks"


def _habit(seen: Seen) -> Iterator[str]:
    if seen.off and seen.next and not seen.next.in_session:
        yield f"on the day of the next meeting {_and(seen.off)}"
    number = seen.missed
    if number:
        yield (
            "the last meeting was missed"
            if number == 1
            else f"the last {counted(number, 'meeting')} were missed"
        )


def _and(off: tuple[str, ...]) -> str:
    return " and ".join(why if why.endswith(" is away") else f"it is {why}" for why in off)


def _gap(seen: Seen, standing: Standing) -> Iterator[str]:
    gap, before = standing.gap, _gap_before(seen, standing)
    if gap is None:
        yield f"no goal is set for {months(standing.missing)}, so the gap cannot be seen until an admin sets it"
    elif gap < 0 and before is not None and gap < before:
        fell = (
            "the quarter fell behind its goal"
            if before >= 0
            else f"the gap grew by {compact(before - gap, standing.m)}"
        )
        yield f"{fell} since the last meeting"


def _gap_before(seen: Seen, standing: Standing) -> Decimal | None:
    """The gap when the last meeting was closed, if that was in this quarter."""
    last = seen.last
    return (
        last.gap if last and last.starts_at.astimezone(ZoneInfo(seen.zone)).date() >= standing.since else None
    )


def months(missing: tuple[date, ...]) -> str:
    """ "October to December", "November"."""
    first, last = MONTH_NAMES[missing[0].month - 1], MONTH_NAMES[missing[-1].month - 1]
    return first if first == last else f"{first} {'and' if len(missing) == 2 else 'to'} {last}"


def _need(seen: Seen, standing: Standing, tone: str, pressing: int) -> float:
    late = 0.5 if tone == "bad" else 0.0
    return seen.missed + late + float(standing.shortfall) + (0.02 * pressing if standing.shortfall else 0.0)


def _sentence(clauses: list[str]) -> str:
    """The two most pressing things as one sentence."""
    said = " and ".join(clauses[:2])
    return f"{said[0].upper()}{said[1:]}." if said else ""
