from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import models, transaction

LOGGED_AGAIN_AFTER = timedelta(hours=1)
"""A unit that fails at every pass is written to the log once within this time."""
WHOLE_STEP = 0
"""Stands for a unit's id when a step could not even find its units."""


class SweepFailureQuerySet(models.QuerySet["SweepFailure"]):
    def by_step(self) -> dict[str, frozenset[int]]:
        """The ids of the units that failed last time, by the name of the step."""
        ids: dict[str, set[int]] = {}
        for step, unit_id in self.values_list("step", "unit_id"):
            ids.setdefault(step, set()).add(unit_id)
        return {step: frozenset(units) for step, units in ids.items()}

    @transaction.atomic
    def record(self, step: str, errors: Mapping[int, str], now: datetime) -> list[SweepFailure]:
        """Count these units of a step as failed at `now`, each with the type of
        its error; a fixed number of queries.

        Returns those that this process must log: of several at the same moment only one gets a unit.
        """
        new = [
            SweepFailure(step=step, unit_id=unit_id, error=errors[unit_id], first_at=now, last_at=now)
            for unit_id in sorted(errors)
        ]
        self.bulk_create(new, ignore_conflicts=True, batch_size=500)
        rows = list(self.select_for_update().filter(step=step, unit_id__in=errors).order_by("unit_id"))
        to_log = [row for row in rows if row.logged_at is None or now - row.logged_at >= LOGGED_AGAIN_AFTER]
        for row in rows:
            row.times += 1
            row.error, row.last_at = errors[row.unit_id], max(row.last_at, now)
        for row in to_log:
            row.logged_at = now
        self.bulk_update(rows, ("times", "error", "last_at", "logged_at"), batch_size=500)
        return to_log

    def forget_resolved(
        self, known: Mapping[str, Collection[int]], failed: Mapping[str, Collection[int]], now: datetime
    ) -> None:
        """Delete those known before the pass at `now` that did not fail in it, nor in a later one."""
        for step, unit_ids in known.items():
            if resolved := set(unit_ids).difference(failed.get(step, ())):
                self.filter(step=step, unit_id__in=resolved, last_at__lt=now).delete()


class SweepFailure(models.Model):
    """A unit (a team, a meeting, a person) for which a step of the sweep fails; gone once it works again.

    Kept in the database because any worker may run the next pass, and each must know what was logged already.
    """

    step = models.CharField(max_length=60)
    unit_id = models.BigIntegerField(help_text="Row of what the step works on; 0: the whole step.")
    error = models.CharField(max_length=100, help_text="Type of the last error. The log has the rest.")
    times = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    logged_at = models.DateTimeField(null=True, blank=True)

    objects = SweepFailureQuerySet.as_manager()

    class Meta:
        ordering = ("step", "unit_id")
        constraints = [
            models.UniqueConstraint(fields=("step", "unit_id"), name="one_row_a_failing_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.unit_id}: {self.error}, {self.times} times"
