"""Bytes → lines: encodings, delimiters, what is no table."""

import pytest

from deals.tables.csv_reader import TableError, delimiter_of
from deals.tables.files import EXPORTED, read_file


def lines(content):
    return read_file(content, EXPORTED).lines


TABLE = "Phase;Betrag;Kunde\r\nGewonnen;1.250,50;Müller & Söhne\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_any_usual_encoding_reads_the_same(encoding):
    assert lines(TABLE.encode(encoding))[1].cells == ("Gewonnen", "1.250,50", "Müller & Söhne")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(delimiter):
    text = delimiter.join(["id", "stage", "amount"]) + "\n" + delimiter.join(["1", "Won", '"a,b;c"'])
    assert [len(line.cells) for line in lines(text.encode())] == [3, 3]


def test_blank_lines_are_left_out_and_still_counted():
    assert [line.number for line in lines(b"id,stage\n\n,,\n1,Won\n")] == [1, 4]


def test_a_line_break_inside_quotes_stays_in_its_cell():
    assert lines(b'id,note\n1,"two\nlines"\n2,x\n')[1].cells == ("1", "two\nlines")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" , \n"])
def test_a_file_without_words_is_said_to_be_empty(content):
    with pytest.raises(TableError, match="empty"):
        lines(content) or pytest.fail("read as a table")


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"\x00\x01\x02" * 500, b"\xff\xfe\x00"])
def test_a_binary_file_is_refused(content):
    with pytest.raises(TableError, match="not a text file"):
        lines(content)


@pytest.mark.parametrize("start", [b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0"])
def test_an_old_excel_or_zipped_file_is_asked_for_in_another_format(start):
    with pytest.raises(TableError, match="Save it as XLSX or CSV"):
        lines(start + b"whatever")


def test_a_file_over_the_limit_is_refused():
    with pytest.raises(TableError, match="larger than 20 MB"):
        lines(b"a" * (EXPORTED.size + 1))


def test_a_cell_beyond_all_measure_is_refused_in_words():
    with pytest.raises(TableError, match="not part of a table"):
        lines(b'id,name\n1,"' + b"x" * 200_000)


@pytest.mark.parametrize(
    "footer",
    [
        "Confidential Information - Do Not Distribute",
        "Copyright © 2000-2026 salesforce.com, inc.",
    ],
)
def test_what_a_report_writes_below_its_rows_is_known(footer):
    assert lines(f"id,stage,amount\n{footer}\n".encode())[1].is_footer


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Team;Jan\nNorth;1,250,000\nSouth;2,500,000", ";"),
        ("North;1,250,000", ";"),
        ("North\t1,250,000", "\t"),
        ("Phase;Betrag\nGewonnen;1.250,50\nVerloren;1.300,50", ";"),
        ("Team,01/2027,02/2027\nNorth,100,200", ","),
        ("100,200\n300,400", ","),
        ("Note\tAmount\nHello, all, of you\t5", "\t"),
        ("Opportunities, all\nid;stage;amount\n1;Won;1,5\n2;Lost;2,5", ";"),
        ('id,stage,note\n1,Won,"one; two\nthree; four\nfive; six\nseven; eight"\n2,Won,x', ","),
        ("id,stage,amount\n1,Won,5\n2,Lost\n3,Won,7", ","),
        ("North\nSouth", ","),
        ("", ","),
    ],
)
def test_one_guess_at_the_delimiter_serves_every_table(text, delimiter):
    assert delimiter_of(text) == delimiter


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('5" pipe\t2', ('5" pipe', "2")),
        ('"big" one\t2', ('"big" one', "2")),
        ('"all of it"\t2', ("all of it", "2")),
        ('"5"" pipe"\t2', ('5" pipe', "2")),
        ('the "big" one\t2', ('the "big" one', "2")),
        ('"two\nlines"\t2', ("two\nlines", "2")),
        ('"a\tb"\t2', ("a\tb", "2")),
        ('x\t"two\r\nlines"', ("x", "two\nlines")),
    ],
)
def test_a_quote_in_tab_separated_text_is_data_unless_it_is_around_a_cell(text, cells):
    table = lines(f"a\tb\n{text}\nlast\t3".encode())
    assert [line.cells for line in table] == [("a", "b"), cells, ("last", "3")]


@pytest.mark.parametrize(
    "text", ['"x\t3\n"y\t4', '"big\t5\nx" y\t6', '5"\t2\n"x\t4\ny\t5"', '"x\t3', 'x\t"3', '"x\t3\ny"\t4']
)
def test_a_quote_in_tab_separated_text_never_swallows_rows(text):
    with pytest.raises(TableError, match=r"Row \d: a quote"):
        lines(f"a\tb\n{text}\nlast\t3".encode())
