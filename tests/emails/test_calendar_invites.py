"""The calendar mails, word for word. After a wanted change: UPDATE_GOLDEN=1 make test, and read the diff."""

import email
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.utils import parseaddr
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from icalendar import Calendar

from alignment.models import Holiday, Notice, Team
from meetings.calendars import calendar_invites
from meetings.calendars.invite_format import AddressError
from meetings.mails.calendar_invites import cancelled, invitation, moved
from meetings.models import CalendarInvite, Meeting
from meetings.transitions import move_and_excuse
from tests.cast import Cast
from tests.factories import NOW, make_meeting
from tests.sweep import run_step

GOLDEN = Path(__file__).parent / "golden"
NEXT = NOW + timedelta(days=7)
MAKERS = {"invitation": invitation, "moved": moved, "cancelled": cancelled}


def same_as_golden(name: str, mail: EmailMultiAlternatives) -> None:
    told = re.sub(r"/meetings/\d+/", "/meetings/7/", f"Subject: {mail.subject}\n\n{mail.body}")
    told = told.replace(settings.BASE_URL, "https://align.example.com")
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(told)
    assert told == file.read_text()


def mail_of(notice: Notice) -> EmailMultiAlternatives:
    mail = MAKERS[notice.kind](notice)
    assert mail is not None
    return mail


def newest(kind: str, cast: Cast, role: str = "leader") -> Notice:
    return Notice.objects.filter(kind=kind, to=getattr(cast, role)).latest("pk")


def calendar_in(mail: EmailMultiAlternatives) -> Calendar:
    """As a mail program finds it: the calendar part, the same as the file, under the same method."""
    message = email.message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    parts = {part.get_content_type(): part for part in message.walk()}
    part, file = parts["text/calendar"], parts["application/ics"]
    assert body is not None
    assert file.get_filename() == "invite.ics"
    calendar = Calendar.from_ical(file.get_content())
    assert part.get_content().split() == file.get_content().decode().split()
    assert part.get_param("method") == calendar["METHOD"]
    assert part.get_param("charset") == "utf-8"
    return calendar


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invited(cast: Cast) -> Meeting:
    """North's people are invited; the meeting a week from now is theirs to change."""
    meeting = make_meeting(team=cast.north, starts_at=NEXT)
    run_step("calendar invitations", NOW)
    return meeting


def test_an_invitation(cast: Cast, invited: Meeting) -> None:
    mail = mail_of(newest("invitation", cast))
    same_as_golden("invitation", mail)
    calendar = calendar_in(mail)
    assert calendar["METHOD"] == "REQUEST"
    assert [str(each) for each in calendar.events[0]["ATTENDEE"]] == [
        f"mailto:{role}@demo.test" for role in ("ceo", "leader", "delegate", "facilitator", "observer")
    ]
    assert calendar.events[0]["ORGANIZER"] == f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def test_an_invitation_holds_what_was_already_moved_or_excused(cast: Cast, invited: Meeting) -> None:
    move_and_excuse.move_meeting(invited, NEXT + timedelta(hours=5), by=cast.ceo, now=NOW, why="Board")
    off = make_meeting(team=cast.north, starts_at=NEXT + timedelta(days=7))
    move_and_excuse.excuse_meeting(off, by=cast.ceo, now=NOW, why="Fair")
    series, exception = calendar_in(mail_of(newest("invitation", cast))).events
    assert series["EXDATE"].dts[0].dt == off.planned_start
    assert (exception["RECURRENCE-ID"].dt, exception["DTSTART"].dt) == (NEXT, NEXT + timedelta(hours=5))


def test_a_move(cast: Cast, invited: Meeting) -> None:
    move_and_excuse.move_meeting(
        invited, NEXT + timedelta(hours=26), by=cast.ceo, now=NOW, why="Board meeting."
    )
    mail = mail_of(newest("moved", cast))
    same_as_golden("moved", mail)
    calendar = calendar_in(mail)
    (event,) = calendar.events
    assert (calendar["METHOD"], event["RECURRENCE-ID"].dt, event["SEQUENCE"]) == ("REQUEST", NEXT, 1)
    assert event["UID"] == str(CalendarInvite.objects.get(seat__user=cast.leader).uid)
    assert event["DTSTART"].dt == datetime(2026, 12, 1, 10, tzinfo=UTC)


def test_an_excuse(cast: Cast, invited: Meeting) -> None:
    make_meeting(team=cast.north, starts_at=NEXT + timedelta(days=7))
    move_and_excuse.excuse_meeting(invited, by=cast.ceo, now=NOW, why="Trade fair.")
    mail = mail_of(newest("cancelled", cast))
    same_as_golden("cancelled-meeting", mail)
    calendar = calendar_in(mail)
    (event,) = calendar.events
    assert (calendar["METHOD"], event["STATUS"], event["RECURRENCE-ID"].dt) == ("CANCEL", "CANCELLED", NEXT)


def test_a_seat_given_up(cast: Cast, invited: Meeting) -> None:
    cast.north.seats.filter(user=cast.leader).update(until=NOW.date())
    run_step("calendar invitations", NOW + timedelta(minutes=1))
    mail = mail_of(newest("cancelled", cast))
    same_as_golden("cancelled-series", mail)
    calendar = calendar_in(mail)
    (event,) = calendar.events
    assert calendar["METHOD"] == "CANCEL"
    assert "RECURRENCE-ID" not in event
    assert str(event["ATTENDEE"]) == "mailto:leader@demo.test"  # the others keep theirs


