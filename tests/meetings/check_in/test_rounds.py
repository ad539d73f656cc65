"""Which check-in comes with which meeting: whom it names, what it asks, until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from alignment.models import Seat
from meetings.check_in.answers import AnswerTerms, give_answer
from meetings.check_in.rounds import round_of
from meetings.models import CheckIn, Meeting
from meetings.transitions.closing import close_meeting, reopen_meeting, undo_end
from tests.cast import Cast
from tests.factories import NOW, full_answer, make_check_in, make_held_meeting, make_meeting, make_seat

WEEK, DAY, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(minutes=1)
END = NOW + 30 * MINUTE


def hold(meeting: Meeting, cast: Cast) -> CheckIn | None:
    meeting.start(by=cast.ceo, now=meeting.starts_at)
    close_meeting(meeting, by=cast.ceo, now=meeting.starts_at + 30 * MINUTE, mail=False)
    return CheckIn.objects.filter(meeting=meeting).first()


def test_a_meeting_that_is_closed_opens_it_for_a_day(cast: Cast, meeting: Meeting) -> None:
    check_in = hold(meeting, cast)
    assert check_in is not None
    assert (check_in.ceo, check_in.leader) == (cast.ceo, cast.leader)
    assert check_in.closes_at == END + DAY
    assert not check_in.is_full and check_in.is_open(END + DAY - MINUTE) and not check_in.is_open(END + DAY)


def test_a_meeting_that_was_left_open_opens_it_too(cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    close_meeting(meeting, by=None, now=meeting.closes_itself_at)
    assert CheckIn.objects.get().closes_at == meeting.closes_itself_at + DAY


def test_every_fourth_held_meeting_of_the_pair_asks_the_five_statements(cast: Cast) -> None:
    asked = []
    for week in range(9):
        check_in = hold(make_meeting(team=cast.north, starts_at=NOW + week * WEEK), cast)
        Meeting.objects.filter(state="scheduled").delete()  # planned when it closed
        assert check_in is not None
        asked.append(check_in.guessed)
    assert asked == ["", "", "", "plan", "", "", "", "progress", ""]


def test_missed_meetings_do_not_count(cast: Cast, meeting: Meeting) -> None:
    for week in (1, 2):
        make_held_meeting(team=cast.north, starts_at=NOW - week * WEEK)
    make_meeting(team=cast.north, starts_at=NOW - 3 * WEEK, state="missed", missed_at=NOW - 2 * WEEK)
    check_in = hold(meeting, cast)
    assert check_in is not None and not check_in.is_full


def test_the_first_meeting_after_day_thirty_of_a_leader_asks_them(cast: Cast, meeting: Meeting) -> None:
    since = NOW.date() - timedelta(days=31)
    Seat.objects.filter(team=cast.north, role="leader").update(since=since)
    make_held_meeting(team=cast.north, starts_at=NOW - WEEK)  # on day 25
    check_in = hold(meeting, cast)
    assert check_in is not None and check_in.guessed == "plan"


def test_a_new_pair_begins_anew(cast: Cast, meeting: Meeting) -> None:
    for week in (1, 2, 3):
        held = make_held_meeting(team=cast.north, starts_at=NOW - week * WEEK)
        make_check_in(meeting=held, ceo=full_answer(), leader=full_answer(), guessed="plan")
    joe = cast.north.seats.get(role="leader")
    Seat.objects.filter(pk=joe.pk).update(until=date(2026, 11, 20))
    make_seat(team=cast.north, user=cast.second_leader, role="leader", since=date(2026, 11, 21))
    cast.north.forget_seats()
    check_in = hold(Meeting.objects.get(pk=meeting.pk), cast)
    assert check_in is not None and check_in.leader == cast.second_leader
    assert not check_in.is_full


def replace_leader(cast: Cast, meeting: Meeting) -> Meeting:
    """While the meeting runs."""
    cast.north.seats.filter(role="leader").update(until=NOW.date() - DAY)
    make_seat(team=cast.north, user=cast.second_leader, role="leader", since=NOW.date())
    return Meeting.objects.get(pk=meeting.pk)


@pytest.mark.parametrize("by", ["ceo", "leader", ""])
def test_a_seat_that_changes_while_they_meet_asks_the_new_pair_whoever_had_answered(
    by: str, cast: Cast, meeting: Meeting
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    if by:
        give_answer(meeting, AnswerTerms("no", sentence="Of Joe."), by=getattr(cast, by), version=0, now=NOW)
    fresh = replace_leader(cast, meeting)
    drafted = round_of(fresh)
    assert drafted is not None and drafted.leader == cast.second_leader
    close_meeting(fresh, by=cast.ceo, now=END, mail=False)
    stored = CheckIn.objects.get()
    assert (stored.ceo, stored.leader, stored.closes_at) == (cast.ceo, cast.second_leader, END + DAY)
    assert not stored.answers.exists()


def test_the_new_pair_can_answer_while_they_still_meet(cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    give_answer(meeting, AnswerTerms("no", sentence="Of Joe."), by=cast.ceo, version=0, now=NOW)
    fresh = replace_leader(cast, meeting)
    for user in (cast.second_leader, cast.ceo):
        give_answer(fresh, AnswerTerms("yes"), by=user, version=0, now=NOW + MINUTE)
    stored = CheckIn.objects.get()
    assert stored.is_revealed and stored.leader == cast.second_leader
    assert {row.sentence for row in stored.answers.all()} == {""}


def test_what_both_answered_before_a_seat_changed_stays_theirs(cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    for user in (cast.ceo, cast.leader):
        give_answer(meeting, AnswerTerms("yes"), by=user, version=0, now=NOW)
    close_meeting(replace_leader(cast, meeting), by=cast.ceo, now=END, mail=False)
    stored = CheckIn.objects.get()
    assert stored.leader == cast.leader and stored.answers.count() == 2
    assert not CheckIn.objects.visible_to(cast.second_leader).exists()


@pytest.mark.parametrize("has_answered", [True, False])
def test_who_left_the_seat_reads_the_same_whether_the_other_had_answered(
    has_answered: bool, cast: Cast, meeting: Meeting, client: Client
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    if has_answered:
        give_answer(meeting, AnswerTerms("no"), by=cast.ceo, version=0, now=NOW)
    replace_leader(cast, meeting)
    client.force_login(cast.leader)
    assert client.get(f"/meetings/{meeting.pk}/check-in/").status_code == 404


@pytest.mark.parametrize("empty", ["ceo", "leader"])
def test_with_a_seat_empty_there_is_none(empty: str, cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    cast.north.seats.filter(role=empty).update(until=date(2026, 11, 22))
    fresh = Meeting.objects.get(pk=meeting.pk)
    assert round_of(fresh) is None
    close_meeting(fresh, by=None, now=END, mail=False)
    assert not CheckIn.objects.exists()


def test_with_one_person_in_both_seats_there_is_none(cast: Cast, meeting: Meeting) -> None:
    """The database allows one seat a person and team; a round would ask nobody twice in any case."""
    meeting.start(by=cast.ceo, now=NOW)
    since = date(2026, 1, 1)
    seats = [Seat(team=cast.north, user=cast.ceo, role=role, since=since) for role in ("ceo", "leader")]
    meeting.team = cast.north.with_seats(seats)
    assert round_of(meeting) is None


def test_an_end_that_was_undone_moves_it_on(cast: Cast, meeting: Meeting) -> None:
    hold(meeting, cast)
    with time_machine.travel(END + timedelta(seconds=30), tick=False):
        undo_end(meeting, by=cast.ceo, now=END + timedelta(seconds=30))
    close_meeting(meeting, by=cast.ceo, now=END + 10 * MINUTE, mail=False)
    assert CheckIn.objects.get().closes_at == END + 10 * MINUTE + DAY


def test_what_was_closed_stays_closed_when_the_meeting_is_reopened(cast: Cast, meeting: Meeting) -> None:
    check_in = hold(meeting, cast)
    assert check_in is not None
    Meeting.objects.filter(state="scheduled").delete()
    reopen_meeting(meeting, by=cast.ceo, now=END + 2 * DAY, why="A figure was wrong")
    assert not CheckIn.objects.get().is_open(END + 2 * DAY)
    close_meeting(meeting, by=cast.ceo, now=END + 2 * DAY + MINUTE, mail=False)
    assert CheckIn.objects.get().closes_at == END + DAY
