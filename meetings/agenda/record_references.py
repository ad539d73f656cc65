"""Finds ids of rows and names of people in a record, to move it to another installation or to erase a name.

The JSON is walked along the types it was frozen from; anything else stays as it is.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from meetings.agenda.agenda import Agenda
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.agenda.sections.calls import CalledDeal, CalledNeed
from meetings.agenda.sections.capacity_lines import CapacityLine
from meetings.agenda.sections.expectations import StruckDeal
from meetings.agenda.values import CommitmentRow, Decided, Person, Update, stored_names

Visit = Callable[[type, dict[str, Any]], dict[str, Any]]
Walker = Callable[[Any, Visit], Any]
#: The model that the `id` of each type refers to.
MODELS: dict[type, str] = {
    Person: "alignment.User",
    Update: "meetings.Update",
    CommitmentRow: "meetings.Commitment",
    Decided: "meetings.Decision",
    DealRow: "deals.Deal",
    CapacityLine: "deals.CapacityNeed",
    RiskRow: "deals.Risk",
    InitiativeRow: "meetings.Initiative",
    IssueRow: "meetings.Issue",
    CalledDeal: "deals.Deal",
    CalledNeed: "deals.Deal",
    StruckDeal: "deals.Deal",
}
#: The model an anchor refers to, by the part before its number.
ITEM_MODELS = {
    "deal": "deals.Deal",
    "risk": "deals.Risk",
    "initiative": "meetings.Initiative",
    "issue": "meetings.Issue",
    "commitment": "meetings.Commitment",
}


class AgendaShape:
    """The shape of Record.agenda, for alignment.exports.schema.shaped."""

    def moved(self, value: Any, new: Callable[[str, Any], Any]) -> Any:
        def visit(kind: type, values: dict[str, Any]) -> dict[str, Any]:
            if kind in MODELS:
                values["id"] = new(MODELS[kind], values["id"])
            if "readers" in values:  # 0 stands for nobody
                values["readers"] = [reader and new("alignment.User", reader) for reader in values["readers"]]
            for name in {"item", "anchor"} & values.keys():
                values[name] = _moved_anchor(values[name], new)
            if kind is Agenda:
                values["meeting_id"] = new("meetings.Meeting", values["meeting_id"])
                values["team_slug"] = new("alignment.Team.slug", values["team_slug"])
            return values

        return _walk(Agenda, value, visit)

    def names_of(self, value: Any, person: int) -> set[str]:
        names: set[str] = set()

        def visit(kind: type, values: dict[str, Any]) -> dict[str, Any]:
            if kind is Person and values["id"] == person:
                names.add(values["name"])
            return values

        _walk(Agenda, value, visit)
        return names

    def renamed(self, value: Any, person: int, name: str) -> Any:
        def visit(kind: type, values: dict[str, Any]) -> dict[str, Any]:
            return values | {"name": name} if kind is Person and values["id"] == person else values

        return _walk(Agenda, value, visit)


class ReadersShape:
    """The shape of texts keyed by reader, with the keys of Record.reader."""

    def moved(self, value: Any, new: Callable[[str, Any], Any]) -> Any:
        numbers = ((key.rpartition("-"), text) for key, text in value.items())
        return {f"{who}-{new('alignment.User', int(number))}": text for (who, _, number), text in numbers}

    def names_of(self, value: Any, person: int) -> set[str]:
        return set()

    def renamed(self, value: Any, person: int, name: str) -> Any:
        return value


def _moved_anchor(anchor: str, new: Callable[[str, Any], Any]) -> str:
    kind, _, number = anchor.partition("-")
    return (
        f"{kind}-{new(ITEM_MODELS[kind], int(number))}"
        if kind in ITEM_MODELS and number.isdigit()
        else anchor
    )


def _walk(kind: type, value: Any, visit: Visit) -> Any:
    """The value with `visit` applied to everything that was a dataclass, innermost first."""
    walker = _walker(kind)
    return walker(value, visit) if walker else value


@cache
def _walker(kind: Any) -> Walker | None:
    """The function that walks through a value of this annotated type; None if it contains no dataclass."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = _walker(next(part for part in get_args(kind) if part is not type(None)))
        return (lambda value, visit: None if value is None else inner(value, visit)) if inner else None
    if get_origin(kind) is tuple:
        walk_item = _walker(get_args(kind)[0])
        return (lambda value, visit: [walk_item(item, visit) for item in value]) if walk_item else None
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return None
    hints = get_type_hints(kind)
    inside = {
        name: walker
        for field in fields(kind)
        if (walker := _walker(hints[field.name]))
        for name in stored_names(field)
    }

    def walk(value: Any, visit: Visit) -> Any:
        return visit(
            kind, value | {name: inside[name](value[name], visit) for name in inside.keys() & value.keys()}
        )

    return walk
