"""Rows as CSV or XLSX: numbers as numbers, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from deals.sheets.read import FORMULA, QUOTED

Value = str | Decimal | date | None
Rows = Iterable[Sequence[Value]]
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MONTH, DAY = "mmm yyyy", "yyyy-mm-dd"


def as_file(rows: Rows, *, name: str, kind: str, months: bool = False) -> HttpResponse:
    """An answer that is saved as `name`.`kind`. The first row is the heading; `months`: its dates stand for months."""
    made = as_xlsx(rows, months=months) if kind == "xlsx" else as_csv(rows, months=months)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(made, content_type=KINDS[kind], headers=headers)


def as_csv(rows: Rows, *, months: bool = False) -> bytes:
    """UTF-8 with a mark, so that Excel knows; amounts with a dot, days as year-month-day."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_plain(value, months=months) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Rows, *, months: bool = False) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "B2"
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, value, months=months, bold=number == 0) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula; reading it back takes the mark away again."""
    return QUOTED + text if text.startswith(FORMULA) else text


def _plain(value: Value, *, months: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".removesuffix(".00")
    if isinstance(value, date):
        return value.isoformat()[:7] if months else value.isoformat()
    return safe(value)


def _cell(sheet: object, value: Value, *, months: bool, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, _CONTROL.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, also where it looks like a formula
        cell.quotePrefix = value.startswith(FORMULA)
    elif isinstance(value, date):
        cell.number_format = MONTH if months else DAY
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell
