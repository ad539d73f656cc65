"""After every step every person's calendar shows what the database says they are expected at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from alignment.models import Absence, AddressChange, Holiday, Invite, Notice, PlannedSeat, Seat, Team, User
from alignment.people.invitation_links import join_as
from alignment.people.membership import deactivate, take_back
from alignment.sign_in import email_change
from meetings.calendars import calendar_invites, feed
from meetings.models import CalendarInvite, Meeting, TeamCalendar
from meetings.rules.cadence import Cadence, Kind
from meetings.schedule.slots import plan_meetings
from meetings.teams.lifecycle import end_team, restart_team
from meetings.transitions.cadence_change import change_cadence
from meetings.transitions.move_and_excuse import excuse_meeting, move_meeting, start_meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_invited, make_member, make_seat, make_user
from tests.meetings.calendars.simulated import FAR, Office

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
A, B, C = NOW + 7 * DAY, NOW + 14 * DAY, NOW + 21 * DAY
WEDNESDAYS = date(2026, 12, 14)
pytestmark = pytest.mark.one_database


class World:
    """North's people, their calendars, and a clock that goes on ten minutes a step."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.team, self.office, self.now = cast, cast.north, Office(), NOW
        self.people = [cast.ceo, cast.leader, cast.delegate, cast.facilitator, cast.observer]
        User.objects.filter(pk=cast.ceo.pk).update(timezone="Europe/Paris")
        cast.south.seats.all().delete()  # one team a calendar
        plan_meetings(cast.north, NOW)
        self.settle()
        assert len(self.events_of(cast.observer)) == 26

    def at(self, slot: datetime) -> Meeting:
        return self.team.meetings.select_related("team__company").get(planned_start=slot)

    def settle(self) -> None:
        """Everything is sent, and every calendar is right."""
        self.office.pass_time(self.now)
        self.office.agree(self.team, self.people, self.now)
        self.now += 10 * MINUTE

    def to_wednesdays(self, since: date = WEDNESDAYS, weekday: int = 2) -> None:
        to = Cadence(Kind.WEEKLY, weekday, time(14), self.team.zone, since, None, 30)
        go = set(self.team.meetings.values_list("pk", flat=True))
        change_cadence(
            Team.objects.get(pk=self.team.pk), to, by=self.cast.ceo, now=self.now, stay=set(), go=go
        )
        self.settle()

    def events_of(self, person: User) -> dict[datetime, list[Any]]:
        return self.office.calendars[person.email].events(self.now, self.now + FAR)


@pytest.fixture
def world(cast: Cast) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield World(cast)


def move(world: World, slot: datetime = A, by: timedelta = 6 * HOUR) -> None:
    meeting = world.at(slot)
    move_meeting(meeting, meeting.starts_at + by, by=world.cast.ceo, now=world.now, why="Fair")


def excuse(world: World) -> None:
    excuse_meeting(world.at(A), by=world.cast.ceo, now=world.now, why="Fair")


def give_up_the_seat(world: World) -> None:
    Seat.objects.filter(team=world.team, user=world.cast.leader).update(until=TODAY)


def turn_off(world: World) -> None:
    calendar_invites.set_calendar_mail(User.objects.get(pk=world.cast.leader.pk), world.now, enabled=False)


def turn_off_and_on(world: World) -> None:
    turn_off(world)
    world.settle()
    calendar_invites.set_calendar_mail(User.objects.get(pk=world.cast.leader.pk), world.now, enabled=True)


def seat_another_leader(world: World) -> None:
    give_up_the_seat(world)
    nina = make_user(name="Nina New")
    make_seat(team=world.team, user=nina, role="leader")
    world.people.append(nina)


def start_early(world: World) -> None:
    start_meeting(world.at(A), by=world.cast.ceo, now=world.now)


def end_with_a_last_day(world: World) -> None:
    end_team(world.team, C.date(), by=world.cast.admin, now=world.now)


def change_address(world: World) -> None:
    row = AddressChange.objects.create(
        user=world.cast.leader, email="joe@new.test", asked_at=world.now, expires_at=world.now + DAY
    )
    assert email_change.confirm(row, now=world.now)


def be_away(world: World) -> None:
    Absence.objects.create(
        user=world.cast.leader, first=A.date(), last=A.date(), entered_at=world.now, entered_by=None
    )


