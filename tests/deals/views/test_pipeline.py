"""The page of the pipeline: coverage, what is created, where deals stand, and the largest ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, User
from deals.models import Deal
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_account, make_deal

HERE = "/teams/north/pipeline/"
"""23 November 2026 is day 53 of its quarter; 23 August was that of the third."""
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{HERE}{query}").content.decode().split())


def set_goals(cast: Cast, amount: int = 100_000) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=amount)


def make_past(cast: Cast, status: str, number: int, *, seen: date = date(2026, 7, 6)) -> list[Deal]:
    """Deals of 10K known since then, with a close date of 20 September."""
    at = datetime(seen.year, seen.month, seen.day, 9, tzinfo=UTC)
    return [
        make_deal(
            team=cast.north,
            name=f"Past {status} {index}",
            status=status,
            amount=Decimal(10_000),
            close_date=date(2026, 9, 20),
            opened_on=seen,
            created_at=at,
            changed_at=at,
        )
        for index in range(number)
    ]


def test_it_says_what_is_needed_by_the_teams_own_past(cast: Cast, as_: As) -> None:
    """As the table of the rule: 5 of 20 won, half of what was won after came later; 300K × 0.5 ÷ 0.25 = 600K."""
    set_goals(cast)
    make_past(cast, "won", 5)
    make_past(cast, "lost", 3)
    make_past(cast, "won", 5, seen=date(2026, 8, 30))
    slipped = datetime(2026, 9, 28, 9, tzinfo=UTC)
    for deal in make_past(cast, "open", 12):
        deal.record_change(version=1, day=slipped.date(), now=slipped, by=None, close_date=date(2026, 12, 10))
    page = text(as_(cast.observer))
    assert "Of what was open at this time of a quarter, this team won 25% in it." in page
    assert "50% of what it won from then on did not exist yet." in page
    assert "To win $300K more takes open deals worth $600K." in page
    assert "$480K short" in page
    assert "77%, <a" in page  # 10 of 13 decided
    behind = text(as_(cast.ceo), "?show=2026-07-01")
    assert "Open on 23 Aug, for Q3 2026: 20 deals" in behind
    assert behind.count("Past open") == 12
    assert "Won or lost in the last 4 quarters: 13 deals" in text(as_(cast.ceo), "?show=decided")


def test_open_deals_without_amounts_are_not_short_of_anything(cast: Cast, as_: As) -> None:
    set_goals(cast)
    make_past(cast, "won", 10)
    make_past(cast, "lost", 10)
    for _ in range(2):
        make_deal(team=cast.north, amount=None, close_date=date(2026, 12, 10))
    page = text(as_(cast.ceo))
    assert "not known</a>" in page
    assert "2 deals, 2 without an amount" in page
    assert "2 of 2 open deals carry no amount, so it cannot be said whether enough is open." in page
    assert " short" not in page
    assert "enough is open </dd>" not in page


def test_with_too_few_deals_and_no_amounts_it_says_no_ratio(cast: Cast, as_: As) -> None:
    set_goals(cast)
    make_deal(team=cast.north, amount=None, close_date=date(2026, 12, 10))
    assert "No open deal carries an amount" in text(as_(cast.ceo))
    make_deal(team=cast.north, amount=Decimal(450_000), close_date=date(2026, 12, 10))
    assert "Open is at least 1.5 times what is still to win" in text(as_(cast.ceo))


def test_with_too_few_deals_it_says_how_many_and_the_plain_ratio(cast: Cast, as_: As) -> None:
    set_goals(cast)
    make_deal(team=cast.north, amount=Decimal(450_000), close_date=date(2026, 12, 10))
    page = text(as_(cast.ceo))
    assert "Too few deals are known of past quarters (0; 20 are needed)" in page
    assert "Open is 1.5 times what is still to win." in page
    assert "too few (0 decided, 10 are needed)" in page


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        (None, "No goal is set for every month of Q4 2026, so nothing says what is needed."),
        (0, "The goal of Q4 2026 is reached: nothing more is needed."),
    ],
)
def test_a_team_without_deals_or_goals_has_a_page(
    cast: Cast, as_: As, goal: int | None, sentence: str
) -> None:
    if goal is not None:
        set_goals(cast, goal)
    page = text(as_(cast.ceo))
    for words in (sentence, "No deal began in the last 13 weeks.", "No deal is open."):
        assert words in page
    assert "NaN" not in page


def test_only_lost_deals_make_no_figure(cast: Cast, as_: As) -> None:
    set_goals(cast)
    make_past(cast, "lost", 25)
    page = text(as_(cast.ceo))
    assert "Nothing that was open at this time of the last 4 quarters was won in its quarter" in page
    assert "or none was won" in page


def test_what_a_week_needs_is_the_goal_by_the_win_rate(cast: Cast, as_: As) -> None:
    """1.3M ÷ 13 ÷ 40% = 250K."""
    Goal.objects.bulk_create(
        Goal(team=cast.north, month=date(2026, month, 1), amount=amount)
        for month, amount in ((10, 500_000), (11, 500_000), (12, 300_000))
    )
    make_past(cast, "won", 4)
    make_past(cast, "lost", 6)
    make_deal(team=cast.north, name="Orbis", amount=Decimal(70_000), opened_on=TODAY)
    page = text(as_(cast.ceo))
    assert 'needed per week <span class="num">$250K</span>' in page
    assert 'this week <span class="num">$70K</span>' in page
    assert "Orbis" in text(as_(cast.ceo), "?show=created")


def test_a_stage_says_how_long_deals_stand_in_it(cast: Cast, as_: As) -> None:
    for index in range(10):
        deal = make_deal(team=cast.north, stage="Offer & price", name=f"Won {index}")
        moment = deal.created_at + timedelta(days=20)
        deal.record_change(
            version=1,
            day=moment.date(),
            now=moment,
            by=None,
            stage="Closed",
            status="won",
            close_date=moment.date(),
        )
    make_deal(team=cast.north, stage="Offer & price", amount=Decimal(50_000))
    page = text(as_(cast.ceo))
    assert 'data-label="Days so far">60 days' in page
    assert 'data-label="Won deals took"> 20 days' in page
    assert "1 of 1" in page
    [link] = [part for part in page.split('"') if part.startswith("/deals/?team=north&amp;stage=")]
    assert "1 deal" in as_(cast.ceo).get(link.replace("&amp;", "&")).content.decode()


def test_the_largest_open_deals_stand_with_their_next_step(cast: Cast, as_: As) -> None:
    account = make_account(company=cast.company, name="Hollis Foods")
    for index in range(11):
        make_deal(
            team=cast.north, name=f"Prospect {index}", amount=Decimal(1_000 * (index + 1)), account=account
        )
    make_deal(team=cast.north, name="Unpriced", amount=None)
    Deal.objects.filter(name="Prospect 10").update(next_step="Call their CFO", next_step_on=TODAY)
    page = text(as_(cast.ceo))
    assert page.index("Prospect 10") < page.index("Call their CFO, 23 Nov") < page.index("Prospect 9<")
    assert page.count("Prospect ") == 10
    assert "Unpriced" not in page
    assert page.count("No next step") == 9


@pytest.mark.parametrize("query", ["?show=never", "?show=2020-01-01", "?show=created&page=x", "?page=9"])
def test_what_makes_no_sense_in_the_address_is_left_out(cast: Cast, as_: As, query: str) -> None:
    assert "Pipeline of North" in text(as_(cast.ceo), query)


@pytest.mark.parametrize("deals", [1, 50])
def test_the_page_costs_the_same_however_many_deals(cast: Cast, as_: As, deals: int) -> None:
    for status in ("open", "won"):
        for deal in make_past(cast, status, deals):
            deal.record_change(version=1, day=TODAY, now=NOW, by=None, stage="Offer")
    client = as_(cast.leader)
    client.get(HERE)
    with CaptureQueriesContext(connection) as queries:
        client.get(HERE)
    assert len(queries) == 9, [query["sql"][:90] for query in queries]
