"""What the other side proposed waits on home, with Agree in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from alignment.agreements.answers import accept, propose, withdraw
from alignment.models import Agreement, Team, User
from alignment.rules.roles import Side
from meetings.needs import needs_you
from tests.cast import Cast
from tests.factories import NOW, make_mix, make_seat, make_user

As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mix(cast: Cast) -> Agreement:
    return make_mix(team=cast.north, by=cast.leader)


def agree(client: Client, mix: Agreement, *, htmx: bool = True) -> HttpResponse:
    headers = {"HX-Request": "true"} if htmx else {}
    sent = {"need": f"agreement-{mix.pk}", "next": "/#needs"}
    return client.post(f"/agreements/{mix.pk}/accept/", sent, headers=headers)  # type: ignore[return-value]


def test_a_proposal_waits_for_the_other_side_alone(cast: Cast, mix: Agreement) -> None:
    [need] = needs_you(cast.ceo, NOW).requests
    assert (need.kind, need.title, need.href) == ("agree", "Deal mix of 2026", "/teams/north/mix/")
    words = "Joe Keller proposes: Small 20%, mid-size 50%, big 30%. “Mid-size pays the salaries.”"
    assert need.detail == words
    assert need.in_words == "Answer the proposal: “Deal mix of 2026”"
    others = (cast.leader, cast.delegate, cast.facilitator, cast.observer, cast.second_leader, cast.outsider)
    assert not any(needs_you(user, NOW).requests for user in others)


def test_several_lines_of_a_quarter_are_one_row_that_opens_their_page(cast: Cast, as_: As) -> None:
    def propose_right(kind: str, limit: str) -> None:
        content = {"kind": kind, "limit": limit, "text": "", "currency": ""}
        key, side = f"2026-Q4-{kind}", Side.LEADER
        propose(cast.north, subject="right", key=key, content=content, side=side, by=cast.leader, now=NOW)

    propose_right("discount", "15")
    [need] = needs_you(cast.ceo, NOW).requests
    assert (need.kind, need.title) == ("agree", "Discounts, Q4 2026")
    assert need.detail == "Joe Keller proposes: up to 15%."
    propose_right("terms", "60")
    [need] = needs_you(cast.ceo, NOW).requests
    page = "/teams/north/agreement/?quarter=2026-Q4"
    assert (need.kind, need.title, need.href) == ("confirm", "Agreement of Q4 2026", page)
    assert need.detail == "Two lines wait for your yes, together or one by one."
    assert need.in_words == "Sign “Agreement of Q4 2026”"
    assert page in as_(cast.ceo).get("/").content.decode()


@pytest.mark.parametrize("answer", ["agreed", "withdrawn", "a year later", "no longer seated"])
def test_it_waits_no_more_once(cast: Cast, mix: Agreement, answer: str) -> None:
    now = NOW
    if answer == "agreed":
        accept(mix, by=cast.ceo, now=NOW)
    elif answer == "withdrawn":
        withdraw(mix, by=cast.leader, now=NOW)
    elif answer == "a year later":
        now += timedelta(days=365)
    else:
        cast.north.seats.filter(role="ceo").update(until=NOW.date())
    assert not needs_you(cast.ceo, now).requests


def test_agree_answers_with_one_line_and_undo(cast: Cast, as_: As, mix: Agreement) -> None:
    client = as_(cast.ceo)
    assert "Agree: Deal mix of 2026" in client.get("/").content.decode()
    answer = agree(client, mix)
    assert "✓ Agreed: Deal mix of 2026." in answer.content.decode()
    mix.refresh_from_db()
    assert mix.state == "agreed"
    [token] = re.findall(r'name="token" value="([^"]+)"', answer.content.decode())
    sent = {"token": token, "need": f"agreement-{mix.pk}"}
    undone = client.post("/undo/", sent, headers={"HX-Request": "true"})
    assert "Agree: Deal mix of 2026" in undone.content.decode()
    mix.refresh_from_db()
    assert (mix.state, mix.ceo, mix.ceo_at) == ("proposed", None, None)
    assert client.post("/undo/", sent, headers={"HX-Request": "true"}).status_code == 409


def test_without_script_home_opens_again(cast: Cast, as_: As, mix: Agreement) -> None:
    assert agree(as_(cast.ceo), mix, htmx=False).headers["Location"] == "/#needs"


def test_one_withdrawn_in_the_meantime_is_not_agreed(cast: Cast, as_: As, mix: Agreement) -> None:
    withdraw(mix, by=cast.leader, now=NOW)
    assert agree(as_(cast.ceo), mix).status_code == 409
    mix.refresh_from_db()
    assert mix.state == "withdrawn"


def test_who_follows_in_the_seat_is_asked_anew(cast: Cast, as_: As, mix: Agreement) -> None:
    accept(mix, by=cast.ceo, now=NOW)
    cast.north.seats.filter(role="ceo").update(until=NOW.date())
    new = make_user()
    make_seat(team=Team.objects.get(slug="north"), user=new, role="ceo")
    [need] = needs_you(new, NOW).requests
    assert need.detail.startswith("Agreed before you took the seat: Small 20%")
    agree(as_(new), mix)
    assert not needs_you(new, NOW).requests


def test_a_renewed_yes_is_taken_back_until_another_yes(cast: Cast, as_: As, mix: Agreement) -> None:
    accept(mix, by=cast.ceo, now=NOW)
    cast.north.seats.filter(role="ceo").update(until=NOW.date())
    new = make_user()
    make_seat(team=Team.objects.get(slug="north"), user=new, role="ceo")
    client = as_(new)
    [token] = re.findall(r'name="token" value="([^"]+)"', agree(client, mix).content.decode())
    sent = {"token": token, "need": f"agreement-{mix.pk}"}
    undone = client.post("/undo/", sent, headers={"HX-Request": "true"})
    assert undone.status_code == 200
    assert "Agreed before you took the seat" in undone.content.decode()
    late = client.post("/undo/", sent, headers={"HX-Request": "true"})
    assert late.status_code == 409
    assert "so it was not undone" in late.content.decode()
    assert [row.state for row in Agreement.objects.all()] == ["agreed"]