def close_for_a_day(world: World) -> None:
    Holiday.objects.create(company=world.cast.company, day=B.date(), name="Founders’ Day")


def longer(world: World) -> None:
    Team.objects.filter(pk=world.team.pk).update(minutes_deals=35)


STEPS: list[Callable[[World], None]] = [
    move,
    excuse,
    give_up_the_seat,
    turn_off,
    turn_off_and_on,
    seat_another_leader,
    start_early,
    end_with_a_last_day,
    change_address,
    be_away,
    close_for_a_day,
    longer,
    lambda world: world.to_wednesdays(TODAY + 7 * DAY),
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_superseded", [False, True])
def test_each_step_reaches_every_calendar(
    world: World, step: Callable[[World], None], *, is_superseded: bool
) -> None:
    """Also while the old series still holds A and B, and a new one follows it."""
    if is_superseded:
        world.to_wednesdays()
    step(world)
    world.settle()
    world.now += DAY
    world.settle()


def test_many_steps_one_after_the_other(world: World) -> None:
    for step in (move, be_away, change_address, longer, excuse):
        step(world)
        world.settle()
    world.to_wednesdays()
    move(world, B)
    seat_another_leader(world)
    world.settle()
    world.to_wednesdays(TODAY + 10 * DAY, weekday=3)


def test_a_move_in_the_old_series_names_it(world: World) -> None:
    world.to_wednesdays()
    old = CalendarInvite.objects.get(seat__user=world.cast.leader, starts_on=A.date())
    move(world)
    world.settle()
    [event] = world.events_of(world.cast.leader)[A + 6 * HOUR]
    assert (str(event["UID"]), event["RECURRENCE-ID"].dt) == (str(old.uid), A)


def test_a_second_change_ends_the_old_series_before_it(world: World) -> None:
    world.to_wednesdays()
    world.to_wednesdays(A.date(), weekday=3)
    assert A not in world.events_of(world.cast.leader)


def test_who_is_deactivated_keeps_nothing_and_has_each_meeting_once_when_taken_back(world: World) -> None:
    cast, observer = world.cast, world.cast.observer
    make_member(company=cast.company, user=observer)
    assert deactivate(observer, cast.company, by=cast.admin, now=world.now) == ""
    world.settle()
    assert not User.objects.get(pk=observer.pk).is_active
    assert not world.office.calendars[observer.email].entries
    take_back(observer, cast.company, by=cast.admin, now=world.now)
    make_seat(team=world.team, user=observer, role="observer")
    world.settle()


def test_a_changed_address_empties_the_old_calendar_and_others_name_the_new(world: World) -> None:
    change_address(world)
    world.settle()
    assert not world.office.calendars["leader@demo.test"].entries
    [event] = world.events_of(world.cast.ceo)[A]
    assert "mailto:joe@new.test" in [str(guest) for guest in event["ATTENDEE"]]


@pytest.mark.parametrize("sits_there", [False, True])
def test_an_account_that_takes_over_what_was_invited_has_each_meeting_once(
    world: World, *, sits_there: bool
) -> None:
    """Its own calendar, not that of the stand-in; also when both had a seat of the team."""
    cast, eva = world.cast, make_user(name="Eva Elsewhere", email="eva@new.test")
    stand_in = make_invited(company=cast.company, email=eva.email)
    make_seat(team=world.team, user=stand_in, role="facilitator")
    if sits_there:
        make_seat(team=world.team, user=eva, role="observer")
        world.people.append(eva)
    world.settle()
    assert bool(world.events_of(eva)) is sits_there
    assert not world.office.calendars[stand_in.email].entries
    join_as(Invite.objects.get(user=stand_in), eva, now=world.now)
    world.people = [*{*world.people, eva}]
    world.settle()
    assert len(world.events_of(eva)) == 26
    move(world)
    world.settle()
    assert A + 6 * HOUR in world.events_of(eva)


def test_another_length_is_an_update_in_mails_and_in_the_feed(world: World) -> None:
    cast = world.cast
    cast.ceo.renew_calendar_token()
    before = _feed(cast.ceo)
    longer(world)
    world.settle()
    for events in world.events_of(cast.leader).values():
        for event in events:
            assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=60)
    after = _feed(cast.ceo)
    assert after.keys() == before.keys()
    for uid in after:
        assert int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
        assert after[uid]["LAST-MODIFIED"].dt > before[uid]["LAST-MODIFIED"].dt


