"""A sum among rows is left out, counted and shown; a row with an id, a known team, or a day and an amount is data."""

from decimal import Decimal

import pytest

from alignment.rules.periods import year_numbered
from deals.goals import parse as goals
from deals.revenue_import import parse as revenue
from deals.rules.sums import is_sum_word, labels_sum
from deals.tables.csv_reader import TableError
from tests.deals.ways_in import NOW, as_deal, in_csv, in_xlsx, pasted, read_deal_file, team

EVERY_FORM = pytest.mark.parametrize("form", [pasted, in_csv, in_xlsx])
WORDS = [
    *(
        "Total",
        "Totals",
        "Grand Total",
        "Grand Totals (5700 records)",
        "Subtotal",
        "Sub-total",
        "Sum",
        "TOTAL:",
    ),
    *("Summe", "Gesamt", "Gesamtsumme", "Gesamtergebnis", "Zwischensumme", "Teilergebnis", "Ergebnis"),
    *("Total général", "Sous-total", "Somme", "Totale", "Totale generale", "Somma", "Suma", "Total general"),
    *("Razem", "Totaal", "Eindtotaal", "Subtotaal", "Summa", "合計", "Итого"),
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_for_a_sum_is_one(word):
    assert is_sum_word(word)
    assert labels_sum(word)


@pytest.mark.parametrize(
    "text", ["EMEA Ergebnis", "North Total", "Total EMEA", "Summe: Nord", "Nord - Summe"]
)
def test_a_label_names_what_it_sums_up(text):
    assert labels_sum(text)
    assert not is_sum_word(text)


@pytest.mark.parametrize(
    "text", ["Totality", "SUM-2", "Sumatra", "Gesamtkunst", "Ergebnisse", "Totalenergies", ""]
)
def test_a_word_that_only_begins_like_one_is_none(text):
    assert not labels_sum(text)


def read_deals(table):
    file = read_deal_file(table)
    return [row.external_id for row in file.rows], file.sums


@EVERY_FORM
@pytest.mark.parametrize(
    "row",
    [
        *([word, "", "Won", 5, ""] for word in WORDS),
        ["Summe", "Alle", "Won", 5, "2026-11-05"],
        ["EMEA Ergebnis", "", "Won", 5, ""],
        ["", "Total", "Won", 5, ""],
        ["", "EMEA", "Gesamtergebnis", 5, ""],
        ["", "", "", 5, "Zwischensumme"],
    ],
)
def test_a_sum_among_deals_is_left_out_and_shown(form, row):
    ids, sums = read_deals(form([*as_deal(5), row]))
    assert ids == ["7"]
    assert sums == [f"row 3: {', '.join(str(cell) for cell in row if cell)}"]


@EVERY_FORM
@pytest.mark.parametrize(
    "name", ["Total Energies", "Total", "Summe GmbH", "Q1 Hunters", "Copyright renewal, Orbis"]
)
def test_a_deal_with_an_id_is_data_whatever_it_is_called(form, name):
    ids, sums = read_deals(form([*as_deal(5), ["8", name, "Won", 5, "2026-11-05"]]))
    assert (ids, sums) == (["7", "8"], [])


@EVERY_FORM
@pytest.mark.parametrize("name", ["Total Energies", "Copyright renewal"])
def test_a_deal_in_a_file_whose_first_column_is_the_name_is_data(form, name):
    rows = [["name", "id", "stage", "amount", "close date"], [name, "8", "Won", 5, "2026-11-05"]]
    assert read_deals(form(rows)) == (["8"], [])


@EVERY_FORM
def test_a_day_and_an_amount_without_an_id_are_refused_and_not_left_out(form):
    with pytest.raises(TableError, match="Row 3: “id” is empty"):
        read_deals(form([*as_deal(5), ["", "Total rollout", "Won", 5, "2026-11-05"]]))


TEAMS = [
    team("USD", name, pk)
    for pk, name in enumerate(("North", "Total Energies", "Q1 Hunters", "Suma"), start=1)
]


def read_revenue(table, teams=TEAMS):
    read = revenue.read_rows(table.lines, teams, locale="en-US", now=NOW)
    return sum(row.amount for row in read.rows), read.sums


HEAD = ["Team", "Date", "Amount", "Note"]
ROWS = [HEAD, *([each.name, "2026-11-20", 100, ""] for each in TEAMS)]


@EVERY_FORM
@pytest.mark.parametrize(
    "row",
    [
        *([word, "", 400, ""] for word in WORDS if word != "Suma"),
        ["North Total", "", 400, ""],
        ["North", "Total", 400, ""],
        ["", "Gesamtergebnis", 400, ""],
        ["", "", 400, "Summe"],
        ["Total Energies", "", 400, "Subtotal"],
    ],
)
def test_a_sum_among_revenue_is_left_out_and_shown(form, row):
    total, sums = read_revenue(form([*ROWS, row]))
    assert total == 400
    assert sums == (f"6: {', '.join(str(cell) for cell in row if cell)}",)


@EVERY_FORM
def test_a_day_and_an_amount_are_data_also_with_a_note_like_a_sum(form):
    rows = [HEAD, ["North", "2026-11-19", 5, "x"], ["North", "2026-11-20", 7, "Total"]]
    assert read_revenue(form(rows)) == (12, ())


@EVERY_FORM
def test_a_dated_row_called_a_sum_with_the_sum_of_the_rows_above_is_refused(form):
    with pytest.raises(TableError, match="Row 6: “Summe” is the sum of the rows above"):
        read_revenue(form([*ROWS, ["North", "2026-11-20", 400, "Summe"]]))


@EVERY_FORM
def test_a_known_team_without_a_day_is_refused_and_not_left_out(form):
    with pytest.raises(TableError, match="Row 6: “” is not a day"):
        read_revenue(form([*ROWS, ["Total Energies", "", 100, ""]]))


def read_goals(table):
    year = year_numbered(2027, first_month=1)
    read = goals.read(table.lines, TEAMS, year=year, locale="en-US", currency="USD")
    return sum(read.goals.values(), Decimal(0)), read.notes


@EVERY_FORM
@pytest.mark.parametrize("word", [word for word in WORDS if word != "Suma"])
def test_sums_among_goals_are_left_out_and_told(form, word):
    table = form([["Team", "Jan 2027", word], ["North", 5, 5], ["Suma", 7, 7], [word, 12, 12]])
    total, notes = read_goals(table)
    assert total == 12
    shown = word[:40]
    assert notes == (
        "Read as a row for each team and a column for each month: 2 goals of 2 teams, January 2027.",
        f"Left out as sums, 1 column and 1 row: column “{shown}”; row 4: {word}, 12, 12.",
    )


@EVERY_FORM
@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Q1",
            "Q1 2027",
            "Q1/27",
            "1. Quartal",
            "H1",
            "H1 FY27",
            "FY26",
            "FY 2026/27",
            "2027",
            "Year",
            "Jahr",
        ),
        *("Total", "Total 2027", "YTD", "Full year", "Gesamtjahr", "T1", "1Q27", "GJ 2027"),
    ],
)
def test_quarters_and_years_among_goals_are_left_out_by_name(form, heading):
    total, notes = read_goals(form([["Team", "Jan 2027", heading], ["North", 5, 5]]))
    assert total == 5
    assert notes[1] == f"Left out as sums, 1 column: column “{heading}”."


def test_a_table_of_months_by_teams_tells_how_it_was_read_too():
    text = "Month\tNorth\tTotal\nJan 2027\t1\t1\nMay 2027\t2\t2\nQ1\t3\t3"
    assert read_goals(pasted([line.split("\t") for line in text.split("\n")])) == (
        3,
        (
            "Read as a row for each month and a column for each team: 2 goals of 1 team, January 2027 to May 2027.",
            "Left out as sums, 1 column and 1 row: column “Total”; row 4: Q1, 3, 3.",
        ),
    )


def test_goals_without_headings_tell_the_months_they_were_taken_for():
    _, notes = read_goals(pasted([["North", 1, "", "", 2]]))
    assert notes == (
        "Read as the months of 2027 in their order, without headings: 2 goals of 1 team, January 2027 to April 2027.",
    )
