from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings.models import Attendance, Meeting
from meetings.rules.misses import Fault, UnheldMeeting, counts_as_missed_at, find_fault
from tests.cast import Cast
from tests.factories import NOW

DAY = timedelta(days=1)


@pytest.mark.parametrize("hours", [0, 1, 24])
def test_a_meeting_counts_as_missed_so_many_real_hours_after_its_start(hours: int) -> None:
    paris = datetime(2026, 10, 25, 0, tzinfo=ZoneInfo("Europe/Paris"))
    utc_start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert counts_as_missed_at(paris, hours=hours) == utc_start + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("is_prepared", "ceo", "leader", "postponed_by", "whose"),
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
def test_whose_miss_it_is(is_prepared: bool, ceo: bool, leader: bool, postponed_by: str, whose: str) -> None:
    facts = UnheldMeeting(
        is_prepared=is_prepared, ceo_present=ceo, leader_present=leader, postponed_by=postponed_by
    )
    assert find_fault(facts) == whose


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


def there(meeting: Meeting, role: str, at: datetime = NOW) -> None:
    user = meeting.team.holder(role)
    assert user is not None
    Attendance.objects.create(meeting=meeting, user=user, role=role, present=True, at=at)


def test_the_clock_states_whose_miss_it_was(cast: Cast, meeting: Meeting) -> None:
    there(meeting, "leader")
    meeting.mark_missed(now=NOW + DAY)
    assert (meeting.state, meeting.missed_by) == ("missed", "ceo_absent")


def test_one_put_off_after_its_time_was_cancelled_by_who_moved_it(cast: Cast, meeting: Meeting) -> None:
    meeting.move(NOW + DAY, by=cast.leader, now=NOW + timedelta(hours=2), why="Train")
    meeting.mark_missed(now=NOW + 2 * DAY)
    assert meeting.missed_by == "cancelled_by_leader"


def test_one_moved_beforehand_was_not_cancelled(cast: Cast, meeting: Meeting) -> None:
    meeting.move(NOW + DAY, by=cast.ceo, now=NOW - timedelta(hours=2), why="Fair")
    meeting.mark_missed(now=NOW + 2 * DAY)
    assert meeting.missed_by == "both"
