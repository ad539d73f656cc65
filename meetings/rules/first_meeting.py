"""The first meeting of a CEO and a sales leader: what both prepare, when it is offered, when the answers open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alignment.rules.periods import Period, quarter_after, quarter_of

MOST_LINES = 3
LONGEST_LINE = 150
LATE_IN_QUARTER = timedelta(days=14)
"""With so few days left the agreement is that of the next quarter."""
NEW_PAIR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Part:
    """What both answer in lines. A line becomes a sentence of the agreement: `sentence` begins it."""

    key: str
    title: str
    hint: str
    sentence: str

    def as_sentence(self, line: str) -> str:
        return f"{self.sentence}: {line}"


PARTS = (
    Part("success", "What a good first quarter looks like", "Three lines at most.", "A good quarter"),
    Part("chase", "What to chase", "Customers, deals, markets. Three lines at most.", "We chase"),
    Part(
        "leave", "What to leave", "What you would no longer spend time on. Three lines at most.", "We leave"
    ),
    Part("call_when", "When to call each other", "At once, not only in the meeting.", "We call at once"),
    Part(
        "never_from_others",
        "What you never want to learn from others first",
        "Three lines at most.",
        "Never first from others",
    ),
)
PART_BY_KEY = {part.key: part for part in PARTS}


def lines_of(text: str) -> list[str]:
    """What was typed, a line each, without blank ones."""
    return [line for typed in text.split("\n") if (line := " ".join(typed.split()))]


def wrong_with(text: str) -> str:
    """Why this is no answer to a part; empty where it is one."""
    lines = lines_of(text)
    if len(lines) > MOST_LINES:
        return f"These are {len(lines)} lines. Write at most {MOST_LINES}."
    if any(len(line) > LONGEST_LINE for line in lines):
        return f"A line has at most {LONGEST_LINE} characters."
    return ""


def quarter_to_agree(today: date, *, first_month: int) -> Period:
    """The quarter in which they are, or the next one where this one is nearly over."""
    this = quarter_of(today, first_month=first_month)
    if this.end - today >= LATE_IN_QUARTER:
        return this
    return quarter_after(this, first_month=first_month)


def occasion(*, today: date, together_since: date, met_before: bool) -> str:
    """Why it is offered, in one sentence."""
    if met_before:
        return "A new fiscal year has begun: a good moment to do it again."
    if today < together_since + NEW_PAIR:
        return "You are new to each other."
    return "You have never had one."


def can_open(submitted: Sequence[bool], *, is_meeting: bool) -> bool:
    """Whether the answers can be opened: both are done, or the two sit together."""
    return is_meeting or (len(submitted) == 2 and all(submitted))
