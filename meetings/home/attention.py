"""What of a team needs attention: the facts for its reason (meetings.rules.team_order), and the top of the page.

No database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from alignment.rules.formatting import MoneyFormat, compact, counted
from alignment.rules.periods import MONTH_NAMES
from alignment.rules.roles import Role
from alignment.rules.zones import zone_named
from deals.rules.pace import change_of_gap
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import Figures, QuarterStanding, TeamRow, Waiting
from meetings.rules.team_order import ReasonKind, Situation


def situation_of(
    team: TeamSnapshot,
    figures: Figures,
    standing: QuarterStanding | None,
    *,
    locale: str,
    is_late: bool = False,
) -> Situation:
    """Without `standing` only facts open to anybody who sees the team: a day off at the next meeting, those missed."""
    m = MoneyFormat(team.currency, locale)
    days_off = team.days_off if team.next and not team.next.in_session else ()
    facts = Situation(
        m=m,
        missed=team.missed,
        fault=team.last_fault,
        is_for_ceo=team.role == Role.CEO,
        days_off=days_off,
    )
    if standing is None:
        return facts
    call = figures.calls.get(team.pk)
    waiting = figures.waiting.get(team.pk, Waiting())
    return replace(
        facts,
        waiting=waiting.number,
        waiting_days=waiting.days,
        commit=call.commit if call else None,
        goal=call.goal if call else None,
        is_late=is_late,
        months_without_goal=name_months(standing.missing) if standing.gap is None else "",
        pushed=figures.moves.pushed.get(team.pk, 0),
        overdue=figures.overdue.get(team.pk, 0),
        stale_risks=team.stale_risks,
        **_gap_of(team, standing),
    )


def _gap_of(team: TeamSnapshot, standing: QuarterStanding) -> dict[str, Any]:
    gap, before = standing.gap, gap_at_last_meeting(team, standing)
    if gap is None or not standing.is_behind:
        return {}
    facts = {"behind": -gap, "quarter_goal": standing.goal or Decimal(0)}
    if before is None or change_since(gap, before, standing) != "grew":
        return facts
    return facts | ({"fell_behind": True} if before >= 0 else {"grew_by": before - gap})


def change_since(gap: Decimal, before: Decimal, standing: QuarterStanding) -> str:
    """Whether the gap "grew", "shrank", or neither (empty), since the last meeting."""
    if standing.goal is None or standing.due is None or standing.due_before is None:
        return ""
    due = standing.due - standing.due_before
    return change_of_gap(gap, before, goal=standing.goal, due=due)


def gap_at_last_meeting(team: TeamSnapshot, standing: QuarterStanding) -> Decimal | None:
    """The gap when the last meeting was closed, if that was in this quarter."""
    last = team.last
    if last is None or last.starts_at.astimezone(zone_named(team.zone)).date() < standing.since:
        return None
    return last.gap


def name_months(months: tuple[date, ...]) -> str:
    """ "October to December", "November"."""
    first, last = MONTH_NAMES[months[0].month - 1], MONTH_NAMES[months[-1].month - 1]
    return first if first == last else f"{first} {'and' if len(months) == 2 else 'to'} {last}"


def wins(rows: Sequence[TeamRow]) -> str:
    """One sentence on the largest deal that any of the teams won since its last meeting; empty without one."""
    row = max((row for row in rows if row.wins), key=lambda row: row.wins[0].amount, default=None)
    if row is None or row.standing is None:
        return ""
    largest, *others = row.wins
    amount = f" ({compact(largest.amount, row.standing.m)})" if largest.amount else ""
    more = f" and {counted(len(others), 'more deal')}" if others else ""
    closer = (
        f" and is {row.change.amount} closer to its goal than at the last meeting"
        if row.change and row.change.tone == "good" and row.standing.is_behind
        else ""
    )
    return f"{row.name} won {largest.name}{amount}{more}{closer}."


def most_urgent(rows: Sequence[TeamRow]) -> str:
    """One sentence on the first team, which needs the CEO most, or that none does. `rows` stand in their order."""
    row = rows[0]
    if len(rows) == 1:
        return row.why
    if row.reason is not None and row.reason.kind != ReasonKind.NO_GOAL:
        return f"{row.name} needs attention: {row.reason.text}."
    without = sum(row.standing is not None and row.standing.gap is None for row in rows)
    if without:
        return (
            f"{counted(without, 'team').capitalize()} {'has' if without == 1 else 'have'} no "
            "goal for the quarter."
        )
    return "" if any(row.silenced_until for row in rows) else "Every team is on pace or ahead."
