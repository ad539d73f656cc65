"""Worth asking: one question beside at most three teams of a CEO, on the agenda by one tap, off by one tap."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from alignment.models import Goal
from deals.models import DealChange
from meetings.home import home
from meetings.models import Issue
from tests.factories import (
    NOW,
    TODAY,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
    make_team,
)

DAY = timedelta(days=1)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def push(deal, times, *, days=14):
    start = TODAY - 90 * DAY
    for number in range(times):
        old, new = start + number * days * DAY, start + (number + 1) * days * DAY
        DealChange.objects.create(
            deal=deal, field="close_date", old=str(old), new=str(new), day=TODAY - 40 * DAY, at=NOW - 40 * DAY
        )


def hold_two(team, **gaps):
    for back, gap in ((1, gaps.get("last")), (2, gaps.get("before"))):
        make_held_meeting(team=team, starts_at=NOW - back * 7 * DAY, gap=gap)


def questions(user):
    rows = [row for group in home(user, NOW).groups for row in group.rows]
    return [(row.asking.name, row.asking.why, row.asking.question) for row in rows if row.asking]


@pytest.mark.parametrize(("times", "days", "is_worth"), [(2, 14, False), (3, 14, True), (3, 2, False)])
def test_a_big_deal_pushed_three_times(cast, times, days, is_worth):
    push(make_deal(team=cast.north, name="Brandt"), times, days=days)
    expected = [("Brandt", "pushed three times", "What does the buyer lose by waiting?")]
    assert questions(cast.ceo) == (expected if is_worth else [])


def test_a_small_deal_is_not_worth_it(cast):
    push(make_deal(team=cast.north, amount=Decimal(9_000)), 3)
    assert questions(cast.ceo) == []


def test_a_risk_without_update_for_two_meetings(cast):
    hold_two(cast.north)
    make_held_meeting(
        team=cast.north, starts_at=NOW - 21 * DAY
    )  # the last one counts once the next is closed
    make_risk(team=cast.north, name="Hollis", changed_at=NOW - 30 * DAY)
    assert questions(cast.ceo) == [("Hollis", "no update for two meetings", "What would make you give up?")]


@pytest.mark.parametrize(("health", "is_worth"), [("behind", True), ("stuck", True), ("on_track", False)])
def test_an_initiative_behind_for_two_meetings(cast, health, is_worth):
    hold_two(cast.north)
    make_initiative(team=cast.north, title="Playbook", health=health, approval="agreed")
    expected = [("Playbook", "behind for two meetings", "What should we stop to make room?")]
    assert questions(cast.ceo) == (expected if is_worth else [])


@pytest.mark.parametrize(("before", "is_worth"), [(-90_000, True), (-61_000, False)])
def test_two_good_weeks(cast, before, is_worth):
    Goal.objects.bulk_create(
        Goal(team=cast.north, month=f"2026-{month}-01", amount=90_000) for month in (10, 11, 12)
    )
    make_revenue(team=cast.north, day=TODAY, amount=150_000)
    hold_two(cast.north, last=Decimal(-60_000), before=Decimal(before))
    expected = [("North", "closer to goal at two meetings in a row", "What did you do differently?")]
    assert questions(cast.ceo) == (expected if is_worth else [])


def test_each_team_has_one_at_most_and_the_page_three(cast):
    teams = [cast.north, cast.south, *(make_team(company=cast.company, ceo=cast.ceo) for _ in range(3))]
    for team in teams:
        push(make_deal(team=team), 3), push(make_deal(team=team), 3)
    assert len(questions(cast.ceo)) == 3


def test_what_is_on_the_agenda_already_is_not_proposed(cast):
    deal = make_deal(team=cast.north)
    push(deal, 3)
    make_issue(team=cast.north, deal=deal)
    assert questions(cast.ceo) == []


@pytest.mark.parametrize("reader", ["leader", "delegate", "facilitator", "observer", "admin"])
def test_only_a_ceo_is_proposed_questions(cast, reader, as_):
    push(make_deal(team=cast.north), 3)
    assert "Worth asking" not in as_(getattr(cast, reader)).get("/").content.decode()


def ask(client):
    page = client.get("/").content.decode()
    form = page.partition('class="asking"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return fields, client.post("/issues/new/", fields, **HTMX)


def test_one_tap_puts_it_on_the_agenda_as_a_question_to_the_leader_and_undo_takes_it_off(cast, as_):
    make_meeting(team=cast.north)
    deal = make_deal(team=cast.north, name="Brandt")
    push(deal, 3)
    client = as_(cast.ceo)
    fields, answer = ask(client)
    issue = Issue.objects.get()
    assert (issue.title, issue.kind, issue.side, issue.deal, issue.section) == (
        "Brandt: What does the buyer lose by waiting?",
        "question",
        "ceo",
        deal,
        "deals",
    )
    assert "✓ On the agenda: Brandt: What does the buyer lose by waiting?" in answer.content.decode()
    client.post("/issues/new/", fields, **HTMX)
    assert Issue.objects.count() == 1
    [token] = re.findall(r'name="token" value="([^"]+)"', answer.content.decode())
    answer = client.post("/undo/", {"token": token, "need": fields["need"]}, **HTMX)
    assert "Taken off the agenda." in answer.content.decode()
    assert not Issue.objects.exists()


def test_an_answered_question_is_not_taken_back(cast, as_):
    push(make_deal(team=cast.north), 3)
    client = as_(cast.ceo)
    fields, answer = ask(client)
    Issue.objects.update(discussed_at=NOW)
    [token] = re.findall(r'name="token" value="([^"]+)"', answer.content.decode())
    assert client.post("/undo/", {"token": token, "need": fields["need"]}, **HTMX).status_code == 409
    assert Issue.objects.exists()


def test_one_tap_turns_them_off_and_the_notifications_page_on_again(cast, as_):
    push(make_deal(team=cast.north), 3)
    client = as_(cast.ceo)
    client.post("/worth-asking/")
    page = client.get("/").content.decode()
    assert "You can turn them on again under Notifications." in page
    assert "Ask this" not in page
    client.post("/preferences/", {"days": ["0"], "worth_asking": "on"})
    assert "Ask this" in client.get("/").content.decode()
