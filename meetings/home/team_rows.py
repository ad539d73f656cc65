"""A team as a row of the home page. Reads no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from alignment.rules.charts import Bullet, Dots
from alignment.rules.formatting import MoneyFormat, compact, compact_apart, day, number_of, signed, when
from alignment.rules.revenue_kinds import words_of
from alignment.rules.roles import Role
from deals.rules.revenue import is_out_of_date
from meetings.home.attention import (
    change_since,
    gap_at_last_meeting,
    situation_of,
)
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import (
    Addresses,
    Figures,
    GapChange,
    Next,
    OwnNumberLink,
    QuarterStanding,
    TeamRow,
    WorthAsking,
)
from meetings.rules.team_order import ReasonKind, Situation, first_reason, reasons_of

BAR_HEIGHT = 12
"""In pixels, as `templates/meetings/home_teams.html` draws it."""


@dataclass(frozen=True, slots=True)
class RowContext:
    """What the rows of one page share: many teams meet at the same hour and have met as regularly."""

    now: datetime
    addresses: Addresses
    locale: str
    format_time: Callable[[datetime], str] = field(default_factory=lambda: cache(when))
    draw_dots: Callable[[tuple[str, ...]], Dots] = field(default_factory=lambda: cache(_dots))


def _dots(outcomes: tuple[str, ...]) -> Dots:
    return Dots(tuple(reversed(outcomes)))


def team_row(
    team: TeamSnapshot,
    standing: QuarterStanding | None,
    figures: Figures,
    context: RowContext,
    *,
    asking: WorthAsking | None = None,
) -> TeamRow:
    """Everything but the money for a reader of facts alone (`standing` None)."""
    if standing is None:
        return _row_of_facts(team, figures, context)
    addresses = context.addresses
    status, tone = preparation_status(team.next, context.now, is_day_off=bool(team.days_off))
    is_late = team.next is not None and team.next.is_preparation_overdue(
        context.now, is_day_off=bool(team.days_off)
    )
    situation = situation_of(team, figures, standing, locale=context.locale, is_late=is_late)
    reason = _reason(team, situation, figures, context.now)
    spoken = {reason["reason"].kind if reason["reason"] else "", *reason["silenced"]}
    record = team.last if team.part == "reader" else None
    return TeamRow(
        **_facts(team, context),
        **_money(team, standing),
        status=status,
        tone="" if ReasonKind.PREPARATION in reason["silenced"] else tone,
        **reason,
        **_promises(team, figures, context, says_commit=ReasonKind.COMMIT not in spoken),
        standing=standing,
        href=addresses.review.of(team.next.id) if team.next else addresses.team.of(team.slug),
        record=addresses.review.of(record.id) if record else "",
        record_of=day(record.starts_at) if record else "",
        number=_number(team, standing, addresses),
        heads_up=addresses.heads_ups.of(team.slug) if team.can_leave_heads_up else "",
        asking=asking,
        wins=figures.moves.won.get(team.pk, ()),
    )


def _number(team: TeamSnapshot, standing: QuarterStanding, addresses: Addresses) -> OwnNumberLink | None:
    if team.next is None or team.next.in_session or team.role != Role.CEO:
        return None
    own = team.own_number
    is_revealed = own is not None and own.is_called and team.next.submitted_at is not None
    return OwnNumberLink(
        amount=compact(own.amount, standing.m) if own else "",
        href="" if is_revealed else addresses.expectation.of(team.next.id),
    )


def _row_of_facts(team: TeamSnapshot, figures: Figures, context: RowContext) -> TeamRow:
    status, tone = preparation_status(team.next, context.now, is_day_off=bool(team.days_off))
    return TeamRow(
        **_facts(team, context),
        href=context.addresses.team.of(team.slug),
        status=status,
        tone=tone,
        **_reason(team, situation_of(team, figures, None, locale=context.locale), figures, context.now),
        goal_is_set=team.pk in figures.goals,
    )


def _reason(team: TeamSnapshot, situation: Situation, figures: Figures, now: datetime) -> dict[str, Any]:
    """The one reason that is said, and until when the reader silenced another."""
    reasons, silences = list(reasons_of(situation)), figures.silences.get(team.pk, ())
    reason = first_reason(reasons, silences, now)
    silenced = {
        silence.kind: silence.until
        for silence in silences
        if now < silence.until
        and not any(other.kind == silence.kind and not silence.covers(other, now) for other in reasons)
    }
    hidden = [silenced[other.kind] for other in reasons if other.kind in silenced]
    return {
        "reason": reason,
        "why": reason.sentence if reason else "",
        "may_silence": reason is not None and team.role == Role.CEO,
        "silenced": frozenset(silenced),
        "silenced_until": day(max(hidden)) if hidden else "",
    }


def _promises(
    team: TeamSnapshot, figures: Figures, context: RowContext, *, says_commit: bool
) -> dict[str, Any]:
    """The call, committed deals that are due, and what is no longer agreed, each in a few words."""
    m = MoneyFormat(team.currency, context.locale)
    call, due = figures.calls.get(team.pk), figures.due.get(team.pk)
    changed = figures.changed.get(team.pk, 0)
    words = {}
    if call is not None:
        low, high = compact_apart(m, call.commit, call.best_case)
        span = low if call.commit == call.best_case else f"{low} to {high}"
        period = "" if call.period == team.quarter.label else f" for {call.period}"
        words["call"] = f"{span}{period}, stated {day(call.at)}"
        if says_commit and call.goal and call.commit < call.goal:
            words["call_goal"] = f"commit {compact(call.goal - call.commit, m)} below goal"
    if due is not None:
        deals = number_of(due.number, "committed deal")
        words["due"] = f"{deals} due{f', {compact(due.amount, m)}' if due.amount else ''}"
    if changed:
        words["changed"] = f"{number_of(changed, 'line')} no longer as agreed"
    return words


def _facts(team: TeamSnapshot, context: RowContext) -> dict[str, Any]:
    return {
        "name": team.name,
        "slug": team.slug,
        "leader": team.leader or "no leader",
        "when": context.format_time(team.next.starts_at) if team.next else "no meeting planned",
        "team_page": context.addresses.team.of(team.slug),
        "dots": context.draw_dots(team.outcomes),
        "red": team.is_red,
        "acknowledged": acknowledged(team),
    }


def acknowledged(team: TeamSnapshot) -> str:
    """Who acknowledged that meetings were missed, and their comment."""
    flag = team.flag
    return f"{flag.by or 'Former member'}: {flag.comment}" if flag and flag.comment else ""


def _money(team: TeamSnapshot, standing: QuarterStanding) -> dict[str, Any]:
    gap, before = standing.gap, gap_at_last_meeting(team, standing)
    source = {
        "words": words_of(team.revenue_kind),
        "as_of": day(team.revenue_as_of) if team.revenue_as_of else "",
        "is_out_of_date": team.revenue_as_of is not None
        and is_out_of_date(team.revenue_as_of, team.today, team.holidays.keys()),
    }
    if gap is None:
        return source | {"won": compact(standing.actual, standing.m), "gap": "no goal set"}
    bar = _bar(standing)
    won, goal = compact_apart(standing.m, standing.actual, standing.goal)
    return source | {
        "bar": bar,
        "bar_label": bar.describe(standing.m) if bar else "",
        "won": won,
        "goal": goal,
        "still_to_win": compact(standing.still_to_win, standing.m),
        "by": day(standing.until),
        "gap": _gap(standing, gap),
        "gap_tone": "bad" if standing.is_behind else "good",
        "is_on_pace": standing.has_begun and standing.is_on_pace,
        "change": _change(team, standing, gap, before),
    }


def _change(
    team: TeamSnapshot, standing: QuarterStanding, gap: Decimal, before: Decimal | None
) -> GapChange | None:
    """Since the last meeting; toned only where it is news (deals.rules.pace)."""
    if before is None or team.last is None or not standing.has_begun:
        return None
    tone = {"grew": "bad", "shrank": "good", "": ""}[change_since(gap, before, standing)]
    return gap_change(gap, before, closed_at=team.last.closed_at, m=standing.m, tone=tone)


def gap_change(
    gap: Decimal, before: Decimal, *, closed_at: datetime, m: MoneyFormat, tone: str = ""
) -> GapChange:
    """Since the last meeting was closed, when the gap was `before`."""
    since = f"since {day(closed_at)}"
    if gap == before:
        return GapChange("", "", f"unchanged {since}", "")
    amount = compact(abs(gap - before), m)
    sign, word = ("▲", "better") if gap > before else ("▼", "worse")
    return GapChange(sign, amount, f"{amount} {word} {since}", tone)


def _gap(standing: QuarterStanding, gap: Decimal) -> str:
    if not standing.has_begun:
        return "nothing due yet"
    return signed(gap, standing.m)


def _bar(standing: QuarterStanding) -> Bullet | None:
    if standing.goal is None or standing.due is None:
        return None
    return Bullet(standing.actual, standing.due, standing.goal, height=BAR_HEIGHT)


def preparation_status(meeting: Next | None, now: datetime, *, is_day_off: bool = False) -> tuple[str, str]:
    """How far the preparation is, in words and in tone. On a day off none is asked for."""
    if meeting is None:
        return "Nothing planned", "warn"
    if meeting.in_session:
        return "In session", "good"
    if meeting.submitted_at:
        return (
            (f"Submitted, {meeting.missing} open", "warn") if meeting.missing else ("Ready to read", "good")
        )
    if is_day_off:
        return "No preparation expected", ""
    if meeting.is_preparation_overdue(now, is_day_off=is_day_off):
        return "Preparation overdue", "bad"
    time_left = meeting.preparation_due - now
    return (
        (f"Preparation due in {format_hours(time_left)}", "")
        if time_left <= timedelta(days=1)
        else ("Preparation not due yet", "")
    )


def format_hours(span: timedelta) -> str:
    """ "5 h", "40 min"."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 60 else f"{max(minutes, 1)} min"
