"""What is owed at a moment, to whom. NOW is the start of North's meeting: Monday 09:00 in Paris, prepared by
Sunday 09:00.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Absence, Holiday, Notice, Team, User
from alignment.sweep.run import sweep
from meetings.models import Attendance, Meeting
from meetings.sweep.reminder import Reminder
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_held_meeting,
    make_meeting,
    make_seat,
    make_team,
    make_user,
)
from tests.sweep import enqueue_reminders, reminders_due

DUE = NOW - timedelta(hours=24)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


def told(cast: Cast, now: datetime, kind: str = "") -> list[tuple[str, str]]:
    """Kind and first name of everyone owed something at `now`."""
    names = dict(User.objects.values_list("pk", "name"))
    wanted = [each for each in reminders_due(now) if not each.skipped and kind in ("", each.kind)]
    return sorted((each.kind, names[each.to].split()[0]) for each in wanted)


def keys(due: list[Reminder]) -> set[str]:
    return {reminder.key for reminder in due}


# The preparation

BOTH_OF_LEADER = [("preparation", "Dana"), ("preparation", "Joe")]


@pytest.mark.parametrize(
    ("before_due", "expected"),
    [
        (73 * HOUR, []),
        (72 * HOUR + MINUTE, []),
        (72 * HOUR, BOTH_OF_LEADER),
        (71 * HOUR, BOTH_OF_LEADER),
        (24 * HOUR, BOTH_OF_LEADER),
        (2 * HOUR, BOTH_OF_LEADER),
        (-23 * HOUR, BOTH_OF_LEADER),
        (-24 * HOUR, []),
    ],
)
def test_the_leaders_side_is_asked_for_the_preparation_until_the_meeting(
    cast: Cast, meeting: Meeting, before_due: timedelta, expected: list[tuple[str, str]]
) -> None:
    assert told(cast, DUE - before_due, "preparation") == expected


@pytest.mark.parametrize("step", [29, 61])
def test_three_reminders_each_at_its_hour_however_often_the_clock_looks(
    cast: Cast, meeting: Meeting, step: int
) -> None:
    moment = DUE - timedelta(hours=80)
    while moment < NOW:
        enqueue_reminders(moment)
        enqueue_reminders(moment)
        moment += timedelta(minutes=step)
    sent = Notice.objects.filter(kind="preparation", to=cast.leader, closed_at=None).order_by("due_at")
    assert [notice.due_at for notice in sent] == [DUE - timedelta(hours=hours) for hours in (72, 24, 2)]


def test_nothing_more_is_asked_once_it_is_submitted(cast: Cast, meeting: Meeting) -> None:
    enqueue_reminders(DUE - 72 * HOUR)
    meeting.submit_preparation(by=cast.leader, now=DUE - 30 * HOUR)
    assert told(cast, DUE - 24 * HOUR, "preparation") == told(cast, DUE - 2 * HOUR, "preparation") == []


def test_a_moved_meeting_is_asked_for_anew_for_its_new_time(cast: Cast, meeting: Meeting) -> None:
    for hours in (72, 24):
        enqueue_reminders(DUE - hours * HOUR)
    meeting.move(NOW + 4 * DAY, by=cast.ceo, now=DUE - 20 * HOUR, why="Trade fair")
    assert told(cast, DUE - 19 * HOUR, "preparation") == []
    for hours in (24, 72):
        assert told(cast, DUE + hours * HOUR, "preparation") == BOTH_OF_LEADER
        enqueue_reminders(DUE + hours * HOUR)


def test_a_meeting_moved_nearer_after_it_was_asked_for_is_asked_for_again(cast: Cast) -> None:
    """Friday 09:00, asked for on Monday 09:00, and moved a minute later to Monday 17:00."""
    meeting = make_meeting(team=cast.north, starts_at=NOW + 4 * DAY)
    enqueue_reminders(NOW)
    meeting.move(NOW + 8 * HOUR, by=cast.ceo, now=NOW + MINUTE, why="The client comes")
    assert told(cast, NOW + 2 * MINUTE, "preparation") == BOTH_OF_LEADER
    enqueue_reminders(NOW + 2 * MINUTE)
    assert told(cast, NOW + 3 * MINUTE, "preparation") == []


def test_another_hour_at_which_it_is_due_is_asked_for_anew(cast: Cast, meeting: Meeting) -> None:
    enqueue_reminders(DUE - 24 * HOUR)
    Team.objects.filter(pk=cast.north.pk).update(preparation_hours=47)
    assert told(cast, DUE - 23 * HOUR, "preparation") == BOTH_OF_LEADER


def test_a_leader_who_takes_over_shortly_before_it_is_due_is_asked(cast: Cast, meeting: Meeting) -> None:
    enqueue_reminders(DUE - 24 * HOUR)
    cast.north.seats.filter(user=cast.leader).update(until=TODAY - 2 * DAY)
    make_seat(team=cast.north, user=make_user(name="Nina New"), role="leader")
    assert told(cast, DUE - 20 * HOUR, "preparation") == [("preparation", "Nina")]
    enqueue_reminders(DUE - 20 * HOUR)
    assert told(cast, DUE - 19 * HOUR, "preparation") == []


def test_an_absence_withdrawn_in_time_lets_the_preparation_be_asked_for(cast: Cast, meeting: Meeting) -> None:
    away = Absence.objects.create(user=cast.ceo, first=TODAY, last=TODAY, entered_at=NOW - 9 * DAY)
    enqueue_reminders(DUE - 24 * HOUR)
    away.delete()
    assert told(cast, DUE - 20 * HOUR, "preparation") == BOTH_OF_LEADER


def test_a_meeting_planned_or_moved_nearer_is_asked_for_at_once_and_once(
    cast: Cast, meeting: Meeting
) -> None:
    far = make_meeting(team=cast.south, starts_at=NOW + 20 * DAY)
    far.move(NOW + DAY, by=cast.ceo, now=NOW - 10 * HOUR, why="Sooner")
    enqueue_reminders(NOW - 10 * HOUR)
    mine = Notice.objects.filter(kind="preparation", to=cast.second_leader)
    assert sorted(mine.values_list("payload__hours", "closed_at")) == [(24, None), (72, NOW - 10 * HOUR)]


def test_after_an_outage_only_the_latest_is_sent_and_the_others_are_marked_skipped(
    cast: Cast, meeting: Meeting
) -> None:
    enqueue_reminders(DUE - HOUR)
    rows = Notice.objects.filter(to=cast.leader, kind="preparation").order_by("due_at")
    assert [(row.payload["hours"], row.state) for row in rows] == [
        (72, "closed"),
        (24, "closed"),
        (2, "pending"),
    ]
    assert rows[0].error


def test_a_team_without_a_leader_is_asked_as_soon_as_there_is_one(cast: Cast) -> None:
    away = make_meeting(team=cast.away, starts_at=NOW)
    assert not enqueue_reminders(DUE - 20 * HOUR)
    make_seat(team=away.team, user=cast.observer, role="leader")
    assert told(cast, DUE - 19 * HOUR) == [("preparation", "Olaf")]


def test_the_hours_follow_the_teams_own_policy(cast: Cast, meeting: Meeting) -> None:
    type(cast.north).objects.filter(pk=cast.north.pk).update(preparation_hours=48)
    assert told(cast, DUE - 24 * HOUR - 72 * HOUR, "preparation") == BOTH_OF_LEADER


@pytest.mark.parametrize("state", ["excused", "held", "in_progress"])
def test_nobody_is_asked_to_prepare_what_is_over_excused_or_begun(
    cast: Cast, meeting: Meeting, state: str
) -> None:
    Meeting.objects.update(
        state=state, started_at=NOW - DAY, closed_at=NOW, excused_at=NOW, excused_why="x", suspended_at=NOW
    )
    assert told(cast, DUE - 2 * HOUR) == []


# The meeting


def test_the_ceo_is_told_once_when_it_is_ready_to_read(cast: Cast, meeting: Meeting) -> None:
    meeting.submit_preparation(by=cast.leader, now=DUE - HOUR)
    assert told(cast, DUE) == [("prepared", "Tom")]
    assert enqueue_reminders(DUE) == 1
    assert enqueue_reminders(DUE + MINUTE) == 0


@pytest.mark.parametrize(
    ("after_start", "expected"),
    [(-16, 0), (-15, 2), (-1, 2), (0, 0), (5, 0)],
)
def test_the_two_are_told_a_quarter_of_an_hour_before(
    cast: Cast, meeting: Meeting, after_start: int, expected: int
) -> None:
    assert len(told(cast, NOW + after_start * MINUTE, "starting")) == expected


def test_a_meeting_moved_after_it_was_announced_is_announced_again(cast: Cast, meeting: Meeting) -> None:
    enqueue_reminders(NOW - 10 * MINUTE)
    assert told(cast, NOW - 9 * MINUTE, "starting") == []
    meeting.move(NOW + HOUR, by=cast.ceo, now=NOW - 5 * MINUTE, why="Train is late")
    assert len(told(cast, NOW + 50 * MINUTE, "starting")) == 2


@pytest.mark.parametrize(("minutes", "expected"), [(4, []), (5, [("absent", "Joe")]), (61, [])])
def test_who_is_not_in_it_is_told_five_minutes_after_the_start(
    cast: Cast, meeting: Meeting, minutes: int, expected: list[tuple[str, str]]
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    assert told(cast, NOW + minutes * MINUTE, "absent") == expected


def test_who_started_another_meeting_of_the_team_is_told_of_this_one(cast: Cast, meeting: Meeting) -> None:
    make_held_meeting(team=cast.north, started_by=cast.leader)
    meeting.start(by=cast.ceo, now=NOW)
    assert told(cast, NOW + 5 * MINUTE, "absent") == [("absent", "Joe")]


def test_who_is_in_it_is_not_told(cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    Attendance.objects.create(meeting=meeting, user=cast.leader, role="leader", present=True, at=NOW)
    assert told(cast, NOW + 6 * MINUTE, "absent") == []


def test_both_are_told_of_a_miss_once(cast: Cast, meeting: Meeting) -> None:
    sweep(NOW + 24 * HOUR)
    missed = Notice.objects.filter(kind="missed")
    assert {notice.to for notice in missed} == {cast.ceo, cast.leader}
    sweep(NOW + 25 * HOUR)
    assert missed.count() == 2


def test_a_clock_that_stood_still_over_three_meetings_makes_no_storm(cast: Cast) -> None:
    sweep(NOW - 6 * DAY)
    sweep(NOW + 16 * DAY)
    leader = Notice.objects.filter(to=cast.leader)
    assert Meeting.objects.filter(team=cast.north, state="missed").count() == 3
    assert leader.filter(kind="missed", closed_at=None).count() == 1
    assert leader.filter(kind="missed").exclude(closed_at=None).count() == 2
    assert leader.filter(kind="preparation").exclude(closed_at=None).count() == 9
    assert not leader.filter(kind="preparation", closed_at=None).exists()


# Commitments: told at nine in the morning of their owner (Paris, one hour before UTC)

EVE = NOW - DAY


@pytest.mark.parametrize(
    ("now", "expected"),
    [(EVE - MINUTE, 0), (EVE, 1), (EVE + 14 * HOUR, 1), (NOW - MINUTE, 0), (NOW, 1), (NOW + DAY, 0)],
)
def test_what_is_due_is_told_the_morning_before_and_else_that_morning(
    cast: Cast, now: datetime, expected: int
) -> None:
    for _ in range(3):
        make_commitment(team=cast.north, owner=cast.leader, due=TODAY)
    assert len(told(cast, now, "commitments_due")) == expected


def test_the_morning_is_that_of_the_owners_zone(cast: Cast) -> None:
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY)
    User.objects.filter(pk=cast.leader.pk).update(timezone="America/Los_Angeles")
    assert told(cast, EVE + 8 * HOUR, "commitments_due") == []
    assert told(cast, EVE + 9 * HOUR, "commitments_due") == [("commitments_due", "Joe")]


def test_what_is_done_or_dropped_is_not_told(cast: Cast) -> None:
    done = make_commitment(team=cast.north, owner=cast.leader, due=TODAY)
    done.do(by=cast.leader, now=EVE - DAY)
    for kind in ("commitments_due", "overdue"):
        assert told(cast, EVE, kind) == told(cast, NOW, kind) == told(cast, NOW + DAY, kind) == []


def test_what_was_told_the_day_before_is_not_told_again(cast: Cast) -> None:
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY)
    enqueue_reminders(EVE)
    assert told(cast, NOW, "commitments_due") == []


@pytest.mark.parametrize("due", [date(2026, 10, 19), date(2027, 3, 22)])
def test_overdue_comes_at_nine_in_the_week_of_a_change_of_the_clocks_too(cast: Cast, due: date) -> None:
    """The clocks change on 25 October and on 28 March, in Paris."""
    make_commitment(team=cast.north, owner=cast.leader, due=due)
    for day in (1, 8, 15):
        nine = datetime.combine(due + day * DAY, time(9), ZoneInfo("Europe/Paris")).astimezone(UTC)
        assert told(cast, nine - MINUTE, "overdue") == []
        assert told(cast, nine, "overdue") == [("overdue", "Joe")]
        enqueue_reminders(nine)
        assert told(cast, nine + 6 * DAY, "overdue") == []


def test_what_is_overdue_is_told_the_next_morning_and_then_once_a_week(cast: Cast) -> None:
    for days in (0, 2, 3):
        make_commitment(team=cast.north, owner=cast.leader, due=TODAY + days * DAY)
    for hours in range(0, 30 * 24, 3):
        enqueue_reminders(NOW + hours * HOUR)
    sent = Notice.objects.filter(kind="overdue").order_by("due_at")
    assert [(notice.due_at - NOW).days for notice in sent] == [1, 8, 15, 22, 29]


# The week


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW - 2 * HOUR - MINUTE, []),
        (NOW - 2 * HOUR, [("week", "Tom")]),
        (NOW + 14 * HOUR, [("week", "Tom")]),
        (NOW + 2 * DAY, [("week", "Tom")]),
        (NOW + 4 * DAY, [("week", "Tom")]),
        (NOW + 5 * DAY, []),
    ],
)
def test_a_ceo_of_several_teams_gets_the_week_on_monday_morning_and_else_until_friday(
    cast: Cast, now: datetime, expected: list[tuple[str, str]]
) -> None:
    assert told(cast, now, "week") == expected


def test_the_week_is_told_once_and_not_to_the_ceo_of_one_team(cast: Cast) -> None:
    assert enqueue_reminders(NOW) == 1
    assert told(cast, NOW + HOUR, "week") == told(cast, NOW + DAY, "week") == []


@pytest.mark.parametrize("is_away", [False, True])
def test_after_a_monday_off_the_week_comes_on_the_next_working_day(cast: Cast, *, is_away: bool) -> None:
    if is_away:
        Absence.objects.create(user=cast.ceo, first=NOW.date(), last=NOW.date(), entered_at=NOW)
    else:
        Holiday.objects.create(company=cast.company, day=NOW.date(), name="Closed")
    assert told(cast, NOW, "week") == []
    assert told(cast, NOW + DAY - 2 * HOUR - MINUTE, "week") == []
    assert told(cast, NOW + DAY - 2 * HOUR, "week") == [("week", "Tom")]
    assert enqueue_reminders(NOW + DAY) == 1
    assert told(cast, NOW + 2 * DAY, "week") == []


# Once, whatever happens


def test_a_key_names_the_meeting_and_the_hour_and_never_the_day_it_ran(cast: Cast, meeting: Meeting) -> None:
    early, late = keys(reminders_due(DUE - 24 * HOUR)), keys(reminders_due(DUE - 23 * HOUR))
    assert early == late
    assert f"preparation:meeting-{meeting.pk}.0-20261122T0800-24h:{cast.leader.pk}" in early


def test_two_beats_and_a_jumping_clock_owe_each_thing_once(cast: Cast, meeting: Meeting) -> None:
    """Ten days, every two hours, by two clocks, one of which goes ten minutes back and two hours ahead at times."""
    jumps: dict[int, timedelta] = {5: -10 * MINUTE, 7: 2 * HOUR}
    for tick in range(10 * 12):
        moment = NOW - 8 * DAY + tick * 2 * HOUR - 5 * MINUTE
        sweep(moment)
        sweep(moment + jumps.get(tick % 9, timedelta()))
    mine = Notice.objects.filter(to=cast.leader, payload__meeting=meeting.pk, closed_at=None)
    assert sorted(mine.values_list("kind", flat=True)) == [
        "missed",
        "preparation",
        "preparation",
        "preparation",
        "starting",
    ]


def test_a_reader_who_left_is_owed_nothing(cast: Cast, meeting: Meeting) -> None:
    User.objects.filter(pk__in=(cast.leader.pk, cast.delegate.pk)).update(is_active=False)
    assert told(cast, DUE - 2 * HOUR) == []


def test_an_admin_of_the_company_sees_what_is_owed_and_one_of_another_does_not(
    cast: Cast, meeting: Meeting
) -> None:
    enqueue_reminders(DUE - 2 * HOUR)
    assert Notice.objects.visible_to(cast.admin).exists()
    assert not Notice.objects.visible_to(cast.outsider).exists()


@pytest.mark.parametrize("number", [1, 40])
def test_the_queries_are_the_same_for_any_number_of_teams(cast: Cast, number: int) -> None:
    for _ in range(number):
        make_meeting(team=make_team(company=cast.company, leader=cast.leader), starts_at=NOW)
    enqueue_reminders(DUE - 2 * HOUR)
    with CaptureQueriesContext(connection) as caught:
        reminders_due(DUE - 2 * HOUR + MINUTE)
    assert len(caught) == 16
