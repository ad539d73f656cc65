"""The people of a company: who stands in the list, how it is narrowed, and what it costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alignment.models import Invite, Membership, User
from alignment.people import directory
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_company,
    make_invited,
    make_notice,
    make_seat,
    make_team,
    make_user,
)
from tests.html import flat

PAGE = "/setup/demo/people/"


@pytest.fixture
def admin(cast: Cast, as_: Callable[[User], Client]) -> Client:
    return as_(cast.admin)


def names(answer: object) -> list[str]:
    return [line.user.name for line in answer.context["lines"]]


def test_members_and_those_on_its_teams_stand_in_it_and_nobody_else(admin: Client, cast: Cast) -> None:
    make_invited(company=cast.company, name="Zoe")
    found = names(admin.get(PAGE))
    assert found == sorted(found) and len(found) == 8
    assert "Otto Elsewhere" not in found and {"Ada Admin", "Tom Marsh", "Olaf Watch"} <= set(found)


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("q=KELLER", ["Joe Keller"]),
        ("q=new.test", ["Ina Invited"]),
        ("q=invited.invalid", []),
        ("state=invited", ["Ina Invited"]),
        ("state=left", ["Gone Girl"]),
        ("part=admins", ["Ada Admin"]),
        ("part=unseated&state=active", ["Ada Admin"]),
        ("part=seated&q=tom", ["Tom Marsh"]),
        ("q=%00", None),
        ("state=nonsense&part=9&page=10000000000", None),
    ],
)
def test_it_is_narrowed(admin: Client, cast: Cast, query: str, who: list[str] | None) -> None:
    make_invited(company=cast.company, email="ina@new.test", name="Ina Invited")
    gone = make_user(name="Gone Girl")
    Membership.objects.create(company=cast.company, user=gone, ended_at=NOW)
    found = names(admin.get(f"{PAGE}?{query}"))
    assert len(found) == 8 if who is None else found == who


def test_each_line_says_how_somebody_stands(admin: Client, cast: Cast) -> None:
    before = timezone.now() - timedelta(days=10)
    late = {"invited_at": before, "expires_at": before + timedelta(days=7)}
    make_invited(company=cast.company, email="late@new.test", **late)
    make_notice(to=cast.leader, failed_at=NOW, refused=True, error="550 no such user")
    page = flat(admin.get(PAGE))
    assert "Invitation expired" in page and "refuses email: 550 no such user" in page
    assert "CEO of North, CEO of South" in page and "late@new.test" in page


@pytest.mark.parametrize(
    ("person", "state"),
    [
        ("active", directory.ACTIVE),
        ("invited", directory.INVITED),
        ("ended", directory.LEFT),
        ("revoked", directory.LEFT),
        ("closed", directory.LEFT),
        ("sits", directory.ACTIVE),
        ("sat", directory.LEFT),
    ],
)
def test_a_state_for_everybody(cast: Cast, person: str, state: str) -> None:
    company = make_company()
    who = make_user() if person != "revoked" else make_invited(company=make_company())
    if person in ("active", "ended", "closed", "revoked"):
        ended = NOW if person in ("ended", "revoked") else None
        Membership.objects.create(company=company, user=who, ended_at=ended)
    if person == "invited":
        who = make_invited(company=company)
    if person == "closed":
        User.objects.filter(pk=who.pk).update(is_active=False)
    if person in ("sits", "sat"):
        until = NOW.date() if person == "sat" else None
        make_seat(team=make_team(company=company), user=who, role="observer", until=until)
    assert directory.everyone(company).get(pk=who.pk).state == state


@pytest.mark.parametrize("number", [1, 200])
def test_it_costs_the_same_with_one_and_with_two_hundred(
    admin: Client, cast: Cast, number: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    for _ in range(number):
        person = make_invited(company=cast.company)
        make_seat(team=cast.north, user=person, role="observer")
    admin.get(PAGE)
    with django_assert_num_queries(10):
        admin.get(PAGE)


def test_two_hundred_are_shown_in_pages(admin: Client, cast: Cast) -> None:
    for _ in range(60):
        make_invited(company=cast.company)
    first, second = (admin.get(f"{PAGE}?page={page}") for page in (1, 2))
    assert len(names(first)) == 50 and not set(names(first)) & set(names(second))


def test_an_invitation_of_another_company_is_not_shown(admin: Client, cast: Cast) -> None:
    other = make_company()
    Membership.objects.create(company=other, user=cast.leader)
    Invite.objects.create(
        company=other, user=cast.leader, email="x@new.test", invited_at=NOW, expires_at=NOW.replace(year=2027)
    )
    line = next(line for line in admin.get(PAGE).context["lines"] if line.user == cast.leader)
    assert line.invite is None and line.state == directory.ACTIVE
