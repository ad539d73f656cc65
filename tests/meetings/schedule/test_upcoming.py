"""What is planned stands on the team's page, with what is unusual about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from alignment.models import Absence, Holiday, User
from meetings.models import Meeting
from meetings.schedule.slots import plan_meetings
from meetings.schedule.upcoming import list_upcoming
from tests.cast import Cast
from tests.factories import NOW, TODAY

#: A year later the dates would carry their year.
pytestmark = pytest.mark.time_machine(NOW)
WEEK = timedelta(weeks=1)


def marks(cast: Cast) -> list[tuple[str, ...]]:
    return [row.marks for row in list_upcoming(cast.north, cast.north.meetings.all(), NOW)]


def test_the_next_eight_are_planned(cast: Cast) -> None:
    plan_meetings(cast.north, NOW)
    assert marks(cast) == [()] * 8


def test_holidays_and_absences_stand_at_their_meetings(cast: Cast) -> None:
    plan_meetings(cast.north, NOW)
    Holiday.objects.create(company=cast.company, day=TODAY + WEEK, name="Founders’ Day")
    Absence.objects.create(user=cast.leader, first=TODAY + 2 * WEEK, last=TODAY + 3 * WEEK, entered_at=NOW)
    assert marks(cast)[:4] == [("Founders’ Day",), ("Joe Keller is away",), ("Joe Keller is away",), ()]


def test_a_moved_and_an_excused_one_say_so(cast: Cast) -> None:
    plan_meetings(cast.north, NOW)
    first, second, *_ = cast.north.meetings.order_by("starts_at")
    first.move(first.starts_at + timedelta(days=1), by=cast.ceo, now=NOW, why="Fair")
    second.excuse(by=cast.ceo, now=NOW, why="Fair")
    assert marks(cast)[:2] == [("moved from 30 Nov 08:00",), ("excused",)]


def test_an_admin_finds_where_the_cadence_is_changed(
    cast: Cast, as_: Callable[[User], Client], time_machine
) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to(NOW, tick=False)
    plan_meetings(cast.north, NOW)
    pages = {who: as_(getattr(cast, who)).get("/teams/north/").content.decode() for who in ("admin", "ceo")}
    assert "/setup/demo/teams/north/cadence/" in pages["admin"]
    assert "/setup/demo/teams/north/cadence/" not in pages["ceo"]
    assert all("Monday 30 November" in page for page in pages.values())


def test_today_and_the_meeting_itself_say_that_somebody_is_away(
    cast: Cast, meeting: Meeting, as_: Callable[[User], Client], time_machine
) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to(NOW - timedelta(hours=30), tick=False)
    Absence.objects.create(user=cast.ceo, first=TODAY, last=TODAY, entered_at=NOW - WEEK)
    pages = {who: as_(getattr(cast, who)).get("/").content.decode() for who in ("ceo", "leader")}
    assert (
        "On the day of the next meeting Tom Marsh is away" in pages["ceo"]
        and "No preparation expected" in pages["ceo"]
    )
    assert "Tom Marsh is away on that day" in pages["leader"]
    assert "No preparation is expected" in as_(cast.leader).get(f"/meetings/{meeting.pk}/").content.decode()
