"""What a survey leaves open, as questions to a person: all at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from deals.imports.doubts.columns import about_columns, about_groups
from deals.imports.doubts.deals import about_deals
from deals.imports.doubts.doubt import Doubt
from deals.imports.doubts.money import about_money, about_revenue
from deals.imports.doubts.number_and_date_formats import about_formats
from deals.imports.questions import Question, SampleRow
from deals.tables.csv_reader import Line

__all__ = ["Doubt", "open_questions"]


def open_questions(doubt: Doubt, lines: Iterable[Line]) -> tuple[Question, ...]:
    """Every one, with the cells of the rows it quotes."""
    return _with_rows(_questions(doubt), lines)


def _questions(doubt: Doubt) -> Iterator[Question]:
    yield from about_columns(doubt)
    yield from about_formats(doubt)
    yield from about_money(doubt)
    if doubt.layout.kind.plural == "deals":
        yield from about_deals(doubt)
    if doubt.layout.kind.plural == "revenue":
        yield from about_revenue(doubt)
    yield from about_groups(doubt)


def _with_rows(questions: Iterable[Question], lines: Iterable[Line]) -> tuple[Question, ...]:
    """The questions with the cells of the rows they quote."""
    listed = tuple(questions)
    needed = {row.number for question in listed for row in question.rows}
    cells: dict[int, tuple[str, ...]] = {}
    if needed:
        last = max(needed)
        for line in lines:
            if line.number in needed:
                cells[line.number] = line.cells
            if line.number >= last:
                break
    return tuple(
        replace(
            question, rows=tuple(SampleRow(row.number, cells.get(row.number, ())) for row in question.rows)
        )
        for question in listed
    )
