"""What fails for one unit must not stop the others; only a lost database connection ends the pass."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.utils import DatabaseError, InterfaceError, OperationalError

from alignment.models import SweepFailure
from alignment.models.sweep_failures import WHOLE_STEP
from alignment.sweep.steps import Step

log = logging.getLogger(__name__)
MOST_TRACEBACKS = 20
"""Of one step in one pass: when everything fails, the first ones tell why."""


@dataclass
class Guard:
    """Runs the parts of one step and remembers the units for which they failed."""

    step: Step[Any]
    errors: dict[int, Exception] = field(default_factory=dict)

    @contextmanager
    def unit(self, unit_id: int = WHOLE_STEP) -> Iterator[None]:
        """Go on after whatever fails inside. Raises what a lost database connection raised."""
        before = connection.connection
        try:
            yield
        except Exception as error:
            end_pass_if_connection_lost(error, before)
            self.errors[unit_id] = error

    def record(self, now: datetime) -> None:
        """Count what failed, and log what was not logged within the hour."""
        if not self.errors:
            return
        types = {unit_id: type(error).__name__ for unit_id, error in self.errors.items()}
        to_log = SweepFailure.objects.record(self.step.name, types, now)
        for failure in to_log[:MOST_TRACEBACKS]:
            log.error(
                "sweep: %s, failed %s times since %s",
                self.describe(failure.unit_id),
                failure.times,
                failure.first_at,
                exc_info=without_row(self.errors[failure.unit_id]),
            )
        if rest := to_log[MOST_TRACEBACKS:]:
            ids = ", ".join(str(failure.unit_id) for failure in rest)
            log.error("sweep: %s also failed for %s more: %s", self.step.name, len(rest), ids)

    def describe(self, unit_id: int) -> str:
        """ "close meetings: meeting 12"."""
        return describe(self.step, unit_id)


def describe(step: Step[Any], unit_id: int) -> str:
    """ "close meetings: meeting 12"; of a step that could not even find its
    units "close meetings: the whole step"."""
    return f"{step.name}: " + ("the whole step" if unit_id == WHOLE_STEP else f"{step.unit} {unit_id}")


def without_row(error: Exception) -> Exception:
    """The error as it may be logged: PostgreSQL adds the failed row, and with it content of a meeting."""
    if not isinstance(error, DatabaseError):
        return error
    return type(error)(str(error).partition("\n")[0]).with_traceback(error.__traceback__)


def end_pass_if_connection_lost(error: Exception, before: object = None) -> None:
    """Raise the error again when the connection is gone, also when Django has opened another since `before`."""
    if not isinstance(error, OperationalError | InterfaceError):
        return
    is_another = before is not None and connection.connection is not before
    if is_another or connection.connection is None or not connection.is_usable():
        raise error
