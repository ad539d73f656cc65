"""Initiatives of exports that were made when what they are measured by stood on themselves."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from alignment.exports.former_names import declare_completion, declare_former_column, declare_former_names
from alignment.exports.importer import CompanyImport
from meetings.models import Initiative, Measure

COLUMNS = {"measure": "name", "unit": "unit", "baseline": "baseline", "target": "target"}
MEASURE = "meetings.Measure"
PENDING = "former_measure"
"""Where an initiative that is not stored yet carries its former columns."""


def carry(name: str, initiative: Initiative, value: object, known: dict[Any, Any]) -> None:
    """Raises ValidationError for what its measure could not hold."""
    field: Any = Measure._meta.get_field(COLUMNS.get(name, "target"))  # noqa: SLF001 - Django's public name for it
    if not isinstance(value, str | None):
        raise TypeError(f"{name} is no text")
    carried: dict[str, Any] = vars(initiative).setdefault(PENDING, {})
    carried[name] = field.clean(value, None)


def give_measures(rows: list[tuple[int, Any]], running: CompanyImport) -> None:
    """Each gets its measure. Its points follow, as rows of their own; a current value without any becomes one."""
    former = [(number, row, vars(row).pop(PENDING)) for number, row in rows if PENDING in vars(row)]
    if not former:
        return
    with_points = _with_points(running)
    for number, row, carried in former:
        current: Decimal | None = carried.pop("current", None)
        measure = Measure.of_initiative(row, **carried)
        measure.start(None if number in with_points else current, at=row.changed_at)
        running.numbers[MEASURE][number] = measure.pk


def _with_points(running: CompanyImport) -> set[int]:
    """The initiatives that had points, by the numbers they had."""
    if MEASURE not in running.known:
        points = running.export.rows("meetings.MeasurePoint")
        running.known[MEASURE] = {point["measure_id"] for point in points}
    initiatives: set[int] = running.known[MEASURE]
    return initiatives


for column in (*COLUMNS, "current"):
    declare_former_column("meetings.Initiative", column, partial(carry, column))
declare_completion("meetings.Initiative", give_measures)
declare_former_names("meetings.MeasurePoint", model="meetings.InitiativePoint", measure_id="initiative_id")
