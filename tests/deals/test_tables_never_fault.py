"""Whatever is pasted or uploaded: it is read, or refused in words. Never a fault, and never a guess at a team."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.models import Company, Team
from alignment.periods import year_numbered
from deals.entries import table
from deals.goals import paste
from deals.imports.read import BadFile
from deals.sheets.read import file_lines, text_lines
from deals.sheets.write import as_csv, as_xlsx

COMPANY = Company(pk=1, name="Demo", slug="demo")
TEAMS = [
    Team(pk=pk, name=name, slug=name.lower(), company=COMPANY, timezone="Europe/Paris")
    for pk, name in ((1, "North"), (2, "South"))
]
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
YEAR = year_numbered(2027, first_month=4)
WORDS = st.sampled_from(
    ["North", "south", "Team", "Date", "Amount", "Note", "Deal", "Jan", "2027-02", "03/2027", "März", "Q1", "Total", "1,250", "5k", "-1",
     "0", "2026-11-20", "13/11/2026", "46000", "9999-99-99", "0000-01", "٣", "1e9", "'=x", "", " ", "\x00", "🙂", "﷽"]
)  # fmt: skip
CELLS = st.one_of(WORDS, st.text(max_size=8))
TABLES = st.lists(st.lists(CELLS, max_size=5).map("\t".join), max_size=6).map("\n".join)
FIGURES = st.tuples(
    st.sampled_from(TEAMS),
    st.dates(date(2000, 1, 1), NOW.date()),
    st.decimals(0, 10**9, places=2),
    st.text(max_size=20),
)
SLOW = [HealthCheck.too_slow]  # of the machine, not of the code
calm = settings(deadline=None, max_examples=300, suppress_health_check=SLOW)


@calm
@given(TABLES, st.sampled_from(["en-US", "de-DE", "fr", "ar-EG", "ja"]))
def test_any_table_is_goals_or_a_sentence(text, locale):
    try:
        found = paste.read(text_lines(text), TEAMS, year=YEAR, locale=locale, currency="USD")
    except BadFile:
        return
    assert all(team in (1, 2) and month.day == 1 and amount >= 0 for (team, month), amount in found.items())


@calm
@given(TABLES, st.sampled_from([TEAMS, TEAMS[:1]]))
def test_any_table_is_revenue_or_a_sentence(text, teams):
    try:
        figures, _ = table.read(text_lines(text), teams, locale="en-US", now=NOW)
    except BadFile:
        return
    today = NOW.astimezone(ZoneInfo("Europe/Paris")).date()
    assert all(each.day <= today and each.amount >= 0 and each.team in teams for each in figures)


@calm
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda junk: b"PK\x03\x04" + junk)))
def test_any_file_is_a_table_or_a_sentence(content):
    with suppress(BadFile):
        assert file_lines(content)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@settings(deadline=None, max_examples=60, suppress_health_check=SLOW)
@given(
    name=st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=20
    )
)
def test_a_name_goes_out_and_comes_back(write, name):
    lines = file_lines(write([["Team", "Note"], ["x", name]]))
    assert lines[1].cells[1] == (name[1:] if name[:1] == "'" and name[1:2] in "=+-@" and name[1:] else name)


@calm
@given(st.lists(FIGURES, min_size=1, max_size=5))
def test_figures_survive_from_the_look_to_the_writing(rows):
    """What was read once is read again from the text that the page carries: the same, also for another reader."""
    figures = [
        table.Figure(0, team, day, amount, " ".join(note.split()), "") for team, day, amount, note in rows
    ]
    try:
        for each in figures:
            table.cells.words(each.note, longest=300)
    except table.BadCell:
        return
    again, _ = table.read(text_lines(table.as_text(figures)), TEAMS, locale="en-US", now=NOW)
    shown = [(each.team, each.day, each.amount, each.note) for each in again]
    assert shown == [(each.team, each.day, each.amount, _unmarked(each.note)) for each in figures]


def _unmarked(note: str) -> str:
    return note[1:] if note.startswith(("'=", "'+", "'-", "'@")) else note
