"""Where a frozen agenda names rows and people, so that a record can go to another installation and forget a name.

The JSON is walked along the types it was frozen from; what they do not know stays as it is.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from meetings.agenda.chapters import Agenda
from meetings.agenda.values import DealRow, Decided, InitiativeRow, IssueRow, Person, Promise, RiskRow, Words

See = Callable[[type, dict[str, Any]], dict[str, Any]]
Walker = Callable[[Any, See], Any]
#: What the `id` of each is the number of.
NUMBERS: dict[type, str] = {
    Person: "alignment.User", Words: "meetings.Update", Promise: "meetings.Commitment", Decided: "meetings.Decision",
    DealRow: "deals.Deal", RiskRow: "deals.Risk", InitiativeRow: "meetings.Initiative", IssueRow: "meetings.Issue",
}  # fmt: skip
#: A place such as risk-7, by what stands before its number.
PLACES = {
    "deal": "deals.Deal", "risk": "deals.Risk", "initiative": "meetings.Initiative", "issue": "meetings.Issue",
    "commitment": "meetings.Commitment",
}  # fmt: skip


class AgendaShape:
    """For alignment.archives.kinds.shaped."""

    def moved(self, value: Any, new: Callable[[str, Any], Any]) -> Any:
        def see(kind: type, told: dict[str, Any]) -> dict[str, Any]:
            if kind in NUMBERS:
                told["id"] = new(NUMBERS[kind], told["id"])
            if "readers" in told:  # 0 is nobody
                told["readers"] = [each and new("alignment.User", each) for each in told["readers"]]
            for name in {"item", "anchor"} & told.keys():
                told[name] = _place(told[name], new)
            if kind is Agenda:
                told["meeting_id"] = new("meetings.Meeting", told["meeting_id"])
                told["team_slug"] = new("alignment.Team.slug", told["team_slug"])
            return told

        return _walk(Agenda, value, see)

    def names_of(self, value: Any, person: int) -> set[str]:
        names: set[str] = set()

        def see(kind: type, told: dict[str, Any]) -> dict[str, Any]:
            if kind is Person and told["id"] == person:
                names.add(told["name"])
            return told

        _walk(Agenda, value, see)
        return names

    def renamed(self, value: Any, person: int, name: str) -> Any:
        def see(kind: type, told: dict[str, Any]) -> dict[str, Any]:
            return told | {"name": name} if kind is Person and told["id"] == person else told

        return _walk(Agenda, value, see)


class ReadersShape:
    """Texts by who reads them, as Record.reader writes their keys."""

    def moved(self, value: Any, new: Callable[[str, Any], Any]) -> Any:
        numbers = ((key.rpartition("-"), text) for key, text in value.items())
        return {f"{who}-{new('alignment.User', int(number))}": text for (who, _, number), text in numbers}

    def names_of(self, value: Any, person: int) -> set[str]:
        return set()

    def renamed(self, value: Any, person: int, name: str) -> Any:
        return value


def _place(said: str, new: Callable[[str, Any], Any]) -> str:
    what, _, number = said.partition("-")
    return f"{what}-{new(PLACES[what], int(number))}" if what in PLACES and number.isdigit() else said


def _walk(kind: type, value: Any, see: See) -> Any:
    """The value with `see` applied to whatever was a dataclass, the innermost first."""
    walker = _walker(kind)
    return walker(value, see) if walker else value


@cache
def _walker(kind: Any) -> Walker | None:
    """How to walk through a value of this annotated type; None where nothing in it was a dataclass."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = _walker(next(each for each in get_args(kind) if each is not type(None)))
        return (lambda value, see: None if value is None else inner(value, see)) if inner else None
    if get_origin(kind) is tuple:
        each = _walker(get_args(kind)[0])
        return (lambda value, see: [each(one, see) for one in value]) if each else None
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return None
    hints = get_type_hints(kind)
    inside = {field.name: walker for field in fields(kind) if (walker := _walker(hints[field.name]))}

    def walk(value: Any, see: See) -> Any:
        return see(
            kind, value | {name: inside[name](value[name], see) for name in inside.keys() & value.keys()}
        )

    return walk
