"""Which CRM a table comes from, and which of its columns is what. Pure.

A CRM is recognised only by headers that prove it; what is left in doubt is kept as such (`doubles`, `missing`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from alignment.rules.folding import fold
from deals.crm_formats import BY_KEY, FORMATS, KINDS, UNREAD, CrmFormat, Kind
from deals.goals.months import heads_sum
from deals.imports.answers import Answers
from deals.tables.csv_reader import Line, TableError
from deals.tables.headings import split_unit

OTHER = "other"
_PIVOT_WORDS = frozenset(
    {"row labels", "column labels", "zeilenbeschriftungen", "spaltenbeschriftungen"}
    | {"étiquettes de lignes", "étiquettes de colonnes"}
)
_UNTOUCHABLE = ("(do not modify)", "(nicht ändern)", "(ne pas modifier)")
PIVOT = (
    "This is a pivot table: sums, not the list of {plural} behind them. Export the list, one row for each, and use "
    "that."
)


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: role → the index of its column. `doubles`: roles that decide something and that several columns could
    be, none of them taken. `stated`: columns that somebody answered for.
    """

    kind: Kind
    format: CrmFormat
    header: Line
    keys: tuple[str, ...]
    columns: dict[str, int]
    doubles: dict[str, tuple[int, ...]] = field(default_factory=dict)
    stated: frozenset[int] = frozenset()

    def cell(self, line: Line, role: str) -> str:
        """The text in the role's column; empty when there is no such column."""
        index = self.columns.get(role)
        return line.cells[index] if index is not None and index < len(line.cells) else ""

    def has_any(self, line: Line) -> bool:
        """Whether any cell of the line is read, or may be once somebody has said which column is what."""
        if self.missing or self.doubles:
            return True
        width = len(self.header.cells)
        return any(self.cell(line, role) for role in self.columns) or len(line.cells) > width

    @property
    def named(self) -> dict[str, str]:
        """Role → the key of its column."""
        return {role: self.keys[index] for role, index in self.columns.items()}

    @property
    def unused(self) -> list[str]:
        used = set(self.columns.values())
        return [cell for index, cell in enumerate(self.header.cells) if cell and index not in used]

    @property
    def role_at(self) -> dict[int, str]:
        return {index: role for role, index in self.columns.items()}

    @property
    def missing(self) -> list[tuple[str, ...]]:
        """Groups of roles of which one is needed and none has a column."""
        groups = list(self.kind.needed)
        if self.format.result_is_in_status:
            groups[groups.index(("stage", "status"))] = ("status",)
        return [group for group in groups if not any(role in self.columns for role in group)]

    def header_of(self, *roles: str) -> str:
        """The header of the first of these roles that has a column."""
        return next((self.named[role] for role in roles if role in self.columns), "")


def recognise(lines: Sequence[Line], *, kind: str, answers: Answers) -> Layout:
    """The layout of a table that begins with these lines. Raises TableError for a pivot table."""
    refuse_pivot(lines, KINDS[kind])
    lines = [line for line in lines if str(line.number) == answers.header_row] or lines
    matches = [
        match
        for line in lines
        for crm_format in _candidates(kind, answers)
        if (match := _match(crm_format, line, is_stated=crm_format.key == answers.format))
    ]
    best = max(matches, key=_score, default=None)
    if best is None or (len(best.columns) + len(best.doubles) < 2 and not answers.format):
        best = _unknown(lines, kind)
    return _with_answers(best, answers)


def normalize(header: str) -> str:
    """A header or a name as it is compared: in lower case, with single blanks, without signs that nobody sees."""
    return " ".join(fold(header).strip("\"'“”").replace("_", " ").replace("’", "'").split())


def is_untouchable(header: str) -> bool:
    """Of a column that a CRM hides because people must not change it."""
    return normalize(header).startswith(_UNTOUCHABLE)


def other_format(kind: str) -> CrmFormat:
    """Of a table that no format fits."""
    return CrmFormat(key=OTHER, name=f"a table of {KINDS[kind].plural}", kind=kind, headers={})


def refuse_pivot(lines: Iterable[Line], kind: Kind) -> None:
    if any(fold(cell) in _PIVOT_WORDS for line in lines for cell in line.cells):
        raise TableError(PIVOT.format(plural=kind.plural))


def _candidates(kind: str, answers: Answers) -> Iterator[CrmFormat]:
    stated = BY_KEY.get(answers.format)
    if answers.format == OTHER:
        yield other_format(kind)
    elif stated and stated.kind == kind:
        yield stated
    else:
        yield from (crm_format for crm_format in FORMATS if crm_format.kind == kind)


