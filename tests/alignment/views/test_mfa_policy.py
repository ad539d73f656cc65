"""A company asks everybody for a second factor; an admin helps who lost theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from alignment.models import Entry, Notice, User
from tests.alignment.sign_in.test_mfa import set_up, signed_in
from tests.cast import Cast
from tests.factories import make_seat, make_team, make_user

As = Callable[[User], Client]
PAGE = "/setup/demo/sign-in/"


@pytest.fixture
def safe(cast: Cast) -> Client:
    """The admin, signed in and with a second factor."""
    client = signed_in(cast.admin)
    set_up(client)
    return client


def required(cast: Cast) -> bool:
    cast.company.refresh_from_db()
    return cast.company.second_factor_required


def test_the_admin_sets_up_their_own_first(cast: Cast, as_: As) -> None:
    answer = as_(cast.admin).post(PAGE, {"required": "1"}, follow=True)
    assert "Set up a second factor for yourself first" in answer.text
    assert not required(cast)


def test_asking_everybody_is_noted_once(cast: Cast, safe: Client) -> None:
    for _ in range(2):
        safe.post(PAGE, {"required": "1"})
    assert required(cast)
    assert Entry.objects.filter(what="signin.policy", old="no", new="yes").count() == 1


def test_it_is_left_to_each_person_again(cast: Cast, safe: Client) -> None:
    safe.post(PAGE, {"required": "1"})
    safe.post(PAGE, {"required": "0"})
    assert not required(cast)


@pytest.mark.parametrize("value", ["", "yes", "2"])
def test_anything_else_changes_nothing(cast: Cast, safe: Client, value: str) -> None:
    assert safe.post(PAGE, {"required": value}).status_code == 422
    assert not required(cast)


def test_the_page_says_who_has_one_before_it_is_switched_on(cast: Cast, safe: Client) -> None:
    page = safe.get(PAGE)
    assert (page.context["with_one"], page.context["everybody"]) == (1, 7)
    assert list(page.context["page"])[-1] == cast.admin


def test_a_lost_factor_is_removed_and_its_owner_told_and_signed_out(cast: Cast, safe: Client) -> None:
    there = signed_in(cast.leader)
    set_up(there)
    assert safe.get(f"/setup/demo/people/{cast.leader.pk}/factors/remove/").status_code == 200
    safe.post(f"/setup/demo/people/{cast.leader.pk}/factors/remove/")
    assert not Authenticator.objects.filter(user=cast.leader).exists()
    assert there.get("/").status_code == 302
    assert Notice.objects.filter(to=cast.leader, payload__what="factors_removed").exists()
    assert Entry.objects.filter(what="factor.removed", about=cast.leader.name, by=cast.admin).exists()


def test_nobody_removes_their_own_this_way(cast: Cast, safe: Client) -> None:
    assert safe.post(f"/setup/demo/people/{cast.admin.pk}/factors/remove/").status_code == 403


def test_who_works_for_another_company_too_is_not_stripped_by_one(cast: Cast, safe: Client) -> None:
    make_seat(team=cast.away, user=cast.facilitator, role="facilitator")
    answer = safe.post(f"/setup/demo/people/{cast.facilitator.pk}/factors/remove/")
    assert answer.status_code == 403 and "another company" in answer.text


def test_people_of_another_company_are_unknown(cast: Cast, safe: Client) -> None:
    for act in ("factors/remove", "sessions/end"):
        assert safe.post(f"/setup/demo/people/{cast.outsider.pk}/{act}/").status_code == 404


def test_whoever_runs_the_site_removes_factors_by_command(cast: Cast, capsys: Any) -> None:
    set_up(signed_in(cast.facilitator))
    call_command("remove_second_factor", "facilitator@demo.test")
    assert not Authenticator.objects.filter(user=cast.facilitator).exists()
    assert "Faye Guide" in capsys.readouterr().out


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_costs_the_same_with_many_people(
    cast: Cast, safe: Client, number: int, django_assert_num_queries: Any
) -> None:
    team = make_team(company=cast.company)
    for _ in range(number):
        make_seat(team=team, user=make_user(), role="observer")
    with django_assert_num_queries(9):
        safe.get(PAGE)
