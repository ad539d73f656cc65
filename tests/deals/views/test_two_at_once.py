"""Two people change one deal: different fields are put together, the same field shows both texts."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from deals.models import Deal
from tests.factories import NOW, TODAY, make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast):
    return make_deal(team=cast.north, name="Orbis", stage="Proposal", rep="Dana")


def fields_of(client, deal):
    """What a browser would send of the page as it stands."""
    form = client.get(f"/deals/{deal.pk}/").context["form"]
    return {bound.html_name: "" if bound.value() is None else str(bound.value()) for bound in form}


def test_different_fields_of_two_are_put_together(cast, as_, deal):
    mine, theirs = as_(cast.leader), as_(cast.delegate)
    first, second = fields_of(mine, deal), fields_of(theirs, deal)
    assert mine.post(f"/deals/{deal.pk}/", first | {"stage": "Contract"}).status_code == 302
    assert theirs.post(f"/deals/{deal.pk}/", second | {"rep_name": "Sam"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.stage, deal.rep_name, deal.version) == ("Contract", "Sam", 3)


def test_the_same_field_shows_both_and_the_others_as_they_are_now(cast, as_, deal):
    mine, theirs = as_(cast.leader), as_(cast.delegate)
    first, second = fields_of(mine, deal), fields_of(theirs, deal)
    mine.post(f"/deals/{deal.pk}/", first | {"stage": "Contract", "rep_name": "Sam"})
    response = theirs.post(f"/deals/{deal.pk}/", second | {"stage": "Lost touch"})
    assert response.status_code == 409
    assert [field.name for field in response.context["conflict"].fields] == ["stage"]
    again = {
        bound.html_name: bound.value() for bound in response.context["form"] if bound.value() is not None
    }
    theirs.post(f"/deals/{deal.pk}/", again | {"keep": "mine", "stored_version": 2})
    deal.refresh_from_db()
    assert (deal.stage, deal.rep_name) == ("Lost touch", "Sam")


def test_saved_again_without_a_choice_both_are_shown_again(cast, as_, deal):
    mine, theirs = as_(cast.leader), as_(cast.delegate)
    second = fields_of(theirs, deal)
    mine.post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    response = theirs.post(f"/deals/{deal.pk}/", second | {"stage": "Lost touch"})
    again = {
        bound.html_name: bound.value() for bound in response.context["form"] if bound.value() is not None
    }
    assert theirs.post(f"/deals/{deal.pk}/", again).status_code == 409


def test_only_what_was_changed_is_written(cast, as_, deal):
    """A page that still shows what stood there before takes nothing back, on whatever version it is sent."""
    theirs = as_(cast.delegate)
    shown = fields_of(theirs, deal)
    as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    assert theirs.post(f"/deals/{deal.pk}/", shown | {"version": 2, "rep_name": "Sam"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.stage, deal.rep_name) == ("Contract", "Sam")


def test_what_stood_there_at_first_can_be_kept(cast, as_, deal):
    mine = as_(cast.leader)
    shown = fields_of(mine, deal)
    as_(cast.delegate).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    mine.post(f"/deals/{deal.pk}/", shown | {"stage": "Lost touch"})
    mine.post(f"/deals/{deal.pk}/", shown | {"keep": "mine", "stored_version": 2})
    deal.refresh_from_db()
    assert deal.stage == "Proposal"


def test_two_changes_that_contradict_each_other_show_both(cast, as_, deal):
    """One marks it won, the other takes the amount away: each is right alone."""
    mine, theirs = as_(cast.leader), as_(cast.delegate)
    first, second = fields_of(mine, deal), fields_of(theirs, deal)
    won = {"status": "won", "close_date": TODAY.isoformat()}
    assert mine.post(f"/deals/{deal.pk}/", first | won).status_code == 302
    answer = theirs.post(f"/deals/{deal.pk}/", second | {"amount": ""})
    assert answer.status_code == 409
    assert "Enter the amount won. It is booked as revenue." in answer.content.decode()
    deal.refresh_from_db()
    assert (deal.status, deal.amount) == ("won", 100_000)


def test_the_same_change_by_two_is_one(cast, as_, deal):
    mine, theirs = as_(cast.leader), as_(cast.delegate)
    first, second = fields_of(mine, deal), fields_of(theirs, deal)
    for client, told in ((mine, first), (theirs, second)):
        assert client.post(f"/deals/{deal.pk}/", told | {"stage": "Contract"}).status_code == 302
    assert deal.changes.count() == 1


def test_the_same_sent_twice_at_once_is_kept_once(cast, deal):
    """Both requests read the deal before either wrote."""
    first, second = Deal.objects.get(), Deal.objects.get()
    for row, later in ((first, 0), (second, 1)):
        now = NOW + timedelta(milliseconds=later)
        row.record_change(version=1, day=TODAY, now=now, by=cast.leader, stage="Contract")
    assert deal.changes.count() == 1


@pytest.mark.parametrize("base", ["{", "[]", "7", "null", '{"stage": 7}', "[" * 5000])
def test_a_base_that_is_no_base_is_left_out(cast, as_, deal, base):
    as_(cast.delegate).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    told = {"version": 1, "stage": "Lost touch", "base": base}
    assert as_(cast.leader).post(f"/deals/{deal.pk}/", told).status_code == 409


def test_the_page_says_its_base(cast, as_, deal):
    body = unescape(as_(cast.leader).get(f"/deals/{deal.pk}/").content.decode())
    assert '"stage": "Proposal"' in body
    assert re.search(rf'"close_date": "{(NOW + timedelta(days=4)).date()}"', body)


@pytest.mark.parametrize(
    ("keep", "stage"), [("mine", "Lost touch"), ("theirs", "Contract"), ("both", "Contract / Lost touch")]
)
def test_whatever_is_chosen_the_other_fields_stay_as_typed(cast, as_, deal, keep, stage):
    theirs = as_(cast.delegate)
    typed = fields_of(theirs, deal) | {"stage": "Lost touch", "rep_name": "Sam"}
    as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "stage": "Contract"})
    response = theirs.post(f"/deals/{deal.pk}/", typed)
    assert [field.name for field in response.context["conflict"].fields] == ["stage"]
    again = {
        bound.html_name: bound.value() for bound in response.context["form"] if bound.value() is not None
    }
    theirs.post(f"/deals/{deal.pk}/", again | {"keep": keep, "stored_version": 2})
    deal.refresh_from_db()
    assert (deal.stage, deal.rep_name) == (stage, "Sam")
