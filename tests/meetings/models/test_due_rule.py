"""A team that prepares by the last working day before: everybody who says when that is says the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from alignment.models import Holiday, Notice, Team, User
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import KINDS
from meetings.home.queries import days_off_near, teams_of
from meetings.home.team_snapshots import team_snapshot
from meetings.models import Meeting
from meetings.sweep.preparation_reminders import find_unprepared
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_meeting, make_team
from tests.sweep import enqueue_reminders, reminders_due

PARIS = ZoneInfo("Europe/Paris")
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
NEXT = NOW + WEEK
THURSDAY = datetime(2026, 11, 26, 17, tzinfo=PARIS)
As = Callable[[User], Client]


@pytest.fixture
def ahead(cast: Cast) -> Meeting:
    """Monday 30 November; the Friday before is a holiday, so it is due on Thursday at 17:00."""
    Team.objects.filter(pk=cast.north.pk).update(due_rule="working_day")
    Holiday.objects.create(company=cast.company, day=date(2026, 11, 27), name="Founders’ Day")
    meeting = make_meeting(team=cast.north, starts_at=NEXT)
    return Meeting.objects.select_related("team__company").get(pk=meeting.pk)


def test_the_meeting_the_sweep_and_home_say_the_same(cast: Cast, ahead: Meeting) -> None:
    [row] = [row for row in find_unprepared(NOW) if row.pk == ahead.pk]
    teams = teams_of(cast.leader, NOW)
    [snapshot] = [team_snapshot(team, days_off_near(teams, TODAY), NOW) for team in teams]
    assert snapshot.next is not None
    assert ahead.preparation_due == row.due == snapshot.next.preparation_due == THURSDAY


def test_the_feed_says_it_too(cast: Cast, ahead: Meeting) -> None:
    cast.leader.renew_calendar_token()
    with time_machine.travel(NOW, tick=False):
        content = Client().get(f"/calendar/{cast.leader.calendar_token}.ics").content
    [event] = Calendar.from_ical(content).events
    assert "Preparation is due on Thursday 26 November 2026 at 17:00 (Europe/Paris)." in event["DESCRIPTION"]


def test_a_page_that_prepares_and_one_that_reviews_it_say_it(cast: Cast, ahead: Meeting, as_: As) -> None:
    with time_machine.travel(THURSDAY + HOUR, tick=False):
        assert "was due" in as_(cast.ceo).get(f"/meetings/{ahead.pk}/").content.decode()
    with time_machine.travel(THURSDAY - HOUR, tick=False):
        assert "was due" not in as_(cast.ceo).get(f"/meetings/{ahead.pk}/").content.decode()
        assert as_(cast.leader).get(f"/meetings/{ahead.pk}/prepare/").status_code == 200


def test_it_is_asked_for_before_that_and_not_before_the_meeting(cast: Cast, ahead: Meeting) -> None:
    def kinds(now: datetime) -> list[int]:
        return [
            reminder.payload["hours"] for reminder in reminders_due(now) if reminder.kind == "preparation"
        ]

    assert not kinds(THURSDAY - 73 * HOUR)
    assert set(kinds(THURSDAY - 72 * HOUR)) == {72}
    assert set(kinds(THURSDAY - HOUR)) == {72, 24, 2}


def test_over_a_long_break_it_is_asked_for_long_before(cast: Cast, ahead: Meeting) -> None:
    """Closed for ten days: due a week and a half before the meeting, asked for three days before that."""
    for number in range(10):
        Holiday.objects.get_or_create(company=cast.company, day=date(2026, 11, 20) + number * DAY)
    due = datetime(2026, 11, 19, 17, tzinfo=PARIS)
    asked = [each for each in reminders_due(due - 72 * HOUR) if each.payload.get("meeting") == ahead.pk]
    assert {each.payload["hours"] for each in asked} == {72}


def test_a_holiday_entered_later_asks_anew(cast: Cast, ahead: Meeting) -> None:
    enqueue_reminders(THURSDAY - 24 * HOUR)
    Holiday.objects.create(company=cast.company, day=date(2026, 11, 26), name="Another")
    again = [each for each in reminders_due(THURSDAY - 24 * HOUR) if each.kind == "preparation"]
    assert {each.payload["hours"] for each in again} == {72, 24, 2}


def test_what_was_submitted_in_time_stays_so_when_the_rule_changes(cast: Cast, ahead: Meeting) -> None:
    ahead.submit_preparation(by=cast.leader, now=THURSDAY - HOUR)
    Holiday.objects.create(company=cast.company, day=date(2026, 11, 26), name="Another")
    found = Meeting.objects.get(pk=ahead.pk)
    assert found.due_when_submitted == THURSDAY and not found.preparation.is_late


def test_a_batch_of_mails_costs_the_same_for_any_number(cast: Cast, ahead: Meeting) -> None:
    few = cost_of_writing(cast)
    for _ in range(9):
        team = make_team(company=cast.company, due_rule="working_day", ceo=cast.ceo, leader=cast.leader)
        make_meeting(team=team, starts_at=NEXT)
    assert cost_of_writing(cast) == few


def cost_of_writing(cast: Cast) -> int:
    """Of all mails that ask the leader two hours before it is due."""
    now, kind = THURSDAY - 2 * HOUR, KINDS["preparation"]
    enqueue_reminders(now)
    notices = list(
        Notice.objects.filter(kind="preparation", closed_at=None, to=cast.leader).select_related("to")
    )
    assert kind.read is not None
    with CaptureQueriesContext(connection) as queries, time_machine.travel(now, tick=False):
        read = kind.read(notices)
        for notice in notices:
            notice.data = read[notice.pk]
            message = kind.write(notice)
            assert isinstance(message, Message) and "due today 17:00" in message.text()
    return len(queries)


@pytest.mark.parametrize("address", ["/", "/teams/north/", "/meetings/attendance/"])
def test_pages_cost_the_same_for_any_number_of_meetings(
    cast: Cast, ahead: Meeting, as_: As, address: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries, time_machine.travel(NOW, tick=False):
            as_(cast.ceo).get(address, follow=True)
        return len(queries)

    def more(numbers: range) -> None:
        for number in numbers:
            make_meeting(team=cast.north, starts_at=NEXT + number * WEEK)
            make_meeting(team=cast.north, starts_at=NOW - number * WEEK, state="missed", missed_at=NOW)

    more(range(1, 2))
    cost()
    few = cost()
    more(range(2, 7))
    assert cost() == few
