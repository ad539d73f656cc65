"""One press: who presses, what is sent, what was done before, and what those read who came too late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.cast import Cast
from tests.factories import NOW

#: A quarter of an hour before the meeting of the stage.
THEN = NOW - timedelta(minutes=15)
TOKEN = "6f6a1c1e-3a52-4a0e-9a4e-0f3f1c0b7d11"
NEW = {"team": "north", "token": TOKEN}
WHY = {"why": "Trade fair"}
Stage = dict[str, Any]


def nothing(stage: Stage, cast: Cast) -> None:
    pass


@dataclass(frozen=True)
class Press:
    #: Nobody: somebody who is not signed in.
    by: str = "leader"
    told: dict[str, Any] = field(default_factory=dict)
    #: Also with something of the stage in it.
    names: Callable[[Stage], dict[str, Any]] = lambda stage: {}
    before: Callable[[Stage, Cast], None] = nothing
    #: What the others read whose press came too late: 302 says why, 404 that it is no longer there.
    #: Whether nobody signs in, and the stage's personal link is opened first.
    by_link: bool = False
    answers: frozenset[int] = frozenset({200, 204, 302, 303, 409})


def day(at: datetime) -> str:
    return at.date().isoformat()
