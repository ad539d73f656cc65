"""A seat ends: what the pair had agreed is closed with a summary, and who follows finds what they need."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from alignment.models import Agreement, User
from alignment.people import seats as seat_changes
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_committed,
    make_contact,
    make_deal,
    make_follow_up,
    make_held_meeting,
    make_seat,
    make_user,
)
from tests.meetings.views.test_agreement import confirm_all, propose

As = Callable[[User], Client]
LAST_DAY = TODAY - timedelta(days=10)
FIRST_DAYS, AGREEMENT = "/teams/north/first-90-days/", "/teams/north/agreement/"


def words(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode()))


@pytest.fixture
def successor(cast: Cast, as_: As) -> User:
    """Joe and Tom agreed on two rights, Joe proposed a third limit, and left ten days ago; Anne followed."""
    with time_machine.travel(NOW - timedelta(days=20), tick=False):
        propose(as_(cast.leader), discount="15", terms="60")
        confirm_all(as_(cast.ceo))
        propose(as_(cast.leader), discount="25")
    seat = cast.north.seats.current().get(role="leader")
    new = cast.second_leader
    seat_changes.hand_over(
        seat, new, by=cast.admin, now=NOW, day=LAST_DAY + timedelta(days=1), why="Joe retires."
    )
    return new


@pytest.mark.time_machine(NOW)
@pytest.mark.parametrize("path", [FIRST_DAYS, AGREEMENT])
def test_the_ceo_and_who_follows_read_how_it_was_closed(
    cast: Cast, as_: As, successor: User, path: str
) -> None:
    for reader in (cast.ceo, successor):
        shown = words(as_(reader), path)
        assert "Closed on 13 Nov, when Joe Keller left the seat of the sales leader." in shown
        assert "Both had agreed: Discounts up to 15% Payment terms up to 60 days" in shown
        assert "Proposed, and not answered by then: Discounts up to 25%" in shown


@pytest.mark.time_machine(NOW)
def test_what_the_new_pair_agrees_leaves_the_summary_as_it_was(cast: Cast, as_: As, successor: User) -> None:
    before = words(as_(cast.ceo), FIRST_DAYS)
    confirm_all(as_(successor))
    confirm_all(as_(cast.ceo))
    assert Agreement.objects.agreed().filter(leader=successor).exists()
    after = words(as_(cast.ceo), FIRST_DAYS)
    start, end = "Closed on 13 Nov", "Discounts up to 25%"
    assert before[before.index(start) : before.index(end)] == after[after.index(start) : after.index(end)]


@pytest.mark.time_machine(NOW)
def test_others_on_the_team_read_no_summary(cast: Cast, as_: As, successor: User) -> None:
    for reader in (cast.delegate, cast.observer, cast.facilitator):
        assert "Closed on" not in words(as_(reader), AGREEMENT)
        assert as_(reader).get(FIRST_DAYS).status_code == 403


@pytest.mark.time_machine(NOW)
def test_a_successor_is_told_how_many_lines_wait(cast: Cast, as_: As, successor: User) -> None:
    shown = words(as_(successor), FIRST_DAYS)
    waiting = Agreement.objects.waiting_for("leader", successor.pk, TODAY).count()
    assert waiting and f"{waiting} line" in shown and "for your yes" in shown


@pytest.mark.time_machine(NOW)
def test_a_pair_that_agreed_nothing_says_so(cast: Cast, as_: As) -> None:
    old = make_user(name="Bea Before")
    make_seat(team=cast.north, user=old, role="ceo", since=date(2025, 1, 1), until=date(2025, 12, 31))
    shown = words(as_(cast.ceo), FIRST_DAYS)
    assert "Closed on 31 Dec 2025, when Bea Before left the seat of the CEO. Nothing was agreed" in shown


@pytest.mark.time_machine(NOW)
def test_who_follows_finds_records_committed_deals_and_who_is_who(
    cast: Cast, as_: As, successor: User
) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=2))
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=14))
    make_committed(deal=make_deal(team=cast.north, name="Orbis roll-out"), leader=cast.leader)
    won = make_deal(team=cast.north, name="Brandt", status="won")
    make_committed(deal=won, leader=cast.leader)
    client = make_account(company=cast.company, name="Hollis Foods")
    make_follow_up(team=cast.north, account=client)
    make_deal(team=cast.north, account=client)
    make_contact(account=client, name="Petra Buyer", title="COO", role="decides")
    make_contact(account=make_account(company=cast.company), name="Nobody’s Client")
    page = as_(successor).get(FIRST_DAYS).context["first_days"]
    shown = words(as_(successor), FIRST_DAYS)
    assert [line.name for line in page.commits] == ["Orbis roll-out"]
    assert "Committed by Joe Keller on 3 Oct" in shown
    assert "Petra Buyer, COO: decides" in shown and "Nobody’s Client" not in shown
    assert [record.starts_at for record in page.records] == [NOW - timedelta(weeks=2)]
