"""Lines that the CEO and the sales leader agree: proposed by one, agreed by the other, replaced by the next."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alignment.agreements.answers import (
    AgreementChangedError,
    AlreadyAgreedError,
    accept,
    decline,
    propose,
    take_back,
    withdraw,
)
from alignment.models import Agreement, User
from alignment.rules.roles import Side
from tests.cast import Cast
from tests.factories import NOW, make_seat, make_user

LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def proposed(cast: Cast, side: Side = Side.LEADER, *, key: str = "2026", **content: Any) -> Agreement:
    by = cast.leader if side == Side.LEADER else cast.ceo
    terms = {"big": 30} | content
    return propose(cast.north, subject="mix", key=key, content=terms, side=side, by=by, now=NOW)


def states() -> list[tuple[int, str]]:
    return list(Agreement.objects.order_by("number").values_list("number", "state"))


@pytest.mark.parametrize(("side", "other"), [(Side.LEADER, "ceo"), (Side.CEO, "leader")])
def test_a_proposal_waits_for_the_other_and_holds_with_both(cast: Cast, side: Side, other: str) -> None:
    agreement = proposed(cast, side)
    assert (agreement.proposed_side, agreement.waits_for) == (side, other)
    assert [agreement.can_answer(user) for user in (cast.ceo, cast.leader)] == [
        other == "ceo",
        other != "ceo",
    ]
    assert not any(map(agreement.can_answer, (cast.delegate, cast.facilitator, cast.observer, cast.admin)))
    accept(agreement, by=getattr(cast, other), now=LATER)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ceo, agreement.leader) == ("agreed", cast.ceo, cast.leader)


def test_one_answers_with_another(cast: Cast) -> None:
    first = proposed(cast)
    second = proposed(cast, Side.CEO, big=40)
    assert states() == [(1, "replaced"), (2, "proposed")]
    with pytest.raises(AgreementChangedError):
        accept(first, by=cast.ceo, now=LATER)
    accept(second, by=cast.leader, now=LATER)
    assert states() == [(1, "replaced"), (2, "agreed")]


def test_what_was_agreed_holds_until_the_next_is_agreed(cast: Cast) -> None:
    accept(proposed(cast), by=cast.ceo, now=LATER)
    second = proposed(cast, big=40)
    assert states() == [(1, "agreed"), (2, "proposed")]
    accept(second, by=cast.ceo, now=LATER)
    assert states() == [(1, "replaced"), (2, "agreed")]
    assert Agreement.objects.get(number=1).content == {"big": 30}


def test_the_same_proposed_or_agreed_twice_is_one(cast: Cast) -> None:
    assert proposed(cast) == proposed(cast)
    agreement = proposed(cast)
    accept(agreement, by=cast.ceo, now=LATER)
    accept(agreement, by=cast.ceo, now=LATER + timedelta(hours=1))
    assert Agreement.objects.get().ceo_at == LATER


def test_each_line_has_numbers_of_its_own(cast: Cast) -> None:
    assert [proposed(cast, key=key).number for key in ("2026", "2027")] == [1, 1]


@pytest.mark.parametrize("role", ["ceo", "leader"])
def test_after_a_change_of_seat_a_former_holders_yes_is_named(cast: Cast, role: str) -> None:
    agreement = proposed(cast)
    holders = {"ceo": cast.ceo, "leader": cast.leader}
    assert agreement.former_yes(**holders) == ""
    accept(agreement, by=cast.ceo, now=LATER)
    agreement.refresh_from_db()
    assert agreement.former_yes(**holders) == ""
    assert agreement.former_yes(**holders | {role: make_user()}) == role


def test_whoever_reads_the_team_reads_it(cast: Cast) -> None:
    proposed(cast)
    readers = {
        name: Agreement.objects.visible_to(getattr(cast, name)).exists()
        for name in (
            "ceo",
            "leader",
            "delegate",
            "facilitator",
            "observer",
            "second_leader",
            "admin",
            "outsider",
        )
    }
    assert {name for name, reads in readers.items() if reads} == {
        "ceo",
        "leader",
        "delegate",
        "facilitator",
        "observer",
    }


def test_the_database_refuses_two_that_hold_and_one_without_both(cast: Cast) -> None:
    row = {"team": cast.north, "subject": "mix", "key": "2026", "content": {}, "proposed_at": NOW}
    both = {"state": "agreed", "ceo_at": NOW, "leader_at": NOW}
    Agreement.objects.create(number=1, **row, **both)
    for wrong in ({"number": 2, **both}, {"number": 3, "state": "agreed", "ceo_at": NOW}, {"number": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.create(**row, **wrong)


def test_declined_says_why_and_what_held_before_still_holds(cast: Cast) -> None:
    accept(proposed(cast), by=cast.ceo, now=LATER)
    second = proposed(cast, big=40)
    for _ in range(2):
        decline(second, by=cast.ceo, now=LATER, why="Too few big ones.")
    assert states() == [(1, "agreed"), (2, "declined")]
    second.refresh_from_db()
    assert (second.closed_by, second.closed_at, second.why) == (cast.ceo, LATER, "Too few big ones.")
    assert (second.proposed_side, second.waits_for) == (Side.LEADER, "")


def test_one_withdraws_their_own_proposal_alone(cast: Cast) -> None:
    agreement = proposed(cast)
    assert [agreement.can_withdraw(user) for user in (cast.leader, cast.ceo, cast.delegate)] == [
        True,
        False,
        False,
    ]
    with pytest.raises(AgreementChangedError):
        withdraw(agreement, by=cast.ceo, now=LATER)
    for _ in range(2):
        withdraw(agreement, by=cast.leader, now=LATER)
    assert states() == [(1, "withdrawn")]


@pytest.mark.parametrize(
    ("first", "then"),
    list(permutations(["accept", "decline", "withdraw"], 2)),
)
def test_of_two_answers_the_first_counts(cast: Cast, first: str, then: str) -> None:
    acts = {
        "accept": lambda row: accept(row, by=cast.ceo, now=LATER),
        "decline": lambda row: decline(row, by=cast.ceo, now=LATER, why="No."),
        "withdraw": lambda row: withdraw(row, by=cast.leader, now=LATER),
    }
    agreement = proposed(cast)
    acts[first](agreement)
    before = states()
    with pytest.raises(AgreementChangedError):
        acts[then](agreement)
    assert states() == before


@pytest.mark.parametrize("who", ["leader", "delegate", "observer", "admin", "outsider"])
def test_nobody_else_says_yes_or_no(cast: Cast, who: str) -> None:
    agreement, user = proposed(cast), getattr(cast, who)
    with pytest.raises(AgreementChangedError):
        accept(agreement, by=user, now=LATER)
    with pytest.raises(AgreementChangedError):
        decline(agreement, by=user, now=LATER, why="No.")
    assert states() == [(1, "proposed")]


def test_the_database_refuses_a_no_without_why(cast: Cast) -> None:
    row = {
        "team": cast.north,
        "subject": "mix",
        "key": "2026",
        "content": {},
        "proposed_at": NOW,
        "number": 1,
    }
    for wrong in ({"why": "", "closed_at": NOW}, {"why": "No."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.create(state="declined", **row, **wrong)


def test_a_yes_taken_back_leaves_all_as_it_was(cast: Cast) -> None:
    accept(proposed(cast), by=cast.ceo, now=LATER)
    second = accept(proposed(cast, big=40), by=cast.ceo, now=LATER)
    with pytest.raises(AgreementChangedError):
        take_back(second, by=cast.delegate)
    take_back(second, by=cast.ceo)
    assert states() == [(1, "agreed"), (2, "proposed")]
    assert Agreement.objects.get(number=2).waits_for == "ceo"


def seat_anew(cast: Cast, role: str) -> User:
    cast.north.seats.filter(role=role).update(until=NOW.date())
    new = make_user()
    make_seat(team=cast.north, user=new, role=role)
    cast.north.forget_seats()
    return new


@pytest.mark.parametrize("role", ["ceo", "leader"])
def test_who_follows_in_a_seat_agrees_anew_with_one_yes(cast: Cast, role: str) -> None:
    agreement = accept(proposed(cast), by=cast.ceo, now=LATER)
    new = seat_anew(cast, role)
    today = NOW.date()
    assert list(Agreement.objects.waiting_for(Side(role), new.pk, today)) == [agreement]
    assert agreement.can_renew(new)
    renewed = accept(agreement, by=new, now=LATER + timedelta(days=1))
    assert states() == [(1, "replaced"), (2, "agreed")]
    assert (renewed.content, renewed.yes_of(role)) == ({"big": 30}, new.pk)
    assert not Agreement.objects.waiting_for(Side(role), new.pk, today).exists()
    take_back(renewed, by=new)
    assert states() == [(1, "agreed")]


def test_a_line_waits_until_its_last_day(cast: Cast) -> None:
    proposed(cast)
    waiting = Agreement.objects.waiting_for
    assert waiting(Side.CEO, cast.ceo.pk, date(2026, 12, 31)).exists()
    assert not waiting(Side.LEADER, cast.leader.pk, date(2026, 12, 31)).exists()
    assert not waiting(Side.CEO, cast.ceo.pk, date(2027, 1, 1)).exists()


def test_each_side_proposes_and_the_former_leaders_words_stay_theirs(cast: Cast) -> None:
    proposed(cast)
    new = seat_anew(cast, "leader")
    again = propose(
        cast.north, subject="mix", key="2026", content={"big": 40}, side=Side.LEADER, by=new, now=LATER
    )
    assert states() == [(1, "replaced"), (2, "proposed")]
    assert again.can_answer(cast.ceo)


def test_an_answer_with_another_is_to_the_newest_proposal_that_was_read(cast: Cast) -> None:
    proposed(cast)
    terms = {
        "subject": "mix",
        "key": "2026",
        "content": {"big": 50},
        "side": Side.CEO,
        "by": cast.ceo,
        "now": LATER,
    }
    proposed(cast, big=40)
    with pytest.raises(AgreementChangedError):
        propose(cast.north, **terms, last_read=1)
    assert states() == [(1, "replaced"), (2, "proposed")]
    for _ in range(2):  # sent twice
        propose(cast.north, **terms, last_read=2)
    assert states() == [(1, "replaced"), (2, "replaced"), (3, "proposed")]


def test_what_holds_already_is_not_proposed(cast: Cast) -> None:
    accept(proposed(cast), by=cast.ceo, now=LATER)
    for side in (Side.LEADER, Side.CEO):
        with pytest.raises(AlreadyAgreedError):
            proposed(cast, side)
    assert states() == [(1, "agreed")]


def test_what_holds_with_a_former_yes_may_be_proposed(cast: Cast) -> None:
    accept(proposed(cast), by=cast.ceo, now=LATER)
    seat_anew(cast, "ceo")
    proposed(cast)
    assert states() == [(1, "agreed"), (2, "proposed")]


def test_what_holds_answers_another_proposal(cast: Cast) -> None:
    accept(proposed(cast), by=cast.ceo, now=LATER)
    proposed(cast, big=40)
    proposed(cast, Side.CEO)
    assert states() == [(1, "agreed"), (2, "replaced"), (3, "proposed")]
