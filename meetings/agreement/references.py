"""The rows that the lines of a quarter name, to move them to another installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MODELS = {"measures": "meetings.Measure", "initiatives": "meetings.Initiative"}
"""The model that each entry of a list refers to, by the name of the list."""


class AgreementShape:
    """The shape of what was agreed and of what it rests on, for alignment.exports.schema."""

    def moved(self, value: Any, new: Callable[[str, Any], Any]) -> Any:
        return value | {
            name: [row | {"id": new(label, row["id"])} for row in value[name]]
            for name, label in MODELS.items()
            if name in value
        }

    def names_of(self, value: Any, person: int) -> set[str]:
        return set()

    def renamed(self, value: Any, person: int, name: str) -> Any:
        return value