def _match(crm_format: CrmFormat, line: Line, *, is_stated: bool) -> Layout | None:
    """None where the format needs a proof that these headers do not give, and nobody stated it."""
    headers = [normalize(cell) for cell in line.cells]
    if crm_format.marks and not is_stated and not any(mark <= set(headers) for mark in crm_format.marks):
        return None
    kind = KINDS[crm_format.kind]
    plain = [normalize(split_unit(cell)[0]) for cell in line.cells]
    columns, doubles = dict[str, int](), dict[str, tuple[int, ...]]()
    for role, names in crm_format.headers.items():
        compared = plain if role in kind.amounts else headers
        at = sorted(
            (index for index, header in enumerate(compared) if header in names),
            key=lambda index: (names.index(compared[index]), index),
        )
        if len(at) > 1 and role in kind.deciding:
            doubles[role] = tuple(sorted(at))
        elif at:
            columns[role] = at[0]
    columns |= _renamed(crm_format, headers, columns)
    return Layout(kind, crm_format, line, column_keys(line), _each_once(columns, doubles), doubles)


def _each_once(columns: dict[str, int], doubles: dict[str, tuple[int, ...]]) -> dict[str, int]:
    """A column has one role, the first of those whose headers it has."""
    taken = {index for several in doubles.values() for index in several}
    once: dict[str, int] = {}
    for role, index in columns.items():
        if index not in taken:
            once[role] = index
            taken.add(index)
    return once


def _renamed(crm_format: CrmFormat, headers: Sequence[str], columns: dict[str, int]) -> dict[str, int]:
    """ "Project Name" beside "Project Owner" in a CRM whose modules can be renamed."""
    if not crm_format.names_itself or "name" in columns or "owner" in columns:
        return {}
    for index, header in enumerate(headers):
        twin = f"{header.removesuffix(' name')} owner"
        if header.endswith(" name") and twin in headers and f"{header}.id" not in headers:
            return {"name": index, "owner": headers.index(twin)}
    return {}


def _score(layout: Layout) -> tuple[bool, bool, int, int]:
    """First what has all that is needed, then what its headers prove, then what has most."""
    roles = layout.columns.keys() | layout.doubles.keys()
    is_whole = all(roles & set(group) for group in layout.kind.needed)
    lacking = sum(not roles & set(group) for group in layout.missing)
    return is_whole, bool(layout.format.marks), -lacking, len(roles)


def column_keys(header: Line) -> tuple[str, ...]:
    """What names each column in answers: its header; with its letter where there is none, or where it stands twice."""
    counted = Counter(header.cells)
    return tuple(
        cell
        if cell and counted[cell] == 1
        else f"{cell} (column {get_column_letter(index + 1)})"
        if cell
        else f"Column {get_column_letter(index + 1)}"
        for index, cell in enumerate(header.cells)
    )


def _unknown(lines: Sequence[Line], kind: str) -> Layout:
    """The headers are taken to be the first of the lines with the most texts."""
    header = max(lines, key=lambda line: sum(1 for cell in line.cells if cell and not cell[0].isdigit()))
    if sum(map(heads_sum, header.cells)) > 2:
        raise TableError(PIVOT.format(plural=KINDS[kind].plural))
    return Layout(KINDS[kind], other_format(kind), header, column_keys(header), {})


def _with_answers(layout: Layout, answers: Answers) -> Layout:
    """A person's word comes before what headers say."""
    stated = {index: answers.columns[key] for index, key in enumerate(layout.keys) if key in answers.columns}
    roles = set(stated.values()) & layout.kind.roles.keys()
    columns = {
        role: index for role, index in layout.columns.items() if index not in stated and role not in roles
    }
    several_stated: dict[str, list[int]] = {}
    for index, role in stated.items():
        if role in roles:
            several_stated.setdefault(role, []).append(index)
    columns |= {role: several[0] for role, several in several_stated.items() if len(several) == 1}
    doubles = {role: tuple(several) for role, several in several_stated.items() if len(several) > 1}
    doubles |= {
        role: left
        for role, several in layout.doubles.items()
        if role not in roles and (left := tuple(index for index in several if index not in stated))
    }
    columns |= {role: several[0] for role, several in doubles.items() if len(several) == 1}
    doubles = {role: several for role, several in doubles.items() if len(several) > 1}
    return Layout(layout.kind, layout.format, layout.header, layout.keys, columns, doubles, frozenset(stated))


def is_unread(answers: Answers, key: str) -> bool:
    return answers.columns.get(key) == UNREAD