def test_last_modified_never_goes_back_when_a_cadence_changes(world: World) -> None:
    world.cast.ceo.renew_calendar_token()
    before = _feed(world.cast.ceo)
    world.to_wednesdays(TODAY + 7 * DAY)
    after = _feed(world.cast.ceo)
    assert all(after[uid]["LAST-MODIFIED"].dt >= before[uid]["LAST-MODIFIED"].dt for uid in after)


def _feed(user: User) -> dict[str, Any]:
    from icalendar import Calendar

    document = feed.read_feed(user.calendar_token or "", NOW)
    assert document is not None
    return {str(event["UID"]): event for event in Calendar.from_ical(document.to_ics()).events}


@pytest.mark.parametrize(
    ("step", "slot", "note"),
    [
        (be_away, A, "Joe Keller is away"),
        (close_for_a_day, B, "Founders’ Day"),
    ],
)
def test_on_a_day_off_nothing_rings_and_the_title_says_why(
    world: World, step: Callable[[World], None], slot: datetime, note: str
) -> None:
    world.cast.ceo.renew_calendar_token()
    step(world)
    world.settle()
    mailed = world.events_of(world.cast.ceo)[slot]
    fed = [event for event in _feed(world.cast.ceo).values() if event["DTSTART"].dt == slot]
    for event in (*mailed, *fed):
        assert note in event["SUMMARY"]
        assert "Preparation" not in event["DESCRIPTION"]
        assert not list(event.walk("VALARM"))
    Absence.objects.all().delete()
    Holiday.objects.all().delete()
    world.settle()
    [event] = world.events_of(world.cast.ceo)[slot]
    assert list(event.walk("VALARM"))


def test_a_last_day_ends_the_series_at_once(world: World) -> None:
    end_with_a_last_day(world)
    world.settle()
    assert max(world.events_of(world.cast.leader)) == C


@pytest.mark.parametrize("days", [7, -7])
def test_another_last_day_leaves_each_meeting_once(world: World, days: int) -> None:
    end_with_a_last_day(world)
    world.settle()
    PlannedSeat.objects.waiting().update(cancelled_at=world.now)
    end_team(world.team, (C + days * DAY).date(), by=world.cast.admin, now=world.now)
    plan_meetings(Team.objects.get(pk=world.team.pk), world.now)
    world.settle()


def test_a_team_restarted_is_in_every_calendar_once(world: World) -> None:
    end_with_a_last_day(world)
    world.settle()
    restart_team(world.team, ceo=world.cast.ceo, leader=world.cast.leader, by=world.cast.admin, now=world.now)
    world.settle()


def test_who_joins_before_todays_moved_meeting_gets_it(world: World) -> None:
    world.now = A - 2 * HOUR
    move(world, A, 8 * HOUR)
    world.settle()
    world.now = A + HOUR
    olga = make_user(name="Olga New")
    make_seat(team=world.team, user=olga, role="observer")
    world.people.append(olga)
    world.settle()
    assert A + 8 * HOUR in world.events_of(olga)


def test_nothing_is_sent_twice_while_nothing_changes(world: World) -> None:
    be_away(world)
    world.settle()
    number = Notice.objects.filter(kind="invitation").count()
    for days in (1, 2, 8, 20):
        world.office.pass_time(NOW + days * DAY)
    assert Notice.objects.filter(kind="invitation").count() == number


def test_what_two_processes_find_is_told_once(world: World) -> None:
    longer(world)
    found = [team for team in calendar_invites.find_teams(world.now) if team.pk == world.team.pk]
    again = [team for team in calendar_invites.find_teams(world.now) if team.pk == world.team.pk]
    number = Notice.objects.count()
    for team in (*found, *again):
        assert calendar_invites.is_changed(team, world.now)
        calendar_invites.update_calendar_invites(team, world.now)
    assert Notice.objects.count() == number + 5
    assert TeamCalendar.objects.get(team=world.team).sequence == 1


def test_an_entry_that_is_long_over_is_let_go_without_a_mail(world: World) -> None:
    world.to_wednesdays()
    old = CalendarInvite.objects.filter(seat__team=world.team, starts_on=A.date())
    world.office.pass_time(C + 60 * DAY)
    assert not old.live().exists()
    assert not Notice.objects.filter(kind="cancelled").exists()
