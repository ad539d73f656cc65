"""Many goals at once: all or none, each with what it was before, who, when and why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections

from alignment.models import Goal, GoalChange, GoalEdit, VersionConflict
from tests.factories import NOW

pytestmark = pytest.mark.django_db
JAN, FEB = date(2027, 1, 1), date(2027, 2, 1)


def edit(team, month, old, new):
    return GoalEdit(team.pk, month, *(None if value is None else Decimal(value) for value in (old, new)))


def set_many(cast, *edits, why=""):
    return Goal.objects.set_many(edits, by=cast.admin, now=NOW, why=why)


def amounts():
    return {(goal.team.slug, goal.month): goal.amount for goal in Goal.objects.select_related("team")}


def test_goals_are_set_changed_and_taken_away_at_once(cast):
    set_many(cast, edit(cast.north, JAN, None, 5), edit(cast.north, FEB, None, 6))
    set_many(
        cast, edit(cast.north, JAN, 5, 7), edit(cast.north, FEB, 6, None), edit(cast.south, JAN, None, 1)
    )
    assert amounts() == {("north", JAN): 7, ("south", JAN): 1}


def test_what_was_taken_away_stays_known(cast):
    set_many(cast, edit(cast.north, JAN, None, 5))
    set_many(cast, edit(cast.north, JAN, 5, None), why="The team pauses")
    change = GoalChange.objects.last()
    assert (change.old, change.new, change.by, change.at, change.why) == (
        5,
        None,
        cast.admin,
        NOW,
        "The team pauses",
    )


def test_what_somebody_else_set_meanwhile_is_not_overwritten(cast):
    set_many(cast, edit(cast.north, JAN, None, 5))
    with pytest.raises(VersionConflict) as conflict:
        set_many(cast, edit(cast.north, JAN, None, 7), edit(cast.north, FEB, None, 1))
    assert conflict.value.current == {(cast.north.pk, JAN): Decimal(5)}
    assert amounts() == {("north", JAN): 5}


def test_the_same_sent_twice_is_one_change(cast):
    for _ in range(2):
        set_many(cast, edit(cast.north, JAN, None, 5))
    assert GoalChange.objects.count() == 1


def test_open_pages_of_the_teams_concerned_notice(cast):
    set_many(cast, edit(cast.north, JAN, None, 5), edit(cast.south, JAN, None, None))
    cast.north.refresh_from_db()
    cast.south.refresh_from_db()
    assert (cast.north.revision, cast.south.revision) == (1, 0)


@pytest.mark.parametrize("number", [1, 50])
def test_many_goals_cost_as_many_queries_as_one(cast, django_assert_max_num_queries, number):
    months = [date(2027 + index // 12, index % 12 + 1, 1) for index in range(number)]
    with django_assert_max_num_queries(7):
        set_many(cast, *(edit(cast.north, month, None, 5) for month in months))


def test_one_goal_set_keeps_what_it_was(cast):
    for amount in (5, 7):
        Goal.objects.set(cast.north, date(2027, 1, 20), Decimal(amount), by=cast.admin, now=NOW)
    assert [(change.old, change.new) for change in GoalChange.objects.all()] == [(None, 5), (5, 7)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_a_new_goal_at_the_same_moment_one_is_told(cast):
    def told(amount):
        try:
            return bool(set_many(cast, edit(cast.north, JAN, None, amount)))
        except VersionConflict:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(told, range(1, 5))) == 1
    assert (Goal.objects.count(), GoalChange.objects.count()) == (1, 1)
