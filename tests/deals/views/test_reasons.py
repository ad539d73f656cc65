"""Why a date moved and how a deal ended: a kind from the one list, words beside it, either is enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from deals.models import Deal
from tests.factories import NOW, TODAY, make_deal
from tests.html import flat

pytestmark = pytest.mark.django_db
LATER = (TODAY + timedelta(days=40)).isoformat()


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast: Any) -> Deal:
    return make_deal(team=cast.north, name="Orbis", rep="Dana")


def test_a_kind_alone_is_reason_enough_for_a_new_date(cast, as_, deal):
    response = as_(cast.leader).post(
        f"/deals/{deal.pk}/move/", {"close_date": LATER, "reason_kind": "legal", "version": 1}
    )
    assert response.status_code == 302
    push = deal.changes.get(field="close_date")
    assert (push.reason_kind, push.reason) == ("legal", "")


def test_a_loss_without_kind_or_words_is_asked_for_one(cast, as_, deal):
    response = as_(cast.leader).post(
        f"/deals/{deal.pk}/lost/", {"close_date": TODAY, "reason_kind": "", "reason": "", "version": 1}
    )
    assert response.status_code == 422
    assert "Choose why it was lost, or say it in your words." in flat(response)


def test_a_loss_stays_with_the_deal_until_it_is_open_again(cast, as_, deal):
    said = {"close_date": TODAY, "reason_kind": "offer", "reason": "Too dear", "version": 1}
    as_(cast.leader).post(f"/deals/{deal.pk}/lost/", said)
    deal.refresh_from_db()
    assert (deal.status, deal.reason_kind, deal.reason) == ("lost", "offer", "Too dear")
    as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 2, "status": "open", "close_date": LATER})
    deal.refresh_from_db()
    assert (deal.status, deal.reason_kind, deal.reason) == ("open", "", "")


def test_what_decided_a_win_is_offered_from_the_same_list(cast, as_, deal):
    page = flat(as_(cast.leader).get(f"/deals/{deal.pk}/won/"))
    assert "What decided it?" in page
    assert 'value="offer"' in page
    assert 'value="date"' not in page
    said = {"close_date": TODAY, "amount": "100,000", "reason_kind": "people", "version": 1}
    as_(cast.leader).post(f"/deals/{deal.pk}/won/", said)
    deal.refresh_from_db()
    assert (deal.status, deal.reason_kind) == ("won", "people")


def test_a_kind_that_is_not_in_the_list_is_refused(cast, as_, deal):
    said = {"close_date": LATER, "reason_kind": "weather", "version": 1}
    assert as_(cast.leader).post(f"/deals/{deal.pk}/move/", said).status_code == 422


def test_the_reason_of_a_push_is_answered_in_place(cast, as_, deal):
    as_(cast.leader).post(f"/deals/{deal.pk}/move/", {"close_date": LATER, "reason": "Board", "version": 1})
    deal.refresh_from_db()
    answer = {"part": "pushed", "reason_kind": "budget", "version": deal.version}
    response = as_(cast.leader).post(f"/deals/{deal.pk}/", answer, headers={"X-Autosave": "1"})
    assert response.status_code == 204
    push = deal.changes.get(field="close_date")
    assert (push.reason_kind, push.reason) == ("budget", "Board"), "words that were not sent stay"
