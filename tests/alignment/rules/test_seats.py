"""What a change of seats may do: the rules alone, as a table."""

from __future__ import annotations

from datetime import date

import pytest

from alignment.rules.seats import Change, Sitting, after, refusal

D = [date(2026, 11, day) for day in range(1, 31)]  # D[0] is the first of November
TOM = Sitting(1, "Tom", "ceo", D[0], id=11)
JOE = Sitting(2, "Joe", "leader", D[0], id=12)
OLAF = Sitting(3, "Olaf", "observer", D[0], id=13)
TEAM = (TOM, JOE, OLAF)
ANNE = {"user": 4, "name": "Anne"}


@pytest.mark.parametrize(
    "change",
    [
        Change(D[9], **ANNE, role="leader", ends=12),
        Change(D[9], **ANNE, role="ceo", ends=11),
        Change(D[9], **ANNE, role="delegate", acts_for="ceo"),
        Change(D[9], ends=12),
        Change(D[9], 2, "Joe", "observer"),
        Change(D[9], 3, "Olaf", "leader", ends=12),
        Change(D[0], **ANNE, role="leader", ends=12),
    ],
    ids=[
        "a leader follows",
        "a CEO follows",
        "a delegate comes",
        "a leader goes",
        "a leader only reads on",
        "an observer leads",
        "put right on the day it began",
    ],
)
def test_a_change_that_breaks_no_rule_is_made(change: Change) -> None:
    assert not refusal(TEAM, [], change, ends_on=None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            Change(D[9], **ANNE, role="leader"),
            "There would be two at once: Joe is the sales leader, and Anne would be",
        ),
        (Change(D[9], ends=11), "without a CEO from 10 November 2026"),
        (Change(D[9], 1, "Tom", "observer"), "without a CEO from 10 November 2026"),
        (Change(D[9], 2, "Joe", "leader"), "Joe already has this role"),
        (Change(D[9], **ANNE, role="observer", is_active=False), "Anne is deactivated"),
        (Change(D[9], **ANNE, role="observer", is_ours=False), "Only people of this company"),
        (Change(D[9], **ANNE, role="delegate"), "Choose whether they act for"),
        (Change(date(2026, 10, 30), ends=12), "Joe has had this role since 1 November 2026"),
    ],
)
def test_a_change_that_breaks_a_rule_is_refused_with_a_sentence(change: Change, said: str) -> None:
    assert said in refusal(TEAM, [], change, ends_on=None)


def test_a_ceo_may_go_when_a_successor_follows_without_a_gap() -> None:
    follows = Change(D[9], **ANNE, role="ceo")
    assert "two at once" in refusal(TEAM, [], follows, ends_on=None)
    assert not refusal(after(TEAM, Change(D[9], ends=11)), [], follows, ends_on=None)


def test_a_gap_between_two_ceos_is_refused() -> None:
    later = Change(D[14], **ANNE, role="ceo")
    assert "without a CEO from 10 November" in refusal(TEAM, [later], Change(D[9], ends=11), ends_on=None)


def test_a_ceo_may_go_when_the_team_ends() -> None:
    assert not refusal(TEAM, [], Change(D[9], ends=11), ends_on=D[8])
    assert refusal(TEAM, [], Change(D[9], ends=11), ends_on=D[9])


def test_nobody_gets_a_seat_after_the_end_of_the_team() -> None:
    change = Change(D[9], **ANNE, role="observer")
    assert "The team ends on 9 November 2026" in refusal(TEAM, [], change, ends_on=D[8])


def test_two_planned_seats_of_one_person_do_not_overlap() -> None:
    planned = Change(D[14], **ANNE, role="observer")
    sooner = Change(D[9], **ANNE, role="facilitator")
    assert not refusal(TEAM, [planned], sooner, ends_on=None)
    assert [each.until for each in after(after(TEAM, sooner), planned)[3:]] == [D[13], None]


def test_a_seat_that_began_later_is_not_taken_by_an_earlier_change() -> None:
    planned = Change(D[14], **ANNE, role="leader", ends=12)
    sooner = Change(D[9], 5, "Bea", "leader", ends=12)
    assert "two at once" in refusal(TEAM, [planned], sooner, ends_on=None)


def test_a_seat_given_up_today_may_be_taken_today() -> None:
    gone = Sitting(2, "Joe", "leader", D[0], D[9], id=12, is_over=True)
    follows = Change(D[9], **ANNE, role="leader")
    assert not refusal((TOM, gone), [], follows, ends_on=None)
    assert "two at once" in refusal((TOM, JOE), [Change(D[10], ends=12)], follows, ends_on=None)


def test_a_seat_put_right_on_the_day_it_began_keeps_that_one_day() -> None:
    assert [each.until for each in after(TEAM, Change(D[0], ends=12)) if each.id == 12] == [D[0]]
