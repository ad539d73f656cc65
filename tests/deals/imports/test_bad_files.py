"""Whatever is uploaded: one clear sentence, in bounded time, and never a fault."""

import gzip
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from deals.imports.answers import Answers
from deals.tables.csv_reader import TableError
from deals.tables.files import load
from tests.deals.imports.engine import lines, reasons, rows_of, table, understood
from tests.speed import at_most

HEADERS = ("id", "name", "stage", "amount", "close date")
DEAL = ("1", "A", "Won", "5", "2026-03-01")
GOOD = table(HEADERS, DEAL)


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return out.getvalue()


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def with_part(content, name, part):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, part if item == name else old.read(item))
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BAD = {
    "empty": (b"", "The table is empty."),
    "blank": (b" \r\n,,,\r\n\t\n", "The table is empty."),
    "header only": (table(HEADERS), "The file has headers but no deals below them."),
    "headers and a sum": (
        table(HEADERS, ("Total", "", "", "5", "")),
        "The file has headers but no deals below them.",
    ),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(900), "This is a picture, not a table."),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(900), "This is a picture, not a table."),
    "pdf": (b"%PDF-1.7\n" + bytes(900), "This is a PDF, not a table."),
    "page": (b"<html><body><table><tr><td>Id</td></tr></table></body></html>", "This is a web page"),
    "gzip": (gzip.compress(GOOD), "This is a compressed file. Unpack it"),
    "zip": (archive(deals__csv=GOOD), "This is a ZIP archive. Unpack it"),
    "broken zip": (b"PK\x03\x04" + bytes(300), "This file cannot be read."),
    "old excel": (OLE, "This is a file of an old Excel (XLS)."),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600), "is protected by a password"),
    "nuls": (b"id,name\n" + b"1,\x00\x00\n" * 200, "This is not a text file."),
    "one nul": (GOOD.replace(b"A", b"A\0"), "Row 2 has a character that cannot be stored"),
    "bytes": (bytes(range(256)) * 40, "This is not a text file."),
    "open quote": (GOOD.replace(b"A", b'"A'), "Row 2: a quote"),
    "one column": (lines("id¦name¦stage", "1¦A¦Won"), "All of it is in one column"),
    "ten thousand columns": (
        table([f"column {n}" for n in range(10_000)], ["x"] * 10_000),
        "more than 500 columns",
    ),
    "one huge cell": (b'id,name,stage,amount,close date\n1,"' + b"x" * 5_000_000, "is not part of a table"),
    "pivot": (table(("Row Labels", "Sum of Amount"), ("North", "5")), "This is a pivot table"),
    "months": (
        table(("Owner", "Q1", "Q2", "Q3", "Q4"), ("Anna", "1", "2", "3", "4")),
        "This is a pivot table",
    ),
    "line breaks": (b"id,name\n" + b"\n" * 9_000_000, "more than 500,000 rows"),
    "too large": (b"x" * 50_000_001, "larger than 50 MB"),
    "formulas": (
        workbook(HEADERS, ["1", "A", "Won", "=1+2", "2026-03-01"]),
        "a formula without a stored result",
    ),
    "too many cells": (
        with_part(
            workbook(HEADERS),
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row>" + b"<c >" * 5_000_001 + b"</row></sheetData></worksheet>",
        ),
        "more than 5,000,000 cells",
    ),
    "bomb": (
        with_part(workbook(HEADERS), "xl/worksheets/sheet1.xml", b" " * 401_000_000),
        "too large once it is unpacked",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_table_is_refused_in_one_clear_sentence_and_soon(name):
    content, sentence = BAD[name]
    with at_most(4), pytest.raises(TableError) as refusal:
        understood(content)
    assert sentence in refusal.value.sentences[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("1", "A", "Won", "1e400", "2026-03-01"), "Row 2: “1e400” is not an amount (column “amount”)."),
        (("1", "A", "Won", "9" * 40, "2026-03-01"), "is too large (column “amount”)."),
        (("1", "A", "Won", "5", "0000-01-01"), "“0000-01-01” is not a day"),
        (("1", "A", "Won", "5", "9999-12-31"), "is outside the years 1990 to 2100 (column “close date”)."),
        (("1", "A", "Won", "5", "soon"), "Row 2: “soon” is not a day"),
        (("1", "A", "Won", "", "2026-03-01"), "Row 2: the deal is won, but “amount” is empty."),
        (("", "A", "Won", "5", "2026-03-01"), "Row 2: “id” is empty"),
        (("1", "A", "", "5", "2026-03-01"), "Row 2: “stage” is empty."),
        (("1", "A", "Won"), "Row 2: there are 3 cells where the headers have 5."),
        (("1", "A", "Won", "5", "2026-03-01", "more"), "Row 2: “more” is under no header."),
        (("1", "x" * 201, "Won", "5", "2026-03-01"), "is longer than 200 characters (column “name”)."),
        (("1", "A", "Won", "5%", "2026-03-01"), "is a percentage, not an amount (column “amount”)."),
        (("1", "A", "Won", "100\n200", "2026-03-01"), "looks like two amounts (column “amount”)."),
    ],
)
def test_a_bad_row_is_refused_with_row_column_and_reason_and_the_others_are_read(row, reason):
    content = table(HEADERS, row, ("2", *DEAL[1:]))
    (refusal,) = reasons(content)
    assert reason in refusal
    assert rows_of(content)[1].values.external_id == "2"


