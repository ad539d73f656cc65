"""Company holidays and absences of the two: nothing is asked for, and what was said before is no miss."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alignment.models import Absence, Holiday, Notice, User
from alignment.rules.formatting import spell_days
from alignment.sweep.run import sweep
from meetings.models import Meeting
from meetings.schedule.days_off import find_affected_meetings, find_days_off
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_meeting, make_team
from tests.sweep import reminders_due

DAY = timedelta(days=1)


def away(user: User, *, since: int = 0, until: int = 0, entered_at: datetime = NOW - 9 * DAY) -> Absence:
    return Absence.objects.create(
        user=user, first=TODAY + since * DAY, last=TODAY + until * DAY, entered_at=entered_at, entered_by=user
    )


def holiday(cast: Cast, day: date = TODAY) -> Holiday:
    return Holiday.objects.create(company=cast.company, day=day, name="Founders’ Day")


def after_the_grace(meeting: Meeting) -> Meeting:
    sweep(NOW + DAY)
    meeting.refresh_from_db()
    return meeting


def test_an_absence_said_before_excuses_the_meeting_and_says_who(cast: Cast, meeting: Meeting) -> None:
    away(cast.leader, since=-2, until=4)
    told = after_the_grace(meeting)
    assert (told.state, told.excused_by) == ("excused", cast.leader)
    assert told.excused_why == "Joe Keller was away from 21 to 27 November 2026 (entered beforehand)."


def test_a_holiday_excuses_the_meeting_and_is_nobodys(cast: Cast, meeting: Meeting) -> None:
    holiday(cast)
    told = after_the_grace(meeting)
    assert (told.state, told.excused_by, told.excused_why) == (
        "excused",
        None,
        "Company holiday: Founders’ Day.",
    )


@pytest.mark.parametrize("role", ["delegate", "observer", "second_leader"])
def test_the_absence_of_anybody_else_excuses_nothing(cast: Cast, meeting: Meeting, role: str) -> None:
    away(getattr(cast, role))
    assert after_the_grace(meeting).state == "missed"


@pytest.mark.parametrize(("since", "until"), [(1, 3), (-3, -1)])
def test_days_beside_the_meeting_excuse_nothing(cast: Cast, meeting: Meeting, since: int, until: int) -> None:
    away(cast.ceo, since=since, until=until)
    assert after_the_grace(meeting).state == "missed"


def test_an_absence_entered_after_the_meeting_should_have_begun_excuses_nothing(
    cast: Cast, meeting: Meeting
) -> None:
    away(cast.leader, entered_at=NOW + timedelta(minutes=1))
    assert after_the_grace(meeting).state == "missed"


def test_a_meeting_held_on_a_day_off_is_held(cast: Cast, meeting: Meeting) -> None:
    holiday(cast)
    meeting.start(by=cast.ceo, now=NOW)
    assert after_the_grace(meeting).state == "held"


def test_a_meeting_moved_off_the_day_is_asked_for_and_can_be_missed(cast: Cast, meeting: Meeting) -> None:
    holiday(cast)
    meeting.move(NOW + 2 * DAY, by=cast.ceo, now=NOW - DAY, why="Holiday")
    assert {each.kind for each in reminders_due(NOW)} >= {"preparation"}
    sweep(NOW + 3 * DAY)
    meeting.refresh_from_db()
    assert meeting.state == "missed"


def test_on_a_day_off_nothing_is_asked_for_or_announced(cast: Cast, meeting: Meeting) -> None:
    holiday(cast)
    for hours in range(100, 0, -1):
        sweep(NOW - timedelta(hours=hours))
    sweep(NOW - timedelta(minutes=10))
    asked = Notice.objects.filter(kind__in=("preparation", "starting"), closed_at=None, to=cast.leader)
    assert not asked.exists()


def test_the_day_is_that_of_the_team_not_of_the_server(cast: Cast) -> None:
    team = make_team(company=cast.company, ceo=cast.ceo, leader=cast.leader, timezone="Pacific/Auckland")
    late_on_sunday = NOW - 12 * timedelta(hours=1)  # 20:00 on Sunday in UTC is 09:00 on Monday there
    meeting = make_meeting(team=team, starts_at=late_on_sunday)
    holiday(cast)
    sweep(late_on_sunday + DAY)
    meeting.refresh_from_db()
    assert meeting.state == "excused"


def test_many_teams_cost_one_query(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    teams = {make_team(company=cast.company, ceo=cast.ceo).pk for _ in range(5)}
    holiday(cast)
    away(cast.ceo)
    with django_assert_num_queries(1):
        told = find_days_off(teams, TODAY, TODAY)
    assert all(
        [off.label for off in told.on(team, NOW, "Europe/Paris")] == ["Founders’ Day", "Tom Marsh is away"]
        for team in teams
    )


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2026, 8, 3), (2026, 8, 3), "on 3 August 2026"),
        ((2026, 8, 3), (2026, 8, 14), "from 3 to 14 August 2026"),
        ((2026, 7, 30), (2026, 8, 14), "from 30 July to 14 August 2026"),
        ((2026, 12, 30), (2027, 1, 5), "from 30 December 2026 to 5 January 2027"),
        ((2026, 8, 3), (2027, 8, 3), "from 3 August 2026 to 3 August 2027"),
    ],
)
def test_days_are_spelled_out(first: tuple[int, int, int], last: tuple[int, int, int], said: str) -> None:
    assert spell_days(date(*first), date(*last)) == said


def test_an_absence_is_a_day_where_its_person_is(cast: Cast) -> None:
    """Tokyo's Tuesday 09:00 is Monday 19:00 in New York, where the leader is away on Monday."""
    team = make_team(company=cast.company, timezone="Asia/Tokyo", ceo=cast.ceo, leader=cast.leader)
    User.objects.filter(pk=cast.leader.pk).update(timezone="America/New_York")
    meeting = make_meeting(team=team, starts_at=datetime(2026, 11, 24, 0, tzinfo=UTC))
    monday = away(cast.leader)
    [affected] = find_affected_meetings([Absence.objects.get(pk=monday.pk)], NOW - 9 * DAY)
    assert affected.meetings == (meeting,)
    sweep(meeting.counts_as_missed_at)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.excused_by) == ("excused", cast.leader)


def test_a_holiday_is_a_day_where_the_team_is(cast: Cast) -> None:
    team = make_team(company=cast.company, timezone="Asia/Tokyo", ceo=cast.ceo, leader=cast.leader)
    meeting = make_meeting(team=team, starts_at=datetime(2026, 11, 24, 0, tzinfo=UTC))
    holiday(cast, TODAY + DAY)
    sweep(meeting.counts_as_missed_at)
    meeting.refresh_from_db()
    assert meeting.state == "excused"
