"""A workbook's own facts: hidden, filtered, without results, numbers and their formats, bounds."""

import io
import re
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from deals.tables.amounts_and_days import CellError, settle
from deals.tables.csv_reader import Figure, TableError
from deals.tables.files import read_file
from deals.tables.questions import HIDDEN_CHOICES, UNANSWERED, Answers, TableQuestion
from deals.tables.worksheet_scan import Hidden, scan
from tests.speed import at_most


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def amount(cell, currency):
    reading = settle(amounts=[(1, cell)], dates=(), currency=currency, locale="en-US", answers=UNANSWERED)
    return reading.amount(cell, currency=currency)


def test_text_stays_text_and_whole_numbers_stay_whole():
    table = read_file(saved(workbook(["id", "note"], [2024, 10023], ["2024", "007"])))
    assert [line.cells for line in table.lines[1:]] == [("2024", "10023"), ("2024", "007")]


@pytest.mark.parametrize(
    ("value", "currency", "text"), [(12.5, "EUR", "12.50"), (15.0, "EUR", "15"), (1234, "JPY", "1234")]
)
def test_a_number_is_read_as_the_number_it_is_for_every_reader(value, currency, text):
    cell = read_file(saved(workbook(["x", value]))).lines[0].cells[1]
    assert isinstance(cell, Figure)
    assert str(amount(cell, currency)).startswith(text)


@pytest.mark.parametrize(
    ("value", "currency"), [(33333.333, "USD"), (12.345, "EUR"), (12.345, "KWD"), (1234.5, "JPY")]
)
def test_a_number_finer_than_the_currency_is_refused_as_in_text(value, currency):
    cell = read_file(saved(workbook(["x", value]))).lines[0].cells[1]
    with pytest.raises(CellError, match="decimals"):
        amount(cell, currency)


@pytest.mark.parametrize("style", ["[$€-407] #,##0.00", "#,##0 [$EUR]", "€#,##0"])
def test_the_currency_of_a_number_format_is_part_of_the_amount(style):
    book = workbook(["x", 500])
    book.active["B1"].number_format = style
    cell = read_file(saved(book)).lines[0].cells[1]
    assert amount(cell, "EUR") == 500
    with pytest.raises(CellError, match="but the company uses USD"):
        amount(cell, "USD")


@pytest.mark.parametrize(
    ("style", "is_dollar"),
    [
        ('"$"#,##0', True),
        ("[$$-409]#,##0.00", True),
        ("[$-407]#,##0.00", False),
        (BUILTIN_FORMATS[44], False),
    ],
)
def test_a_dollar_in_a_format_counts_unless_it_is_the_readers_own(style, is_dollar):
    book = workbook(["x", 500])
    book.active["B1"].number_format = style
    cell = read_file(saved(book)).lines[0].cells[1]
    assert amount(cell, "USD") == 500
    assert bool(cell.currency) is is_dollar


def sheets(**titles):
    """A workbook of these sheets and their states; the first cell of each is its title."""
    book = Workbook()
    book.remove(book.active)
    for title, state in titles.items():
        book.create_sheet(title).append([title])
        book[title].sheet_state = state
    return book


def test_the_visible_sheet_is_read_and_not_a_hidden_one():
    table = read_file(saved(sheets(old="hidden", Won="visible", older="veryHidden")))
    assert (table.lines[0].cells, table.notes) == (("Won",), ())


def test_an_empty_sheet_is_not_asked_about():
    book = sheets(Won="visible")
    book.create_sheet("Sheet2").row_dimensions[5].height = 30
    book.active = 1
    assert read_file(saved(book)).lines[0].cells == ("Won",)


@pytest.mark.parametrize("active", [0, 1])
def test_several_sheets_with_data_are_asked_about_and_the_answer_is_read(active):
    book = sheets(Won="visible", old="hidden", More="visible")
    book.active = active * 2
    with pytest.raises(TableQuestion, match="Several sheets have data: “Won”, “More”") as question:
        read_file(saved(book))
    assert (question.value.key, question.value.choices) == ("worksheet", [("Won", "Won"), ("More", "More")])
    table = read_file(saved(book), answers=Answers(worksheet="More"))
    assert (table.lines[0].cells, table.notes) == (("More",), ("Only the sheet “More” was read.",))


@pytest.mark.parametrize("name", ["old", "Lost"])
def test_a_sheet_that_cannot_be_read_is_asked_about_again(name):
    with pytest.raises(TableQuestion, match=f"no visible sheet “{name}” with data, but “Won”"):
        read_file(saved(sheets(Won="visible", old="hidden")), answers=Answers(worksheet=name))


def test_a_workbook_of_hidden_sheets_and_one_without_data_are_refused():
    content = saved(sheets(old="visible"))
    with pytest.raises(TableError, match="The table is empty"):
        read_file(saved(Workbook()))
    packed, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with packed as made, zipfile.ZipFile(out, "w") as new:
        for name in made.namelist():
            new.writestr(name, made.read(name).replace(b'state="visible"', b'state="hidden"'))
    with pytest.raises(TableError, match="Every sheet of this workbook is hidden"):
        read_file(out.getvalue())


def with_hidden_rows(*numbers):
    book = workbook(["a"], ["b"], ["c"])
    for number in numbers:
        book.active.row_dimensions[number].hidden = True
    return saved(book)


def test_hidden_rows_are_counted_and_asked_about():
    with pytest.raises(TableQuestion, match=r"2 hidden rows \(2, 3\), for example by a filter") as question:
        read_file(with_hidden_rows(2, 3))
    assert (question.value.key, question.value.choices) == ("hidden", HIDDEN_CHOICES)


