"""A file, opened and surveyed, with everything settled that its rows are read by. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from decimal import Decimal
from functools import cached_property
from itertools import islice

from alignment.rules.money import Marks
from deals.crm_formats import KINDS
from deals.imports.answers import Answers
from deals.imports.columns import Layout, recognise
from deals.imports.doubts import Doubt, open_questions
from deals.imports.kinds import accounts, contacts, deals, history, revenue
from deals.imports.kinds.amounts import AmountReader, read_rate
from deals.imports.kinds.groups import filled
from deals.imports.kinds.identity import identity_columns
from deals.imports.kinds.left_out import PLURAL, Reason, reason_left_out
from deals.imports.kinds.reader import DayReader, RowReader, Terms
from deals.imports.kinds.rows import ReadRow, Values, Verdict
from deals.imports.opening import is_about_ids, open_with_questions
from deals.imports.questions import Question
from deals.imports.survey import Survey, survey, with_currency_column
from deals.rules.stages import stage_key
from deals.tables import cells
from deals.tables.cells import CellError, quote
from deals.tables.checks import cut_at
from deals.tables.csv_reader import SAMPLE_LINES, Line, TableError
from deals.tables.files import OpenedTable, describe_hidden
from deals.tables.headings import split_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyTerms:
    """What of the company decides how a file is read. `today` is the day in its `zone`."""

    currency: str
    locale: str
    zone: tzinfo
    today: date
    elsewhere: frozenset[str] = frozenset()
    """Owners whose rows are not of this import: nothing is asked for their sake alone."""


@dataclass(frozen=True)
class Reading:
    """`opening` are the questions that came up while the file was opened; until they are answered the file is shown as
    the first answer would have it.
    """

    terms: CompanyTerms
    answers: Answers
    opened: OpenedTable
    opening: tuple[Question, ...]
    layout: Layout
    survey: Survey
    fills: tuple[int, ...]
    """Columns of a grouped report whose blanks are filled from the row above."""

    def lines(self) -> Iterator[Line]:
        return _lines(self.opened, self.fills, self.layout)

    @cached_property
    def amounts(self) -> AmountReader:
        stated = self.answers.decimal_mark
        is_foreign = self._may_write_otherwise() or (
            cells.month_comes_first(self.locale)
            and any(column.is_dotted for column in self.survey.days.values())
        )
        marks = self.survey.amounts.marks(
            is_foreign=is_foreign, currency=self.terms.currency, locale=self.locale, stated=stated
        )
        return _amount_reader(self.layout, self.survey, self.terms, self.answers, marks)

    def _may_write_otherwise(self) -> bool:
        """Whether a table that people made may follow the habits of its language or of the company, which differ."""
        is_of_a_crm = bool(self.layout.format.marks)
        return not is_of_a_crm and Marks.habit(self.locale) != Marks.habit(self.terms.locale)

    @property
    def locale(self) -> str:
        """How the source writes amounts and days, where the file does not show it."""
        return self.layout.format.locale if self.layout.format.headers else self.terms.locale

    @cached_property
    def date_order(self) -> str:
        """ "day" or "month" first; empty where nothing shows or needs it."""
        orders = {column.order for column in self.survey.days.values()} & {"day", "month"}
        return self.answers.date_order or (orders.pop() if len(orders) == 1 else "")

    @cached_property
    def days(self) -> DayReader:
        order = self.date_order
        leads = order == "month" if order else cells.month_comes_first(self.locale)
        mixed = {role for role, column in self.survey.days.items() if column.order == "mixed"}
        return DayReader(
            month_leads=leads,
            zone=self.terms.zone,
            year_leads=cells.year_comes_first(self.locale) and not self.answers.date_order,
            mixed=frozenset(mixed),
        )

    @cached_property
    def reader(self) -> RowReader:
        return row_reader(self.layout, self.amounts, self.days, self.terms, self.answers)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        doubt = Doubt(
            self.layout,
            self.survey,
            self.answers,
            self.terms.currency,
            self.survey.amounts.unclear(self.amounts.marks),
        )
        return (*self.opening, *open_questions(doubt, self.lines()))

    @cached_property
    def left_out(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """What is not read, as sentences with the first rows."""
        survey_, parts = self.survey, list[tuple[str, tuple[int, ...]]]()
        if survey_.titles:
            rows = tuple(line.number for line in survey_.titles)
            parts.append((f"{_rows(len(rows))} above the headers.", rows))
        for reason in Reason:
            if count := survey_.left_out_count[reason]:
                lines = survey_.left_out[reason]
                quoted = "; ".join(
                    f"row {line.number}: {', '.join(filter(None, line.cells))[:80]}" for line in lines
                )
                parts.append(
                    (
                        f"{_rows(count)} left out as {PLURAL[reason]}: {quoted}.",
                        tuple(line.number for line in lines),
                    )
                )
        if self.answers.hidden == "leave-out" and (self.opened.hidden.rows or self.opened.hidden.columns):
            parts.append(
                (f"{describe_hidden(self.opened.hidden)} left out.", tuple(sorted(self.opened.hidden.rows)))
            )
        return tuple(parts)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        return (*self.opened.notes, *_notes(self))

    def rows(self) -> Iterator[ReadRow]:
        """Every row below the headers, in its order. What the CRM has deleted is left out with its values."""
        for line in self.lines():
            if line.number > self.layout.header.number:
                yield from self._read(line)

    def _read(self, line: Line) -> Iterator[ReadRow]:
        if reason := reason_left_out(line, self.layout):
            yield _left_out(line, f"one of the {PLURAL[reason]}", reason)
            return
        if part := self.reader.part_left_out(line):
            yield _left_out(line, part, "elsewhere")
            return
        try:
            self._check(line)
            yield from self._values(line)
        except CellError as error:
            yield ReadRow(line.number, Verdict.REFUSED, None, _sentence(line, str(error)), line.cells)

    def _check(self, line: Line) -> None:
        """Raises CellError for a row that another one contradicts, or whose amount may be cut in two."""
        amount_at = self.layout.columns.get("amount")
        if amount_at is not None and (cut := cut_at(line, amount_at)):
            self._check_cut(line, cut, amount_at)
        twin = self.survey.twins.get(line.number)
        if twin and twin[1]:
            raise CellError(self._describe_twin(line, twin[0]))

    def _check_cut(self, line: Line, cut: str, amount_at: int) -> None:
        """Raises CellError for an amount that its own comma has cut in two, or may have.

        It has not where a day further on stands in its own column: behind a cut everything is one column late.
        """
        headers = self.layout.header.cells
        if any(line.cells[len(headers) :]):
            raise CellError(
                f"“{quote(cut)}” seems to be one amount without quotes, so the row has more cells than there are "
                "headers. Put quotes around amounts with commas, or export the file with semicolons"
            )
        if self.survey.may_be_cut and not self._has_day_behind(line, amount_at + 1):
            right = line.cells[amount_at + 1]
            raise CellError(
                f"“{quote(cut)}” may be one amount or two cells: “{quote(right)}” stands under "
                f"“{quote(headers[amount_at + 1])}”. Put quotes around amounts with commas, or export the file with "
                "semicolons"
            )

    def _has_day_behind(self, line: Line, at: int) -> bool:
        for role in self.layout.kind.days:
            if self.layout.columns.get(role, -1) > at:
                try:
                    if self.reader.day(line, role):
                        return True
                except CellError:
                    continue
        return False

    def _describe_twin(self, line: Line, other: int) -> str:
        what = {"deals": "deal", "accounts": "account", "contacts": "contact"}[self.layout.kind.plural]
        key = (
            self.reader.twin_key(line)
            if "external_id" in self.layout.columns
            else self.layout.cell(line, "name")
        )
        if what == "deal" and "external_id" not in self.layout.columns:
            return f"nothing tells this deal apart from the one in row {other}"
        return f"the {what} “{quote(key)}” is also in row {other}, with other values"

    def _values(self, line: Line) -> Iterator[ReadRow]:
        twin, reader = self.survey.twins.get(line.number), self.reader
        if twin:
            reader.check_width(line)
            if "external_id" not in self.layout.columns and self.layout.kind.plural == "deals":
                raise CellError(self._describe_twin(line, twin[0]))
            yield _left_out(line, f"the same as row {twin[0]}", "repeated")
            return
        if isinstance(reader, history.HistoryReader):
            changes = list(reader.rows(line))
            yield from (_good(line, change) for change in changes)
            if not changes:
                yield _left_out(line, "no change of a stage, an amount or a close date", "no_change")
            return
        assert isinstance(
            reader, deals.DealReader | accounts.AccountReader | contacts.ContactReader | revenue.RevenueReader
        )
        values = reader.row(line)
        if values is None and not reader.is_deleted(line):
            yield _left_out(line, "its stage is that of no deal", "no_deal")
        elif values is None or getattr(values, "status", "") == deals.WITHDRAWN:
            yield _left_out(line, "deleted in the CRM", "deleted", values)
        else:
            yield _good(line, values)


def prepare(content: bytes, *, kind: str, terms: CompanyTerms, answers: Answers) -> Reading:
    """Open the file and go through it once. Raises TableError for what cannot be read at all."""
    opened, opening = open_with_questions(content, locale=terms.locale, answers=answers)
    layout = recognise(list(islice(opened.lines(), SAMPLE_LINES)), kind=kind, answers=answers)
    if len(layout.header.cells) == 1 and len(KINDS[kind].needed) > 1:
        raise TableError(
            "All of it is in one column: it is not separated by commas, semicolons or tabs.",
            f"First row: “{quote(layout.header.cells[0])}”.",
        )
    opening = tuple(question for question in opening if not is_about_ids(question, opened, layout.header))
    result = _surveyed(opened, (), layout, terms, answers)
    if with_currency := with_currency_column(layout, result):
        layout = with_currency
        result = _surveyed(opened, (), layout, terms, answers)
    settled = _without_equal_doubles(layout, result)
    fills = _fills(result, answers)
    if fills or settled != layout:
        layout, result = settled, _surveyed(opened, fills, settled, terms, answers)
    if not result.row_count:
        raise TableError(f"The file has headers but no {layout.kind.plural} below them.")
    return Reading(terms, answers, opened, opening, layout, result, fills)


def row_reader(
    layout: Layout, amounts: AmountReader, days: DayReader, terms: CompanyTerms, answers: Answers
) -> RowReader:
    plain = Terms(terms.currency, terms.zone, terms.today, terms.elsewhere)
    parts = (layout, amounts, days, plain, answers)
    match layout.kind.plural:
        case "deals":
            return deals.DealReader(
                *parts,
                {stage_key(name): meaning for name, meaning in answers.stages.items()},
                identity_columns(layout, answers.identity),
            )
        case "accounts":
            return accounts.AccountReader(*parts)
        case "contacts":
            return contacts.ContactReader(*parts)
        case "revenue":
            return revenue.RevenueReader(*parts)
        case _:
            return history.HistoryReader(*parts)


def _lines(opened: OpenedTable, fills: tuple[int, ...], layout: Layout) -> Iterator[Line]:
    return filled(opened.lines(), fills, below=layout.header.number) if fills else opened.lines()


def _surveyed(
    opened: OpenedTable, fills: tuple[int, ...], layout: Layout, terms: CompanyTerms, answers: Answers
) -> Survey:
    titles = [line for line in islice(opened.lines(), SAMPLE_LINES) if line.number < layout.header.number]
    amounts = _amount_reader(layout, Survey(layout, titles), terms, answers, Marks())
    days = DayReader(month_leads=False, zone=terms.zone)
    return survey(_lines(opened, fills, layout), row_reader(layout, amounts, days, terms, answers))


def _without_equal_doubles(layout: Layout, result: Survey) -> Layout:
    """Of several columns for one role that hold the same in every row the first is read."""
    equal = {role: several for role, several in layout.doubles.items() if role not in result.differing}
    if not equal:
        return layout
    columns = layout.columns | {role: several[0] for role, several in equal.items()}
    doubles = {role: several for role, several in layout.doubles.items() if role not in equal}
    return replace(layout, columns=columns, doubles=doubles)


def _fills(result: Survey, answers: Answers) -> tuple[int, ...]:
    read = set(result.layout.columns.values())
    possible = result.groups.possible if answers.groups == "fill" else []
    return tuple(at for at in (*result.groups.certain, *possible) if at in read)


def _amount_reader(
    layout: Layout, result: Survey, terms: CompanyTerms, answers: Answers, marks: Marks
) -> AmountReader:
    rates = {code: rate for code, text in answers.rates.items() if (rate := read_rate(text))}
    is_credit = layout.kind.plural == "revenue" and answers.negative == "credit"
    negative = {"deals": deals.NEGATIVE, "accounts": accounts.NEGATIVE, "revenue": revenue.NEGATIVE}
    reader = AmountReader(
        layout,
        terms.currency,
        marks,
        {stage_key(sign): code for sign, code in answers.signs.items()},
        rates,
        stated=answers.currency,
        unit=Decimal(answers.amount_unit or 1),
        converted=answers.converted_currency,
        decimal_mark=answers.decimal_mark,
        negative=negative.get(layout.kind.plural, ""),
        allow_negative=is_credit,
        has_thousandths=result.amounts.has_thousandths,
    )
    if not reader.stated:
        reader = replace(reader, stated=_title_code(reader, result))
    if not reader.converted and result.converted_agrees and not result.converted_differs:
        reader = replace(reader, converted=terms.currency)
    return reader


def _title_code(reader: AmountReader, result: Survey) -> str:
    """The currency that a title above the headers names: "Pipeline in EUR"."""
    for line in result.titles:
        for cell in line.cells:
            for unit in split_unit(cell)[1]:
                try:
                    if unit.currency:
                        return reader.named(unit.currency)
                except CellError:
                    continue
    return ""


def _notes(reading: Reading) -> Iterator[str]:
    survey_, layout = reading.survey, reading.layout
    short = [row for column in survey_.days.values() for row in column.rows["short"]]
    if short:
        row, cell = short[0]
        yield f"Years of two digits are read as 1970 to 2069, for example “{quote(cell)}” in row {row}."
    if reading.opened.merged_rows:
        yield f"{_rows(reading.opened.merged_rows)} filled from merged cells above."
    for at in reading.fills:
        yield f"“{layout.keys[at]}” stands once a group and was read for all rows of it."
    if layout.format.source == "odoo" and survey_.won and not survey_.lost:
        yield "There are won deals and no lost ones: Odoo leaves archived deals out unless the export asks for them."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _good(line: Line, values: Values) -> ReadRow:
    return ReadRow(line.number, Verdict.GOOD, values, "", line.cells)


def _left_out(line: Line, reason: str, category: str, values: Values | None = None) -> ReadRow:
    return ReadRow(line.number, Verdict.LEFT_OUT, values, _sentence(line, reason), line.cells, category)


def _sentence(line: Line, reason: str) -> str:
    return f"Row {line.number}: {reason}."
