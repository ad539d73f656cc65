"""The page of a running meeting: who sees it, where it stands, what it says, what it costs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from alignment.models import Team
from tests.factories import (
    NOW,
    make_commitment,
    make_deal,
    make_decision,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)
from tests.html import flat

HTMX = {"HX-Request": "true", "HX-Target": "stage"}


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def running(cast, meeting):
    meeting.start(by=cast.ceo, now=NOW)
    return meeting


@pytest.fixture
def page(as_, running):
    """The page as somebody gets it: `page(cast.ceo, at="risks")`, or only the stage."""

    def get(user, *, name="present", headers=None, **query):
        return as_(user).get(reverse(f"meetings:{name}", args=[running.pk]), query, headers=headers or {})

    return get


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 200),
        ("leader", 200),
        ("delegate", 200),
        ("facilitator", 200),
        ("observer", 200),
        ("admin", 403),
        ("outsider", 404),
        ("second_leader", 404),
    ],
)
@pytest.mark.parametrize("name", ["present", "stage"])
def test_who_is_seated_looks_on(cast, page, name, who, status):
    headers = HTMX if name == "stage" else None
    assert page(getattr(cast, who), name=name, headers=headers).status_code == status


@pytest.mark.parametrize("who", ["delegate", "observer"])
@pytest.mark.parametrize("at", ["revenue", "risks", "closing"])
def test_who_only_reads_along_has_no_controls(cast, page, who, at):
    make_risk(team=cast.north)
    text = page(getattr(cast, who), at=at).text
    assert "<form" not in text
    assert "View only" in text


def test_it_follows_the_meeting(cast, running, page):
    running.go_to("risks", now=NOW)
    text = page(cast.leader).text
    assert 'data-section="risks"' in text
    assert "Next: Initiatives" in text
    assert "You are looking at" not in text


def test_one_may_look_elsewhere_and_come_back(cast, page):
    text = flat(page(cast.leader, at="risks").text)
    assert 'data-section="risks"' in text
    assert "You are looking at Risks; the meeting is at Revenue." in text
    assert "Move both here" in text


def test_a_place_that_does_not_exist_is_where_the_meeting_is(cast, page):
    assert 'data-section="revenue"' in page(cast.leader, at="lunch").text


def test_without_a_section_left_the_closing_is_next(cast, running, page):
    running.go_to("issues", now=NOW)
    text = flat(page(cast.ceo).text)
    assert re.findall(r"Wrap up\s*<kbd>n</kbd>", text) and "to-closing" not in text


def test_the_clocks_are_right_without_javascript(cast, page, at_now):
    at_now.shift(timedelta(minutes=4, seconds=12))
    text = flat(page(cast.ceo).text)
    assert ">4:12</p>" in text
    assert "of 7 minutes" in text
    assert "25:48 left in total" in text


def test_a_section_is_orange_in_its_last_minute(cast, page, at_now):
    at_now.shift(timedelta(minutes=6))
    assert 'class="timer num timer--soon"' in page(cast.ceo).text


def test_overtime_is_counted_and_called_so(cast, page, at_now):
    at_now.shift(timedelta(minutes=31, seconds=5))
    text = page(cast.ceo).text
    assert 'class="timer num timer--over"' in text
    assert "24:05 over its 7 minutes" in text
    assert "1:05 over in total" in text


def test_the_whole_meeting_is_orange_in_its_last_five_minutes(cast, page, at_now):
    at_now.shift(timedelta(minutes=25, seconds=1))
    assert '<span class="timer--soon" role="timer"' in flat(page(cast.ceo).text)


def test_a_pause_is_said(cast, running, page):
    running.pause(now=NOW)
    text = page(cast.leader).text
    assert "The timer is paused." in text
    assert 'value="resume"' in text


def test_both_are_told_that_it_is_suspended(cast, running, page):
    running.suspend(now=NOW)
    for user in (cast.ceo, cast.leader):
        assert "paused since 09:00" in page(user).text
    assert "paused since 09:00" in page(cast.observer).text


def test_it_says_who_is_here(cast, running, page, as_):
    as_(cast.ceo).post(reverse("meetings:attend", args=[running.pk]), {"user": cast.ceo.pk, "present": "1"})
    text = flat(page(cast.leader).text)
    assert "Tom is here" in text
    assert "Joe is not here yet" in text
    assert 'hx-trigger="load"' in text


def test_arriving_is_said_once(cast, running, page, as_):
    as_(cast.leader).post(
        reverse("meetings:attend", args=[running.pk]), {"user": cast.leader.pk, "present": "0"}
    )
    assert 'hx-trigger="load"' not in page(cast.leader).text


def test_what_was_captured_in_this_section_can_be_taken_back(cast, running, page):
    made = {"created_at": NOW, "changed_at": NOW}
    make_commitment(team=cast.north, owner=cast.leader, text="Call Hollis", section="risks", **made)
    make_commitment(team=cast.north, owner=cast.leader, text="Promised before", section="risks")
    make_decision(meeting=running, text="No discount", section="risks")
    captured = page(cast.ceo, at="risks").text.partition("Captured in this section")[2]
    assert "Call Hollis" in captured
    assert "No discount" in captured
    assert "Promised before" not in captured.partition("</section>")[0]


def test_elsewhere_it_is_not_captured_in_this_section(cast, running, page):
    make_decision(meeting=running, text="No discount", section="risks")
    assert "Captured in this section" not in page(cast.ceo, at="deals").text


def test_a_bad_rating_keeps_what_was_typed(cast, running, as_):
    address = reverse("meetings:rate", args=[running.pk])
    answer = as_(cast.ceo).post(address, {"score": "12", "why": "Half of it was mine"}, headers=HTMX)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "Half of it was mine</textarea>" in answer.text


def test_what_is_promised_is_due_at_the_next_meeting(cast, page):
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=8))
    assert 'name="due" aria-label="Due" value="2026-12-01"' in page(cast.ceo).text


def test_htmx_gets_the_stage_alone_and_the_address_of_where_it_is(cast, page):
    answer = page(cast.ceo, headers=HTMX, at="risks")
    assert "<html" not in answer.text
    assert 'id="capture"' not in answer.text
    assert answer.headers["HX-Replace-Url"].endswith("/present/?at=risks")
    assert page(cast.ceo, headers=HTMX, at="revenue").headers["HX-Replace-Url"].endswith("/present/")


def test_the_stage_opened_as_a_page_is_the_page(cast, running, page):
    assert page(cast.ceo, name="stage", at="risks").url == f"/meetings/{running.pk}/present/?at=risks"


def test_a_scheduled_meeting_is_not_in_session(cast, meeting, as_):
    answer = as_(cast.ceo).get(reverse("meetings:present", args=[meeting.pk]), follow=True)
    assert answer.redirect_chain[0][0] == f"/meetings/{meeting.pk}/"
    assert "not started yet" in answer.text


def test_when_it_is_closed_every_open_page_goes_to_the_record(cast, running, page, as_):
    as_(cast.ceo).post(reverse("meetings:close", args=[running.pk]))
    answer = page(cast.leader, name="stage", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/meetings/{running.pk}/")


def test_only_the_two_see_a_reps_plan(cast, page):
    make_initiative(team=cast.north, title="Save Casey", kind="rep")
    assert "Save Casey" in page(cast.ceo, at="initiatives").text
    assert "Save Casey" not in page(cast.observer, at="initiatives").text


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize(("name", "at"), [("present", "risks"), ("stage", "issues"), ("present", "closing")])
def test_it_costs_the_same_however_much_there_is(
    cast, running, as_, rows, name, at, django_assert_num_queries
):
    for _ in range(rows):
        make_deal(team=cast.north, amount=200_000)
        make_risk(team=cast.north)
        make_initiative(team=cast.north)
        make_commitment(
            team=cast.north, owner=cast.leader, issue=make_issue(team=cast.north), section="issues"
        )
        make_decision(meeting=running)
    make_update(meeting=running, author=cast.leader)
    client, address = as_(cast.ceo), reverse(f"meetings:{name}", args=[running.pk])
    with django_assert_num_queries(15 if at == "closing" else 12):
        assert client.get(address, {"at": at}, headers=HTMX if name == "stage" else {}).status_code == 200


def test_words_of_every_kind_are_shown_as_they_are(cast, running, page):
    make_commitment(
        team=cast.north,
        owner=cast.leader,
        text="<script>alert(1)</script>",
        section="revenue",
        created_at=NOW,
        changed_at=NOW,
    )
    text = page(cast.ceo).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_looking_writes_nothing(cast, running, page):
    before = Team.objects.get(pk=cast.north.pk).revision, running.revision
    page(cast.ceo)
    running.refresh_from_db()
    assert (Team.objects.get(pk=cast.north.pk).revision, running.revision) == before


@pytest.mark.parametrize("name", ["commitment_new", "decision_new", "issue_new"])
def test_the_capture_line_works_without_javascript(cast, running, page, as_, name):
    form = {
        "team": "north",
        "meeting": running.pk,
        "section": "risks",
        "about": "",
        "text": "Agreed so",
        "owner": cast.leader.pk,
    }
    here = f"/meetings/{running.pk}/present/"
    answer = as_(cast.ceo).post(reverse(f"meetings:{name}"), form | {"next": here})
    assert answer.url == here
    assert "Agreed so" in page(cast.leader, at="risks").text.partition("Captured in this section")[2]


def test_what_was_promised_before_is_settled_in_place(cast, running, page, as_):
    commitment = make_commitment(team=cast.north, owner=cast.leader, section="revenue")
    issue = make_issue(team=cast.north)
    assert f"/commitments/{commitment.pk}/done/" in page(cast.ceo).text
    issues = page(cast.ceo, at="issues").text
    assert f"/forms/solve/issue-{issue.pk}/" in issues
    assert "Discussed" in issues
