"""/calendar/<token>.ics: what it holds, who gets it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine
import vobject
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from alignment.models import Absence, Team, User
from alignment.ops.logs import PlainLines
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_held_meeting, make_meeting, make_seat, make_team, make_user


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def get(user: User, **headers: str) -> HttpResponse:
    if not user.calendar_token:
        user.renew_calendar_token()
    return Client().get(f"/calendar/{user.calendar_token}.ics", headers=headers)


def events(user: User) -> list[dict]:
    return Calendar.from_ical(get(user).content).events


def test_it_holds_the_meetings_of_all_ones_teams_and_no_others(cast: Cast) -> None:
    for team in (cast.north, cast.south, cast.away):
        make_meeting(team=team)
    assert {event["SUMMARY"] for event in events(cast.ceo)} == {
        "North: meeting, Tom and Joe",
        "South: meeting, Tom and Anne",
    }
    assert [event["SUMMARY"] for event in events(cast.leader)] == ["North: meeting, Tom and Joe"]
    assert [event["SUMMARY"] for event in events(cast.outsider)] == ["Away: meeting, Otto"]


def test_an_admin_without_a_seat_gets_an_empty_calendar_that_is_still_valid(
    cast: Cast, meeting: Meeting
) -> None:
    content = get(cast.admin).content.decode()
    assert "VEVENT" not in content
    assert vobject.readOne(content).validate()


def test_an_entry_says_when_where_and_what_to_do(cast: Cast) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    (event,) = events(cast.leader)
    url = f"{settings.BASE_URL}/meetings/{meeting.pk}/"
    assert (event["DTSTART"].dt, event["DTEND"].dt - event["DTSTART"].dt) == (
        meeting.starts_at,
        timedelta(minutes=30),
    )
    assert (
        event["DESCRIPTION"]
        == f"Preparation is due on Sunday 29 November 2026 at 09:00 (Europe/Paris).\n{url}"
    )
    assert (event["URL"], event["SEQUENCE"], event["LAST-MODIFIED"].dt) == (
        url,
        0,
        meeting.starts_at - timedelta(weeks=8),
    )
    assert event.alarms.times[0].trigger == meeting.starts_at - timedelta(minutes=15)


def test_a_move_changes_time_and_sequence_under_the_same_name(cast: Cast, meeting: Meeting) -> None:
    Meeting.objects.update(planned_start=NOW + timedelta(days=1), starts_at=NOW + timedelta(days=1))
    meeting.refresh_from_db()
    (before,) = events(cast.leader)
    meeting.move(NOW + timedelta(days=2), by=cast.ceo, now=NOW, why="Board")
    (after,) = events(cast.leader)
    assert after["UID"] == before["UID"]
    assert (after["SEQUENCE"], after["DTSTART"].dt, after["LAST-MODIFIED"].dt) == (
        1,
        NOW + timedelta(days=2),
        NOW,
    )


def test_an_excused_meeting_leaves_it_and_a_missed_one_says_so(cast: Cast) -> None:
    excused = make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    excused.excuse(by=cast.ceo, now=NOW, why="Fair")
    make_meeting(team=cast.north, starts_at=NOW - timedelta(days=7), state="missed", missed_at=NOW)
    (event,) = events(cast.leader)
    assert event["SUMMARY"] == "North: meeting, Tom and Joe (missed)"
    assert not event.subcomponents  # nothing rings for what is over


def test_it_goes_back_ninety_days(cast: Cast) -> None:
    for days in (7, 89, 91, 300):
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=days))
    assert len(events(cast.leader)) == 2


def test_a_title_takes_the_given_name_of_a_name_that_begins_with_the_family(
    cast: Cast, meeting: Meeting
) -> None:
    User.objects.filter(pk=cast.leader.pk).update(name="Keller, Joe")
    assert events(cast.ceo)[0]["SUMMARY"] == "North: meeting, Tom and Joe"


def test_a_seat_given_up_empties_it(cast: Cast, meeting: Meeting) -> None:
    cast.north.seats.filter(user=cast.observer).update(until=NOW.date())
    assert events(cast.observer) == []


@pytest.mark.parametrize("token", ["x" * 43, "", "%00", "é", "a b", "..%2f", "A" * 5000])
def test_any_other_address_is_not_found(cast: Cast, token: str) -> None:
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_a_renewed_or_removed_address_and_one_of_a_person_who_left_open_nothing(cast: Cast) -> None:
    get(cast.leader)
    old = cast.leader.calendar_token
    cast.leader.renew_calendar_token()
    assert Client().get(f"/calendar/{old}.ics").status_code == 404
    assert get(cast.leader).status_code == 200
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert get(cast.leader).status_code == 404


def test_it_is_private_and_only_read(cast: Cast) -> None:
    response = get(cast.leader)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in response.headers
    assert Client().post(f"/calendar/{cast.leader.calendar_token}.ics").status_code == 405


def test_nothing_is_written_again_while_nothing_changed(cast: Cast, meeting: Meeting) -> None:
    first = get(cast.leader)
    again = get(cast.leader, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert get(cast.leader, if_none_match="W/" + first.headers["ETag"]).status_code == 304
    assert "Last-Modified" not in first.headers
    assert get(cast.leader).content == first.content


def renamed(team: Team, meeting: Meeting) -> None:
    Team.objects.filter(pk=team.pk).update(name="Nord")


def another_leader(team: Team, meeting: Meeting) -> None:
    team.seats.filter(role="leader").update(until=NOW.date())
    make_seat(team=team, user=make_user(name="Nina New"), role="leader")


def moved(team: Team, meeting: Meeting) -> None:
    meeting.move(NOW + timedelta(days=1), by=meeting.team.holder("ceo"), now=NOW, why="Board")


def excused(team: Team, meeting: Meeting) -> None:
    meeting.excuse(by=meeting.team.holder("ceo"), now=NOW, why="Fair")


def missed(team: Team, meeting: Meeting) -> None:
    meeting.mark_missed(now=NOW)


def planned(team: Team, meeting: Meeting) -> None:
    make_meeting(team=team, starts_at=NOW + timedelta(days=7))


def longer(team: Team, meeting: Meeting) -> None:
    Team.objects.filter(pk=team.pk).update(minutes_deals=15)


def away(team: Team, meeting: Meeting) -> None:
    day = meeting.starts_at.date()
    Absence.objects.create(user=meeting.team.holder("leader"), first=day, last=day, entered_at=NOW)


def elsewhere(team: Team, meeting: Meeting) -> None:
    User.objects.filter(email="ceo@demo.test").update(timezone="Asia/Kathmandu")


@pytest.mark.parametrize(
    "change", [renamed, another_leader, moved, excused, missed, planned, longer, away, elsewhere]
)
def test_every_change_of_what_it_shows_changes_the_tag(cast: Cast, meeting: Meeting, change) -> None:  # type: ignore[no-untyped-def]
    before = get(cast.ceo)
    change(cast.north, meeting)
    since = format_datetime(NOW, usegmt=True)
    assert get(cast.ceo, if_modified_since=since).status_code == 200  # to who sends no tag
    after = get(cast.ceo, if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize("teams", [2, 20])
def test_asking_and_fetching_cost_four_queries_for_any_number_of_teams(
    cast: Cast, teams: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(teams):
        team = make_team(company=cast.company, ceo=cast.ceo, leader=make_user())
        make_meeting(team=team)
    tag = get(cast.ceo).headers["ETag"]
    with django_assert_num_queries(4):
        assert get(cast.ceo).status_code == 200
    with django_assert_num_queries(4):
        assert get(cast.ceo, if_none_match=tag).status_code == 304


def test_the_token_is_in_no_log_line(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    get(cast.leader)
    old = str(cast.leader.calendar_token)
    cast.leader.renew_calendar_token()
    for path in (f"/calendar/{old}.ics", f"/calendar/{old}", f"/calendar/{cast.leader.calendar_token}"):
        Client().get(path)
    logged = "\n".join(PlainLines("%(message)s").format(record) for record in caplog.records)
    assert logged.count("Not Found: /calendar/…") == 3
    assert old not in logged
    assert str(cast.leader.calendar_token) not in logged


def test_its_lines_are_as_the_standard_wants(cast: Cast, meeting: Meeting) -> None:
    Team.objects.filter(pk=cast.north.pk).update(name="Ñörd — " + "very long, with; signs\\ " * 4)
    content = get(cast.leader).content
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    read = vobject.readOne(content.decode())
    assert read.vevent.dtstart.value == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert "very long, with; signs\\ very" in read.vevent.summary.value
