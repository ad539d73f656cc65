"""Starting a meeting, walking through it, its clock, who is there, how good it was, and its close."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from meetings.models import Attendance, Meeting, Move, Rating
from tests.factories import NOW, make_held_meeting, make_meeting


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def running(cast, meeting):
    meeting.start(by=cast.ceo, now=NOW)
    return meeting


@pytest.fixture
def post(as_):
    def send(user, name, meeting, /, **data):
        return as_(user).post(reverse(f"meetings:{name}", args=[meeting.pk]), data)

    return send


def fresh(meeting):
    return Meeting.objects.get(pk=meeting.pk)


def test_the_one_who_starts_it_is_there_and_sees_it_in_session(cast, meeting, post):
    answer = post(cast.leader, "start", meeting)
    assert answer.url == f"/meetings/{meeting.pk}/present/"
    assert (fresh(meeting).state, fresh(meeting).section) == ("in_progress", "revenue")
    assert Attendance.objects.get(meeting=meeting, user=cast.leader).present


def test_a_double_click_is_one_start(cast, meeting, post, at_now):
    post(cast.ceo, "start", meeting)
    at_now.shift(timedelta(seconds=2))
    assert post(cast.leader, "start", meeting).url == f"/meetings/{meeting.pk}/present/"
    assert (fresh(meeting).started_at, fresh(meeting).started_by) == (NOW, cast.ceo)


@pytest.mark.parametrize("state", ["held", "missed", "excused"])
def test_a_meeting_that_is_over_is_not_started_but_says_so(cast, post, state):
    more = {"excused_at": NOW, "excused_why": "Holiday"} if state == "excused" else {}
    over = make_held_meeting(team=cast.north, **{"state": state} | more)
    answer = post(cast.ceo, "start", over)
    assert (answer.status_code, answer.url) == (302, f"/meetings/{over.pk}/")
    assert fresh(over).state == state


def test_two_meetings_of_a_team_do_not_run_at_once(cast, running, post):
    later = make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=2))
    assert post(cast.ceo, "start", later).url == f"/meetings/{later.pk}/"
    assert fresh(later).is_scheduled


def test_long_before_its_time_it_asks_once_more(cast, meeting, post, at_now):
    at_now.move_to(NOW - timedelta(days=4))
    answer = post(cast.ceo, "start", meeting)
    assert "planned for Monday 23 November, 09:00" in answer.text
    assert fresh(meeting).is_scheduled


def test_started_early_it_counts_as_moved(cast, meeting, post, at_now):
    at_now.move_to(early := NOW - timedelta(days=4))
    post(cast.ceo, "start", meeting, confirmed="1")
    move = Move.objects.get(meeting=meeting)
    assert (move.old, move.new, move.by, move.why) == (NOW, early, cast.ceo, "Started early")
    assert (fresh(meeting).starts_at, fresh(meeting).planned_start) == (early, NOW)


def test_a_few_minutes_early_is_no_move(cast, meeting, post, at_now):
    at_now.move_to(NOW - timedelta(minutes=10))
    post(cast.ceo, "start", meeting)
    assert (fresh(meeting).starts_at, Move.objects.count()) == (NOW, 0)


@pytest.mark.parametrize("name", ["start", "section", "timer", "attend", "rate", "close", "undo_end"])
@pytest.mark.parametrize(
    ("who", "status"), [("admin", 403), ("observer", 403), ("delegate", 403), ("outsider", 404)]
)
def test_only_the_two_run_it(cast, running, post, name, who, status):
    data = {"section": "deals", "act": "pause", "user": cast.ceo.pk, "present": "0", "score": "9"}
    assert post(getattr(cast, who), name, running, **data).status_code == status
    assert (fresh(running).section, fresh(running).state) == ("revenue", "in_progress")


@pytest.mark.parametrize("name", ["start", "rate", "close", "undo_end"])
def test_a_facilitator_neither_starts_nor_rates_nor_ends_it(cast, running, post, name):
    assert post(cast.facilitator, name, running, score="9").status_code == 403
    assert (fresh(running).is_in_progress, Rating.objects.count()) == (True, 0)


def test_a_facilitator_runs_the_clock_moves_through_it_and_says_who_is_there(cast, running, post):
    post(cast.facilitator, "section", running, section="deals")
    post(cast.facilitator, "timer", running, act="pause")
    post(cast.facilitator, "attend", running, user=cast.ceo.pk, present="0")
    assert (fresh(running).section, fresh(running).running_since) == ("deals", None)
    assert not Attendance.objects.get(user=cast.ceo).present


@pytest.mark.parametrize("name", ["start", "section", "timer", "attend", "close", "undo_end"])
def test_nothing_is_done_by_looking(cast, running, as_, name):
    assert as_(cast.ceo).get(reverse(f"meetings:{name}", args=[running.pk])).status_code == 405


def test_either_moves_both_and_the_time_is_kept_by_section(cast, running, post, at_now):
    at_now.shift(timedelta(minutes=4))
    post(cast.leader, "section", running, section="deals")
    assert (fresh(running).section, fresh(running).seconds) == ("deals", {"revenue": 240})


def test_a_section_that_does_not_exist_is_said_in_a_sentence(cast, running, post):
    answer = post(cast.ceo, "section", running, section="lunch")
    assert (answer.status_code, "This section does not exist" in answer.text) == (422, True)
    assert fresh(running).section == "revenue"


def test_an_act_the_clock_does_not_know_is_said_in_a_sentence(cast, running, post):
    assert post(cast.ceo, "timer", running, act="end").status_code == 422


def test_a_pause_stands_still_and_goes_on(cast, running, post, at_now):
    at_now.shift(timedelta(seconds=30))
    post(cast.ceo, "timer", running, act="pause")
    at_now.shift(timedelta(minutes=5))
    post(cast.leader, "timer", running, act="resume")
    at_now.shift(timedelta(seconds=12))
    assert fresh(running).timer.section_seconds(NOW + timedelta(seconds=342)) == 42


def test_suspended_it_waits_until_somebody_goes_on(cast, running, post):
    post(cast.ceo, "timer", running, act="suspend")
    assert (fresh(running).suspended_at, fresh(running).running_since) == (NOW, None)
    post(cast.leader, "timer", running, act="resume")
    assert (fresh(running).suspended_at, fresh(running).running_since) == (None, NOW)


def test_moving_a_meeting_that_is_over_changes_nothing(cast, meeting, post):
    answer = post(cast.ceo, "section", meeting, section="deals")
    assert answer.status_code == 302
    assert fresh(meeting).section == ""


def test_either_says_who_is_there(cast, running, post):
    post(cast.leader, "attend", running, user=cast.ceo.pk, present="0")
    assert not Attendance.objects.get(user=cast.ceo).present
    post(cast.ceo, "attend", running, user=cast.ceo.pk, present="1")
    assert Attendance.objects.get(user=cast.ceo).present


@pytest.mark.parametrize(
    "data", [{"user": "x", "present": "1"}, {"user": "", "present": "1"}, {"present": "1"}]
)
def test_of_nobody_else_is_said_whether_they_are_there(cast, running, post, data):
    assert post(cast.ceo, "attend", running, **data).status_code == 422
    assert post(cast.ceo, "attend", running, user=cast.observer.pk, present="1").status_code == 422
    assert not Attendance.objects.exists()


def test_each_rates_and_the_last_word_counts(cast, running, post):
    post(cast.ceo, "rate", running, score="9")
    post(cast.ceo, "rate", running, score="7", why="We ran out of time.")
    rating = Rating.objects.get()
    assert (rating.user, rating.role, rating.score, rating.why) == (cast.ceo, "ceo", 7, "We ran out of time.")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"score": "11"}, "from 1 to 10"),
        ({}, "from 1 to 10"),
        ({"score": "9", "why": "x" * 301}, "300"),
        ({"score": "9", "why": "a\0b"}, "Null characters"),
    ],
)
def test_a_bad_rating_is_said_at_the_field(cast, running, post, data, sentence):
    answer = post(cast.ceo, "rate", running, **data)
    assert (answer.status_code, sentence in answer.text, Rating.objects.count()) == (422, True, 0)


def test_a_rating_may_follow_within_a_week(cast, running, post, at_now):
    post(cast.ceo, "close", running)
    at_now.shift(timedelta(days=6))
    assert "How useful" in post(cast.leader, "rate", running, score="11").text
    assert post(cast.leader, "rate", running, score="9").url == f"/meetings/{running.pk}/"
    at_now.shift(timedelta(days=2))
    assert post(cast.ceo, "rate", running, score="9").status_code == 302
    assert Rating.objects.get().user == cast.leader


def test_the_close_ends_it_into_its_record(cast, running, post):
    answer = post(
        cast.ceo,
        "close",
        running,
        recap_readers_listed="1",
        recap_to=[cast.observer.pk, cast.outsider.pk, "x"],
    )
    assert answer.url == f"/meetings/{running.pk}/"
    assert (fresh(running).state, running.records.count()) == ("held", 1)
    assert list(running.recap_to.all()) == [cast.observer]


def test_closing_twice_is_one_close_and_a_sentence(cast, running, post):
    post(cast.ceo, "close", running)
    answer = post(cast.leader, "close", running, recap_readers_listed="1", recap_to=[cast.observer.pk])
    assert (answer.status_code, running.records.count(), running.recap_to.count()) == (302, 1, 0)


def test_who_got_the_last_recap_gets_this_one_too(cast, running, post):
    make_held_meeting(team=cast.north).recap_to.set([cast.facilitator])
    post(cast.ceo, "close", running)
    assert list(running.recap_to.all()) == [cast.facilitator]
