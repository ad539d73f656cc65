"""What a team's wins take to deliver, by month, who was told, and the commitment to tell somebody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from deals.models import Deal
from meetings.models import Commitment
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_capacity_need, make_deal, make_meeting

As = Callable[[User], Client]
HERE = "/teams/north/capacity/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_deal(team=cast.north, name="Orbis", status="won")


def text(client: Client, address: str = HERE) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_needs_stand_by_month_and_those_without_a_day_come_last(cast: Cast, as_: As, deal: Deal) -> None:
    days = (None, date(2027, 1, 4), date(2026, 12, 7), date(2026, 9, 1))
    for number, day in enumerate(days):
        make_capacity_need(deal=deal, what=f"Need {number}", needed_by=day)
    make_capacity_need(deal=deal, what="Told long ago", needed_by=date(2026, 9, 2), informed_at=NOW)
    make_capacity_need(deal=make_deal(team=cast.north, status="lost"), what="Of a lost deal")
    make_capacity_need(deal=make_deal(team=cast.south, status="won"), what="Of another team")
    page = text(as_(cast.observer))
    places = [page.index(words) for words in ("Need 3", "December 2026", "Need 2", "January 2027", "Need 1")]
    places += [
        page.index(words) for words in ("No day yet", "Need 0", "Earlier, all told: 1", "Told long ago")
    ]
    assert places == sorted(places)
    assert "4 not told yet." in page
    assert "Of a lost deal" not in page
    assert "Of another team" not in page


def test_the_need_of_an_open_deal_says_so(cast: Cast, as_: As) -> None:
    make_capacity_need(deal=make_deal(team=cast.north))
    assert "if it is won" in text(as_(cast.ceo))


def test_whoever_only_reads_has_no_buttons(cast: Cast, as_: As, deal: Deal) -> None:
    make_capacity_need(deal=deal)
    assert "I will tell them" in text(as_(cast.ceo))
    assert "Edit Two" not in text(as_(cast.ceo))
    assert "Edit Two" in text(as_(cast.delegate))
    assert "I will tell them" not in text(as_(cast.observer))


@pytest.mark.parametrize(
    ("needed_in", "due"), [(None, 7), (30, 7), (3, 3), (-5, 0)], ids=["no day", "later", "sooner", "over"]
)
def test_one_tap_makes_telling_a_commitment(
    cast: Cast, as_: As, deal: Deal, needed_in: int | None, due: int
) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    day = None if needed_in is None else TODAY + timedelta(days=needed_in)
    need = make_capacity_need(deal=deal, needed_by=day)
    for _ in range(2):
        as_(cast.leader).post(f"/capacity/{need.pk}/promise/")
    as_(cast.ceo).post(f"/capacity/{need.pk}/promise/")
    commitment = Commitment.objects.get()
    assert commitment.text == "Tell Support: Two onboarding weeks for Orbis"
    assert (commitment.owner, commitment.deal, commitment.section) == (cast.leader, deal, "deals")
    assert commitment.due == TODAY + timedelta(days=due)
    assert "committed by" in text(as_(cast.ceo))


def test_a_commitment_done_is_told_and_reopened_is_not(cast: Cast, as_: As, deal: Deal) -> None:
    need = make_capacity_need(deal=deal)
    as_(cast.leader).post(f"/capacity/{need.pk}/promise/")
    commitment = Commitment.objects.get()
    commitment.do(by=cast.leader, now=NOW)
    assert "Support: told 23 Nov" in text(as_(cast.ceo))
    commitment.refresh_from_db()
    commitment.reopen(now=NOW)
    assert "not told yet" in text(as_(cast.ceo))


@pytest.mark.parametrize(
    "change",
    [{"what": "Four onboarding weeks"}, {"needed_by": TODAY + timedelta(days=40)}, {"who": "Finance"}],
)
def test_a_need_told_by_a_commitment_is_told_anew_once_it_has_changed(
    cast: Cast, as_: As, deal: Deal, change: dict[str, object]
) -> None:
    need = make_capacity_need(deal=deal)
    as_(cast.leader).post(f"/capacity/{need.pk}/promise/")
    first = Commitment.objects.get()
    first.do(by=cast.leader, now=NOW)
    need.refresh_from_db()
    need.revise(version=need.version, now=NOW, **change)
    page = text(as_(cast.ceo))
    assert "1 not told yet." in page
    assert "Told" in page
    assert "I will tell them" in page
    for _ in range(2):
        as_(cast.ceo).post(f"/capacity/{need.pk}/promise/")
    first.refresh_from_db()
    assert (first.done_at, first.text) == (NOW, "Tell Support: Two onboarding weeks for Orbis")
    second = Commitment.objects.exclude(pk=first.pk).get()
    need.refresh_from_db()
    assert second.is_open
    assert second.owner == cast.ceo
    assert second.text == f"Tell {need.who}: {need.what} for Orbis"
    first.reopen(now=NOW)
    second.do(by=cast.ceo, now=NOW)
    assert "not told yet" not in text(as_(cast.ceo))


def test_told_by_a_tap_stays_told_when_the_commitment_is_reopened(cast: Cast, as_: As, deal: Deal) -> None:
    need = make_capacity_need(deal=deal)
    as_(cast.leader).post(f"/capacity/{need.pk}/promise/")
    need.mark_informed(by=cast.ceo, now=NOW - timedelta(days=1))
    commitment = Commitment.objects.get()
    commitment.do(by=cast.leader, now=NOW)
    commitment.reopen(now=NOW)
    assert "Support: told 22 Nov" in text(as_(cast.ceo))


def test_one_that_was_dropped_is_open_again(cast: Cast, as_: As, deal: Deal) -> None:
    need = make_capacity_need(deal=deal)
    as_(cast.leader).post(f"/capacity/{need.pk}/promise/")
    Commitment.objects.get().drop(by=cast.leader, now=NOW, why="They know.")
    as_(cast.leader).post(f"/capacity/{need.pk}/promise/")
    assert Commitment.objects.get().is_open


def test_a_deal_shows_its_needs(cast: Cast, as_: As, deal: Deal) -> None:
    here = f"/deals/{deal.pk}/"
    assert "Say what is needed" in text(as_(cast.leader), here)
    assert "Say what is needed" not in text(as_(cast.ceo), here)
    make_capacity_need(deal=deal)
    page = text(as_(cast.leader), here)
    assert "Two onboarding weeks" in page
    assert "Add another need" in page


@pytest.mark.parametrize("number", [0, 1, 50])
def test_the_page_costs_the_same_however_many_needs(cast: Cast, as_: As, deal: Deal, number: int) -> None:
    for day in range(number):
        make_capacity_need(deal=deal, what=f"Need {day}", needed_by=TODAY + timedelta(days=day * 3))
    client = as_(cast.leader)
    client.get(HERE)
    with CaptureQueriesContext(connection) as queries:
        client.get(HERE)
    assert len(queries) <= 7, [query["sql"][:80] for query in queries]


def test_a_team_without_needs_says_where_they_come_from(cast: Cast, as_: As) -> None:
    assert "They are entered when a big deal is won" in text(as_(cast.ceo))
