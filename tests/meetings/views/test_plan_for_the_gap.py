"""The plan for the gap between commit and goal: at most three measures, each saying what it brought when done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from alignment.models import Goal
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.models import Commitment, Meeting
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_call, make_commitment, make_expectation, make_held_meeting
from tests.html import flat

As = Callable[[Any], Client]
BEFORE = NOW - timedelta(hours=27)


@pytest.fixture(autouse=True)
def _before() -> Any:
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def goal(cast: Cast) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=500_000)


@pytest.fixture
def add(meeting: Meeting, cast: Cast, as_: As) -> Callable[..., Any]:
    def send(text: str = "Call the five open offers", by: Any = cast.leader, **fields: Any) -> Any:
        about = {"team": "north", "meeting": meeting.pk, "section": "revenue", "measure": "1"}
        who = {"owner": cast.leader.pk, "due": (TODAY + timedelta(days=7)).isoformat(), "token": str(uuid4())}
        sent = about | who | {"text": text, "amount": "60k"} | fields
        return as_(by).post("/commitments/new/", sent)

    return send


def page_of(as_: As, user: Any, path: str) -> str:
    return flat(as_(user).get(path).content.decode())


def test_a_plan_is_asked_for_only_where_the_commit_is_below_the_goal(
    cast: Cast, meeting: Meeting, goal: None, as_: As
) -> None:
    path = f"/meetings/{meeting.pk}/prepare/"
    assert "Plan for the gap" not in page_of(as_, cast.leader, path)  # nothing is called
    call = make_call(meeting=meeting, commit=Decimal(1_200_000), best_case=Decimal(1_600_000))
    assert "Plan for the gap between commit and goal, $300K" in page_of(as_, cast.leader, path)
    make_call(meeting=meeting, number=2, commit=Decimal(1_500_000), best_case=Decimal(1_600_000))
    assert "Plan for the gap" not in page_of(as_, cast.leader, path)
    assert call.number == 1


def test_a_measure_is_a_commitment_with_an_amount(
    cast: Cast, meeting: Meeting, goal: None, as_: As, add: Callable[..., Any]
) -> None:
    make_call(meeting=meeting, commit=Decimal(1_200_000), best_case=Decimal(1_600_000))
    assert add().status_code == 302
    measure = Commitment.objects.get()
    assert (measure.amount, measure.section, measure.owner) == (60_000, "revenue", cast.leader)
    page = page_of(as_, cast.leader, f"/meetings/{meeting.pk}/prepare/")
    assert "Call the five open offers, about $60K" in page and page.count("Call the five open offers") == 1
    assert "The open measures bring about $60K." in page
    assert "Call the five open offers, about $60K" in page_of(as_, cast.leader, f"/meetings/{meeting.pk}/")


@pytest.mark.parametrize("amount", ["", "-1", "much", "0"])
def test_a_measure_needs_an_amount(meeting: Meeting, add: Callable[..., Any], amount: str) -> None:
    answer = add(amount=amount)
    assert answer.status_code == 422 and "Call the five open offers" in answer.content.decode()
    assert not Commitment.objects.exists()


def test_a_fourth_measure_is_refused_until_one_is_closed(
    cast: Cast, meeting: Meeting, add: Callable[..., Any]
) -> None:
    token = str(uuid4())
    for text in ("One", "Two"):
        assert add(text).status_code == 302
    for _ in range(2):  # a double click is one measure, also the last that fits
        assert add("Three", token=token).status_code == 302
    answer = add("Four")
    assert answer.status_code == 422 and "The plan has three measures already." in answer.content.decode()
    assert Commitment.objects.count() == 3
    Commitment.objects.first().drop(by=cast.leader, now=NOW, why="No budget")  # type: ignore[union-attr]
    assert add("Four").status_code == 302


def test_a_closed_measure_is_not_reopened_where_the_plan_is_full(
    cast: Cast, meeting: Meeting, as_: As, add: Callable[..., Any]
) -> None:
    add("One")
    first = Commitment.objects.get()
    first.do(by=cast.leader, now=NOW, brought=Decimal(0))
    for text in ("Two", "Three", "Four"):
        add(text)
    answer = as_(cast.leader).post(f"/commitments/{first.pk}/reopen/", follow=True)
    assert "The plan has three measures already." in flat(answer.content.decode())
    assert Commitment.objects.measures().open().count() == 3
    Commitment.objects.get(text="Two").drop(by=cast.leader, now=NOW, why="No budget")
    as_(cast.leader).post(f"/commitments/{first.pk}/reopen/")
    first.refresh_from_db()
    assert first.is_open


@pytest.mark.parametrize(("commit", "status"), [(1_499_999, 302), (1_500_000, 422), (1_600_000, 422)])
def test_no_measure_is_added_where_the_commit_reaches_the_goal(
    meeting: Meeting, goal: None, add: Callable[..., Any], commit: int, status: int
) -> None:
    make_call(meeting=meeting, commit=Decimal(commit), best_case=Decimal(1_600_000))
    answer = add()
    assert answer.status_code == status
    assert Commitment.objects.exists() is (status == 302)
    assert status == 302 or "there is no gap to plan for" in answer.content.decode()


def test_a_commit_that_is_not_to_be_read_yet_is_not_given_away(
    cast: Cast, meeting: Meeting, goal: None, as_: As, add: Callable[..., Any]
) -> None:
    make_call(meeting=meeting, commit=Decimal(1_500_000), best_case=Decimal(1_600_000))
    assert add(by=cast.ceo).status_code == 302


def test_closing_a_measure_says_what_it_brought(
    cast: Cast, meeting: Meeting, as_: As, add: Callable[..., Any]
) -> None:
    add()
    measure = Commitment.objects.get()
    client, page = as_(cast.leader), f"/commitments/{measure.pk}/brought/"
    answer = client.post(f"/commitments/{measure.pk}/done/", {"next": "/commitments/"})
    assert answer.status_code == 302 and answer.url.startswith(page)
    answer = client.post(f"/commitments/{measure.pk}/done/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(page)
    measure.refresh_from_db()
    assert measure.is_open
    assert client.post(page, {"brought": ""}).status_code == 422
    for _ in range(2):  # a double click
        assert client.post(page, {"brought": "45k"}).status_code == 302
    assert client.post(page, {"brought": "99k"}).status_code == 409
    measure.refresh_from_db()
    assert (measure.brought, measure.done_by) == (45_000, cast.leader)
    meeting.start(by=cast.ceo, now=NOW)
    close_meeting(meeting, by=cast.ceo, now=NOW + timedelta(minutes=30))
    assert "brought $45K" in page_of(as_, cast.observer, f"/meetings/{meeting.pk}/")
    assert "It brought $45K." in page_of(as_, cast.ceo, f"/commitments/{measure.pk}/")
    measure.reopen(now=NOW)
    measure.refresh_from_db()
    assert measure.brought is None


def test_what_is_no_measure_has_brought_nothing(cast: Cast, as_: As) -> None:
    plain = make_commitment(team=cast.north, owner=cast.leader)
    assert as_(cast.leader).get(f"/commitments/{plain.pk}/brought/").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=plain.pk).update(brought=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=plain.pk).update(brought=5, amount=5)  # not done


def test_a_measure_s_amount_can_be_changed_as_long_as_it_is_one(
    cast: Cast, as_: As, add: Callable[..., Any]
) -> None:
    add()
    measure = Commitment.objects.get()
    sent = {"version": measure.version, "amount": "80000"}
    assert as_(cast.leader).post(f"/commitments/{measure.pk}/", sent).status_code == 302
    measure.refresh_from_db()
    assert measure.amount == 80_000


def test_the_meeting_lists_the_measures_and_its_gap_once_the_commit_may_be_read(
    cast: Cast, meeting: Meeting, goal: None, as_: As, add: Callable[..., Any]
) -> None:
    """Goal $1.5M − commit $1.2M = $300K; $60K and $45K are planned, $195K is not covered."""
    make_call(meeting=meeting, commit=Decimal(1_200_000), best_case=Decimal(1_600_000))
    add(), add("Offer spare parts", amount="45k")
    path = f"/meetings/{meeting.pk}/"
    for reader in (cast.ceo, cast.observer, cast.facilitator):
        page = page_of(as_, reader, path)
        assert (
            "Plan to reach the goal" not in page and "Offer spare parts" not in page and "$300K" not in page
        )
    page = page_of(as_, cast.leader, path)
    assert "two measures, about $105K" in page and "Offer spare parts, about $45K" in page
    assert "$195K of the gap is not covered yet." in page_of(as_, cast.leader, f"{path}prepare/")
    meeting.start(by=cast.ceo, now=NOW)
    text = page_of(as_, cast.ceo, path).replace('<b class="num">', "").replace("</b>", "")
    assert "$300Kbetween commit and goal: two measures, about $105K; $195K not covered." in text


def test_the_measures_of_the_last_meeting_stay_and_a_new_one_waits_for_the_commit(
    cast: Cast, meeting: Meeting, goal: None, as_: As, add: Callable[..., Any]
) -> None:
    """Whose it is reads it, as one of their commitments."""
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    with time_machine.travel(NOW - timedelta(days=8), tick=False):
        add("Call the five open offers")
    add("Offer spare parts", amount="45k"), add("Raise prices", amount="30k", owner=cast.ceo.pk)
    page = page_of(as_, cast.observer, f"/meetings/{meeting.pk}/")
    assert "Plan to reach the goal: one measure, about $60K." in page
    assert "Offer spare parts" not in page and "Raise prices" not in page
    page = page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/")
    assert "Raise prices" in page and "Offer spare parts" not in page
    make_call(meeting=meeting, commit=Decimal(1_200_000), best_case=Decimal(1_600_000))
    make_expectation(meeting=meeting)
    meeting.submit_preparation(by=cast.leader, now=BEFORE)
    page = (
        page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/").replace('<b class="num">', "").replace("</b>", "")
    )
    assert "$300Kbetween commit and goal: three measures, about $135K; $165K not covered." in page


def test_a_measure_that_waits_for_the_commit_ticks_nothing_for_others(
    cast: Cast, meeting: Meeting, goal: None, add: Callable[..., Any]
) -> None:
    """That the commitment on the gap is made would say that there is a measure, and so a gap to the goal."""
    make_call(meeting=meeting, commit=Decimal(1_200_000), best_case=Decimal(1_600_000))

    def is_ticked(reader: Any) -> bool:
        agenda = build(pages().get(pk=meeting.pk), reader, BEFORE)
        assert agenda.revenue.needs_commitment is ("commitment" in agenda.revenue.needs)
        return next(check.done for check in agenda.checks if check.text.endswith("commitment on the gap"))

    everyone = (cast.leader, cast.delegate, cast.ceo, cast.observer, cast.facilitator)
    assert not any(map(is_ticked, everyone))
    add(SPARE_PARTS)
    assert [is_ticked(reader) for reader in everyone] == [True, True, False, False, False]
    Commitment.objects.update(owner=cast.observer)
    assert [is_ticked(reader) for reader in everyone] == [True, True, False, True, False]
    make_expectation(meeting=meeting)
    meeting.submit_preparation(by=cast.leader, now=BEFORE)
    assert [is_ticked(reader) for reader in everyone] == [True, True, True, True, False]
    meeting.start(by=cast.ceo, now=NOW)
    assert all(map(is_ticked, everyone))
    make_commitment(team=cast.north, owner=cast.leader)  # one that tells nothing
    assert all(map(is_ticked, everyone))


SPARE_PARTS = "Offer spare parts"


def reads_it(as_: As, user: Any, measure: Commitment) -> bool:
    """Whether the list and its own address know of it: both or none of them."""
    is_listed = SPARE_PARTS in page_of(as_, user, "/commitments/")
    assert (as_(user).get(f"/commitments/{measure.pk}/").status_code != 404) is is_listed
    return is_listed


def test_a_new_measure_is_open_to_others_once_a_meeting_started(
    cast: Cast, meeting: Meeting, as_: As, add: Callable[..., Any]
) -> None:
    """It tells that the commit is below the goal, and by how much. One that was missed or excused opens nothing."""
    add(SPARE_PARTS, amount="45k")
    measure = Commitment.objects.get()
    assert reads_it(as_, cast.leader, measure) and reads_it(as_, cast.delegate, measure)
    for reader in (cast.ceo, cast.observer, cast.facilitator):
        assert not reads_it(as_, reader, measure)
        assert SPARE_PARTS not in page_of(as_, reader, "/")
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.MISSED, missed_at=NOW)
    assert not reads_it(as_, cast.ceo, measure)
    make_held_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    for reader in (cast.ceo, cast.observer, cast.facilitator):
        assert reads_it(as_, reader, measure)


def test_a_measure_is_open_to_the_ceo_once_both_numbers_are_in(
    cast: Cast, meeting: Meeting, as_: As, add: Callable[..., Any]
) -> None:
    make_call(meeting=meeting, commit=Decimal(1_200_000), best_case=Decimal(1_600_000))
    add(SPARE_PARTS)
    measure = Commitment.objects.get()
    make_expectation(meeting=meeting)
    assert not reads_it(as_, cast.ceo, measure)
    meeting.submit_preparation(by=cast.leader, now=BEFORE)
    assert reads_it(as_, cast.ceo, measure)
    assert not reads_it(as_, cast.observer, measure)


def test_what_somebody_entered_or_owns_is_theirs_to_read(
    cast: Cast, meeting: Meeting, as_: As, add: Callable[..., Any]
) -> None:
    add(SPARE_PARTS, by=cast.ceo)
    measure = Commitment.objects.get()
    assert reads_it(as_, cast.ceo, measure) and not reads_it(as_, cast.observer, measure)
    Commitment.objects.update(owner=cast.observer)
    assert reads_it(as_, cast.observer, measure) and not reads_it(as_, cast.facilitator, measure)


def test_a_measure_made_while_the_meeting_runs_is_open_at_once(
    cast: Cast, meeting: Meeting, as_: As, add: Callable[..., Any]
) -> None:
    meeting.start(by=cast.ceo, now=BEFORE)
    with time_machine.travel(BEFORE + timedelta(minutes=5), tick=False):
        add(SPARE_PARTS)
    assert reads_it(as_, cast.observer, Commitment.objects.get())
