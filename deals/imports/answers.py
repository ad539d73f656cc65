"""What somebody said of a file: everything a person can answer or correct. Values only, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Self, get_type_hints

NONE: Mapping[str, str] = MappingProxyType({})


class AnswersError(ValueError):
    """The JSON holds no answers: an unknown key, or a value of another type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Empty: nobody said. Mappings go from a name as the file writes it to its answer."""

    format: str = ""
    """The key of a CRM format (see `format_choices`)."""
    worksheet: str = ""
    """Of a workbook, by its name."""
    header_row: str = ""
    """The number of the row that holds the headers, as a spreadsheet counts."""
    encoding: str = ""
    separator: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: NONE)
    """Header → role; "-" for a column that is not to be read."""
    decimal_mark: str = ""
    """ "." or ","."""
    date_order: str = ""
    """ "day" or "month" first."""
    stages: Mapping[str, str] = field(default_factory=lambda: NONE)
    """Stage or status → won, lost, open, or leave-out for rows that are no deals."""
    pipelines: Mapping[str, str] = field(default_factory=lambda: NONE)
    """Pipeline → read or leave-out."""
    record_types: Mapping[str, str] = field(default_factory=lambda: NONE)
    """Record type → read or leave-out."""
    currency: str = ""
    """The code of amounts that name no currency, or only a sign that several have."""
    signs: Mapping[str, str] = field(default_factory=lambda: NONE)
    """A sign or word that several currencies have ("$", "kr") → the code of the one that is meant."""
    rates: Mapping[str, str] = field(default_factory=lambda: NONE)
    """Code → how much one unit is worth in the company's currency, with a point: "1.0842"."""
    converted_currency: str = ""
    """The code of the column of amounts that the CRM has converted, where the file does not name it."""
    amount_unit: str = ""
    """What amounts count: "1" whole units, "0.01" cents, "1000" thousands, "1000000" millions."""
    groups: str = ""
    """Of columns that are filled only in the first row of each group: "fill" the rows below, or "leave"."""
    identity: str = ""
    """Without ids: headers of the columns that tell rows apart, with line breaks between them."""
    hidden: str = ""
    """Hidden rows and columns of a workbook: read or leave-out."""
    negative: str = ""
    """Revenue below zero: "credit", or "refuse"."""
    revenue_kind: str = ""
    """Of revenue whose rows do not say: won, invoiced or recurring."""
    won_when_expected: str = ""
    """ "yes": a win without another day is dated by its expected close date; "no": such rows are refused."""
    completeness: str = ""
    """ "all": everything that is open in the CRM; "part"."""

    def with_answer(self, key: str, value: str) -> Self:
        """With the answer to the question of that key: "date_order", or "stages:Signed" for one of many names; the
        answer to "role:amount" is the key of the column that has the amounts.

        An empty value takes an answer back. Raises AnswersError for a key that no question has.
        """
        name, is_one_of_many, item = key.partition(":")
        if name == "role" and item:
            others = {column: role for column, role in self.columns.items() if role != item}
            return replace(self, columns=others | ({value: item} if value else {}))
        if name not in _NAMES or is_one_of_many != (":" if name in _MAPPINGS else ""):
            raise AnswersError(f"“{key}” is no question.")
        if name not in _MAPPINGS:
            return self.from_json(self.to_json() | {name: value})
        rest = {old: answer for old, answer in getattr(self, name).items() if old != item}
        return self.from_json(self.to_json() | {name: rest | ({item: value} if value else {})})

    def to_json(self) -> dict[str, Any]:
        """Only what was said, ready for a JSON field."""
        values = {name: getattr(self, name) for name in _NAMES}
        return {name: dict(value) if name in _MAPPINGS else value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises AnswersError for an unknown key, a value of another type, or one that is no choice."""
        for name, value in data.items():
            if name not in _NAMES:
                raise AnswersError(f"“{name}” is no answer.")
            is_right = _is_mapping_of_text(value) if name in _MAPPINGS else isinstance(value, str)
            if not is_right:
                raise AnswersError(f"The answer “{name}” is of another type.")
            stated = set(value.values()) if name in _MAPPINGS else {value}
            if name in _CHOICES and not stated <= {"", *_CHOICES[name]}:
                raise AnswersError(f"The answer “{name}” is none of those that can be given.")
        return cls(**data)


def _is_mapping_of_text(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(text, str) for item in value.items() for text in item
    )


_NAMES = tuple(item.name for item in fields(Answers))
_MAPPINGS = frozenset(name for name, kind in get_type_hints(Answers).items() if kind is not str)
_PARTS = ("read", "leave-out")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "decimal_mark": (".", ","),
    "date_order": ("day", "month"),
    "stages": ("won", "lost", "open", "leave-out"),
    "pipelines": _PARTS,
    "record_types": _PARTS,
    "amount_unit": ("1", "0.01", "1000", "1000000"),
    "groups": ("fill", "leave"),
    "hidden": _PARTS,
    "negative": ("credit", "refuse"),
    "revenue_kind": ("won", "invoiced", "recurring"),
    "won_when_expected": ("yes", "no"),
    "completeness": ("all", "part"),
}
UNANSWERED = Answers()
