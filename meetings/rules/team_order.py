"""Why a team needs its CEO, and in which order teams stand for that. Pure.

First what only the CEO can unblock, the longest wait first; then commits below goal, the largest shortfall first; then
meetings missed; then what else is off. A team has one reason, in words; no number ranks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from alignment.rules.formatting import MoneyFormat, compact, counted, number_of
from deals.rules.pace import NEWS
from deals.rules.risks import describe_stale_risks
from meetings.rules.escalation import describe_misses
from meetings.rules.misses import Fault

NONE = Decimal(0)


class ReasonKind(StrEnum):
    """In the order of what comes first."""

    WAITING = "waiting"
    COMMIT = "commit"
    MISSED = "missed"
    PREPARATION = "preparation"
    DAY_OFF = "day_off"
    NO_GOAL = "no_goal"
    GAP = "gap"
    PUSHED = "pushed"
    OVERDUE = "overdue"
    RISKS = "risks"


ORDER = {kind: position for position, kind in enumerate(ReasonKind)}
FAULTS_FOR_CEO = {
    Fault.LEADER_UNPREPARED: "the sales leader had not prepared",
    Fault.LEADER_ABSENT: "the sales leader was absent",
    Fault.CEO_ABSENT: "you were absent",
    Fault.BOTH: "neither of you started it",
    Fault.CANCELLED_BY_CEO: "you postponed it after its start time",
    Fault.CANCELLED_BY_LEADER: "the sales leader postponed it after its start time",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is part of a sentence. `weight` orders teams with the same kind of reason; `size` says how bad the fact
    is, and from `news` more on it is worse than it was.
    """

    kind: ReasonKind
    text: str
    weight: Decimal
    size: Decimal
    news: Decimal = Decimal(1)

    @property
    def sentence(self) -> str:
        return f"{self.text[0].upper()}{self.text[1:]}."


@dataclass(frozen=True, slots=True)
class Silence:
    """A reason that its reader does not want to read of until then, unless it gets worse."""

    kind: str
    size: Decimal
    until: datetime

    def covers(self, reason: Reason, now: datetime) -> bool:
        is_worse = reason.size >= self.size + reason.news
        return reason.kind == self.kind and now < self.until and not is_worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The facts of one team at one moment. Amounts are of the team's currency, `m` is how the reader writes them."""

    m: MoneyFormat
    waiting: int = 0
    """Requests that only the reader can answer, as the CEO."""
    waiting_days: int = 0
    """Of the oldest."""
    commit: Decimal | None = None
    """Of the call that the reader may see."""
    goal: Decimal | None = None
    """Of the period that is called."""
    missed: int = 0
    """In a row, up to now."""
    fault: Fault | None = None
    """Whose miss the last one was."""
    is_for_ceo: bool = False
    is_late: bool = False
    """Whether the preparation of the next meeting is overdue."""
    days_off: tuple[str, ...] = ()
    """Why nobody expects a meeting on the day of the next one."""
    months_without_goal: str = ""
    behind: Decimal = NONE
    """How much of what is due by today is missing, where that is more than counts as on pace."""
    quarter_goal: Decimal = NONE
    grew_by: Decimal | None = None
    """How much more that is than at the last meeting, where it is news; None where it is not."""
    fell_behind: bool = False
    """Whether it was not behind at the last meeting."""
    pushed: int = 0
    overdue: int = 0
    stale_risks: int = 0


def reasons_of(team: Situation) -> Iterator[Reason]:
    """Everything that is off, the most pressing first."""
    yield from _waiting(team)
    yield from _commit(team)
    yield from _missed(team)
    if team.is_late:
        yield Reason(ReasonKind.PREPARATION, "the preparation is overdue", Decimal(1), Decimal(1))
    if team.days_off:
        text = f"on the day of the next meeting {_join_reasons(team.days_off)}"
        yield Reason(ReasonKind.DAY_OFF, text, Decimal(1), Decimal(len(team.days_off)))
    if team.months_without_goal:
        text = f"no goal is set for {team.months_without_goal}, so there is no gap to show until an admin sets it"
        yield Reason(ReasonKind.NO_GOAL, text, Decimal(1), Decimal(1))
    yield from _gap(team)
    for kind, number, text in (
        (
            ReasonKind.PUSHED,
            team.pushed,
            f"{counted(team.pushed, 'big deal was', 'big deals were')} pushed since the last meeting",
        ),
        (
            ReasonKind.OVERDUE,
            team.overdue,
            f"{counted(team.overdue, 'commitment is', 'commitments are')} overdue",
        ),
        (ReasonKind.RISKS, team.stale_risks, describe_stale_risks(team.stale_risks)),
    ):
        if number:
            yield Reason(kind, text, Decimal(number), Decimal(number))


def _waiting(team: Situation) -> Iterator[Reason]:
    if team.waiting:
        days = f"for {number_of(team.waiting_days, 'day')}" if team.waiting_days else ""
        waits = f"{counted(team.waiting, 'request waits', 'requests wait')} for you"
        since = f"{', the oldest ' if team.waiting > 1 else ' '}{days}" if days else ""
        yield Reason(ReasonKind.WAITING, f"{waits}{since}", Decimal(team.waiting_days), Decimal(team.waiting))


def _commit(team: Situation) -> Iterator[Reason]:
    if team.commit is not None and team.goal and team.commit < team.goal:
        short = team.goal - team.commit
        text = f"the commit is {compact(short, team.m)} below goal"
        yield Reason(ReasonKind.COMMIT, text, short, short, Decimal("0.01"))


def _missed(team: Situation) -> Iterator[Reason]:
    if not team.missed:
        return
    words = FAULTS_FOR_CEO[team.fault] if team.fault and team.is_for_ceo else ""
    words = words or (team.fault.in_words if team.fault else "")
    number = Decimal(team.missed)
    if team.missed == 1:
        text = f"the last meeting was missed{f': {words}' if words else ''}"
    else:
        text = f"{describe_misses(team.missed)}{f'; last time {words}' if words else ''}"
    yield Reason(ReasonKind.MISSED, text, number, number)


def _gap(team: Situation) -> Iterator[Reason]:
    if team.behind <= 0:
        return
    if team.fell_behind:
        text = "the quarter fell behind its goal since the last meeting"
    elif team.grew_by is not None:
        text = f"the gap grew by {compact(team.grew_by, team.m)} since the last meeting"
    else:
        text = f"the quarter is {compact(team.behind, team.m)} behind its goal to date"
    news = max(team.quarter_goal * NEWS, Decimal("0.01"))
    yield Reason(ReasonKind.GAP, text, team.behind, team.behind, news)


def _join_reasons(days_off: tuple[str, ...]) -> str:
    return " and ".join(reason if reason.endswith(" is away") else f"it is {reason}" for reason in days_off)


def first_reason(reasons: Iterable[Reason], silences: Iterable[Silence], now: datetime) -> Reason | None:
    """The one that is said of a team: the first that is not silenced."""
    covering = list(silences)
    return next(
        (reason for reason in reasons if not any(silence.covers(reason, now) for silence in covering)), None
    )


def order_of(reason: Reason | None, goal: Decimal | None = None) -> tuple[int, Decimal]:
    """The place of a team with this reason; those without one last. With teams of several currencies amounts are
    compared as shares of the `goal`.
    """
    if reason is None:
        return len(ORDER), NONE
    is_money = reason.kind in (ReasonKind.COMMIT, ReasonKind.GAP)
    weight = reason.weight / goal if is_money and goal else reason.weight
    return ORDER[reason.kind], -weight
