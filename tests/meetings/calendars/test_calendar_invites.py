"""Who is owed which calendar entry, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.test import Client

from alignment.models import Notice, Team, User
from alignment.sweep.run import sweep
from meetings.calendars import calendar_invites
from meetings.models import CalendarInvite, Meeting, TransitionNotAllowed
from meetings.transitions import move_and_excuse
from tests.cast import Cast
from tests.factories import NOW, make_meeting, make_seat, make_team, make_user
from tests.sweep import run_step

SEATED = ["ceo", "delegate", "facilitator", "leader", "observer"]
LATER = NOW + timedelta(minutes=1)


def owed(kind: str, team: Team | None = None) -> list[str]:
    """The names before the @ of everyone who is owed one, oldest first."""
    notices = Notice.objects.filter(kind=kind).order_by("pk").values_list("to__email", flat=True)
    return [address.partition("@")[0] for address in notices]


def test_everyone_seated_on_a_complete_team_is_invited_once(cast: Cast) -> None:
    assert sweep(NOW).counts["invited"] == 7  # North's five and South's two; Away has no leader yet
    assert sorted(owed("invitation")) == sorted([*SEATED, "ceo", "second_leader"])
    assert sweep(LATER).counts["invited"] == 0
    assert len(owed("invitation")) == 7


def test_the_series_begins_with_the_next_slot(cast: Cast) -> None:
    invitation = calendar_invites.send_calendar_invite(cast.north.current_seats[0], NOW)
    assert invitation is not None
    assert (invitation.starts_on, invitation.local_time, invitation.weekday) == (
        date(2026, 11, 30),
        time(9),
        0,
    )


def test_inviting_a_seat_twice_owes_one_mail(cast: Cast) -> None:
    seat = cast.north.current_seats[0]
    assert calendar_invites.send_calendar_invite(seat, NOW) == calendar_invites.send_calendar_invite(
        seat, LATER
    )
    assert owed("invitation") == ["ceo"]


def test_a_team_that_has_ended_invites_nobody(cast: Cast) -> None:
    Team.objects.update(ends_on=NOW.date() - timedelta(days=1))
    assert run_step("calendar invitations", NOW) == 0
    Team.objects.update(ends_on=NOW.date() + timedelta(days=2))  # and no slot is left
    assert run_step("calendar invitations", NOW) == 0


def test_who_wants_no_mail_and_who_left_is_not_invited(cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(calendar_mail=False)
    User.objects.filter(pk=cast.observer.pk).update(is_active=False)
    run_step("calendar invitations", NOW)
    assert not {"leader", "observer"} & set(owed("invitation"))


def test_an_observers_seat_given_up_ends_that_series_alone(cast: Cast) -> None:
    run_step("calendar invitations", NOW)
    cast.north.seats.filter(user=cast.observer).update(until=NOW.date())
    run_step("calendar invitations", LATER)
    run_step("calendar invitations", LATER)
    assert owed("cancelled") == ["observer"]
    assert len(owed("invitation")) == 7


def test_another_leader_brings_the_others_a_new_title(cast: Cast) -> None:
    run_step("calendar invitations", NOW)
    cast.north.seats.filter(user=cast.leader).update(until=NOW.date())
    make_seat(team=cast.north, user=make_user(email="nina@demo.test"), role="leader")
    run_step("calendar invitations", LATER)
    assert owed("cancelled") == ["leader"]
    assert sorted(owed("invitation")[7:]) == ["ceo", "delegate", "facilitator", "nina", "observer"]
    assert set(
        CalendarInvite.objects.live().filter(seat__team=cast.south).values_list("sequence", flat=True)
    ) == {0}


def test_turning_invitations_off_takes_them_back_and_on_sends_them_again(cast: Cast) -> None:
    run_step("calendar invitations", NOW)
    calendar_invites.set_calendar_mail(cast.leader, LATER, enabled=False)
    assert owed("cancelled") == ["leader"]
    calendar_invites.set_calendar_mail(cast.leader, LATER, enabled=True)
    assert owed("invitation")[7:] == ["leader"]
    assert CalendarInvite.objects.filter(seat__user=cast.leader).count() == 2


def test_a_new_cadence_ends_each_series_and_begins_another(cast: Cast) -> None:
    run_step("calendar invitations", NOW)
    cast.north.weekday = 2
    cast.north.save()
    calendar_invites.renew_calendar_invites(Team.objects.get(pk=cast.north.pk), LATER, since=date(2027, 1, 4))
    old, new = CalendarInvite.objects.filter(seat__user=cast.leader).order_by("pk")
    assert (old.ends_on, old.sequence, old.ended_at) == (date(2027, 1, 3), 1, None)  # it lasts until then
    assert (new.starts_on, new.weekday, new.ended_at) == (date(2027, 1, 6), 2, None)
    assert owed("invitation").count("leader") == 3


def test_a_new_cadence_before_a_series_began_takes_it_back(cast: Cast) -> None:
    run_step("calendar invitations", NOW)
    calendar_invites.renew_calendar_invites(cast.north, LATER, since=date(2026, 11, 24))
    assert sorted(owed("cancelled")) == SEATED


def test_one_team_with_a_broken_zone_does_not_keep_the_others_from_being_invited(cast: Cast) -> None:
    Team.objects.filter(pk=cast.north.pk).update(timezone="Mars/Base")
    assert sweep(NOW).counts["invited"] == 2


def test_a_move_and_an_excuse_are_told_to_everyone_seated(cast: Cast, meeting: Meeting) -> None:
    move_and_excuse.move_meeting(meeting, NOW + timedelta(days=1), by=cast.ceo, now=NOW, why="Board")
    assert sorted(owed("moved")) == SEATED
    move_and_excuse.excuse_meeting(meeting, by=cast.ceo, now=NOW, why="Fair")
    assert sorted(owed("cancelled")) == SEATED
    assert meeting.sequence == 2


def test_a_move_that_is_refused_is_not_told(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(TransitionNotAllowed):
        move_and_excuse.move_meeting(meeting, NOW - timedelta(days=1), by=cast.ceo, now=NOW, why="Board")
    assert owed("moved") == []


def test_the_pages_tell_it(cast: Cast, as_: Callable[[User], Client]) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW + timedelta(weeks=400))
    day = (meeting.starts_at + timedelta(days=1)).date().isoformat()
    as_(cast.ceo).post(f"/meetings/{meeting.pk}/move/", {"day": day, "time": "10:00", "why": "Board"})
    as_(cast.ceo).post(f"/meetings/{meeting.pk}/excuse/", {"why": "Fair"})
    assert (sorted(owed("moved")), sorted(owed("cancelled"))) == (SEATED, SEATED)


@pytest.mark.parametrize("teams", [1, 20])
def test_a_sweep_with_nobody_to_invite_costs_the_same_for_any_number_of_teams(
    cast: Cast, teams: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(teams):
        make_team(company=cast.company, ceo=cast.ceo, leader=make_user())
    run_step("calendar invitations", NOW)
    with django_assert_num_queries(5):
        run_step("calendar invitations", LATER)
