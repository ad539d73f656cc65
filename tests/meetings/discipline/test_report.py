"""Late starts, late and short preparations are facts; and how the meetings are kept over many teams."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest
from django.test import Client

from alignment.models import User
from meetings.discipline.report import build_attendance_report
from meetings.models import Meeting
from meetings.rules.outcomes import Outcome, PastMeeting
from meetings.rules.preparation import Preparation
from meetings.rules.track_record import compute_track_record
from tests.cast import Cast
from tests.factories import NOW, make_held_meeting, make_meeting, make_seat, make_team

HOUR, MINUTE, WEEK = timedelta(hours=1), timedelta(minutes=1), timedelta(weeks=1)
As = Callable[[User], Client]


def past(outcome: str, weeks: int, *, late: int = 0, good: bool = True) -> PastMeeting:
    prepared = Preparation(is_submitted=True, is_late=not good, missing=0)
    return PastMeeting(
        weeks, Outcome(outcome), NOW - weeks * WEEK, "both" if outcome == "missed" else "", late, prepared
    )


@pytest.mark.parametrize(
    ("told", "begun", "prepared"),
    [
        ([], None, None),
        ([past("held", 1), past("held", 2, late=9)], Fraction(1, 2), Fraction(1)),
        ([past("held", 1), past("missed", 2, good=False)], Fraction(1), Fraction(1, 2)),
        ([past("excused", 1, good=False)], None, None),
        ([past("held", 14, late=9, good=False)], None, None),
    ],
)
def test_shares_in_time_are_of_the_last_thirteen_weeks(
    told: list[PastMeeting], begun: Fraction | None, prepared: Fraction | None
) -> None:
    found = compute_track_record(told, now=NOW)
    assert (found.begun, found.prepared) == (begun, prepared)


def test_a_late_preparation_stays_late_when_the_team_chooses_other_hours(
    cast: Cast, meeting: Meeting
) -> None:
    meeting.submit_preparation(by=cast.leader, now=NOW - 20 * HOUR)
    cast.north.preparation_hours = 2
    cast.north.save()
    meeting = Meeting.objects.select_related("team").get(pk=meeting.pk)
    assert meeting.preparation.is_late and meeting.due_when_submitted == NOW - 24 * HOUR


def test_a_ceo_has_one_line_over_all_their_teams(cast: Cast) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - WEEK)
    make_meeting(
        team=cast.south, starts_at=NOW - 2 * WEEK, state="missed", missed_at=NOW, missed_by="ceo_absent"
    )
    make_meeting(
        team=cast.south, starts_at=NOW - 3 * WEEK, state="missed", missed_at=NOW, missed_by="leader_absent"
    )
    [line] = build_attendance_report(cast.ceo, NOW).ceos
    assert (line.who, line.what, line.streak, line.quarter) == ("Tom Marsh", "North, South", 1, 0.5)


def test_the_misses_of_the_ceo_never_count_against_a_leader(cast: Cast) -> None:
    make_meeting(
        team=cast.south, starts_at=NOW - 2 * WEEK, state="missed", missed_at=NOW, missed_by="ceo_absent"
    )
    make_held_meeting(team=cast.south, starts_at=NOW - 3 * WEEK)
    line = next(each for each in build_attendance_report(cast.ceo, NOW).leaders if each.who == "Anne Duarte")
    assert (line.streak, line.quarter) == (1, 1.0)


def test_those_that_held_the_least_come_first(cast: Cast) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - WEEK)
    make_meeting(team=cast.south, starts_at=NOW - WEEK, state="missed", missed_at=NOW, missed_by="both")
    assert [each.who for each in build_attendance_report(cast.ceo, NOW).teams] == ["South", "North"]


def test_a_person_counts_from_when_they_took_the_seat(cast: Cast) -> None:
    cast.north.seats.filter(role="leader").update(since=NOW.date(), user=cast.second_leader)
    make_meeting(team=cast.north, starts_at=NOW - WEEK, state="missed", missed_at=NOW, missed_by="both")
    assert {each.who: each.quarter for each in build_attendance_report(cast.ceo, NOW).leaders}[
        "Anne Duarte"
    ] is None


@pytest.mark.parametrize(
    ("who", "seen"), [("ceo", "NS"), ("admin", "NS"), ("leader", "N"), ("outsider", "A")]
)
def test_each_reader_sees_their_own_teams(cast: Cast, who: str, seen: str) -> None:
    assert {each.who[0] for each in build_attendance_report(getattr(cast, who), NOW).teams} == set(seen)


def test_it_can_be_searched_by_team_and_person(cast: Cast, as_: As) -> None:
    page = as_(cast.ceo).get("/meetings/attendance/?q=anne").content.decode()
    assert "Anne Duarte" in page and "Joe Keller" not in page
    assert "No teams or people match" in as_(cast.ceo).get("/meetings/attendance/?q=zzz").content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_it_costs_the_same_with_one_and_fifty_teams(
    cast: Cast, as_: As, number: int, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(number):
        team = make_team(company=cast.company, ceo=cast.ceo)
        make_held_meeting(team=team)
        make_seat(team=team, user=cast.observer, role="leader")
    client = as_(cast.ceo)
    with django_assert_max_num_queries(6):
        client.get("/meetings/attendance/")
