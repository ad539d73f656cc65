"""Bytes → lines: encodings, delimiters, what is no table."""

import pytest

from deals.imports.read import MAX_BYTES, BadFile, lines

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
    with pytest.raises(BadFile, match="empty"):
        lines(content) or pytest.fail("read as a table")


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"\x00\x01\x02" * 500, b"\xff\xfe\x00"])
def test_a_binary_file_is_refused(content):
    with pytest.raises(BadFile, match="not a text file"):
        lines(content)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0"])
def test_an_excel_or_zipped_file_is_asked_for_as_csv(start):
    with pytest.raises(BadFile, match="Save it as CSV"):
        lines(start + b"whatever")


def test_a_file_over_the_limit_is_refused():
    with pytest.raises(BadFile, match="larger than 20 MB"):
        lines(b"a" * (MAX_BYTES + 1))


def test_a_cell_beyond_all_measure_is_refused_in_words():
    with pytest.raises(BadFile, match="not a table"):
        lines(b'id,name\n1,"' + b"x" * 200_000)


@pytest.mark.parametrize(
    "footer",
    ["Grand Totals (5700 records),,", "Confidential Information - Do Not Distribute", "Copyright © 2000-2026 salesforce.com, inc."],
)  # fmt: skip
def test_what_a_report_writes_below_its_rows_is_known(footer):
    assert lines(f"id,stage,amount\n{footer}\n".encode())[1].is_footer
