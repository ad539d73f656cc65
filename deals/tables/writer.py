"""Rows as CSV or XLSX: numbers as numbers, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from alignment.rules.spreadsheet import is_formula, marked, rows_writer

Value = str | Decimal | date | None
Rows = Iterable[Sequence[Value]]
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MONTH, DAY = "mmm yyyy", "yyyy-mm-dd"


def as_file(rows: Rows, *, name: str, kind: str, months: bool = False) -> HttpResponseBase:
    """A download named `name`.`kind`. The first row is the heading; `months`: its dates stand for months.

    CSV goes out as it is read, so that any number of rows takes the same memory; XLSX is one piece.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        return StreamingHttpResponse(
            csv_lines(rows, months=months), content_type=KINDS[kind], headers=headers
        )
    return HttpResponse(as_xlsx(rows, months=months), content_type=KINDS[kind], headers=headers)


def csv_lines(rows: Rows, *, months: bool = False) -> Iterator[bytes]:
    """UTF-8 with a byte order mark for Excel; amounts with a decimal point, days as year-month-day."""
    yield codecs.BOM_UTF8
    out = io.StringIO(newline="")
    writer = rows_writer(out)
    for row in rows:
        writer.writerow([_plain(value, months=months) for value in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def as_csv(rows: Rows, *, months: bool = False) -> bytes:
    return b"".join(csv_lines(rows, months=months))


def as_xlsx(rows: Rows, *, months: bool = False) -> bytes:
    book = Workbook(write_only=True)
    worksheet = book.create_sheet()
    worksheet.freeze_panes = "B2"
    for number, row in enumerate(rows):
        worksheet.append([_cell(worksheet, value, months=months, bold=number == 0) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: Value, *, months: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".removesuffix(".00")
    if isinstance(value, date):
        return value.isoformat()[:7] if months else value.isoformat()
    return marked(value)


def _cell(worksheet: object, value: Value, *, months: bool, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(worksheet, _CONTROL.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, also where it looks like a formula
        cell.quotePrefix = is_formula(value)
    elif isinstance(value, date):
        cell.number_format = MONTH if months else DAY
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell
