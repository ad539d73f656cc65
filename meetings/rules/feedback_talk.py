"""The question whether the sales leader knows where they stand: when it is put, and what helps to begin. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from alignment.rules.periods import Period
from alignment.rules.roles import Role

FROM_DAY = timedelta(days=14)
"""Of the quarter: from its third week on."""
LEAST_TOGETHER = timedelta(days=30)
"""Younger pairs are left alone."""
COMES_BACK_AFTER = timedelta(days=14)
NOTE_AFTER = 2
"""After so many times “not yet” it is proposed as a private note for the next meeting."""

BEGINNINGS = {
    Role.CEO: (
        "“Here is how I see your quarter so far, in three sentences. Tell me where you see it differently.”",
        "“What you do that I would miss is …. What worries me is ….”",
        "“If nothing changes until the end of the quarter, I will be … with it.”",
    ),
    Role.LEADER: (
        "“If you had to judge my quarter today, what would you say?”",
        "“What would have to be true at its end for you to say that it went well?”",
        "“Is there anything about my work that you have told others and not me?”",
    ),
}
NOTES = {
    Role.CEO: "Tell {name} where they stand, in plain words.",
    Role.LEADER: "Ask {name} where I stand, in plain words.",
}


def question(role: str, name: str) -> str:
    """What the holder of the seat is asked; `name` is the first name of the other."""
    if role == Role.CEO:
        return f"Have you told {name} where they stand, in plain words?"
    return f"Have you asked {name} where you stand?"


def is_due(
    *, today: date, quarter: Period, together_since: date, talked_on: date | None, ask_on: date | None
) -> bool:
    """Whether it is put now. `ask_on`: not before this day, after “not yet”."""
    if talked_on is not None or today < quarter.start + FROM_DAY or today < together_since + LEAST_TOGETHER:
        return False
    return ask_on is None or today >= ask_on


def comes_back_on(today: date) -> date:
    """The day on which it is put again after “not yet”; past the end of the quarter it is not put again."""
    return today + COMES_BACK_AFTER
