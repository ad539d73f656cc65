"""The cadence of a team on its setup page: first what changes, then done."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from alignment.models import Holiday, User
from meetings.models import Meeting
from meetings.schedule.slots import plan_meetings
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_update
from tests.html import flat

PAGE = "/setup/demo/teams/north/cadence/"
ASKED = {
    "starts_on": "2026-12-01",
    "rhythm": "weekly",
    "nth": "1",
    "weekday": "2",
    "local_time": "14:30",
    "timezone": "Europe/Paris",
}

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def at_now(time_machine) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def admin(cast: Cast, as_: Callable[[User], Client]) -> Client:
    plan_meetings(cast.north, NOW)
    return as_(cast.admin)


def mark_of(client: Client, asked: dict[str, str]) -> str:
    page = client.post(PAGE, asked).content.decode()
    return page.split('name="looked_at" value="')[1].split('"')[0]


def test_the_page_begins_with_the_cadence_as_it_is(admin: Client) -> None:
    page = admin.get(PAGE).content.decode()
    assert "Every Monday at 09:00, Paris" in page and 'value="2026-12-07"' in page
    assert "Preview" in page


def test_a_look_shows_the_dates_and_changes_nothing(cast: Cast, admin: Client) -> None:
    Holiday.objects.create(company=cast.company, day=TODAY.replace(month=12, day=16), name="Founders’ Day")
    page = admin.post(PAGE, ASKED).content.decode()
    assert "Wednesday 2 December, 14:30" in page and "Founders’ Day" in page
    assert "Monday 7 December, 09:00" in page
    cast.north.refresh_from_db()
    assert cast.north.weekday == 0


def test_a_team_that_another_admin_changed_meanwhile_is_looked_at_again(cast: Cast, admin: Client) -> None:
    looked_at = ASKED | {"looked_at": mark_of(admin, ASKED), "version": "1"}
    other = ASKED | {"weekday": "3"}
    admin.post(PAGE, other | {"looked_at": mark_of(admin, other), "version": "1"})
    late = admin.post(PAGE, looked_at)
    page = late.content.decode()
    assert late.status_code == 409 and "Someone else changed this team" in page
    assert "Every Thursday" in page and 'name="version" value="2"' in page
    cast.north.refresh_from_db()
    assert cast.north.weekday == 3
    assert admin.post(PAGE, looked_at | {"version": "2"}).status_code == 302


def test_what_was_looked_at_can_be_done(cast: Cast, admin: Client) -> None:
    told = admin.post(PAGE, ASKED | {"looked_at": mark_of(admin, ASKED)}, follow=True)
    assert "Every Wednesday at 14:30, Paris" in told.content.decode()
    starts = cast.north.meetings.order_by("starts_at").values_list("starts_at", flat=True)
    assert starts[1] == datetime(2026, 12, 2, 13, 30, tzinfo=UTC)


def test_what_was_changed_after_the_look_is_shown_first(cast: Cast, admin: Client) -> None:
    mark = mark_of(admin, ASKED)
    page = admin.post(PAGE, ASKED | {"weekday": "3", "looked_at": mark})
    assert page.status_code == 200 and "Thursday 3 December, 14:30" in page.content.decode()
    cast.north.refresh_from_db()
    assert cast.north.weekday == 0


@pytest.mark.parametrize(("answer", "starts_at"), [("go", "2026-12-09 13:30"), ("stay", "2026-12-07 08:00")])
def test_a_prepared_meeting_is_asked_about(cast: Cast, admin: Client, answer: str, starts_at: str) -> None:
    meeting = cast.north.meetings.get(planned_start=datetime(2026, 12, 7, 8, tzinfo=UTC))
    make_update(meeting=meeting, author=cast.leader)
    assert "with everything written so far" in flat(admin.post(PAGE, ASKED))
    admin.post(PAGE, ASKED | {"looked_at": mark_of(admin, ASKED), f"meeting-{meeting.pk}": answer})
    meeting.refresh_from_db()
    assert f"{meeting.starts_at:%Y-%m-%d %H:%M}" == starts_at


def test_prepared_between_the_look_and_the_change_it_is_asked_about_first(cast: Cast, admin: Client) -> None:
    mark = mark_of(admin, ASKED)
    make_update(meeting=cast.north.meetings.order_by("starts_at")[1], author=cast.leader)
    told = admin.post(PAGE, ASKED | {"looked_at": mark})
    assert told.status_code == 409 and "Nothing was changed" in told.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"starts_on": "2026-11-23"}, "Choose tomorrow or later"),
        ({"starts_on": "2099-01-01"}, "more than a year"),
        ({"starts_on": "soon"}, "Enter the date as"),
        ({"timezone": "Mars/Olympus"}, "is not a known time zone"),
        ({"timezone": "Europe/Paris\r\nATTENDEE:x"}, "is not a known time zone"),
        ({"local_time": "25:00"}, "Enter the time"),
        ({"weekday": "9"}, "Choose from the list"),
        ({"rhythm": "daily"}, "Choose from the list"),
        ({"nth": "7"}, "Choose from the list"),
    ],
)
def test_a_wrong_field_says_so_and_keeps_the_rest(
    admin: Client, wrong: dict[str, str], sentence: str
) -> None:
    told = admin.post(PAGE, ASKED | {"why": "Kept words"} | wrong)
    assert told.status_code == 422
    assert sentence in told.content.decode() and "Kept words" in told.content.decode()


@pytest.mark.parametrize("name", ["meeting-1e9", "meeting-", "meeting-²", "meeting-99999999999999999999999"])
def test_a_made_up_answer_is_no_answer(cast: Cast, admin: Client, name: str) -> None:
    told = admin.post(PAGE, ASKED | {"looked_at": mark_of(admin, ASKED), name: "go"})
    assert told.status_code == 302 and Meeting.objects.filter(team=cast.north).count() == 8


def test_the_page_costs_the_same_with_one_and_with_many_meetings(
    cast: Cast, admin: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(12):
        admin.post(PAGE, ASKED | {"starts_on": "2026-11-24"})


@pytest.mark.parametrize(("who", "status"), [("ceo", 403), ("leader", 403), ("outsider", 404)])
def test_only_an_admin_changes_it(cast: Cast, as_: Callable[[User], Client], who: str, status: int) -> None:
    assert as_(getattr(cast, who)).post(PAGE, ASKED).status_code == status
