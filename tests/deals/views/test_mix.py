"""The page of the deal mix: proposed, answered, agreed, compared with what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.agreements.answers import accept
from alignment.models import Agreement, Goal, Team, User
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_mix, make_seat, make_user

HERE = "/teams/north/mix/"
SENT = {"small": "20", "mid": "50", "big": "30", "why": "Mid-size pays the salaries."}
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: Client) -> str:
    return " ".join(client.get(HERE).content.decode().split())


def test_the_leader_proposes_and_the_ceo_agrees(cast: Cast, as_: As) -> None:
    assert "No mix is agreed for 2026 yet." in text(as_(cast.ceo))
    assert as_(cast.leader).post(f"{HERE}propose/", SENT).url == HERE
    assert "Waits for the CEO." in text(as_(cast.leader))
    agreement = Agreement.objects.get()
    page = text(as_(cast.ceo))
    assert "Answer with another" in page
    as_(cast.ceo).post(f"/agreements/{agreement.pk}/agree/")
    assert "“Mid-size pays the salaries.”" in text(as_(cast.observer))
    assert "Waits for" not in text(as_(cast.leader))


def test_the_ceo_answers_with_another(cast: Cast, as_: As) -> None:
    first = make_mix(team=cast.north, by=cast.leader)
    as_(cast.ceo).post(f"{HERE}propose/", SENT | {"big": "40", "mid": "40", "why": "Big ones pay."})
    first.refresh_from_db()
    assert first.state == "replaced"
    late = as_(cast.ceo).post(f"/agreements/{first.pk}/agree/", follow=True)
    assert "It was answered or proposed anew in the meantime" in late.content.decode()
    assert "Waits for the sales leader." in text(as_(cast.ceo))


def test_another_proposed_while_one_wrote_is_read_first(cast: Cast, as_: As) -> None:
    make_mix(team=cast.north, by=cast.leader)
    client = as_(cast.ceo)
    assert '<input type="hidden" name="number" value="1"' in text(client)
    make_mix(team=cast.north, by=cast.leader, shares=(10, 60, 30), why="Fewer small ones.")
    sent = SENT | {"big": "40", "mid": "40", "why": "Big ones pay.", "number": "1"}
    answer = client.post(f"{HERE}propose/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was proposed or agreed while you were writing" in page
    assert "Fewer small ones." in page
    assert "Big ones pay." in page
    assert 'name="number" value="2"' in page
    assert Agreement.objects.filter(state="proposed").get().proposed_by == cast.leader
    assert client.post(f"{HERE}propose/", sent | {"number": "2"}).status_code == 302


def test_what_is_agreed_already_is_not_proposed(cast: Cast, as_: As) -> None:
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    answer = as_(cast.leader).post(f"{HERE}propose/", SENT, follow=True)
    assert "Exactly this mix is agreed already, so nothing was proposed." in answer.content.decode()
    assert Agreement.objects.count() == 1


def test_the_ceo_declines_and_the_two_alone_read_why(cast: Cast, as_: As) -> None:
    mix = make_mix(team=cast.north, by=cast.leader)
    decline = f"/agreements/{mix.pk}/decline/"
    assert decline in text(as_(cast.ceo))
    assert decline not in text(as_(cast.leader))
    assert "Small 20%, mid-size 50%, big 30%." in as_(cast.ceo).get(decline).content.decode()
    assert as_(cast.ceo).post(decline, {"why": " "}).status_code == 422
    assert as_(cast.ceo).post(decline, {"why": "We need big ones."}).url == HERE
    assert "Tom Marsh: “We need big ones.”" in text(as_(cast.leader))
    for other in (cast.delegate, cast.facilitator, cast.observer):
        page = text(as_(other))
        assert "The last proposal was declined on 23 Nov" in page
        assert "We need big ones." not in page
    assert 'value="50"' in text(as_(cast.leader))  # to propose another


def test_a_no_that_comes_too_late_changes_nothing(cast: Cast, as_: As) -> None:
    mix = make_mix(team=cast.north, by=cast.leader)
    accept(mix, by=cast.ceo, now=NOW)
    late = as_(cast.ceo).post(f"/agreements/{mix.pk}/decline/", {"why": "We need big ones."})
    assert late.status_code == 409
    assert "We need big ones." in late.content.decode()


def test_who_proposed_withdraws(cast: Cast, as_: As) -> None:
    mix = make_mix(team=cast.north, by=cast.leader)
    assert "Withdraw the proposal" not in text(as_(cast.ceo))
    withdraw = f"/agreements/{mix.pk}/withdraw/"
    as_(cast.ceo).post(withdraw)
    assert "Waits for the CEO." in text(as_(cast.leader))
    as_(cast.leader).post(withdraw)
    page = text(as_(cast.leader))
    assert "Waits for the CEO." not in page
    assert 'value="50"' in page


def test_a_goal_that_changed_since_is_named(cast: Cast, as_: As) -> None:
    Goal.objects.create(team=cast.north, month=date(2026, 3, 1), amount=100_000)
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    assert "No longer as agreed" not in text(as_(cast.ceo))
    Goal.objects.update(amount=200_000)
    sentence = "No longer as agreed: The goal of March 2026 was changed since."
    assert sentence in text(as_(cast.ceo))


def test_a_mix_whose_goals_changed_is_proposed_anew_before_a_yes(cast: Cast, as_: As) -> None:
    Goal.objects.create(team=cast.north, month=date(2026, 3, 1), amount=100_000)
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    leader.post(f"{HERE}propose/", SENT)
    first = Agreement.objects.get()
    agree = f'action="/agreements/{first.pk}/agree/"'
    assert agree in text(ceo) and ">Agree</button>" in text(ceo)
    Goal.objects.update(amount=200_000)
    assert "It has to be proposed again." in text(ceo) and ">Agree</button>" not in text(ceo)
    late = ceo.post(f"/agreements/{first.pk}/agree/", follow=True)
    assert "What it rests on was changed since it was proposed" in late.content.decode()
    assert Agreement.objects.get().state == "proposed"
    for _ in range(2):
        leader.post(f"{HERE}propose/", SENT | {"number": "1"})
    again = Agreement.objects.proposed().get()
    assert again.number == 2
    ceo.post(f"/agreements/{again.pk}/agree/")
    assert Agreement.objects.agreed().get() == again


def test_a_new_ceo_agrees_with_one_tap(cast: Cast, as_: As) -> None:
    mix = accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    cast.north.seats.filter(role="ceo").update(until=NOW.date())
    new = make_user(email="new@demo.test", name="Nora New")
    make_seat(team=cast.north, user=new, role="ceo")
    assert "Waits for the CEO." in text(as_(cast.leader))
    assert "Agree to it as well" in text(as_(new))
    as_(new).post(f"/agreements/{mix.pk}/agree/")
    page = text(as_(cast.leader))
    assert "Nora New" in page
    assert "has changed since" not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"big": "31"}, "The three add up to 101%."),
        ({"big": "-30", "mid": "110"}, "Enter a whole number from 0 to 100."),
        ({"big": "x"}, "Enter a whole number from 0 to 100."),
        ({"big": ""}, "Enter a whole number from 0 to 100."),
        ({"why": ""}, "Say why in one sentence."),
    ],
)
def test_a_mix_that_cannot_be_is_refused_where_the_form_is(
    cast: Cast, as_: As, sent: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.leader).post(f"{HERE}propose/", SENT | sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Agreement.objects.exists()


def make_created(cast: Cast) -> None:
    for number in range(10):
        make_deal(team=cast.north, amount=Decimal(100_000), opened_on=TODAY - timedelta(days=40 + number))


def test_a_band_that_was_off_for_four_weeks_is_said(cast: Cast, as_: As) -> None:
    make_created(cast)
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    page = text(as_(cast.ceo))
    assert "Big deals are 100% of the pipeline created in the last 13 weeks; 30% are agreed." in page


def test_an_agreed_mix_keeps_the_sizes_it_was_agreed_with(cast: Cast, as_: As) -> None:
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    Team.objects.filter(pk=cast.north.pk).update(big_deal_from=500_000)
    assert "It was agreed with mid-size from $20K and big from $80K" in text(as_(cast.ceo))


def test_a_quarter_that_hangs_on_one_deal_names_it(cast: Cast, as_: As) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=100_000)
    make_deal(team=cast.north, name="Orbis rollout", amount=Decimal(120_000), close_date=TODAY)
    assert "Orbis rollout</a>: $120K, 40% of the quarter’s goal." in text(as_(cast.ceo))


def test_it_says_when_open_deals_would_pay(cast: Cast, as_: As) -> None:
    for number in range(10):
        opened = TODAY - timedelta(days=100 + number)
        make_deal(
            team=cast.north,
            status="won",
            amount=Decimal(100_000),
            opened_on=opened,
            close_date=opened + timedelta(days=60),
        )
    for age in (10, 400):
        make_deal(team=cast.north, amount=Decimal(100_000), opened_on=TODAY - timedelta(days=age))
    make_deal(team=cast.north, amount=Decimal(1_000), opened_on=TODAY)
    page = re.sub(r"</?[ab]\b[^>]*>", "", text(as_(cast.observer)))
    assert "Big: 2 open, $200K. 1 ($100K) in Q1 2027; 1 ($100K) older than nearly all wins." in page
    assert "Small: 1 open, $1K. Too few were won to say when." in page


@pytest.mark.parametrize("deals", [0, 1, 50])
def test_the_page_costs_the_same_however_many_deals(cast: Cast, as_: As, deals: int) -> None:
    for number in range(deals):
        make_deal(
            team=cast.north, opened_on=TODAY - timedelta(days=number), status="won" if number % 2 else "open"
        )
    make_mix(team=cast.north, by=cast.leader)
    client = as_(cast.leader)
    client.get(HERE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(HERE)
    assert len(queries) <= 9, [query["sql"][:80] for query in queries]


@pytest.mark.parametrize("nothing", ["no deals", "no amounts"])
def test_a_team_without_figures_has_a_page(cast: Cast, as_: As, nothing: str) -> None:
    if nothing == "no amounts":
        make_deal(team=cast.north, amount=None, opened_on=TODAY)
    page = text(as_(cast.ceo))
    assert "too few to compare with a mix" in page
    assert "None" not in page
