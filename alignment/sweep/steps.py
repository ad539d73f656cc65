"""A step of the sweep: which units are due, and what is done for each. Apps
register theirs when they are ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

Unit = TypeVar("Unit")

#: How many of what a step did, by one of the step's `counts`.
Counts = Mapping[str, int]
NOTHING: Counts = {}


def is_always_due(unit: object, now: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[Unit]):
    """One thing the sweep does, for each unit (a team, a meeting, a person ...) on its own.

    `find` reads the candidates in a fixed number of queries and must not depend on the content of a single
    row; whatever may fail for one unit belongs into `is_due` (decided in Python, outside any transaction) or
    `do` (in a transaction of its own). Each can be repeated: done twice, late or on two machines, it has one
    effect.

    `do_many` does the same for many units in one transaction, in a fixed number of queries. When it
    fails, the units of that batch are done one by one.
    """

    name: str
    #: What one unit is, in the singular: "meeting".
    unit: str
    #: What the step counts, in the order in which it is printed.
    counts: tuple[str, ...]
    find: Callable[[datetime], Iterable[Unit]]
    do: Callable[[Unit, datetime], Counts]
    is_due: Callable[[Unit, datetime], bool] = is_always_due
    do_many: Callable[[Sequence[Unit], datetime], Counts] | None = None
    id_of: Callable[[Unit], int] = attrgetter("pk")


#: In the order in which they run: that of the apps (alignment, deals, meetings), and of registration in each.
STEPS: list[Step[Any]] = []


def register_step(step: Step[Any]) -> None:
    """Add a step after those registered so far. Raises ValueError when its name is taken."""
    if any(known.name == step.name for known in STEPS):
        raise ValueError(f"There are two steps of the sweep with the name {step.name}.")
    STEPS.append(step)
