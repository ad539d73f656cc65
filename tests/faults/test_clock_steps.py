"""The whole clock over more than a year: one meeting a week at its local hour, whatever the zone and the
machine's clock do.

Travels with few sweeps: every eight weeks and once a day around each change of the offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from alignment.models import Notice, Team
from alignment.sweep.run import sweep
from meetings.models import Flag, Meeting
from tests.cast import Cast
from tests.factories import NOW, make_company, make_meeting, make_team
from tests.meetings.rules.test_cadence import HOURS, ZONES, gap
from tests.sweep import run_step

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
BEGIN, END = datetime(2026, 1, 2, 12, tzinfo=UTC), datetime(2028, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def teams(db: None) -> list[Team]:
    """One in each zone at each hour, on the day on which clocks are changed there, or on a Monday."""
    company = make_company()
    return [
        make_team(company=company, timezone=zone, local_time=at, weekday=weekday, starts_on=date(2026, 1, 3))
        for zone in ZONES
        for at in HOURS
        for weekday in (MONDAY, SATURDAY, SUNDAY)
    ]


def every_eight_weeks() -> Iterator[datetime]:
    now = BEGIN
    while now < END:
        yield now
        now += 8 * WEEK


def starts(team: Team) -> list[datetime]:
    """In the team's own time."""
    found = Meeting.objects.filter(team=team, planned_start__lt=END).order_by("planned_start")
    return [start.astimezone(team.zone) for start in found.values_list("planned_start", flat=True)]


def test_two_years_have_one_meeting_a_week_at_its_local_hour_in_every_zone(teams: list[Team]) -> None:
    for now in every_eight_weeks():
        run_step("meeting planning", now)
        assert run_step("meeting planning", now) == 0
    for team in teams:
        local = starts(team)
        days = [(after.date() - before.date()).days for before, after in pairwise(local)]
        assert set(days) == {7}, team.timezone
        assert {start.weekday() for start in local} == {team.weekday}
        weeks = {start.isocalendar()[:2] for start in local}
        assert len(weeks) == len(local) >= 112 and (2026, 53) in weeks
        for start in local:
            late = gap(start, team.local_time)
            assert late == timedelta(0) or is_in_a_gap(start, team), (team, start)


def is_in_a_gap(start: datetime, team: Team) -> bool:
    """Whether the team's hour does not exist that day, and the meeting is later by just what the clocks skip."""
    wanted = datetime.combine(start.date(), team.local_time, team.zone)
    back = wanted.astimezone(UTC).astimezone(team.zone)
    skipped = wanted.replace(fold=1).utcoffset() or timedelta(0)
    return back != wanted.replace(tzinfo=None) and gap(start, team.local_time) == abs(
        (wanted.utcoffset() or timedelta(0)) - skipped
    )


@pytest.mark.parametrize(
    ("zone", "weekday", "at", "day", "told"),
    [
        ("Europe/Paris", SUNDAY, time(2, 30), date(2026, 3, 29), "03:30"),
        ("America/New_York", SUNDAY, time(2, 30), date(2026, 3, 8), "03:30"),
        ("Australia/Lord_Howe", SUNDAY, time(2, 30), date(2026, 10, 4), "02:30"),
        ("America/Santiago", SUNDAY, time(0, 15), date(2026, 9, 6), "01:15"),
        ("Europe/Paris", SUNDAY, time(2, 30), date(2026, 10, 25), "02:30"),
        ("Australia/Lord_Howe", SUNDAY, time(1, 30), date(2026, 4, 5), "01:30"),
    ],
)
def test_the_changed_night_follows_the_written_rule(
    db: None, zone: str, weekday: int, at: time, day: date, told: str
) -> None:
    team = make_team(
        company=make_company(), timezone=zone, weekday=weekday, local_time=at, starts_on=date(2026, 1, 3)
    )
    for now in every_eight_weeks():
        run_step("meeting planning", now)
    that_day = [start for start in starts(team) if start.date() == day]
    assert [f"{start:%H:%M}" for start in that_day] == [told]
    assert that_day[0].fold == 0  # of an hour shown twice the first


