"""How amounts and days are written. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from deals.imports.answers import Answers
from deals.imports.doubts.doubt import Doubt, numbered
from deals.imports.questions import Question
from deals.imports.survey import Survey
from deals.tables.amounts_and_days import describe_mixed, describe_unclear
from deals.tables.cells import is_dotted, quote
from deals.tables.questions import MARK_CHOICES, ORDER_CHOICES


def about_formats(doubt: Doubt) -> Iterator[Question]:
    proofs = doubt.survey.amounts.proofs
    if doubt.unclear_amounts:
        rows = [row for row, _ in doubt.unclear_amounts]
        yield Question("decimal_mark", describe_unclear(doubt.unclear_amounts), numbered(rows), MARK_CHOICES)
    elif len(proofs) > 1 and not doubt.answers.decimal_mark:
        (first, one), (second, other) = sorted(proofs.values())
        sentence = (
            f"“{quote(one)}” in row {first} and “{quote(other)}” in row {second} are written in two ways. Say "
            "which is right; rows written the other way are refused."
        )
        yield Question("decimal_mark", sentence, numbered([first, second]), MARK_CHOICES)
    if not doubt.answers.date_order:
        yield from _order(doubt)


def contradicted_answers(survey: Survey, answers: Answers) -> tuple[str, ...]:
    """The names of the answers that some amount or date of the file contradicts."""
    names = []
    if answers.decimal_mark and survey.amounts.proofs.keys() - {answers.decimal_mark}:
        names.append("decimal_mark")
    other = {"day": "month", "month": "day"}.get(answers.date_order)
    dates = [cell for days in survey.days.values() if other for _, cell in days.rows[other]]
    if any(not is_dotted(cell) for cell in dates):  # dates with points put the day first anyway
        names.append("date_order")
    return tuple(names)


def _order(doubt: Doubt) -> Iterator[Question]:
    columns = doubt.survey.days.values()
    orders = {column.order for column in columns}
    mixed = next((column for column in columns if column.order == "mixed"), None)
    unclear = next((column for column in columns if column.order == "unclear"), None)
    if mixed:
        rows = [row for order in ("day", "month") for row, _ in mixed.rows[order][:2]]
        sentence = f"{describe_mixed(mixed)}. Say which is right; the others are refused."
        yield Question("date_order", sentence, numbered(rows), ORDER_CHOICES)
    elif {"day", "month"} <= orders:
        rows = [row for column in columns for order in column.orders for row, _ in column.rows[order][:1]]
        sentence = "Some columns of dates put the day first, others the month. Say which."
        yield Question("date_order", sentence, numbered(rows), ORDER_CHOICES)
    elif unclear and not orders & {"day", "month"}:
        cell = unclear.rows["unclear"][0][1]
        sentence = (
            f"The dates in this file are ambiguous: “{quote(cell)}” may put the day or the month first."
        )
        yield Question(
            "date_order", sentence, numbered(row for row, _ in unclear.rows["unclear"]), ORDER_CHOICES
        )
