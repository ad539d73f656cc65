"""A team as a row of the home page. Reads no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from alignment.rules.charts import Bullet, Dots
from alignment.rules.formatting import compact_apart, day, signed, when
from meetings.home.addresses import Addresses
from meetings.home.attention import as_sentence, concerns, gap_at_last_meeting, meeting_concerns, urgency
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import Figures, Next, QuarterStanding, TeamRow

BAR_HEIGHT = 12
"""In pixels, as `templates/meetings/home_teams.html` draws it."""


@dataclass(frozen=True, slots=True)
class RowContext:
    """What the rows of one page share: many teams meet at the same hour and have met as regularly."""

    now: datetime
    addresses: Addresses
    format_time: Callable[[datetime], str] = field(default_factory=lambda: cache(when))
    draw_dots: Callable[[tuple[str, ...]], Dots] = field(default_factory=lambda: cache(_dots))


def _dots(outcomes: tuple[str, ...]) -> Dots:
    return Dots(tuple(reversed(outcomes)))


def team_row(
    team: TeamSnapshot, standing: QuarterStanding | None, figures: Figures, context: RowContext
) -> TeamRow:
    """Everything but the money for a reader of facts alone (`standing` None)."""
    if standing is None:
        return _row_of_facts(team, figures, context)
    addresses = context.addresses
    status, tone = preparation_status(team.next, context.now, is_day_off=bool(team.days_off))
    pressing = list(concerns(team, standing, figures))
    record = team.last if team.part == "reader" else None
    return TeamRow(
        **_facts(team, context),
        **_money(team, standing),
        status=status,
        tone=tone,
        why=as_sentence(pressing),
        standing=standing,
        href=addresses.review.of(team.next.id) if team.next else addresses.team.of(team.slug),
        join=addresses.present.of(team.next.id) if team.next and team.next.in_session else "",
        record=addresses.review.of(record.id) if record else "",
        record_of=day(record.starts_at) if record else "",
        is_late=tone == "bad",
        urgency=urgency(team, standing, is_late=tone == "bad", concerns=len(pressing)),
    )


def _row_of_facts(team: TeamSnapshot, figures: Figures, context: RowContext) -> TeamRow:
    status, tone = preparation_status(team.next, context.now, is_day_off=bool(team.days_off))
    return TeamRow(
        **_facts(team, context),
        href=context.addresses.team.of(team.slug),
        status=status,
        tone=tone,
        join="",
        why=as_sentence(list(meeting_concerns(team))),
        goal_is_set=team.pk in figures.goals,
    )


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
    if gap is None:
        return {"gap": "no goal set"}
    bar = _bar(standing)
    return {
        "bar": bar,
        "bar_label": bar.describe(standing.m) if bar else "",
        "won": _won_of_goal(standing),
        "gap": _gap(standing, gap),
        "gap_tone": "bad" if standing.is_behind else "good",
        "gap_before": "" if before is None else signed(before, standing.m),
    }


def _won_of_goal(standing: QuarterStanding) -> str:
    won, goal = compact_apart(standing.m, standing.actual, standing.goal)
    return f"{won} of {goal}"


def _gap(standing: QuarterStanding, gap: Decimal) -> str:
    if not standing.has_begun:
        return "nothing due yet"
    return f"{signed(gap, standing.m)}{', on pace' if standing.is_on_pace else ''}"


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
    time_left = meeting.preparation_due - now
    if time_left <= timedelta(0):
        return "Preparation overdue", "bad"
    return (
        (f"Preparation due in {format_hours(time_left)}", "")
        if time_left <= timedelta(days=1)
        else ("Preparation not due yet", "")
    )


def format_hours(span: timedelta) -> str:
    """ "5 h", "40 min"."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 60 else f"{max(minutes, 1)} min"
