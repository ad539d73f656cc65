"""Text in an export is never a formula, however a spreadsheet cuts and trims it."""

from __future__ import annotations

import csv
import io

import pytest

from alignment.rules.spreadsheet import as_cell, is_formula, marked, rows_writer, unmarked

FORMULAS = (
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "\xa0=1",
        "\u200b=1",
        "\ufeff=1",
        "\x00=1",
    ),
    *("＝1+1", "＋1", "－1", "＠SUM", " ＝1", "\ufe62 1", "-", "--"),
)
TEXTS = ("", "Joe", "x;=1+1", "x,=1", "a = b", "(1)", "'quoted'", "é=1", "2+2", "\u2014 a dash", " ")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_could_run_is_marked(text: str) -> None:
    assert not [line for line in as_cell(text).splitlines() if is_formula(line)]
    assert unmarked(as_cell(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert as_cell(text) == text == unmarked(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_each_line_counts(end: str) -> None:
    assert marked(f"first{end}=1+1{end}last") == f"first{end}'=1+1{end}last"
    assert unmarked(marked(f"first{end}=1+1")) == f"first{end}=1+1"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS, "x\t=1", 'a";=1', 'x";"=1+1'])
def test_no_program_finds_a_formula_in_a_file_whatever_separator_it_goes_by(
    text: str, separator: str
) -> None:
    file = io.StringIO(newline="")
    rows_writer(file).writerow([as_cell(text), "next"])
    read = [cell for row in csv.reader(io.StringIO(file.getvalue()), delimiter=separator) for cell in row]
    assert read[0].startswith(as_cell(text)) or not is_formula(read[0])
    assert not is_formula(read[0])