@pytest.mark.parametrize(
    ("answer", "cells", "note"),
    [
        ("read", ["a", "b", "c"], "Read with 1 hidden row (2)."),
        ("leave-out", ["a", "c"], "Read without 1 hidden row (2)."),
    ],
)
def test_hidden_rows_are_read_or_left_out_as_somebody_says_and_that_is_told(answer, cells, note):
    table = read_file(with_hidden_rows(2), answers=Answers(hidden=answer))
    assert [line.first for line in table.lines] == cells
    assert table.notes == (note,)


def with_hidden_columns(*letters, rows=()):
    book = workbook(["Date", "Amount", "old amount"], ["2026-11-05", 5, 7], ["2026-11-06", 6, 8])
    for letter in letters:
        book.active.column_dimensions[letter].hidden = True
    for number in rows:
        book.active.row_dimensions[number].hidden = True
    return saved(book)


@pytest.mark.parametrize(
    ("content", "about"),
    [
        (with_hidden_columns("C"), r"1 hidden column \(C\)"),
        (with_hidden_columns("A", "C"), r"2 hidden columns \(A, C\)"),
        (with_hidden_columns("B", rows=[3]), r"1 hidden row \(3\) and 1 hidden column \(B\)"),
    ],
)
def test_hidden_columns_are_counted_and_asked_about(content, about):
    with pytest.raises(TableQuestion, match=f"The sheet has {about}, for example by a filter") as question:
        read_file(content)
    assert (question.value.key, question.value.choices) == ("hidden", HIDDEN_CHOICES)


def test_hidden_columns_are_read_or_left_out_as_somebody_says():
    content = with_hidden_columns("B", rows=[3])
    table = read_file(content, answers=Answers(hidden="leave-out"))
    assert [line.cells for line in table.lines] == [("Date", "", "old amount"), ("2026-11-05", "", "7")]
    assert table.notes == ("Read without 1 hidden row (3) and 1 hidden column (B).",)
    assert len(read_file(content, answers=Answers(hidden="read")).lines) == 3


def test_a_hidden_column_without_data_is_not_asked_about():
    assert len(read_file(with_hidden_columns("F")).lines) == 3


@pytest.mark.parametrize(
    ("source", "rows", "columns"),
    [
        (b'<row r="2" hidden="1">', {2}, set()),
        (b"<row hidden='true' r='2'>", {2}, set()),
        (b'<row><row hidden="1"><row r="7"/><row hidden="1">', {2, 8}, set()),
        (b'<x:row r="2" ht="0" customHeight="1">', {2}, set()),
        (b'<row r="2" hidden="0" ht="10.5">', set(), set()),
        (b'<sheetFormatPr zeroHeight="1"/><row r="1" hidden="0"><row r="2">', {2}, set()),
        (b'<col min="2" max="4" hidden="1"/>', set(), {1, 2, 3}),
        (b'<col min="2" max="2" width="0"/><cols>', set(), {1}),
        (b'<col min="2" max="99999999" hidden="1"/>', set(), set()),
        (b'<col min="2" max="2" width="0.7"/>', set(), set()),
    ],
)
def test_what_nobody_sees_is_found_however_the_file_says_so(source, rows, columns):
    assert scan([source]).hidden == Hidden(frozenset(rows), frozenset(columns))


def test_a_hidden_row_without_data_is_not_asked_about():
    assert len(read_file(with_hidden_rows(7)).lines) == 3


def test_nothing_but_hidden_rows_is_an_empty_table():
    with pytest.raises(TableError, match="The table is empty"):
        read_file(with_hidden_rows(1, 2, 3), answers=Answers(hidden="leave-out"))


def test_hidden_rows_and_formulas_are_seen_in_whatever_way_the_file_names_its_elements():
    """Other programs than Excel write <x:row>, not <row>."""

    def renamed(content):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as new:
            for name in made.namelist():
                part = made.read(name)
                if name.endswith("sheet1.xml"):
                    part = re.sub(rb"(</?)(?=[a-zA-Z])", rb"\1x:", part).replace(b"xmlns=", b"xmlns:x=")
                new.writestr(name, part)
        return out.getvalue()

    with pytest.raises(TableQuestion, match=r"1 hidden row \(2\)"):
        read_file(renamed(with_hidden_rows(2)))
    with pytest.raises(TableError, match="a formula without a stored result"):
        read_file(renamed(saved(workbook(["Team", "Jan"], ["North", "=1+2"]))))


def test_a_formula_without_a_stored_result_is_named():
    with pytest.raises(TableError, match="B2: a formula without a stored result"):
        read_file(saved(workbook(["Team", "Jan"], ["North", "=1+2"])))


def test_the_workbook_says_which_epoch_its_days_count_from():
    book = workbook(["Date"], [datetime(2026, 3, 15)])
    book.epoch = CALENDAR_MAC_1904
    assert read_file(saved(book)).lines[1].cells == ("2026-03-15",)


def test_a_million_cells_are_refused_before_they_are_parsed():
    row = b'<row r="1">' + b'<c r="A1"><v>1</v></c>' * 800_000 + b"</row>"
    old, out = saved(workbook(["x"])), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(old)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in made.namelist():
            content = made.read(name)
            if name.endswith("sheet1.xml"):
                content = b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>"
            new.writestr(name, content)
    with at_most(2), pytest.raises(TableError, match="more than 200,000 cells"):
        read_file(out.getvalue())


def test_huge_styles_are_refused_before_they_are_parsed():
    old, out = saved(workbook(["x"])), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(old)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in made.namelist():
            new.writestr(name, made.read(name) + b" " * (3_000_000 if "styles" in name else 0))
    with pytest.raises(TableError, match="too large once it is unpacked"):
        read_file(out.getvalue())
