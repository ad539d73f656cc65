"""People who are invited and seated, and have not accepted yet: the meeting is planned, they hear nothing but the
invitation, and all of it begins when they accept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import Invite, Notice, Team, User
from alignment.outbox.delivery import deliver_due
from alignment.people import invitation_links, invitations
from alignment.rules.address_list import Invitee
from alignment.sweep.run import sweep
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_seat, make_team


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def east(cast: Cast) -> Team:
    """A new team whose CEO and leader were invited today."""
    asked = [Invitee(1, "Eva Lund", "eva@new.test"), Invitee(2, "Max Bauer", "max@new.test")]
    ceo, leader = invitations.invite(cast.company, asked, is_admin=False, by=cast.admin, now=NOW)
    team = make_team(company=cast.company, name="East", slug="east")
    for invite, role in ((ceo, "ceo"), (leader, "leader")):
        make_seat(team=team, user=invite.user, role=role, since=NOW.date())
    return team


def accept(address: str) -> User:
    invite = Invite.objects.get(email=address)
    told = {"name": "Eva Lund", "password": "horse-battery-9", "zone": "UTC", "locale": "en-US"}
    return invitation_links.join_anew(invite, **told, now=NOW)


def hears(team: Team) -> set[tuple[str, str]]:
    """Who was told what, of those on the team."""
    people = team.seats.values("user")
    told = Notice.objects.filter(to__in=people, sent_at__isnull=False)
    return set(told.values_list("to__name", "kind"))


def test_the_first_meeting_is_planned_before_they_accept(east: Team) -> None:
    sweep(NOW)
    assert Meeting.objects.ahead().filter(team=east).exists()


def test_until_they_accept_only_the_invitation_comes(
    east: Team, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    for hour in range(0, 24 * 7, 12):
        with time_machine.travel(NOW + timedelta(hours=hour), tick=False):
            sweep(NOW + timedelta(hours=hour))
            deliver_due()
    assert hears(east) == {("Eva Lund", "invite"), ("Max Bauer", "invite")}


def test_accepted_the_calendar_and_the_reminders_begin(
    east: Team, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    sweep(NOW)
    deliver_due()
    accept("eva@new.test")
    sweep(NOW)
    deliver_due()
    assert ("Eva Lund", "invitation") in hears(east)
    assert not {kind for name, kind in hears(east) if name == "Max Bauer"} - {"invite"}


def test_they_are_named_where_the_team_is_shown(east: Team, cast: Cast, client: object) -> None:
    client.force_login(cast.admin)
    page = client.get("/teams/east/").content.decode()
    assert "Eva Lund" in page and "invited.invalid" not in page
