"""Every figure of mix, coverage, forecast and changes opens a list with the same number and the same sum."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.agreements.answers import accept
from alignment.models import Goal
from deals.models import Deal
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_deal,
    make_held_meeting,
    make_meeting,
    make_mix,
    make_revenue,
)
from tests.html import flat

As = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def listed(client: Client, path: str) -> tuple[int, Decimal]:
    """How many rows the list says it has, and their sum."""
    totals = client.get(path).context["totals"]
    return sum(row.number for row in totals), sum((row.amount for row in totals), Decimal(0))


@pytest.fixture
def deals(cast: Cast) -> None:
    """Deals on both sides of every limit: sizes, days of winning, days of creation, states."""
    first_seen = {"created_at": NOW - timedelta(days=5), "opened_on": None}
    for days_ago in (0, 90, 91, 200):
        opened = TODAY - timedelta(days=days_ago)
        for amount in (None, 0, 5_000, 24_999, 25_000, 100_000, 400_000):
            make_deal(team=cast.north, amount=amount, opened_on=opened)
    make_deal(team=cast.north, amount=60_000, status="withdrawn", opened_on=TODAY)
    make_deal(team=cast.north, amount=70_000, **first_seen)
    make_deal(team=cast.south, amount=80_000, opened_on=TODAY)
    for day in (
        date(2025, 9, 30),
        date(2025, 10, 1),
        date(2026, 9, 30),
        date(2026, 10, 1),
        date(2024, 11, 1),
    ):
        for status in ("won", "lost", "withdrawn"):
            old = {"opened_on": day - timedelta(days=40)}
            make_deal(team=cast.north, amount=250_000, status=status, close_date=day, **old)
            make_deal(team=cast.north, amount=9_000, status=status, close_date=day, **old)


def test_the_mix_opens_the_deals_of_each_share(cast: Cast, as_: As, deals: None) -> None:
    client = as_(cast.observer)
    page = client.get("/teams/north/mix/").context["page"]
    for line in page.lines:
        assert listed(client, line.created_path) == (line.created_number, line.created_amount)
        assert listed(client, line.won_path)[1] == line.won_amount
    assert (
        sum(line.created_number for line in page.lines) == 11
    )  # of 0 and 90 days ago, and first seen lately
    for line in page.facts:
        assert listed(client, line.won_path)[0] == line.facts.won
        assert listed(client, line.decided_path)[0] == line.facts.decided


def test_the_mix_opens_deals_by_the_sizes_that_were_agreed(cast: Cast, as_: As, deals: None) -> None:
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    cast.north.mid_deal_from, cast.north.big_deal_from = Decimal(50_000), Decimal(300_000)
    cast.north.save()
    client = as_(cast.ceo)
    page = client.get("/teams/north/mix/").context["page"]
    assert page.agreed.has_other_bands
    for line in page.lines:
        assert listed(client, line.created_path) == (line.created_number, line.created_amount)


def test_the_mix_says_how_it_is_reckoned(cast: Cast, as_: As) -> None:
    assert "How this is reckoned" in flat(as_(cast.ceo).get("/teams/north/mix/"))


@pytest.fixture
def revenue(cast: Cast) -> None:
    for month in (7, 8, 9, 10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=1_000_000)
    for day, amount in (
        (date(2026, 6, 30), 1),
        (date(2026, 7, 1), 20),
        (date(2026, 9, 30), 300),
        (date(2026, 10, 1), 4_000),
        (date(2026, 11, 20), 50_000),
    ):
        make_revenue(team=cast.north, day=day, amount=amount, created_at=NOW - timedelta(days=1))
        make_revenue(team=cast.north, day=day, amount=amount * 7, kind="invoiced")
    wrong = make_revenue(team=cast.north, day=date(2026, 10, 5), amount=900_000)
    make_revenue(team=cast.north, day=date(2026, 10, 5), amount=600_000, corrects=wrong)


def test_what_is_won_of_a_quarter_opens_the_entries_of_that_quarter(
    cast: Cast, as_: As, revenue: None
) -> None:
    for month, day, start, end in ((9, 7, (7, 1), (9, 30)), (11, 16, (10, 1), (12, 31))):
        at = datetime(2026, month, day, 8, tzinfo=NOW.tzinfo)
        days = {"starts_on": date(2026, *start), "ends_on": date(2026, *end)}
        make_call(meeting=make_held_meeting(team=cast.north, starts_at=at, submitted_at=at), **days)
    client = as_(cast.observer)
    page = client.get("/teams/north/forecast/").context["page"]
    assert (page.running[0].won, page.past[0].won) == (654_000, 320)
    assert listed(client, page.running[0].won_path) == (3, 654_000)
    assert listed(client, page.past[0].won_path) == (2, 320)


def test_still_to_win_says_the_goal_and_opens_what_is_won_of_it(cast: Cast, as_: As, revenue: None) -> None:
    client = as_(cast.ceo)
    page = client.get("/teams/north/pipeline/").context["page"]
    assert page.still.now == 3_000_000 - 654_000
    assert listed(client, page.won_path)[1] == page.still.won_now == 654_000
    assert page.won_path.replace("&", "&amp;") in flat(client.get("/teams/north/pipeline/"))


def test_a_commit_opens_what_it_was_made_of(cast: Cast, as_: As) -> None:
    meeting = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    orbis = make_deal(team=cast.north, name="Orbis", amount=300_000)
    call = make_call(meeting=meeting, deals=[orbis], commit=Decimal(500_000), won=Decimal(150_000))
    Deal.objects.filter(pk=orbis.pk).update(amount=900_000)  # it has grown since
    page = flat(as_(cast.observer).get("/teams/north/forecast/"))
    assert f'<a href="?call={call.pk}">$500K</a>' in page
    rows = as_(cast.observer).get(f"/teams/north/forecast/?call={call.pk}")
    amounts = re.findall(r'<td class="num">([^<]+)</td>', flat(rows))
    assert amounts == ["$150,000", "$300,000", "+$50,000", "$500,000"]
    assert "No deal is named for this" in flat(rows)


def test_a_commit_that_may_not_be_read_yet_is_not_there(cast: Cast, as_: As) -> None:
    call = make_call(meeting=make_meeting(team=cast.north, starts_at=NOW + timedelta(days=1)))
    path = f"/teams/north/forecast/?call={call.pk}"
    assert as_(cast.leader).get(path).status_code == 200
    for reader in (cast.ceo, cast.observer, cast.outsider):
        assert as_(reader).get(path).status_code == 404
    assert as_(cast.leader).get(f"/teams/south/forecast/?call={call.pk}").status_code == 404


def changed(deal: Deal, **fields: Any) -> Deal:
    at = NOW - timedelta(days=2)
    return deal.record_change(version=deal.version, day=at.date(), now=at, by=None, **fields)


def test_bars_and_totals_of_the_changes_open_their_deals(cast: Cast, as_: As) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    soon = date(2026, 12, 10)
    changed(make_deal(team=cast.north, name="Orbis", close_date=soon), close_date=date(2027, 1, 20))
    changed(make_deal(team=cast.north, name="Brandt", close_date=soon), status="won", close_date=TODAY)
    changed(make_deal(team=cast.north, name="Calder", close_date=soon), amount=Decimal(130_000))
    make_deal(team=cast.north, name="Fjord", close_date=soon, created_at=NOW - timedelta(days=1))
    client = as_(cast.observer)
    here = "/teams/north/changes/"
    page = client.get(here).context["page"]
    opened = {bar.label: bar.number for bar in page.bars if bar.path}
    assert opened == {"Won": 1, "New": 1, "Moved out": 1, "Amounts and other": 1}
    for bar in page.bars:
        if bar.path:
            rows = client.get(here + bar.path).context["page"].listed
            assert sum(step.amount for step in rows.steps) == rows.amount == bar.amount
    for key, total, number in (("at-start", 300_000, 3), ("at-end", 230_000, 2)):
        rows = client.get(f"{here}?line={key}").context["page"].listed
        assert (rows.number, rows.amount, sum(step.amount for step in rows.steps)) == (number, total, total)
    assert "line=bar-won" in flat(client.get(here))


def test_what_was_won_and_corrected_since_opens_its_entries(cast: Cast, as_: As) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=1_000_000)
    long_ago = NOW - timedelta(days=40)
    old = make_revenue(team=cast.north, day=date(2026, 10, 5), amount=900, created_at=long_ago)
    make_revenue(team=cast.north, day=date(2026, 10, 5), amount=600, corrects=old)
    make_revenue(team=cast.north, day=TODAY, amount=5_000)
    make_revenue(team=cast.north, day=date(2026, 9, 1), amount=70_000)  # of another quarter
    client, here = as_(cast.ceo), "/teams/north/changes/"
    still = client.get(here).context["page"].still
    assert (still.won_since, still.corrected) == (5_000, -300)
    for key, amount in (("entries", 5_000), ("corrections", -300)):
        assert client.get(f"{here}?line={key}").context["page"].entries.amount == amount


@pytest.mark.parametrize(
    "query", ["line=bar-", "line=at-", "line=entries", "call=99999999999999999999", "call=x"]
)
def test_an_address_that_makes_no_sense_shows_the_page_or_says_it_is_not_there(
    cast: Cast, as_: As, query: str
) -> None:
    page = "changes" if query.startswith("line") else "forecast"
    assert as_(cast.ceo).get(f"/teams/north/{page}/?{query}").status_code in (200, 404)
