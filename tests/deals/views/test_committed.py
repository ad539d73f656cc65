"""The page of what was committed and what came: each figure opens its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from deals.models import Deal
from tests.cast import Cast
from tests.deals.committed.history import change, make_history
from tests.factories import NOW, TODAY, make_committed, make_deal, make_seat
from tests.html import flat, visible_lines

HERE = "/deals/committed/"
Q1, Q2, Q3 = (
    f"2026-{start}_2026-{end}" for start, end in (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"))
)
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def names(client: Client, query: str) -> list[str]:
    return [line.deal.name for line in client.get(f"{HERE}?{query}").context["lines"]]


def text(client: Client, query: str = "") -> str:
    return " ".join(visible_lines(client.get(f"{HERE}?{query}").content.decode()))


def test_it_opens_with_the_newest_period_that_has_begun(cast: Cast, as_: As) -> None:
    make_history(cast)
    make_committed(deal=make_deal(team=cast.north), quarter="2027-01-01", committed_on=TODAY)
    page = as_(cast.ceo).get(HERE).context["committed"]
    assert page.current.period.label == "Q3 2026"
    assert [line.period.label for line in page.periods] == ["Q1 2027", "Q3 2026", "Q2 2026", "Q1 2026"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"period={Q1}", ["Brandt", "Alder", "Dorn", "Cedar"]),
        (f"period={Q1}&show=won", ["Alder"]),
        (f"period={Q1}&show=slipped", ["Brandt"]),
        (f"period={Q1}&show=lost", ["Cedar"]),
        (f"period={Q1}&show=late", ["Dorn"]),
        (f"period={Q1}&show=outside", ["Elm", "Dorn"]),
        (f"period={Q2}&show=removed", ["Hollis", "Gray"]),
        (f"period={Q2}&show=outside", ["Kestrel"]),
        (f"period={Q3}&show=open", []),
        (f"period={Q2}&q=finch", ["Finch"]),
        (f"period={Q2}&q=hollis+ag", ["Hollis"]),
        ("period=1900-01-01_1900-03-31&show=nonsense", ["Kestrel", "Juno", "Lark", "Iris"]),
    ],
)
def test_each_filter_finds_what_it_says(cast: Cast, as_: As, query: str, found: list[str]) -> None:
    make_history(cast)
    assert names(as_(cast.ceo), query) == found


def test_the_figures_and_what_they_are_made_of(cast: Cast, as_: As) -> None:
    make_history(cast)
    page = text(as_(cast.ceo), f"period={Q1}")
    assert "Hit rate $100 of $350 as committed, too few for a rate 1 won of 3 decided" in page
    assert "Won from outside $380 of $480 won, too few for a rate 2 not committed of 3 wins" in page
    assert "won ÷ (won + slipped + lost)" in page


def test_a_line_says_what_was_committed_and_what_came(cast: Cast, as_: As) -> None:
    make_history(cast)
    page = text(as_(cast.ceo), f"period={Q2}")
    assert "Brandt Brandt AG $200 Won 5 May, 5 days late 8 Apr for 30 Apr" in page
    assert "left the commit 6 May" in page
    assert "Removed went to another team 1 Jun" in page
    assert "Slipped lost 1 Oct, after the period" in page and "3 pushes" in page
    assert "Week 24 2026: 15 Jun → 15 Aug. No reason given." in page


def test_a_push_stands_with_its_reason(cast: Cast, as_: As) -> None:
    make_history(cast)
    line = "Week 8 2026: 28 Feb → 30 Apr. The buyer’s side: budget. Their board meets in April."
    assert line in text(as_(cast.ceo), f"period={Q1}")


def test_a_deal_of_another_team_has_a_name_and_no_link(cast: Cast, as_: As) -> None:
    deals = make_history(cast)
    page = as_(cast.leader).get(f"{HERE}?period={Q2}").content.decode()
    assert "Hollis" in page
    assert f'/deals/{deals["Hollis"].pk}/"' not in page
    assert f'/deals/{deals["Finch"].pk}/"' in page


def test_while_a_period_runs_it_has_figures_and_no_rate(cast: Cast, as_: As) -> None:
    for _ in range(12):
        deal = make_deal(team=cast.north, status="won", close_date=TODAY)
        make_committed(deal=deal, committed_on=date(2026, 10, 5))
    page = text(as_(cast.ceo))
    assert "12 won of 12 decided" in page
    assert "The period runs until 31 Dec" in page
    assert "100%" not in page
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        assert "100%" in text(as_(cast.ceo))


def test_without_a_commit_it_says_where_one_is_made(cast: Cast, as_: As) -> None:
    page = text(as_(cast.ceo))
    assert "Nothing is committed yet." in page
    assert "when preparing the meeting" in page


def test_without_a_seat_there_is_nothing(cast: Cast, as_: As) -> None:
    make_history(cast)
    for user in (cast.admin, cast.outsider):
        assert "Alder" not in text(as_(user), "team=north")
        assert as_(user).get("/teams/north/committed/").status_code == 404
    assert "Alder" in flat(as_(cast.observer).get(f"/teams/north/committed/?period={Q1}"))


def test_with_several_teams_one_is_looked_at(cast: Cast, as_: As) -> None:
    make_history(cast)
    make_seat(team=cast.south, user=cast.observer, role="observer")
    client = as_(cast.observer)
    assert client.get(f"{HERE}?team=north").context["team"] == cast.north
    assert client.get(f"{HERE}?team=south").context["team"] == cast.south
    assert "Nothing is committed yet." in text(client, "team=south")
    assert client.get(HERE).context["team"] == cast.north


def test_clearing_the_filters_leads_back(cast: Cast, as_: As) -> None:
    assert as_(cast.ceo).get(f"{HERE}?show=won&clear=1").url == HERE


def test_the_file_has_the_rows_of_the_filters(cast: Cast, as_: As) -> None:
    make_history(cast)
    body = b"".join(as_(cast.ceo).get(f"{HERE}download/?period={Q2}&team=north"))
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["Deal"] for row in rows] == ["Brandt", "Hollis", "Finch", "Gray", "Iris"]
    assert rows[0] | {"Last reason": ""} == {
        "Team": "North",
        "Period": "Q2 2026",
        "First day": "2026-04-01",
        "Last day": "2026-06-30",
        "Deal": "Brandt",
        "Account": "Brandt AG",
        "Rep": "",
        "Currency": "USD",
        "Committed on": "2026-04-08",
        "Amount as committed": "200",
        "Close date as committed": "2026-04-30",
        "Outcome": "Won",
        "Day": "2026-05-05",
        "What came": "5 May, 5 days late",
        "Late add": "",
        "Left the commit": "",
        "Pushes": "1",
        "Last reason": "",
    }


def test_one_deal_and_fifty_take_the_same_number_of_queries(cast: Cast, as_: As) -> None:
    client, numbers = as_(cast.ceo), []
    for more in (1, 49):
        for index in range(more):
            deal = make_deal(
                team=cast.north, rep=f"Rep {index}", status=("won", "withdrawn", "open")[index % 3]
            )
            change(deal, "close_date", "2026-10-01", "2026-12-01", TODAY)
            for quarter in ("2026-07-01", "2026-10-01"):
                make_committed(deal=deal, quarter=quarter)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{HERE}?show=" if more == 1 else HERE)
        numbers.append(len(queries))
    assert numbers[1] <= 12
    assert numbers[1] - numbers[0] <= 1  # withdrawn deals, of which there were none at first, have their day


def test_a_long_period_is_listed_page_by_page(cast: Cast, as_: As) -> None:
    for number in range(60):
        make_committed(deal=make_deal(team=cast.north, amount=Decimal(number)))
    client = as_(cast.ceo)
    assert (len(names(client, "")), len(names(client, "page=4"))) == (15, 15)


def test_a_deals_own_page_follows_a_merged_deal_by_the_rule_of_the_list(cast: Cast, as_: As) -> None:
    """Kestrel, committed on 2 October, was found to be Grayling, committed on the day it was won."""
    won = make_deal(team=cast.north, name="Grayling", status="won", close_date=date(2026, 11, 12))
    kestrel = make_deal(team=cast.north, name="Kestrel", status="withdrawn", merged_into=won)
    make_committed(deal=won, committed_on=date(2026, 11, 12))
    with time_machine.travel(NOW, tick=False):
        alone = flat(as_(cast.observer).get(f"/deals/{won.pk}/"))
        assert "committed 12 Nov at" in alone and "a late add" in alone
        make_committed(deal=kestrel, committed_on=date(2026, 10, 2))
        joined = flat(as_(cast.observer).get(f"/deals/{won.pk}/"))
    assert "committed 2 Oct at" in joined and "a late add" not in joined
    assert joined.count("committed 12 Nov") == 0


def test_a_deal_that_was_committed_under_another_name_says_so_on_its_page(cast: Cast, as_: As) -> None:
    won = make_deal(team=cast.north, name="Grayling", status="won", close_date=date(2026, 11, 12))
    kestrel = make_deal(team=cast.north, name="Kestrel", status="withdrawn", merged_into=won)
    make_committed(deal=kestrel, committed_on=date(2026, 10, 2))
    with time_machine.travel(NOW, tick=False):
        page = flat(as_(cast.observer).get(f"/deals/{won.pk}/"))
    assert "committed 2 Oct at" in page and '<span class="status good">Won</span>' in page


def test_the_two_rates_are_read_together_only_where_both_exist_and_point_apart(cast: Cast, as_: As) -> None:
    """Ten of ten committed deals are won, and so are eight that nobody had committed: 8 of 18 are 44 %."""
    together = "Read the two together"
    for _ in range(9):
        make_committed(deal=_won_in_q3(cast), quarter="2026-07-01")
    for _ in range(8):
        _won_in_q3(cast)
    assert together not in text(as_(cast.ceo), f"period={Q3}")  # nine are too few
    make_committed(deal=_won_in_q3(cast), quarter="2026-07-01")
    page = text(as_(cast.ceo), f"period={Q3}")
    assert together in page
    assert "Hit rate 100% $1M of $1M as committed 100% by count: 10 won of 10 decided" in page
    assert "Won from outside 44% $800K of $1.8M won 44% by count: 8 not committed of 18 wins" in page


def test_two_rates_that_agree_say_nothing_more(cast: Cast, as_: As) -> None:
    for _ in range(12):
        make_committed(deal=_won_in_q3(cast), quarter="2026-07-01")
    assert "Read the two together" not in text(as_(cast.ceo), f"period={Q3}")


def _won_in_q3(cast: Cast) -> Deal:
    return make_deal(team=cast.north, status="won", close_date=date(2026, 9, 1))
