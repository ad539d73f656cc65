"""A query whose SQL is made once says the same as the queryset it was made of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Count

from alignment.models import Goal, Seat
from alignment.prepared import Prepared
from meetings.models import Meeting
from tests.factories import NOW, make_meeting

pytestmark = pytest.mark.django_db


def test_each_run_puts_in_its_own_values(cast):
    seats = Prepared(lambda *, user: Seat.objects.filter(user=user).values_list("role"), user=int)
    assert {role for (role,) in seats.rows(user=cast.ceo.pk)} == {"ceo"}
    assert seats.rows(user=cast.observer.pk) == [("observer",)]


def test_times_and_days_are_given_as_the_database_wants_them(cast):
    make_meeting(team=cast.north, starts_at=NOW)
    Goal.objects.create(team=cast.north, month=date(2026, 11, 1), amount=7)
    after = Prepared(
        lambda *, since: Meeting.objects.filter(starts_at__gt=since).values_list("team"), since=datetime
    )
    goals = Prepared(
        lambda *, first, last: Goal.objects.filter(month__range=(first, last)).values_list("team"),
        first=date,
        last=date,
    )
    assert after.rows(since=NOW - timedelta(seconds=1)) == [(cast.north.pk,)]
    assert after.rows(since=NOW) == []
    assert goals.rows(first=date(2026, 11, 1), last=date(2026, 11, 30)) == [(cast.north.pk,)]
    assert goals.rows(first=date(2026, 12, 1), last=date(2026, 12, 31)) == []


def test_a_value_used_twice_is_put_in_twice(cast):
    twice = Prepared(
        lambda *, user: (
            Seat.objects.filter(user=user)
            .exclude(team__in=Seat.objects.exclude(user=user).values("team"))
            .values_list("pk")
        ),
        user=int,
    )
    assert twice.rows(user=cast.ceo.pk) == []
    assert len(twice.rows(user=cast.outsider.pk)) == 1


def test_a_value_that_is_computed_with_inside_is_refused(cast):
    wrong = Prepared(
        lambda *, now: Meeting.objects.filter(starts_at__gt=now - timedelta(days=1)).values_list("pk"),
        now=datetime,
    )
    with pytest.raises(TypeError, match="does not use now"):
        wrong.rows(now=datetime(2026, 11, 23, tzinfo=UTC))


def test_groups_and_unions_keep_their_order_of_columns(cast):
    both = Prepared(
        lambda *, user: (
            Seat.objects.filter(user=user).values("role").annotate(n=Count("pk")).values_list("role", "n")
        ),
        user=int,
    )
    assert both.rows(user=cast.ceo.pk) == [("ceo", 2)]
