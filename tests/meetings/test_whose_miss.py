from datetime import datetime, timedelta

import pytest

from meetings.discipline import Facts, Fault, Outcome, Past, Policy, fault, kept, row_of_misses
from meetings.models import Attendance, Meeting
from tests.cast import Cast
from tests.factories import NOW

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.mark.parametrize(
    ("handed_in", "ceo", "leader", "put_off_by", "whose"),
    [
        (True, False, False, "", "both"),
        (False, False, False, "", "both"),
        (True, True, True, "", "both"),
        (False, True, True, "", "leader_unprepared"),
        (False, True, False, "", "leader_unprepared"),
        (True, True, False, "", "leader_absent"),
        (True, False, True, "", "ceo_absent"),
        (False, False, True, "", "ceo_absent"),
        (True, False, False, "ceo", "cancelled_by_ceo"),
        (False, False, True, "ceo", "cancelled_by_ceo"),
        (True, True, False, "leader", "cancelled_by_leader"),
    ],
)
def test_whose_miss_it_is(handed_in: bool, ceo: bool, leader: bool, put_off_by: str, whose: str) -> None:
    facts = Facts(handed_in=handed_in, ceo_there=ceo, leader_there=leader, put_off_by=put_off_by)
    assert fault(facts) == whose


@pytest.mark.parametrize(
    ("whose", "sides"),
    [
        ("both", {"ceo", "leader"}),
        ("ceo_absent", {"ceo"}),
        ("cancelled_by_ceo", {"ceo"}),
        ("leader_absent", {"leader"}),
        ("leader_unprepared", {"leader"}),
        ("cancelled_by_leader", {"leader"}),
    ],
)
def test_a_miss_counts_only_against_whose_it_was(whose: str, sides: set[str]) -> None:
    assert Fault(whose).sides == sides
    assert Fault(whose).in_words


def past(letters: str) -> list[Past]:
    """Newest first, a week apart: h held, e excused, m both's, c the CEO's, l the leader's miss."""
    told = {"h": ("held", ""), "e": ("excused", ""), "m": ("missed", "both"), "c": ("missed", "ceo_absent"),
            "l": ("missed", "leader_absent"), "?": ("missed", "")}  # fmt: skip
    return [
        Past(number, Outcome(told[letter][0]), NOW - number * WEEK, told[letter][1])
        for number, letter in enumerate(letters, start=1)
    ]


@pytest.mark.parametrize(
    ("letters", "row", "step"),
    [
        ("", [], 0),
        ("h", [], 0),
        ("mh", [1], 1),
        ("memh", [3, 1], 2),
        ("mcl", [3, 2, 1], 3),
        ("mmmmh", [4, 3, 2, 1], 3),
    ],
)
def test_the_row_of_misses_begins_after_the_last_held_one(letters: str, row: list[int], step: int) -> None:
    found = row_of_misses(past(letters))
    assert [each.id for each in found] == row
    assert Policy().step(len(found)) == step


@pytest.mark.parametrize(
    ("missed", "admins", "red", "step"),
    [
        (0, 1, 1, 0),
        (1, 1, 1, 3),
        (1, 1, 2, 2),
        (1, 3, 5, 1),
        (2, 3, 5, 1),
        (3, 3, 5, 2),
        (4, 3, 5, 2),
        (9, 3, 5, 3),
    ],
)
def test_a_team_may_have_a_ladder_of_its_own(missed: int, admins: int, red: int, step: int) -> None:
    assert Policy(admins_told_after=admins, red_after=red).step(missed) == step


@pytest.mark.parametrize(
    ("letters", "side", "streak", "share"),
    [
        ("hch", "", 1, 2 / 3),
        ("hch", "leader", 2, 1),
        ("hch", "ceo", 1, 2 / 3),
        ("hlh", "ceo", 2, 1),
        ("mhh", "leader", 0, 2 / 3),
        ("?hh", "leader", 0, 2 / 3),
        ("ee", "leader", 0, None),
    ],
)
def test_what_was_the_others_does_not_count_against_one(
    letters: str, side: str, streak: int, share: float | None
) -> None:
    found = kept(past(letters), now=NOW, side=side)
    assert found.streak == streak
    assert found.quarter == found.year == (None if share is None else pytest.approx(share))


def test_thirteen_and_fifty_two_weeks_and_ones_own_time() -> None:
    found = kept(past("h" * 10 + "m" * 10 + "h" * 60), now=NOW)
    assert (float(found.quarter or 0), float(found.year or 0)) == pytest.approx((10 / 12, 41 / 51))
    assert kept(past("hhmm"), now=NOW, since=NOW - 2 * WEEK).quarter == 1


def there(meeting: Meeting, role: str, at: datetime = NOW) -> None:
    user = meeting.team.holder(role)
    assert user is not None
    Attendance.objects.create(meeting=meeting, user=user, role=role, present=True, at=at)


def test_the_clock_states_whose_miss_it_was(cast: Cast, meeting: Meeting) -> None:
    there(meeting, "leader")
    meeting.miss(now=NOW + DAY)
    assert (meeting.state, meeting.missed_by) == ("missed", "ceo_absent")


def test_one_put_off_after_its_time_was_cancelled_by_who_moved_it(cast: Cast, meeting: Meeting) -> None:
    meeting.move(NOW + DAY, by=cast.leader, now=NOW + timedelta(hours=2), why="Train")
    meeting.miss(now=NOW + 2 * DAY)
    assert meeting.missed_by == "cancelled_by_leader"


def test_one_moved_beforehand_was_not_cancelled(cast: Cast, meeting: Meeting) -> None:
    meeting.move(NOW + DAY, by=cast.ceo, now=NOW - timedelta(hours=2), why="Fair")
    meeting.miss(now=NOW + 2 * DAY)
    assert meeting.missed_by == "both"
