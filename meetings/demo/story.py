"""The data classes a team's story is written in.

`ago`: from 1 on, weeks before today; below 1, a share of the time since the last meeting was closed (0.1 is
right after it, 0.9 is nearly now). `days`: a day counted from today, moved to a business day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class OpenDeal:
    account: str
    what: str
    rep: str
    stage: str
    closes: tuple[tuple[float, int, str], ...]  # (ago, days, why it moved); the first is when it was opened
    amounts: tuple[tuple[float, int], ...]  # (ago, dollars)
    pinned: bool = False
    lost: float | None = None  # ago
    won: tuple[str, int, str] | None = (
        None  # capacity: what, by when (days), who to inform; "" is not entered
    )

    @property
    def name(self) -> str:
        return f"{self.account} {self.what}"


@dataclass(frozen=True)
class OpenRisk:
    on: str  # a deal's name, or an account's short name
    exposure: int
    stages: tuple[tuple[float, str, str, int], ...]  # (ago, what is wrong, action, due in days)


@dataclass(frozen=True)
class StoryInitiative:
    """An initiative, of now or (with `ended`) of the past."""

    title: str
    kind: str
    plan: str
    measure: str
    figures: tuple[str, str, str]  # baseline, target, where it stands or ended
    began: float
    unit: str = ""
    health: str = "on_track"
    decisions: tuple[tuple[float, str, str], ...] = ()  # (ago, the CEO's decision, why)
    new_plan: tuple[float, str] | None = None
    ended: float | None = None
    outcome: str = ""

    @property
    def path(self) -> tuple[Decimal, Decimal]:
        return Decimal(self.figures[0]), Decimal(self.figures[2])


@dataclass(frozen=True)
class OpenIssue:
    side: str
    kind: str
    title: str
    detail: str
    ago: float
    section: str = "issues"
    about: str = ""  # the name of a deal, risk or initiative
    discussed: bool = False


@dataclass(frozen=True)
class StoryCommitment:
    """A commitment made in the last meeting, or `ago` weeks before."""

    text: str
    side: str
    due: int  # days from today; 0 stands for the day of the coming meeting
    section: str = "revenue"
    about: str = ""
    done: float | None = None  # ago
    ago: float = 0.0  # 0: in the last meeting
    amount: int = 0  # in dollars; of a measure of the plan for the gap: about what it brings
    brought: int = 0  # what it brought, once done


@dataclass(frozen=True)
class Views:
    """What the two answer to check-ins from `since` weeks ago on: to the five statements in their order."""

    since: int
    ceo: tuple[int, int, int, int, int]
    leader: tuple[int, int, int, int, int]
    ceo_words: str = ""
    leader_words: str = ""


@dataclass(frozen=True)
class Story:
    accounts: dict[str, str]
    reps: tuple[str, ...]
    gap: tuple[str, str]  # now, as shares: of the quarter's goal, and at most of the goal to date
    past_gaps: tuple[str, ...]  # share of the goal at the end of past quarters, the last one first
    deals: tuple[OpenDeal, ...]
    risks: tuple[OpenRisk, ...]
    initiatives: tuple[StoryInitiative, ...]
    issues: tuple[OpenIssue, ...]
    commitments: tuple[StoryCommitment, ...]
    decisions: tuple[str, ...]  # of the last meeting
    updates: tuple[tuple[str, str, str, str], ...]  # for the coming one: side, section, about, text
    corrected: float = 18.5  # ago: a revenue entry was put right
    views: tuple[Views, ...] = ()  # the earliest first; without any the two stay near each other
    outcomes: dict[int, tuple[str, str]] = field(
        default_factory=dict
    )  # weeks ago: missed, excused, moved, late, itself


@dataclass(frozen=True)
class Slot:
    """One week of a team; `number` counts back from the coming meeting, which is 0."""

    number: int
    day: date
    outcome: str = "held"
    why: str = ""