def test_a_refused_row_is_kept_as_it_was():
    (refused,) = rows_of(table(HEADERS, ("1", "A", "Won", "x", "2026-03-01")))
    assert (refused.number, refused.cells) == (2, ("1", "A", "Won", "x", "2026-03-01"))


def test_an_encoding_and_a_sheet_that_are_not_there_are_refused_or_asked_about_again():
    for encoding in ("klingon", "hex", "base64", "zip"):
        with pytest.raises(TableError, match=f"not a text file in {encoding}"):
            understood(GOOD, answers=Answers(encoding=encoding))
    for separator in (";;", '"', "\n"):
        with pytest.raises(TableError, match="cannot separate cells"):
            understood(GOOD, answers=Answers(separator=separator))
    understanding = understood(workbook(HEADERS, DEAL), answers=Answers(worksheet="Gone"))
    assert next(question.key for question in understanding.questions) == "worksheet"


def test_a_file_is_never_read_in_part(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_bytes(GOOD + b"\r\n" * 12_000_000)
    assert len(load(path)) == path.stat().st_size
    path.write_bytes(GOOD + b"x" * 60_000_000)
    with pytest.raises(TableError, match="larger than 50 MB"):
        understood(load(path))


WORDS = st.sampled_from(
    [
        *("id", "name", "stage", "amount", "close date", "currency", "Deal - ID", "Record ID", "Won", "Lost"),
        *("1,250", "1.250,50", "€5", "kr", "EUR", "2026-11-20", "3/4/26", "46000", "Total", "Subtotal", "-1"),
        *("'=x", "", " ", "🙂", "1.2E+17", "yes", "\x00", "Won (12)", "a,b", '"'),
    ]
)
TABLES = st.lists(st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=7), max_size=7)


@settings(max_examples=200, deadline=None)
@given(
    TABLES, st.sampled_from(["deals", "accounts", "contacts", "revenue", "history"]), st.sampled_from(",;\t")
)
def test_any_table_of_any_kind_is_understood_or_a_sentence(cells, kind, delimiter):
    content = table(*cells, delimiter=delimiter).replace(b"\x00", b"")
    with suppress(TableError):
        understanding = understood(content, kind)
        rows = rows_of(content, kind) if understanding.is_ready else []
        assert all(row.values or row.reason.startswith(f"Row {row.number}: ") for row in rows)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda junk: b"PK\x03\x04" + junk)))
def test_any_bytes_are_understood_or_a_sentence(content):
    with suppress(TableError):
        assert understood(content).kind == "deals"