def test_who_takes_no_invitations_hears_of_a_move_in_words(cast: Cast, invited: Meeting) -> None:
    calendar_invites.set_calendar_mail(cast.leader, NOW, enabled=False)
    move_and_excuse.move_meeting(
        invited, NEXT + timedelta(hours=26), by=cast.ceo, now=NOW, why="Board meeting."
    )
    mail = mail_of(newest("moved", cast))
    assert "Board meeting." in mail.body
    assert not mail.attachments
    assert [part.mimetype for part in mail.alternatives] == ["text/html"]


def test_who_moved_it_gets_no_mail_unless_their_calendar_must_change(cast: Cast, invited: Meeting) -> None:
    calendar_invites.set_calendar_mail(cast.ceo, NOW, enabled=False)
    move_and_excuse.move_meeting(
        invited, NEXT + timedelta(hours=26), by=cast.ceo, now=NOW, why="Board meeting."
    )
    assert moved(newest("moved", cast, "ceo")) is None
    assert moved(newest("moved", cast, "leader")) is not None


def test_moved_so_near_that_it_would_be_overdue_the_preparation_is_due_four_hours_before(
    cast: Cast, invited: Meeting
) -> None:
    move_and_excuse.move_meeting(
        invited, NOW + timedelta(hours=8), by=cast.ceo, now=NOW, why="Board meeting."
    )
    text = " ".join(mail_of(newest("moved", cast)).body.split())
    assert "The preparation is now due on Monday 23 November at 13:00" in text
    assert "due at once" not in text


def test_of_a_preparation_that_is_overdue_already_the_mail_says_so(cast: Cast, invited: Meeting) -> None:
    late = NEXT - timedelta(hours=20)
    move_and_excuse.move_meeting(
        invited, NEXT - timedelta(hours=2), by=cast.ceo, now=late, why="Board meeting."
    )
    with time_machine.travel(late, tick=False):
        text = " ".join(mail_of(newest("moved", cast)).body.split())
    assert "The preparation is due at once: it should have been submitted by Sunday 29 November" in text


def test_started_long_before_its_time_it_moves_in_calendars_and_asks_for_no_preparation(
    cast: Cast, invited: Meeting
) -> None:
    move_and_excuse.start_meeting(invited, by=cast.ceo, now=NOW)
    mail = mail_of(newest("moved", cast))
    (event,) = calendar_in(mail).events
    assert (event["RECURRENCE-ID"].dt, event["DTSTART"].dt) == (NEXT, NOW)
    assert "reparation" not in mail.body


def test_a_second_move_makes_the_first_mail_needless(cast: Cast, invited: Meeting) -> None:
    for hours in (5, 26):
        move_and_excuse.move_meeting(
            invited, NEXT + timedelta(hours=hours), by=cast.ceo, now=NOW, why="Board"
        )
    first, second = Notice.objects.filter(kind="moved", to=cast.leader).order_by("pk")
    assert moved(first) is None
    assert calendar_in(mail_of(second)).events[0]["SEQUENCE"] == 2


def test_who_left_the_team_is_told_nothing_more(cast: Cast, invited: Meeting) -> None:
    move_and_excuse.move_meeting(
        invited, NEXT + timedelta(hours=26), by=cast.ceo, now=NOW, why="Board meeting."
    )
    cast.north.seats.filter(user=cast.leader).update(until=NOW.date())
    assert moved(newest("moved", cast)) is None
    assert invitation(newest("invitation", cast)) is None


def test_an_address_with_a_line_break_is_never_written_to(cast: Cast, invited: Meeting) -> None:
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(email="x@demo.test\r\nBcc: y@demo.test")
    CalendarInvite.objects.filter(seat__user=cast.leader).update(address="x@demo.test\r\nBcc: y@demo.test")
    with pytest.raises(AddressError):
        invitation(newest("invitation", cast))
    event = calendar_in(mail_of(newest("invitation", cast, "ceo"))).events[0]
    assert "Bcc" not in event.to_ical().decode()


def test_what_people_type_makes_no_line_of_its_own(cast: Cast, invited: Meeting) -> None:
    evil = "North\r\nATTENDEE:mailto:evil@x.test\x85X\u2028Y\nZ%0aQ"
    type(cast.north).objects.filter(pk=cast.north.pk).update(name=evil)
    mail = mail_of(newest("invitation", cast))
    event = calendar_in(mail).events[0]
    assert "\n" not in mail.subject
    assert event["SUMMARY"] == "North ATTENDEE:mailto:evil@x.test X Y Z%0aQ: meeting, Tom and Joe"
    assert len(event["ATTENDEE"]) == 5


def test_a_team_that_prepares_by_the_last_working_day_says_so(cast: Cast, invited: Meeting) -> None:
    Team.objects.filter(pk=cast.north.pk).update(due_rule="working_day")
    run_step("calendar invitations", NOW + timedelta(minutes=1))
    mail = mail_of(newest("invitation", cast))
    same_as_golden("invitation-working-day", mail)
    [series] = calendar_in(mail).events
    assert "Preparation is due at 17:00 on the last working day before each meeting." in series["DESCRIPTION"]


def test_a_holiday_that_makes_a_moved_meeting_due_earlier_changes_its_entry(
    cast: Cast, invited: Meeting
) -> None:
    Team.objects.filter(pk=cast.north.pk).update(due_rule="working_day")
    move_and_excuse.move_meeting(invited, NEXT + timedelta(hours=5), by=cast.ceo, now=NOW, why="Board")
    run_step("calendar invitations", NOW + timedelta(minutes=1))
    before = newest("invitation", cast)
    Holiday.objects.create(company=cast.company, day=date(2026, 11, 27), name="Founders’ Day")
    run_step("calendar invitations", NOW + timedelta(minutes=2))
    after = Notice.objects.filter(to=cast.leader).order_by("pk").last()
    assert after is not None and after != before
    assert "due on Thursday 26 November 2026 at 17:00" in str(mail_of(after).attachments[0])
