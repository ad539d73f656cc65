"""One pass over a table: what its rows show of how it is to be read. Pure; memory stays flat however long it is."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from alignment.rules.currencies import is_currency
from alignment.rules.folding import fold
from deals.crm_formats import UNREAD
from deals.imports.columns import Layout
from deals.imports.kinds.amounts import UnclearCurrencyError
from deals.imports.kinds.deals import DealReader, Standing
from deals.imports.kinds.groups import GroupEvidence
from deals.imports.kinds.identity import candidate_columns
from deals.imports.kinds.left_out import Reason, reason_left_out
from deals.imports.kinds.reader import RowReader
from deals.tables.amounts_and_days import NOTHING, AmountEvidence, DayEvidence
from deals.tables.cells import CellError
from deals.tables.checks import is_counted, is_number, is_rest
from deals.tables.csv_reader import Figure, Line
from deals.tables.headings import is_currency_heading
from deals.tables.questions import SHOWN_ROWS

MOST_NAMES = 2_000
"""Different texts of one column that are counted."""
EXAMPLES = 3
_LONGEST_CURRENCY = 20
SAME = (
    "status",
    "stage",
    "pipeline",
    "amount",
    "won_amount",
    "currency",
    "converted_amount",
    "name",
    "account",
    "owner",
)
"""Where these and the days agree, two rows of one deal say the same of it."""


@dataclass(slots=True)
class Named:
    """A text of a column: in how many rows it stands, and the first of them."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < SHOWN_ROWS:
            self.rows.append(row)


Names = dict[str, Named]


