"""Whatever is pasted or uploaded: it is read, or refused in words. Never a fault, and never a guess at a team."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.models import Company, Team
from alignment.rules.periods import year_numbered
from deals.goals import parse as goals_parse
from deals.revenue_import import parse as revenue_parse
from deals.tables.csv_reader import TableError
from deals.tables.files import read_file, read_text
from deals.tables.writer import as_csv, as_xlsx

COMPANY = Company(pk=1, name="Demo", slug="demo")
TEAMS = [
    Team(pk=pk, name=name, slug=name.lower(), company=COMPANY, timezone="Europe/Paris")
    for pk, name in ((1, "North"), (2, "South"))
]
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
YEAR = year_numbered(2027, first_month=4)
WORDS = st.sampled_from(
    [
        "North",
        "south",
        "Team",
        "Date",
        "Amount",
        "Note",
        "Deal",
        "Jan",
        "2027-02",
        "03/2027",
        "März",
        "Q1",
        "Total",
        "1,250",
        "5k",
        "-1",
        "0",
        "2026-11-20",
        "13/11/2026",
        "46000",
        "9999-99-99",
        "0000-01",
        "٣",
        "1e9",
        "'=x",
        "",
        " ",
        "\x00",
        "🙂",
        "﷽",
    ]
)
CELLS = st.one_of(WORDS, st.text(max_size=8))
TABLES = st.lists(st.lists(CELLS, max_size=5).map("\t".join), max_size=6).map("\n".join)
calm = settings(max_examples=300)


@calm
@given(TABLES, st.sampled_from(["en-US", "de-DE", "fr", "ar-EG", "ja"]))
def test_any_table_is_goals_or_a_sentence(text, locale):
    try:
        found = goals_parse.read(read_text(text).lines, TEAMS, year=YEAR, locale=locale, currency="USD").goals
    except TableError:
        return
    assert all(team in (1, 2) and month.day == 1 and amount >= 0 for (team, month), amount in found.items())


@calm
@given(TABLES, st.sampled_from([TEAMS, TEAMS[:1]]))
def test_any_table_is_revenue_or_a_sentence(text, teams):
    try:
        figures = revenue_parse.read_rows(read_text(text).lines, teams, locale="en-US", now=NOW).rows
    except TableError:
        return
    today = NOW.astimezone(ZoneInfo("Europe/Paris")).date()
    assert all(each.day <= today and each.amount >= 0 and each.team in teams for each in figures)


@calm
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda junk: b"PK\x03\x04" + junk)))
def test_any_file_is_a_table_or_a_sentence(content):
    with suppress(TableError):
        assert read_file(content).lines


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@settings(max_examples=60)
@given(
    name=st.text(
        st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Co", "Cn")),
        min_size=1,
        max_size=20,
    )
)
def test_a_name_goes_out_and_comes_back(write, name):
    lines = read_file(write([["Team", "Note"], ["x", name]])).lines
    name = unicodedata.normalize("NFC", name)  # composed letters at the door
    assert lines[1].cells[1] == (name[1:] if name[:1] == "'" and name[1:2] in "=+-@" and name[1:] else name)
