"""What a person has read of a team: everything up to the mark, and what they opened after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alignment.models import ItemRead, ReadMark, ReadState, mark_all_read, mark_item_read
from tests.factories import NOW

HOUR = timedelta(hours=1)


def state(user, team):
    return ReadMark.objects.state_of(user, team)


def test_without_a_mark_what_is_new_begins_where_the_page_says():
    assert ReadState().is_unread("issue-7", NOW, begins=NOW - HOUR)
    assert not ReadState().is_unread("issue-7", NOW - HOUR, begins=NOW - HOUR)


def test_a_mark_counts_instead_of_that():
    assert not ReadState(up_to=NOW).is_unread("issue-7", NOW, begins=NOW - HOUR)


@pytest.mark.django_db
def test_all_is_read_up_to_the_mark_and_what_comes_after_is_not(cast):
    mark_all_read(cast.ceo, cast.north, NOW)
    assert not state(cast.ceo, cast.north).is_unread("issue-7", NOW)
    assert state(cast.ceo, cast.north).is_unread("issue-7", NOW + HOUR)


@pytest.mark.django_db
def test_a_mark_never_moves_back(cast):
    mark_all_read(cast.ceo, cast.north, NOW)
    mark_all_read(cast.ceo, cast.north, NOW - HOUR)
    assert state(cast.ceo, cast.north).up_to == NOW


@pytest.mark.django_db
def test_an_opened_item_is_read_until_something_happens_to_it_again(cast):
    mark_item_read(cast.ceo, cast.north, "issue-7", NOW)
    read = state(cast.ceo, cast.north)
    assert not read.is_unread("issue-7", NOW)
    assert read.is_unread("issue-8", NOW)
    assert read.is_unread("issue-7", NOW + HOUR)


@pytest.mark.django_db
def test_an_item_opened_twice_is_one_row(cast):
    for at in (NOW, NOW + HOUR):
        mark_item_read(cast.ceo, cast.north, "issue-7", at)
    assert ItemRead.objects.get().at == NOW + HOUR


@pytest.mark.django_db
def test_the_mark_takes_the_items_it_passes_with_it(cast):
    mark_item_read(cast.ceo, cast.north, "issue-7", NOW)
    mark_item_read(cast.ceo, cast.north, "issue-8", NOW + HOUR)
    mark_all_read(cast.ceo, cast.north, NOW)
    assert [item.about for item in ItemRead.objects.all()] == ["issue-8"]


@pytest.mark.django_db
def test_each_reader_and_each_team_has_a_mark_of_its_own(cast):
    mark_all_read(cast.ceo, cast.north, NOW)
    assert state(cast.leader, cast.north) == ReadState()
    assert state(cast.ceo, cast.south) == ReadState()


@pytest.mark.django_db
def test_the_marks_of_all_teams_are_one_query(cast, django_assert_num_queries):
    mark_all_read(cast.ceo, cast.north, NOW)
    mark_item_read(cast.ceo, cast.south, "deal-1", NOW)
    with django_assert_num_queries(1):
        states = ReadMark.objects.states_of(cast.ceo)
    assert states == {cast.north.pk: ReadState(NOW), cast.south.pk: ReadState(None, {"deal-1": NOW})}
