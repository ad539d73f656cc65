"""A CEO silences for a week why a team needs them; nobody else learns of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Team, User
from meetings.home import home
from meetings.models import SilencedReason
from tests.cast import Cast
from tests.factories import NOW, make_commitment, make_issue, make_meeting, make_seat, make_user
from tests.html import flat

As = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def question(cast: Cast) -> Any:
    make_meeting(team=cast.north, starts_at=NOW + 3 * DAY)
    return make_issue(
        team=cast.north, kind="question", side="leader", created_by=cast.leader, created_at=NOW - 4 * DAY
    )


def row_of(user: User, team: Team, now: Any = NOW) -> Any:
    return next(row for group in home(user, now).groups for row in group.rows if row.slug == team.slug)


def silence(client: Client, kind: str = "waiting") -> Any:
    return client.post("/teams/north/silence/", {"kind": kind})


@pytest.mark.usefixtures("question")
def test_the_next_reason_takes_its_place_and_one_tap_takes_it_back(cast: Cast, as_: As) -> None:
    assert row_of(cast.ceo, cast.north).why == "One request waits for you for 4 days."
    answer = silence(as_(cast.ceo))
    assert (answer.status_code, answer["Location"]) == (302, "/#team-north")
    row = row_of(cast.ceo, cast.north)
    assert row.reason.kind == "no_goal"
    page = flat(as_(cast.ceo).get("/"))
    assert "One request waits for you" not in page
    assert "Something is silenced until 30 Nov, unless it gets worse." in page
    as_(cast.ceo).post("/teams/north/restore/")
    assert row_of(cast.ceo, cast.north).why == "One request waits for you for 4 days."


@pytest.mark.usefixtures("question")
def test_sent_twice_it_is_one_row_and_silences_no_other_reason(cast: Cast, as_: As) -> None:
    silence(as_(cast.ceo)), silence(as_(cast.ceo))
    assert [row.kind for row in SilencedReason.objects.all()] == ["waiting"]


@pytest.mark.usefixtures("question")
@pytest.mark.parametrize("kind", ["", "missed", "nothing", "waiting\x00"])
def test_a_reason_that_is_not_said_is_not_silenced(cast: Cast, as_: As, kind: str) -> None:
    silence(as_(cast.ceo), kind)
    assert not SilencedReason.objects.exists()


@pytest.mark.usefixtures("question")
def test_it_is_said_again_after_a_week_and_when_another_request_comes(cast: Cast, as_: As) -> None:
    silence(as_(cast.ceo))
    assert row_of(cast.ceo, cast.north, NOW + 6 * DAY).reason.kind != "waiting"
    assert row_of(cast.ceo, cast.north, NOW + 7 * DAY).reason.kind == "waiting"
    make_issue(team=cast.north, kind="question", side="leader", created_by=cast.leader)
    assert row_of(cast.ceo, cast.north).why == "Two requests wait for you, the oldest for 4 days."


@pytest.mark.usefixtures("question")
def test_the_first_sentence_does_not_say_it_either(cast: Cast, as_: As) -> None:
    assert "North needs attention: one request waits for you" in home(cast.ceo, NOW).lede
    silence(as_(cast.ceo))
    assert "request" not in home(cast.ceo, NOW).lede


@pytest.mark.usefixtures("question")
def test_only_the_ceo_silences_and_nobody_else_learns_of_it(cast: Cast, as_: As) -> None:
    delegate = make_user()
    make_seat(team=cast.north, user=delegate, role="delegate", acts_for="ceo")
    before = {user.pk: as_(user).get("/").content for user in (cast.leader, cast.admin, cast.observer)}
    for user, status in ((delegate, 403), (cast.leader, 403), (cast.admin, 403), (cast.outsider, 404)):
        assert silence(as_(user)).status_code == status
        assert as_(user).post("/teams/north/restore/").status_code == status
    silence(as_(cast.ceo))
    assert "One request waits for you" in row_of(delegate, cast.north).why
    assert "Do not say this of" in flat(as_(cast.ceo).get("/"))
    assert "Do not say this of" not in flat(as_(delegate).get("/"))
    assert "silenced" not in "".join(flat(as_(user).get("/")) for user in (cast.leader, cast.admin, delegate))
    assert len(before) == 3


def test_another_ceo_of_the_team_begins_anew(cast: Cast) -> None:
    SilencedReason.objects.silence(cast.north, "no_goal", Decimal(1), by=cast.ceo, now=NOW)
    assert row_of(cast.ceo, cast.north).reason is None
    cast.north.seats.filter(user=cast.ceo).update(until=NOW.date() - DAY)
    follower = make_user()
    make_seat(team=cast.north, user=follower, role="ceo")
    assert row_of(follower, cast.north).reason.kind == "no_goal"


def test_what_teams_owe_stands_below_and_goes_with_a_silenced_reason(cast: Cast, as_: As) -> None:
    make_commitment(team=cast.north, owner=cast.leader, text="Call Brandt", due=NOW.date() - 3 * DAY)
    make_commitment(team=cast.north, owner=cast.ceo, text="My own", due=NOW.date() - DAY)
    [item] = home(cast.ceo, NOW).overdue
    assert (item.text, item.who, item.when) == ("Call Brandt", "Joe Keller", "3 days overdue")
    page = flat(as_(cast.ceo).get("/"))
    assert page.index("My own") < page.index("What your teams owe") < page.rindex("Call Brandt")
    assert home(cast.observer, NOW).overdue == ()
    SilencedReason.objects.silence(cast.north, "overdue", Decimal(2), by=cast.ceo, now=NOW)
    assert home(cast.ceo, NOW).overdue == ()
