"""Days away, entered by the person or who acts for them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from alignment.models import Absence, Entry, User
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_meeting

PAGE = "/absences/"
DAYS = {"first": "2026-11-30", "last": "2026-12-04"}
As = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def at_now(time_machine) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to(NOW, tick=False)


def away(user: User) -> Absence:
    return Absence.objects.create(
        user=user, first=TODAY, last=TODAY + timedelta(days=9), entered_at=NOW, entered_by=user
    )


def test_entered_days_name_the_meetings_that_fall_on_them(cast: Cast, as_: As) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    page = as_(cast.leader).post(PAGE, DAYS, follow=True).content.decode()
    assert "You are away from 30 November to 4 December 2026." in page
    assert "North meets on Monday 30 November" in page and "Move it" in page


def test_sent_twice_they_are_entered_once_and_the_second_is_told(cast: Cast, as_: As) -> None:
    as_(cast.leader).post(PAGE, DAYS)
    assert as_(cast.leader).post(PAGE, DAYS).status_code == 422
    assert Absence.objects.count() == 1 and Entry.objects.filter(what="absence.added").count() == 1


def test_a_delegate_enters_them_for_whom_they_act(cast: Cast, as_: As) -> None:
    page = as_(cast.delegate).post(PAGE, DAYS | {"who": str(cast.leader.pk)}, follow=True).content.decode()
    assert Absence.objects.get().user == cast.leader
    assert "Joe Keller is away" in page


@pytest.mark.parametrize("who", ["ceo", "observer", "outsider"])
def test_and_for_nobody_else(cast: Cast, as_: As, who: str) -> None:
    told = as_(cast.delegate).post(PAGE, DAYS | {"who": str(getattr(cast, who).pk)})
    assert told.status_code == 422 and not Absence.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first": ""}, "Choose the first day"),
        ({"last": "2026-11-29"}, "before the first"),
        ({"last": "2028-01-01"}, "more than a year"),
        ({"first": "2026-11-02", "last": "2026-11-06"}, "These days are in the past"),
        ({"first": "1812-01-01"}, "between 1990 and 2100"),
    ],
)
def test_days_that_cannot_be_are_refused(cast: Cast, as_: As, wrong: dict[str, str], sentence: str) -> None:
    told = as_(cast.leader).post(PAGE, DAYS | wrong)
    assert told.status_code == 422 and sentence in told.content.decode()


def test_they_can_be_taken_back_until_they_are_over(cast: Cast, as_: As) -> None:
    absence = away(cast.leader)
    as_(cast.leader).post(f"{PAGE}{absence.pk}/remove/")
    assert not Absence.objects.exists() and Entry.objects.filter(what="absence.removed").exists()


def test_over_they_stay(cast: Cast, as_: As, time_machine) -> None:  # type: ignore[no-untyped-def]
    absence = away(cast.leader)
    time_machine.move_to(NOW + timedelta(days=20), tick=False)
    page = as_(cast.leader).post(f"{PAGE}{absence.pk}/remove/", follow=True).content.decode()
    assert "Time off in the past cannot be removed" in page and Absence.objects.exists()


@pytest.mark.parametrize("who", ["ceo", "observer", "outsider", "admin"])
def test_nobody_takes_back_those_of_another(cast: Cast, as_: As, who: str) -> None:
    absence = away(cast.leader)
    assert as_(getattr(cast, who)).post(f"{PAGE}{absence.pk}/remove/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_however_many(
    cast: Cast, as_: As, number: int, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for week in range(number):
        day = TODAY + timedelta(weeks=week)
        Absence.objects.create(user=cast.leader, first=day, last=day, entered_at=NOW)
        make_meeting(team=cast.north, starts_at=NOW + timedelta(weeks=week, hours=1))
    client = as_(cast.leader)
    with django_assert_max_num_queries(9):
        client.get(PAGE)
