"""What exports made by earlier versions call models and fields that have another name now."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

PRESENT_LABELS: dict[str, str] = {}
"""By the former label of a model."""
PRESENT_FIELDS: dict[str, dict[str, str]] = {}
"""By the present label of a model, then by the former name of a column."""


def declare_former_names(label: str, *, model: str = "", **columns: str) -> None:
    """The model was called `model` before, and its columns as said: `submitted_at="handed_in_at"`."""
    if model:
        PRESENT_LABELS[model] = label
    PRESENT_FIELDS[label] = {former: present for present, former in columns.items()}


Conversion = Callable[[Any, Any, dict[Any, Any]], None]
CONVERSIONS: dict[str, dict[str, Conversion]] = {}
"""By the present label of a model and a column it has no more: what an import does with the value."""
Completion = Callable[[list[tuple[int, Any]], Any], None]
COMPLETIONS: dict[str, list[Completion]] = {}
"""By the present label of a model: what an import adds to rows of it that were exported before."""
PRESENT_VALUES: dict[str, dict[str, dict[Any, Any]]] = {}
"""By the present label of a model and a column: its values by what they were called before."""


def declare_former_column(label: str, name: str, convert: Conversion) -> None:
    """The model had this column, and now says the same in another way: `convert(row, value, known)` is called before
    the row is stored; `known` lives as long as the import.
    """
    CONVERSIONS.setdefault(label, {})[name] = convert


def declare_completion(label: str, complete: Completion) -> None:
    """What stands in rows of another model now: `complete(rows, running)` is called once rows of this model are
    stored, each with the number it had, and with the import.
    """
    COMPLETIONS.setdefault(label, []).append(complete)


def declare_former_values(label: str, **columns: dict[Any, Any]) -> None:
    """Values of a column that have another name now: `field={"owner": "rep"}`."""
    PRESENT_VALUES[label] = columns


def conversions_of(label: str) -> dict[str, Conversion]:
    return CONVERSIONS.get(label, {})


def present_label(label: str) -> str:
    return PRESENT_LABELS.get(label, label)


def stored_label(label: str, stored: Container[str]) -> str:
    """The label under which an export has the model, of those `stored` in it."""
    former = (old for old, new in PRESENT_LABELS.items() if new == label and old in stored)
    return label if label in stored else next(former, label)


def present_columns(label: str, columns: Iterable[str]) -> set[str]:
    fields = PRESENT_FIELDS.get(label, {})
    return {fields.get(name, name) for name in columns}


def with_present_names(label: str, row: dict[str, Any]) -> dict[str, Any]:
    fields, values = PRESENT_FIELDS.get(label, {}), PRESENT_VALUES.get(label, {})
    present = {fields.get(name, name): value for name, value in row.items()}
    return present | {
        name: renamed.get(present[name], present[name])
        for name, renamed in values.items()
        if isinstance(present.get(name), str)
    }
