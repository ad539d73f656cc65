"""What delivering a deal takes: entered, changed, removed, told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from alignment.models import User
from deals.models import CapacityNeed, Deal
from tests.cast import Cast
from tests.factories import NOW, make_capacity_need, make_deal

As = Callable[[User], Client]
NEED = {"what": "Two onboarding weeks", "needed_by": "2026-12-07", "who": "Support"}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_deal(team=cast.north, name="Orbis", status="won")


def needs() -> list[tuple[str, date | None, str]]:
    return list(CapacityNeed.objects.order_by("pk").values_list("what", "needed_by", "who"))


def test_a_deal_has_as_many_needs_as_it_takes(cast: Cast, as_: As, deal: Deal) -> None:
    for more in ({}, {"what": "A crane", "who": "Operations", "needed_by": ""}):
        answer = as_(cast.leader).post(f"/deals/{deal.pk}/capacity/", NEED | more | {"token": uuid4()})
        assert answer.status_code == 302
    assert needs() == [
        ("Two onboarding weeks", date(2026, 12, 7), "Support"),
        ("A crane", None, "Operations"),
    ]


def test_two_clicks_are_one_need(cast: Cast, as_: As, deal: Deal) -> None:
    token = uuid4()
    for _ in range(2):
        as_(cast.leader).post(f"/deals/{deal.pk}/capacity/", NEED | {"token": token})
    assert len(needs()) == 1


def test_none_needed_is_one_tap_and_goes_when_something_is(cast: Cast, as_: As, deal: Deal) -> None:
    here = f"/deals/{deal.pk}/capacity/"
    for _ in range(2):
        as_(cast.leader).post(here, {"what": "None needed"})
    assert needs() == [("None needed", None, "")]
    as_(cast.leader).post(here, NEED)
    as_(cast.leader).post(here, {"what": "None needed"})
    assert [what for what, _, _ in needs()] == ["Two onboarding weeks"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"what": " "}, "Say what is needed to deliver it."),
        ({"what": "x" * 301}, "300"),
        ({"needed_by": "soon"}, "date"),
        ({"what": "None needed"}, "Say what is needed, or leave the rest empty."),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_typed(
    cast: Cast, as_: As, deal: Deal, sent: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.leader).post(f"/deals/{deal.pk}/capacity/", NEED | sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Support" in page
    assert needs() == []


def test_a_change_is_told_anew_and_a_stale_one_changes_nothing(cast: Cast, as_: As, deal: Deal) -> None:
    need = make_capacity_need(deal=deal, informed_at=NOW, informed_by=cast.leader)
    here = f"/capacity/{need.pk}/"
    assert as_(cast.leader).post(here, NEED | {"version": 1, "what": "Three weeks"}).status_code == 302
    need.refresh_from_db()
    assert (need.what, need.informed_at, need.version) == ("Three weeks", None, 2)
    base = '{"what": "Two onboarding weeks", "needed_by": "", "who": "Support"}'
    stale = {"version": 1, "base": base, "what": "One week", "who": "Support", "needed_by": ""}
    assert as_(cast.delegate).post(here, stale).status_code == 409
    need.refresh_from_db()
    assert need.what == "Three weeks"


def test_told_by_one_tap_and_back(cast: Cast, as_: As, deal: Deal) -> None:
    need = make_capacity_need(deal=deal)
    for _ in range(2):
        as_(cast.ceo).post(f"/capacity/{need.pk}/informed/")
    need.refresh_from_db()
    assert (need.informed_at, need.informed_by, need.version) == (NOW, cast.ceo, 2)
    as_(cast.ceo).post(f"/capacity/{need.pk}/informed/", {"informed": "0"})
    need.refresh_from_db()
    assert (need.informed_at, need.informed_by) == (None, None)


def test_removing_asks_first(cast: Cast, as_: As, deal: Deal) -> None:
    need = make_capacity_need(deal=deal)
    here = f"/capacity/{need.pk}/remove/"
    assert "Remove “Two onboarding weeks”?" in as_(cast.leader).get(here).content.decode()
    assert CapacityNeed.objects.exists()
    as_(cast.leader).post(here)
    assert not CapacityNeed.objects.exists()


def test_the_readers_of_a_need_are_those_of_the_team_that_has_the_deal_now(cast: Cast, deal: Deal) -> None:
    make_capacity_need(deal=deal)
    Deal.objects.filter(pk=deal.pk).update(team=cast.south)
    readers = (cast.second_leader, cast.leader, cast.outsider)
    assert [CapacityNeed.objects.visible_to(user).exists() for user in readers] == [True, False, False]


def test_the_database_refuses_a_need_without_words(cast: Cast, deal: Deal) -> None:
    for wrong in ({"what": ""}, {"what": "None needed", "who": "Support"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_capacity_need(deal=deal, **wrong)
