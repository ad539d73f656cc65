"""When a preparation is due, by each rule a team may have, and what a good one is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.rules.team_limits import LONGEST_WAIT
from meetings.rules.cadence_text import spell_due
from meetings.rules.preparation import (
    TIME_TO_READ,
    DueRule,
    Preparation,
    due_when_brought_forward,
    preparation_due,
)

PARIS, NEW_YORK, APIA = (ZoneInfo(name) for name in ("Europe/Paris", "America/New_York", "Pacific/Apia"))
CHRISTMAS = {date(2026, 12, day) for day in (24, 25)}
SHUT = {date(2026, 12, 1) + timedelta(days=number) for number in range(31)}


def working_day(zone: ZoneInfo = PARIS, at: time = time(17)) -> DueRule:
    return DueRule(None, at, zone)


@pytest.mark.parametrize(
    ("meets", "holidays", "due"),
    [
        pytest.param("2026-11-23 09:00", (), "2026-11-20 17:00", id="Monday by Friday"),
        pytest.param("2026-11-23 08:00", (), "2026-11-20 17:00", id="Monday early"),
        pytest.param("2026-11-24 09:00", (), "2026-11-23 17:00", id="Tuesday by Monday"),
        pytest.param("2026-11-22 10:00", (), "2026-11-20 17:00", id="Sunday by Friday"),
        pytest.param("2026-11-21 10:00", (), "2026-11-20 17:00", id="Saturday by Friday"),
        pytest.param("2026-11-23 23:30", (), "2026-11-20 17:00", id="Monday late, Tuesday in Tokyo"),
        pytest.param("2026-11-24 00:30", (), "2026-11-23 17:00", id="just after midnight, Monday in UTC"),
        pytest.param("2026-12-28 09:00", CHRISTMAS, "2026-12-23 17:00", id="over Christmas"),
        pytest.param("2026-12-25 09:00", CHRISTMAS, "2026-12-23 17:00", id="on a holiday"),
        pytest.param(
            "2026-12-29 09:00", CHRISTMAS, "2026-12-28 17:00", id="a holiday earlier on changes nothing"
        ),
        pytest.param("2026-03-30 09:00", (), "2026-03-27 17:00", id="over the change to summer time"),
        pytest.param("2026-10-26 09:00", (), "2026-10-23 17:00", id="over the change to winter time"),
        pytest.param("2026-12-30 09:00", SHUT, "2026-12-16 09:00", id="closed for longer than two weeks"),
    ],
)
def test_it_is_due_on_the_last_working_day_before_where_the_team_is(
    meets: str, holidays: set[date], due: str
) -> None:
    start, expected = (datetime.fromisoformat(moment).replace(tzinfo=PARIS) for moment in (meets, due))
    assert preparation_due(start, working_day(), holidays) == expected
    assert preparation_due(start.astimezone(UTC), working_day(), holidays).tzinfo is UTC


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, APIA])
def test_the_working_day_is_one_of_the_team_s_zone(zone: ZoneInfo) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=zone)
    assert preparation_due(start, working_day(zone)) == datetime(2026, 11, 20, 17, tzinfo=zone)


def test_there_are_four_hours_left_to_read_it() -> None:
    start = datetime(2026, 11, 24, 1, tzinfo=PARIS)
    assert preparation_due(start, working_day(at=time(22))) == datetime(2026, 11, 23, 21, tzinfo=PARIS)


def test_hours_are_real_ones_whatever_the_wall_clock_does() -> None:
    start = datetime(2026, 10, 26, 9, tzinfo=PARIS)
    assert preparation_due(start, DueRule(24, time(17), PARIS)) == datetime(2026, 10, 25, 8, tzinfo=UTC)


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from([PARIS, NEW_YORK, APIA]),
    at=st.times(),
    off=st.sets(st.integers(1, 40)),
)
def test_it_is_never_due_too_late_nor_more_than_two_weeks_before(
    start: datetime, zone: ZoneInfo, at: time, off: set[int]
) -> None:
    day = start.astimezone(zone).date()
    due = preparation_due(start, working_day(zone, at), {day - timedelta(days=number) for number in off})
    assert start - timedelta(hours=LONGEST_WAIT) <= due <= start - TIME_TO_READ


def test_a_rule_is_said_in_words() -> None:
    assert spell_due(working_day()) == "at 17:00 on the last working day before"
    assert spell_due(DueRule(24, time(17), PARIS)) == "24 hours before"
    assert spell_due(DueRule(1, time(17), PARIS)) == "1 hour before"


DUE = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("submitted", "missing", "good"),
    [
        (-HOUR, 0, True),
        (timedelta(), 0, True),
        (MINUTE, 0, False),
        (-HOUR, 1, False),
        (None, 0, False),
    ],
)
def test_a_good_preparation_is_in_time_and_whole(
    submitted: timedelta | None, missing: int, good: bool
) -> None:
    preparation = Preparation.of(None if submitted is None else DUE + submitted, DUE, missing)
    assert preparation.is_good == good
    assert preparation.is_late == (submitted == MINUTE)


@pytest.mark.parametrize(
    ("due", "by_rule", "to", "not_before"),
    [
        pytest.param("27 17:00", "26 17:00", "27 09:00", None, id="sooner, by the rule still ahead"),
        pytest.param("27 17:00", "20 17:00", "23 18:00", "23 14:00", id="today: four hours to read it"),
        pytest.param("27 17:00", "20 17:00", "23 11:00", "23 11:00", id="in two hours: until it starts"),
        pytest.param("23 12:00", "20 17:00", "23 18:00", "23 12:00", id="no later than it was"),
        pytest.param("20 17:00", "19 17:00", "23 18:00", "20 17:00", id="overdue already: it stays so"),
        pytest.param("20 17:00", "26 17:00", "27 09:00", None, id="overdue and put off: by the rule"),
    ],
)
def test_a_due_time_never_moves_into_the_past(
    due: str, by_rule: str, to: str, not_before: str | None
) -> None:
    def moment(text: str) -> datetime:
        return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)

    now = moment("23 09:00")
    found = due_when_brought_forward(moment(due), moment(by_rule), to=moment(to), now=now)
    assert found == (moment(not_before) if not_before else None)
    rule = DueRule(24, time(17), PARIS)
    assert preparation_due(moment(to), rule, not_before=found) == max(
        moment(to) - timedelta(hours=24), found or moment(to) - timedelta(hours=24)
    )
