"""The page of wins and losses: what it says, and that each figure opens just the deals it counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal
from tests.html import visible_lines

HERE = "/teams/north/wins/"
As = Callable[[User], Client]
THIRD = date(2026, 8, 20)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def make_decided(cast: Cast, won: int, lost: int, **facts: object) -> None:
    for number in range(won + lost):
        usual = {"close_date": THIRD, "opened_on": THIRD - timedelta(days=40)}
        status = "won" if number < won else "lost"
        make_deal(team=cast.north, status=status, **(usual | facts))  # type: ignore[arg-type]


def text(client: Client) -> str:
    return " ".join(visible_lines(client.get(HERE).content.decode()))


def test_rates_stand_beside_what_was_won_and_decided(cast: Cast, as_: As) -> None:
    make_decided(cast, 10, 10, amount=Decimal(100_000))
    page = text(as_(cast.observer))
    assert "10 won worth $1M of 20 decided. Win rate 50% by count, 50% by amount." in page
    assert "A win took 40 days in the median." in page
    assert "Q4 2025 to Q3 2026" in page


def test_below_ten_decided_there_is_no_rate(cast: Cast, as_: As) -> None:
    make_decided(cast, 4, 5)
    page = text(as_(cast.leader))
    assert "Too few (9) for a win rate; it needs 10." in page
    assert not re.search(r"\d%", page)


def test_no_rate_by_amount_where_lost_deals_carry_none(cast: Cast, as_: As) -> None:
    make_decided(cast, 12, 0, amount=Decimal(100_000))
    make_decided(cast, 0, 8, amount=None)
    page = text(as_(cast.ceo))
    assert "Win rate 60% by count." in page
    assert "No rate by amount: 8 of them carry no amount" in page
    assert "100%" not in page  # nor by size


def test_every_figure_opens_the_deals_it_counts(cast: Cast, as_: As) -> None:
    make_decided(cast, 3, 0, amount=Decimal(5_000), lead_source="referral", reason_kind="people")
    make_decided(cast, 0, 2, amount=Decimal(0), reason_kind="budget")
    make_decided(cast, 1, 4, amount=Decimal(90_000), close_date=date(2026, 2, 3))
    make_decided(cast, 2, 1, amount=Decimal(30_000), close_date=TODAY, lead_source="partner")
    make_decided(cast, 1, 0, close_date=date(2025, 9, 30))  # before the four quarters
    make_decided(cast, 0, 1, close_date=None)
    client = as_(cast.ceo)
    page = client.get(HERE).content.decode()
    figures = re.findall(r'<a href="(/deals/\?[^"]+)">\s*(?:<b class="num">)?(\d+)', page)
    assert len(figures) > 15
    for path, number in figures:
        listed = client.get(unescape(path))
        assert listed.status_code == 200
        assert len(listed.context["lines"]) == int(number), path


def test_reasons_say_which_side_they_are_of(cast: Cast, as_: As) -> None:
    make_decided(cast, 0, 2, reason_kind="budget")
    make_decided(cast, 1, 0, reason_kind="offer")
    page = text(as_(cast.ceo))
    assert "Budget The buyer’s side 2" in page
    assert "Offer Our side 1" in page


def test_a_team_without_a_decided_deal_is_told_so(cast: Cast, as_: As) -> None:
    make_deal(team=cast.north)
    make_deal(team=cast.north, status="withdrawn", close_date=THIRD)
    assert "No deal was won or lost since" in text(as_(cast.ceo))


def test_deals_of_another_team_do_not_count(cast: Cast, as_: As) -> None:
    make_deal(team=cast.south, status="won", close_date=THIRD)
    assert "No deal was won or lost" in text(as_(cast.ceo))


@pytest.mark.parametrize("first_month", [1, 2, 7, 12])
def test_a_fiscal_year_of_any_beginning(cast: Cast, as_: As, first_month: int) -> None:
    cast.company.fiscal_year_start = first_month
    cast.company.save()
    make_decided(cast, 1, 1, close_date=TODAY)
    assert as_(cast.ceo).get(HERE).status_code == 200


def test_it_takes_the_same_queries_with_one_and_with_fifty_deals(cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    counts = []
    for number in (1, 50):
        make_decided(cast, number, number, reason_kind="people", lead_source="partner")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(HERE)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_reasons_are_split_by_size_and_lead_source_and_each_number_opens_its_deals(
    cast: Cast, as_: As
) -> None:
    make_decided(cast, 3, 0, amount=Decimal(5_000), lead_source="referral", reason_kind="people")
    make_decided(cast, 2, 0, amount=Decimal(900_000), lead_source="client", reason_kind="people")
    make_decided(cast, 0, 2, amount=Decimal(5_000), reason_kind="budget")
    client = as_(cast.observer)
    [reason] = client.get(HERE).context["page"].reasons_won
    assert [(cell.label, cell.number) for cell in reason.by_band] == [("Small", 3), ("Big", 2)]
    assert [cell.number for cell in reason.by_source] == [3, 2]
    for cell in (*reason.by_band, *reason.by_source):
        assert sum(total.number for total in client.get(cell.path).context["totals"]) == cell.number
    assert "Small 3 · Big 2" in text(client)
