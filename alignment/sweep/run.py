"""One pass over all steps: do everything that is due at `now`."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from alignment.models import Heartbeat, SweepFailure
from alignment.models.heartbeats import SWEEP
from alignment.sweep.guard import Guard, describe, end_pass_if_connection_lost
from alignment.sweep.steps import STEPS, Step

log = logging.getLogger(__name__)
Unit = TypeVar("Unit")
BATCH = 500
"""Units done in one transaction, where a step can do many at once."""


@dataclass
class SweepResult:
    """What one pass did, by what the steps count, and for which units of which step it failed."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[int]] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, int]:
        """How many units failed, by step."""
        return {step: len(ids) for step, ids in self.failures.items()}

    def done(self) -> str:
        """ "Seats changed 0, planned 8, missed 1"."""
        names = dict.fromkeys(name for step in STEPS for name in step.counts)
        counted = ", ".join(f"{name} {self.counts[name]}" for name in names)
        return f"{counted[0].upper()}{counted[1:]}" if counted else ""

    def failed_units(self) -> Iterator[str]:
        """ "close meetings: meeting 12", one a unit."""
        for step in STEPS:
            yield from (describe(step, unit_id) for unit_id in self.failures.get(step.name, ()))


def sweep(now: datetime) -> SweepResult:
    """Run every step for whatever is due at `now`. Twice, late or on two machines, each thing is done once.

    What fails for one unit is counted and tried again at the next pass. Raises OperationalError or
    InterfaceError when the database connection is lost: then there is no heartbeat, and the next pass does
    the rest.
    """
    failing = SweepFailure.objects.by_step()
    result = SweepResult()
    for step in STEPS:
        counts, failed = run_step(step, now, failing=failing.get(step.name, frozenset()))
        result.counts.update(counts)
        if failed:
            result.failures[step.name] = failed
    SweepFailure.objects.forget_resolved(failing, result.failures, now)
    Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": now, "failures": result.failed})
    return result


def run_step(
    step: Step[Unit], now: datetime, *, failing: Collection[int] = ()
) -> tuple[Counter[str], list[int]]:
    """Do one step for each unit that is due; returns what was done, and the
    ids of the units for which it failed.

    `failing`: the units that failed at the pass before. They are done apart, so that they break no batch.
    """
    guard, counts = Guard(step), Counter[str]()
    due = _due(step, now, guard)
    if step.do_many is not None:
        usual = [unit for unit in due if step.id_of(unit) not in failing]
        due = [unit for unit in due if step.id_of(unit) in failing]
        for start in range(0, len(usual), BATCH):
            due += _do_batch(step, usual[start : start + BATCH], now, counts)
    for unit in due:
        _do(step, unit, now, guard, counts)
    guard.record(now)
    return counts, sorted(guard.errors)


def _due(step: Step[Unit], now: datetime, guard: Guard) -> list[Unit]:
    due: list[Unit] = []
    with guard.unit():
        for unit in step.find(now):
            with guard.unit(step.id_of(unit)):
                if step.is_due(unit, now):
                    due.append(unit)
    return due


def _do_batch(step: Step[Unit], units: Sequence[Unit], now: datetime, counts: Counter[str]) -> Sequence[Unit]:
    """Do the units together; returns those left to be done one by one: none, or all when the batch failed."""
    assert step.do_many is not None
    try:
        with transaction.atomic():
            done = step.do_many(units, now)
    except Exception as error:
        end_pass_if_connection_lost(error)
        log.info("sweep: %s does %s units one by one after %s", step.name, len(units), type(error).__name__)
        return units
    counts.update(done)
    return ()


def _do(step: Step[Unit], unit: Unit, now: datetime, guard: Guard, counts: Counter[str]) -> None:
    with guard.unit(step.id_of(unit)):
        with transaction.atomic():
            done = step.do(unit, now)
        counts.update(done)
