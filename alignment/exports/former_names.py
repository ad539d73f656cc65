"""What exports made by earlier versions call models and fields that have another name now."""

from __future__ import annotations

from collections.abc import Container, Iterable
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
    fields = PRESENT_FIELDS.get(label, {})
    return {fields.get(name, name): value for name, value in row.items()}