def test_the_29th_of_february_has_its_meeting(db: None) -> None:
    tuesday = make_team(company=make_company(), weekday=1, starts_on=date(2028, 2, 1))
    run_step("meeting planning", datetime(2028, 2, 1, tzinfo=UTC))
    assert date(2028, 2, 29) in {start.date() for start in starts(tuesday)}


# The machine's clock is set


@pytest.fixture
def only_north(cast: Cast) -> Cast:
    Team.objects.exclude(pk=cast.north.pk).update(ends_on=(NOW - WEEK).date())
    make_meeting(team=cast.north)
    return cast


def everything() -> tuple[object, ...]:
    meetings = Meeting.objects.order_by("planned_start").values_list("planned_start", "state", "missed_at")
    owed = Notice.objects.order_by("key").values_list("key", "sent_at", "closed_at")
    return list(meetings), list(owed), list(Flag.objects.order_by("pk").values_list("step", "raised_at"))


@pytest.mark.parametrize("at", [NOW - 4 * DAY, NOW - 15 * MINUTE, NOW + HOUR, NOW + DAY, NOW + 8 * DAY])
def test_a_clock_set_back_ten_minutes_does_nothing_twice(only_north: Cast, at: datetime) -> None:
    sweep(at)
    before = everything()
    sweep(at - 10 * MINUTE)
    assert everything() == before
    sweep(at)
    assert everything() == before


def test_a_clock_set_back_over_the_start_tells_of_the_start_once(only_north: Cast) -> None:
    for minutes in (0, -10, 0, -10):
        sweep(NOW + minutes * MINUTE)
    assert Notice.objects.filter(kind="starting").count() == 2  # to the two


@pytest.mark.parametrize("at", [NOW - 4 * DAY, NOW - 30 * MINUTE, NOW + 23 * HOUR])
def test_a_clock_set_on_two_hours_and_put_right_does_each_thing_once(only_north: Cast, at: datetime) -> None:
    sweep(at)
    sweep(at + 2 * HOUR)
    ahead = keys()
    for minutes in range(10, 240, 10):
        sweep(at + minutes * MINUTE)
    again = keys()
    assert len(again) == len(set(again))
    assert set(ahead) <= set(again)
    assert not [key for key in set(again) - set(ahead) if key.startswith(("missed", "week"))]


def keys() -> list[str]:
    return list(Notice.objects.values_list("key", flat=True))


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Paris", date(2027, 3, 28)),
        ("Europe/Paris", date(2026, 10, 25)),
        ("America/New_York", date(2026, 11, 1)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
        ("America/Santiago", date(2027, 4, 4)),
    ],
)
def test_a_meeting_in_the_changed_night_is_reminded_of_and_missed_once(
    cast: Cast, zone: str, night: date
) -> None:
    Team.objects.exclude(pk=cast.north.pk).update(ends_on=date(2026, 1, 1))
    Team.objects.filter(pk=cast.north.pk).update(
        timezone=zone, weekday=SUNDAY, local_time=time(1, 30), starts_on=night - DAY, ends_on=night
    )
    start = datetime.combine(night, time(1, 30), ZoneInfo(zone)).astimezone(UTC)
    for hours in (-140, -97, -96, -95, -60, -48, -47, -26, -25, -1, -0.2, -0.1, 0.2, 1, 12, 23.5, 24, 25):
        sweep(start + hours * HOUR)
    assert Meeting.objects.get(team=cast.north).starts_at == start
    assert Meeting.objects.get(team=cast.north).state == "missed"
    kinds = Notice.objects.filter(to=cast.leader, closed_at=None).exclude(kind="invitation")
    told = sorted(kinds.values_list("kind", flat=True))
    assert told == ["missed", "preparation", "preparation", "preparation", "starting"]
