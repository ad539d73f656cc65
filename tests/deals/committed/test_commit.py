"""Deals are put into the commit for a period."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from alignment.rules.periods import quarter_of
from deals.committed.commit import CommitLine, commit_deals
from deals.models import CommittedDeal, Deal
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_rep

QUARTER = quarter_of(TODAY, first_month=1)
WEEK = timedelta(days=7)


def line(deal: Deal, amount: int | None = None) -> CommitLine:
    return CommitLine(deal.pk, Decimal(amount) if amount else deal.amount, deal.close_date)


def commit(cast: Cast, *lines: CommitLine, weeks: int = 0, leader: User | None = None) -> None:
    commit_deals(cast.north, QUARTER, lines, leader=leader or cast.leader, at=NOW + weeks * WEEK)


def test_amount_date_rep_and_size_are_those_of_that_day(cast: Cast) -> None:
    rep = make_rep(team=cast.north)
    deal = make_deal(team=cast.north, rep=rep, amount=Decimal(300_000), close_date=date(2026, 12, 10))
    commit(cast, line(deal))
    Deal.objects.filter(pk=deal.pk).update(amount=Decimal(1), close_date=date(2027, 3, 1), rep=None)
    row = CommittedDeal.objects.get()
    assert (row.deal, row.team, row.leader, row.rep) == (deal, cast.north, cast.leader, rep)
    assert (row.period_start, row.period_end) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (row.amount, row.close_date, row.band) == (Decimal(300_000), date(2026, 12, 10), "big")
    assert (row.committed_at, row.committed_on, row.left_at) == (NOW, TODAY, None)


def test_the_same_commit_sent_twice_changes_nothing(cast: Cast) -> None:
    deal = make_deal(team=cast.north)
    commit(cast, line(deal))
    commit(cast, line(deal))
    assert CommittedDeal.objects.count() == 1


def test_a_later_commit_leaves_amount_and_day_as_they_were(cast: Cast) -> None:
    deal = make_deal(team=cast.north)
    commit(cast, line(deal))
    commit(cast, line(deal, 5), weeks=1, leader=cast.ceo)
    row = CommittedDeal.objects.get()
    assert (row.amount, row.committed_at, row.leader) == (deal.amount, NOW, cast.leader)


def test_a_deal_that_is_not_in_the_next_commit_has_left_it(cast: Cast) -> None:
    first, second = make_deal(team=cast.north), make_deal(team=cast.north)
    commit(cast, line(first), line(second))
    commit(cast, line(second), weeks=1)
    commit(cast, line(second), weeks=2)
    assert dict(CommittedDeal.objects.values_list("deal", "left_at")) == {
        first.pk: NOW + WEEK,
        second.pk: None,
    }


def test_a_deal_that_returns_has_not_left(cast: Cast) -> None:
    deal = make_deal(team=cast.north)
    commit(cast, line(deal))
    commit(cast, weeks=1)
    assert CommittedDeal.objects.get().left_at == NOW + WEEK
    commit(cast, line(deal), weeks=2)
    row = CommittedDeal.objects.get()
    assert (row.left_at, row.committed_at) == (None, NOW)


def test_a_deal_may_be_committed_for_another_period_too(cast: Cast) -> None:
    deal = make_deal(team=cast.north)
    commit(cast, line(deal))
    following = quarter_of(date(2027, 1, 1), first_month=1)
    commit_deals(cast.north, following, [line(deal)], leader=cast.leader, at=NOW)
    assert set(CommittedDeal.objects.values_list("period_start", "left_at")) == {
        (QUARTER.start, None),
        (following.start, None),
    }


def test_a_deal_of_another_team_is_passed_over(cast: Cast) -> None:
    commit(cast, line(make_deal(team=cast.south)))
    assert not CommittedDeal.objects.exists()


def test_a_deal_without_an_amount_has_no_size(cast: Cast) -> None:
    commit(cast, CommitLine(make_deal(team=cast.north).pk, None, None))
    row = CommittedDeal.objects.get()
    assert (row.amount, row.close_date, row.band) == (None, None, "")


def test_one_deal_and_fifty_take_the_same_number_of_statements(cast: Cast) -> None:
    deals = [make_deal(team=cast.north) for _ in range(50)]
    counts = []
    for number in (1, 50):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            commit(cast, *map(line, deals[:number]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_who_reads_the_team_reads_its_committed_deals(cast: Cast) -> None:
    commit(cast, line(make_deal(team=cast.north)))
    readers = {
        name
        for name in ("admin", "ceo", "leader", "second_leader", "observer", "outsider")
        if CommittedDeal.objects.visible_to(getattr(cast, name)).exists()
    }
    assert readers == {"ceo", "leader", "observer"}
