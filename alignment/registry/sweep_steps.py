"""The steps of this app in the sweep. They run in this order, before the steps of the apps above."""

from alignment.people import planned_changes
from alignment.sweep.steps import Step, register_step

register_step(
    Step(
        name="seat changes",
        unit="planned seat",
        counts=("seats changed",),
        find=planned_changes.find_planned_changes,
        is_due=planned_changes.has_come,
        do=lambda row, now: {"seats changed": planned_changes.carry_out(row, now)},
    )
)
