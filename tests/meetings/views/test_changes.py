"""The page of what changed: between two meetings, from the start of the quarter, and where there is nothing to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, Team, User
from deals.models import Deal, DealChange
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_held_meeting, make_revenue, make_team

HERE = "/teams/north/changes/"
IN, LATER = date(2026, 12, 10), date(2027, 1, 20)
LAST = NOW - timedelta(days=7)
SINCE = NOW - timedelta(days=3)
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _last_meeting(cast: Cast) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST)


def text(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{HERE}{query}").content.decode().split())


def read(client: Client, query: str = "") -> str:
    """The page without its links: a figure reads the same whether it opens something or not."""
    return re.sub(r"</?a\b[^>]*>", "", text(client, query))


def change(deal: Deal, *, at: datetime = SINCE, **fields: Any) -> Deal:
    return deal.record_change(version=deal.version, day=at.date(), now=at, by=None, **fields)


def set_goals(team: Team, amount: int = 100_000) -> None:
    for month in (10, 11, 12):
        Goal.objects.set(team, date(2026, month, 1), Decimal(amount), by=None, now=NOW - timedelta(days=60))


def test_it_says_since_the_last_meeting_what_came_and_went(cast: Cast, as_: As) -> None:
    change(make_deal(team=cast.north, name="Orbis", close_date=IN), close_date=LATER)
    change(make_deal(team=cast.north, name="Brandt", close_date=IN), status="won", close_date=TODAY)
    make_deal(
        team=cast.north, name="Calder", close_date=IN, amount=30_000, created_at=SINCE, changed_at=SINCE
    )
    page = read(as_(cast.observer))
    assert "Meeting of 16 Nov compared with now," in page
    for label, amount in (("Won", "−$100K"), ("New", "+$30K"), ("Moved out", "−$100K"), ("Lost", "$0")):
        assert f'<span>{label}</span> <span class="num">{amount}</span>' in page
    assert page.index("Brandt") < page.index("Calder")
    assert '<b>Meeting of 16 Nov</b> <b class="num">$200,000</b>' in page
    assert '<b>Now</b> <b class="num">$30,000</b>' in page


def test_it_says_what_is_still_to_win(cast: Cast, as_: As) -> None:
    set_goals(cast.north)
    first = make_revenue(
        team=cast.north, day=date(2026, 10, 12), amount=40_000, created_at=NOW - timedelta(days=40)
    )
    make_revenue(team=cast.north, day=date(2026, 11, 19), amount=25_000, created_at=SINCE)
    make_revenue(team=cast.north, day=first.day, amount=30_000, corrects=first, created_at=SINCE)
    Goal.objects.set(cast.north, date(2026, 12, 1), Decimal(130_000), by=None, now=SINCE)
    page = read(as_(cast.ceo))
    for label, amount in (
        ("Meeting of 16 Nov</th>", "$260,000"),
        ("Corrections of earlier entries</td>", "+$10,000"),
        ("Goal changed</td>", "+$30,000"),
        ("Now</th>", "$275,000"),
    ):
        assert f'{label} <td class="num"> {amount}' in page or f'{label} <td class="num">{amount}' in page
    assert 'Won</td> <td class="num">−$25,000' in page


def test_any_two_meetings_and_the_start_of_the_quarter_may_be_compared(cast: Cast, as_: As) -> None:
    earlier = make_held_meeting(team=cast.north, starts_at=LAST - timedelta(days=7))
    deal = make_deal(team=cast.north, name="Orbis", amount=50_000, close_date=IN)
    change(deal, at=LAST - timedelta(days=2), amount=Decimal(60_000))
    client, last = as_(cast.ceo), earlier.team.meetings.newest_first()[0]
    between = text(client, f"?since={earlier.pk}&until={last.pk}")
    assert "Meeting of 9 Nov compared with Meeting of 16 Nov," in between
    assert '<span class="num">+$10K</span>' in between
    assert "Start of Q4 2026 compared with now," in text(client, "?since=start")
    assert "Nothing about them changed in this time." in text(client)


def test_a_team_that_calls_by_month_is_offered_months_and_the_quarter(cast: Cast, as_: As) -> None:
    """In November 2026: what is expected in December is of the next month and of this quarter."""
    Goal.objects.set(cast.north, date(2026, 11, 1), Decimal(100_000), by=None, now=NOW - timedelta(days=60))
    client = as_(cast.ceo)
    assert options(client) == ["Q4 2026", "Q1 2027", "Q3 2026"]
    Team.objects.update(call_period="month")
    assert options(client) == ["November 2026", "December 2026", "October 2026", "Q4 2026"]
    deal = make_deal(team=cast.north, name="Orbis", close_date=date(2026, 11, 25))
    change(deal, close_date=IN)
    page = read(client)
    assert "Open deals of November 2026" in page
    assert "$100,000" in page  # the goal of November, all of it still to win
    assert "The open deals of a month are those" in page
    assert "Pushed out" in page
    assert "from a date before the month" in read(client, "?period=next")
    assert "Nothing about them changed in this time." in read(client, "?period=quarter")
    assert "No goal is set for December 2026, so" in read(client, "?period=next")
    assert "No goal is set for every month of Q4 2026, so" in read(client, "?period=quarter")
    assert "Start of October 2026 compared with now," in read(client, "?period=last&since=start")


def options(client: Client) -> list[str]:
    [select] = [row for row in client.get(HERE).context["page"].span.selects if row.name == "period"]
    return [label for _, label in select.options]


@pytest.mark.parametrize(
    "query", ["?since=x&until=7&period=never", "?since=999999", "?line=never", "?page=x"]
)
def test_what_makes_no_sense_in_the_address_is_left_out(cast: Cast, as_: As, query: str) -> None:
    assert "Meeting of 16 Nov compared with now," in text(as_(cast.ceo), query)


def test_a_later_meeting_is_no_beginning_of_an_earlier_one(cast: Cast, as_: As) -> None:
    earlier = make_held_meeting(team=cast.north, starts_at=LAST - timedelta(days=7))
    last = cast.north.meetings.newest_first()[0]
    page = text(as_(cast.ceo), f"?since={last.pk}&until={earlier.pk}")
    assert "Start of Q4 2026 compared with Meeting of 9 Nov," in page


def test_deals_of_the_next_quarter_have_their_own_changes(cast: Cast, as_: As) -> None:
    change(make_deal(team=cast.north, close_date=IN), close_date=LATER)
    page = read(as_(cast.ceo), "?period=next")
    assert "Open deals of Q1 2027" in page
    assert '<span>Moved in</span> <span class="num">+$100K</span>' in page


def test_a_deal_that_went_to_another_team_is_named_without_a_link(cast: Cast, as_: As) -> None:
    other = make_team(company=cast.company, name="East")
    gone = change(make_deal(team=cast.north, name="Orbis", close_date=IN), team=other)
    Team.objects.filter(pk=cast.north.pk).update(name="Norden")
    page = text(as_(cast.ceo))
    assert "To another team" in page
    assert "Orbis" in page
    assert f"/deals/{gone.pk}/" not in page
    assert DealChange.objects.get(field="team").from_team == cast.north


def test_a_deal_opened_long_ago_and_imported_since_says_so(cast: Cast, as_: As) -> None:
    make_deal(team=cast.north, close_date=IN, opened_on=date(2026, 6, 1), created_at=SINCE, changed_at=SINCE)
    assert "1 of the new deals was opened before that and only became known here since" in text(as_(cast.ceo))


def test_all_deals_of_a_long_line_are_a_page_of_their_own(cast: Cast, as_: As) -> None:
    for number in range(60):
        make_deal(
            team=cast.north, name=f"Deal no {number}", close_date=IN, created_at=SINCE, changed_at=SINCE
        )
    client = as_(cast.ceo)
    page = text(client)
    assert page.count("Deal no ") == 3 + 10
    assert 'href="?line=new">All 60</a>' in page
    whole = text(client, "?line=new")
    assert "New: 60 deals, +$6M" in whole
    assert whole.count("Deal no ") == 50
    assert text(client, "?line=new&page=2").count("Deal no ") == 10


@pytest.mark.parametrize(
    ("goals", "sentence"),
    [
        (None, "No goal is set for every month of Q4 2026, so nothing says what is still to win."),
        (0, "The goal of Q4 2026 is reached."),
    ],
)
def test_without_deals_or_goals_it_says_so(cast: Cast, as_: As, goals: int | None, sentence: str) -> None:
    if goals is not None:
        set_goals(cast.north, goals)
    page = text(as_(cast.ceo))
    assert sentence in page
    assert "No deal had a close date in Q4 2026 in this time." in page


def test_a_team_that_never_met_sees_the_quarter(cast: Cast, as_: As) -> None:
    cast.north.meetings.all().delete()
    assert "Start of Q4 2026 compared with now," in text(as_(cast.ceo))


def test_a_fiscal_year_that_starts_in_february_has_other_quarters(cast: Cast, as_: As) -> None:
    cast.company.fiscal_year_start = 2
    cast.company.save(update_fields=("fiscal_year_start",))
    make_deal(team=cast.north, close_date=date(2027, 1, 20))
    page = text(as_(cast.ceo), "?since=start")
    assert "Start of Q4 FY2027 compared with now," in page
    assert '<b>Now</b> <b class="num">' not in page  # nothing changed, so there is no table
    assert "1 deal<" in page


@pytest.mark.parametrize("deals", [1, 50])
def test_the_page_costs_the_same_however_many_deals(cast: Cast, as_: As, deals: int) -> None:
    for _ in range(deals):
        change(make_deal(team=cast.north, close_date=IN), close_date=LATER)
        make_held_meeting(team=cast.north, starts_at=LAST - timedelta(days=7 + _))
    client = as_(cast.ceo)
    client.get(HERE)
    with CaptureQueriesContext(connection) as queries:
        client.get(HERE)
    assert len(queries) == 7, [query["sql"][:90] for query in queries]
