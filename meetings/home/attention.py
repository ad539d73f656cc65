"""What of a team needs attention, in words, and how urgently: for its row and the top of the page. The order of
the rows is in meetings.home.team_order.

No database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from alignment.rules.formatting import compact, counted
from alignment.rules.periods import MONTH_NAMES
from alignment.rules.zones import zone_named
from deals.rules.pace import change_of_gap
from deals.rules.risks import describe_stale_risks
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import Figures, QuarterStanding, TeamRow
from meetings.rules.escalation import describe_misses

URGENT_FROM = 0.01
"""From this urgency on a team is named as the one that needs attention."""


def concerns(team: TeamSnapshot, standing: QuarterStanding, figures: Figures) -> Iterator[str]:
    """What should be looked at, the most pressing first, each as part of a sentence."""
    yield from meeting_concerns(team)
    yield from _gap_concerns(team, standing)
    if number := figures.moves.pushed.get(team.pk):
        yield f"{counted(number, 'big deal was', 'big deals were')} pushed since the last meeting"
    if number := figures.overdue.get(team.pk):
        yield f"{counted(number, 'commitment')} {'is' if number == 1 else 'are'} overdue"
    if team.stale_risks:
        yield describe_stale_risks(team.stale_risks)


def meeting_concerns(team: TeamSnapshot) -> Iterator[str]:
    """A day off at the next meeting, meetings missed in a row: facts open to anybody who sees the team."""
    if team.days_off and team.next and not team.next.in_session:
        yield f"on the day of the next meeting {_join_reasons(team.days_off)}"
    if team.missed == 1:
        yield "the last meeting was missed"
    elif team.missed:
        yield describe_misses(team.missed)


def _join_reasons(days_off: tuple[str, ...]) -> str:
    return " and ".join(reason if reason.endswith(" is away") else f"it is {reason}" for reason in days_off)


def _gap_concerns(team: TeamSnapshot, standing: QuarterStanding) -> Iterator[str]:
    gap, before = standing.gap, gap_at_last_meeting(team, standing)
    if gap is None:
        yield (
            f"no goal is set for {name_months(standing.missing)}, so there is no gap to show "
            "until an admin sets it"
        )
    elif standing.is_behind and before is not None and change_since(gap, before, standing) == "grew":
        if before >= 0:
            yield "the quarter fell behind its goal since the last meeting"
        else:
            yield f"the gap grew by {compact(before - gap, standing.m)} since the last meeting"


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


def urgency(team: TeamSnapshot, standing: QuarterStanding, *, is_late: bool, concerns: int) -> float:
    """How much the team needs the CEO; 0 is not at all. `is_late`: the preparation of the next meeting is."""
    shortfall = float(standing.shortfall)
    return team.missed + (0.5 if is_late else 0.0) + shortfall + (0.02 * concerns if shortfall else 0.0)


def as_sentence(concerns: Sequence[str]) -> str:
    """The two most pressing concerns as one sentence."""
    text = " and ".join(concerns[:2])
    return f"{text[0].upper()}{text[1:]}." if text else ""


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
    """One sentence on the team that needs the CEO most, or that none does."""
    row = max(rows, key=lambda row: row.urgency)
    if len(rows) == 1:
        return row.why
    if row.urgency >= URGENT_FROM and (reasons := _reasons(row)):
        return f"{row.name} needs attention: {' and '.join(reasons)}."
    without = sum(row.standing is not None and row.standing.gap is None for row in rows)
    if without:
        return (
            f"{counted(without, 'team').capitalize()} {'has' if without == 1 else 'have'} no "
            "goal for the quarter."
        )
    return "Every team is on pace or ahead."


def _reasons(row: TeamRow) -> list[str]:
    """What is known to be wrong, each a fact; nothing where no fact is known."""
    reasons = ["its preparation is overdue"] if row.is_late else []
    if row.why:
        why = row.why.removesuffix(".")
        return [*reasons, f"{why[0].lower()}{why[1:]}".replace("the gap", "its gap", 1)]
    if row.standing is not None and row.standing.is_behind:
        reasons.append("it is behind its goal to date")
    return reasons