@dataclass(slots=True)
class Survey:
    """`twins`: row → the row that has the same key, and whether they say different things."""

    layout: Layout
    titles: list[Line] = field(default_factory=list)
    row_count: int = 0
    examples: list[list[str]] = field(default_factory=list)
    amounts: AmountEvidence = field(default_factory=AmountEvidence)
    days: dict[str, DayEvidence] = field(default_factory=dict)
    stages: Names = field(default_factory=dict)
    """Words that decide how a deal stands and that nobody has said the meaning of."""
    stage_meanings: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Stage → meaning, who says so, rows."""
    texts: dict[str, Counter[str]] = field(default_factory=dict)
    """Role → its texts, of pipelines, record types and owners."""
    currencies: Counter[str] = field(default_factory=Counter)
    unclear_signs: Names = field(default_factory=dict)
    foreign: Names = field(default_factory=dict)
    """Code → rows in it whose amount has neither a rate nor one that the CRM converted."""
    converted_agrees: int = 0
    converted_differs: int = 0
    unnamed: dict[int, Named] = field(default_factory=dict)
    """Columns without a header that have cells."""
    differing: Names = field(default_factory=dict)
    """Roles for which several columns stand, and rows in which these differ."""
    below_zero: Named = field(default_factory=Named)
    without_day: Named = field(default_factory=Named)
    without_kind: Named = field(default_factory=Named)
    won: int = 0
    lost: int = 0
    may_be_cut: bool = True
    left_out: dict[Reason, list[Line]] = field(default_factory=dict)
    left_out_count: Counter[Reason] = field(default_factory=Counter)
    groups: GroupEvidence = field(default_factory=GroupEvidence)
    twins: dict[int, tuple[int, bool]] = field(default_factory=dict)
    distinct: dict[tuple[int, ...], int] = field(default_factory=dict)
    """Columns that could tell rows apart → how many rows they do tell apart."""
    code_columns: list[int] = field(default_factory=list)
    """Columns that are not read although their cells are codes of currencies: all, or some as the header says."""


def survey(lines: Iterable[Line], reader: RowReader) -> Survey:
    """What the rows below the headers show. `reader` need not know yet how amounts and days are written."""
    result = Survey(reader.layout)
    _Pass(result, reader).run(lines)
    return result


@dataclass
class _Pass:
    """One pass. What follows the amounts: `are_numbers`, all of it; `are_rests`, all may be cut off an amount."""

    result: Survey
    reader: RowReader
    are_numbers: bool = True
    are_rests: bool = True
    hashes: array[int] = field(default_factory=lambda: array("q"))
    digests: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[int] = field(default_factory=lambda: array("q"))

    def run(self, lines: Iterable[Line]) -> None:
        result, layout = self.result, self.reader.layout
        self._prepare()
        last: Reason | None = None
        for line in lines:
            if line.number <= layout.header.number:
                result.titles += [line] if line.number < layout.header.number else []
                continue
            reason = reason_left_out(line, layout)
            if reason:
                result.left_out_count[reason] += 1
                if len(result.left_out.setdefault(reason, [])) < SHOWN_ROWS:
                    result.left_out[reason].append(line)
            else:
                result.groups.add(line, is_behind_sum=last == Reason.SUM)
                self._add(line)
            last = reason
        self._finish()

    def _prepare(self) -> None:
        layout, result = self.reader.layout, self.result
        self.width = len(layout.header.cells)
        result.examples = [[] for _ in range(self.width)]
        self.short_of_examples = set(range(self.width))
        self.amount_at = [
            (role, layout.columns[role]) for role in layout.kind.amounts if role in layout.columns
        ]
        days = [role for role in layout.kind.days if role in layout.columns]
        result.days = {role: DayEvidence() for role in days}
        self.day_at = [(layout.columns[role], result.days[role]) for role in days]
        for role in ("pipeline", "record_type", "owner"):
            if role in layout.columns:
                result.texts[role] = Counter()
        used = set(layout.columns.values()) | {at for several in layout.doubles.values() for at in several}
        unread = {at for at, key in enumerate(layout.keys) if self.reader.answers.columns.get(key) == UNREAD}
        self.code_columns: dict[int, bool] = {
            at: False for at in range(self.width) if at not in used | unread
        }
        self.currency_headings = {
            at for at in self.code_columns if is_currency_heading(layout.header.cells[at])
        }
        self.unnamed_at = [
            at
            for at, cell in enumerate(layout.header.cells)
            if not cell and at not in used and at not in unread
        ]
        self.same_at = [layout.columns[role] for role in (*SAME, *days) if role in layout.columns]
        self.candidates = (
            candidate_columns(layout) if layout.kind.plural == "deals" and not self._has_ids() else []
        )
        self.candidate_hashes = [array("q") for _ in self.candidates]
        self.cut_at = layout.columns.get("amount", -2) + 1

    def _has_ids(self) -> bool:
        return "external_id" in self.reader.layout.columns or "external_id" in self.reader.layout.doubles

    def _add(self, line: Line) -> None:
        self.result.row_count += 1
        if self.short_of_examples:
            self._add_examples(line)
        counts = self.reader.counts(line)
        self._add_writing(line)
        if counts:
            self._add_amount(line)
        self._add_names(line)
        self._add_columns(line)
        self._add_identity(line)
        if isinstance(self.reader, DealReader):
            self._add_standing(line, self.reader, counts=counts)

    def _add_examples(self, line: Line) -> None:
        for at in list(self.short_of_examples):
            cell = line.cells[at] if at < len(line.cells) else ""
            examples = self.result.examples[at]
            if cell and cell not in examples:
                examples.append(cell)
                if len(examples) == EXAMPLES:
                    self.short_of_examples.remove(at)

    def _add_writing(self, line: Line) -> None:
        cells, width = line.cells, len(line.cells)
        for _, at in self.amount_at:
            if at < width and (cell := cells[at]):
                self.result.amounts.add(line.number, cell)
        for at, evidence in self.day_at:
            if at < width and (cell := cells[at]):
                evidence.add(line.number, cell)
        for role, cell in self.reader.other_days(line):
            self.result.days.setdefault(role, DayEvidence()).add(line.number, cell)
        for cell in self.reader.other_amounts(line):
            self.result.amounts.add(line.number, cell)

    def _add_amount(self, line: Line) -> None:
        """The currency of the row's amount, and whether it is below zero or may be cut in two."""
        layout, result = self.reader.layout, self.result
        cell = layout.cell(line, "amount")
        if line.delimiter == "," and self.cut_at > 0:
            self._add_cut(line)
        if cell in NOTHING:
            return
        if cell[0] in "-(−" or cell[-1] in "-−":
            result.below_zero.add(line.number)
        try:
            code = self.reader.amounts.code(line, "amount")
            result.currencies[code] += 1
            self._add_converted(line, code)
        except UnclearCurrencyError as error:
            _count(result.unclear_signs, error.sign, line.number)
        except CellError:
            return

    def _add_converted(self, line: Line, code: str) -> None:
        amounts, result = self.reader.amounts, self.result
        converted = self.reader.layout.cell(line, "converted_amount")
        if code == amounts.currency:
            if converted:
                is_same = converted == self.reader.layout.cell(line, "amount")
                result.converted_agrees += is_same
                result.converted_differs += not is_same
        elif code not in amounts.rates and (
            not converted or amounts.converted_code(line) not in ("", amounts.currency)
        ):
            _count(result.foreign, code, line.number)

    def _add_cut(self, line: Line) -> None:
        following = line.cells[self.cut_at] if self.cut_at < len(line.cells) else ""
        self.are_numbers = self.are_numbers and is_number(following)
        self.are_rests = self.are_rests and is_rest(following)

    def _add_names(self, line: Line) -> None:
        for role, counter in self.result.texts.items():
            text = self.reader.layout.cell(line, role)
            if text and (text in counter or len(counter) < MOST_NAMES):
                counter[text] += 1
        if "revenue_kind" in self.reader.layout.kind.roles and not self.reader.layout.cell(
            line, "revenue_kind"
        ):
            self.result.without_kind.add(line.number)

    def _add_columns(self, line: Line) -> None:
        """Columns of currencies, those without a header, and those that stand for one role."""
        cells, width = line.cells, len(line.cells)
        for at in list(self.code_columns):
            if at < width and cells[at]:
                self._add_code(at, cells[at])
        for at in self.unnamed_at:
            if at < width and cells[at]:
                self.result.unnamed.setdefault(at, Named()).add(line.number)
        for role, several in self.reader.layout.doubles.items():
            texts = {cells[at] if at < width else "" for at in several}
            if len(texts) > 1:
                _count(self.result.differing, role, line.number)

    def _add_code(self, at: int, cell: str) -> None:
        """What a cell says of whether its column is one of currencies."""
        if not isinstance(cell, Figure) and len(cell) <= _LONGEST_CURRENCY and is_currency(cell):
            self.code_columns[at] = True
        elif at not in self.currency_headings:
            del self.code_columns[at]

    def _add_identity(self, line: Line) -> None:
        for columns, hashes in zip(self.candidates, self.candidate_hashes, strict=True):
            hashes.append(hash(tuple(_cell(line, at) for at in columns)))
        try:
            key = self.reader.twin_key(line)
        except CellError:
            return
        if key:
            self.hashes.append(hash(key))
            self.digests.append(hash(tuple(_cell(line, at) for at in self.same_at)))
            self.numbers.append(line.number)

    def _add_standing(self, line: Line, reader: DealReader, *, counts: bool) -> None:
        """How the deal stands. What rows that do not count say of a stage is listed, and nothing is asked of it."""
        result = self.result
        try:
            if reader.is_deleted(line):
                return
            standing = reader.standing(line)
        except CellError:
            return
        if counts:
            self._add_outcome(line, reader, standing)
        for name in {reader.layout.cell(line, "status"), reader.layout.cell(line, "stage")} - {""}:
            _, _, count = result.stage_meanings.get(name, ("", "", 0))
            if count or len(result.stage_meanings) < MOST_NAMES:
                meaning = reader.meaning(line, name) or ""
                said_by = reader.said_by(line, name, standing)
                result.stage_meanings[name] = (meaning, said_by, count + 1)

    def _add_outcome(self, line: Line, reader: DealReader, standing: Standing) -> None:
        result = self.result
        if standing.text and standing.decided is None:
            _count(result.stages, standing.text, line.number)
        result.won += standing.decided == "won"
        result.lost += standing.decided == "lost"
        if standing.decided == "won" and reader.lacks_day(line):
            result.without_day.add(line.number)

    def _finish(self) -> None:
        result = self.result
        result.code_columns = [at for at, is_code in self.code_columns.items() if is_code]
        header = self.reader.layout.header.cells
        title = header[self.cut_at] if 0 < self.cut_at < len(header) else ""
        result.may_be_cut = not is_counted(title) and not (self.are_numbers and not self.are_rests)
        result.distinct = {
            columns: len(set(hashes))
            for columns, hashes in zip(self.candidates, self.candidate_hashes, strict=True)
        }
        result.twins = dict(self._twins())

    def _twins(self) -> Iterator[tuple[int, tuple[int, bool]]]:
        """Rows with one key, each with another of them. Where they say the same, only the later ones."""
        order = sorted(range(len(self.hashes)), key=self.hashes.__getitem__)
        start = 0
        for at in range(1, len(order) + 1):
            if at < len(order) and self.hashes[order[at]] == self.hashes[order[start]]:
                continue
            if at - start > 1:
                yield from self._of_one_key(sorted(order[start:at]))
            start = at

    def _of_one_key(self, positions: Sequence[int]) -> Iterator[tuple[int, tuple[int, bool]]]:
        is_conflict = len({self.digests[position] for position in positions}) > 1
        first, second = self.numbers[positions[0]], self.numbers[positions[1]]
        for position in positions:
            number = self.numbers[position]
            if is_conflict or number != first:
                yield number, (second if number == first else first, is_conflict)


def _cell(line: Line, at: int) -> str:
    return fold(line.cells[at]) if at < len(line.cells) else ""


def _count(names: Names, name: str, row: int) -> None:
    if name in names or len(names) < MOST_NAMES:
        names.setdefault(name, Named()).add(row)


def with_currency_column(layout: Layout, result: Survey) -> Layout | None:
    """The layout with the column of currencies that the survey came upon, or with all of them as a doubt; None where
    there is nothing to add.
    """
    is_known = "currency" in layout.columns or "currency" in layout.doubles
    if "currency" not in layout.kind.roles or is_known or not result.code_columns:
        return None
    if len(result.code_columns) > 1:
        return replace(layout, doubles=layout.doubles | {"currency": tuple(result.code_columns)})
    return replace(layout, columns=layout.columns | {"currency": result.code_columns[0]})
