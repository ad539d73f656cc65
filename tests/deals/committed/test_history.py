"""What came of twelve deals over three quarters: every figure is reckoned by hand in `history`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from deals.committed.queries import JudgedCommit, changes_of, periods_of, read_committed, read_wins
from deals.models import CommittedDeal, Deal, DealChange
from deals.rules.commits import (
    FromOutside,
    HitRate,
    Outcome,
    Removal,
    Tally,
    days_late,
    from_outside,
    hit_rate,
)
from tests.cast import Cast
from tests.deals.committed.history import change, make_history
from tests.factories import TODAY, make_committed, make_deal


@pytest.fixture
def deals(cast: Cast) -> dict[str, Deal]:
    return make_history(cast)


def rows_of(cast: Cast, label: str, today: date = TODAY) -> dict[str, JudgedCommit]:
    period = next(row.period for row in periods_of(cast.north) if row.period.label == label)
    names = dict(Deal.objects.values_list("pk", "name"))
    return {names[row.deal]: row for row in read_committed(cast.north, [period], today=today)}


def judgements(cast: Cast, label: str) -> tuple[HitRate, FromOutside]:
    known = periods_of(cast.north)
    period = next(row.period for row in known if row.period.label == label)
    rows = read_committed(cast.north, [period], today=TODAY)
    wins = read_wins(cast.north, rows, first=period.start, last=period.end)
    commits = [row.commit for row in rows]
    began_on = min(row.began_on for row in known)
    return hit_rate(rows), from_outside(wins, commits, period, began_on=began_on)


def test_each_deal_came_to_what_the_table_says(cast: Cast, deals: dict[str, Deal]) -> None:
    outcomes = {
        (label, name): (str(row.result.outcome), row.result.day, row.is_late)
        for label in ("Q1 2026", "Q2 2026", "Q3 2026")
        for name, row in rows_of(cast, label).items()
    }
    assert outcomes == {
        ("Q1 2026", "Alder"): ("won", date(2026, 3, 18), False),
        ("Q1 2026", "Brandt"): ("slipped", date(2026, 5, 5), False),
        ("Q1 2026", "Cedar"): ("lost", date(2026, 3, 10), False),
        ("Q1 2026", "Dorn"): ("won", date(2026, 3, 27), True),
        ("Q2 2026", "Brandt"): ("won", date(2026, 5, 5), False),
        ("Q2 2026", "Finch"): ("won", date(2026, 6, 25), False),
        ("Q2 2026", "Gray"): ("removed", date(2026, 5, 12), False),
        ("Q2 2026", "Hollis"): ("removed", date(2026, 6, 1), False),
        ("Q2 2026", "Iris"): ("slipped", date(2026, 10, 1), False),
        ("Q3 2026", "Iris"): ("slipped", date(2026, 10, 1), False),
        ("Q3 2026", "Juno"): ("won", date(2026, 9, 28), False),
        ("Q3 2026", "Kestrel"): ("removed", date(2026, 6, 29), False),
        ("Q3 2026", "Lark"): ("slipped", None, False),
    }


def test_days_early_or_late_and_why_a_deal_is_removed(cast: Cast, deals: dict[str, Deal]) -> None:
    first, second, third = (rows_of(cast, f"Q{number} 2026") for number in (1, 2, 3))
    late = {
        name: days_late(rows[name].commit, rows[name].result)
        for rows, name in ((first, "Alder"), (second, "Brandt"), (second, "Finch"))
    }
    assert late == {"Alder": -2, "Brandt": 5, "Finch": 5}
    assert second["Finch"].commit.left_at == datetime(2026, 5, 6, 8, tzinfo=UTC)
    removals = [second["Gray"], second["Hollis"], third["Kestrel"]]
    assert [row.result.removal for row in removals] == [
        Removal.WITHDRAWN,
        Removal.HANDED_OVER,
        Removal.EARLIER,
    ]


@pytest.mark.parametrize(
    ("label", "won", "decided", "late", "outside", "wins"),
    [
        (
            "Q1 2026",
            Tally(1, Decimal(100)),
            Tally(3, Decimal(350)),
            1,
            Tally(2, Decimal(380)),
            Tally(3, Decimal(480)),
        ),
        (
            "Q2 2026",
            Tally(2, Decimal(320)),
            Tally(3, Decimal(320), 1),
            0,
            Tally(1, Decimal(70)),
            Tally(3, Decimal(390)),
        ),
        ("Q3 2026", Tally(1, Decimal(60)), Tally(3, Decimal(100), 1), 0, Tally(), Tally(1, Decimal(60))),
    ],
)
def test_the_two_judgements_of_each_quarter(
    cast: Cast,
    deals: dict[str, Deal],
    label: str,
    won: Tally,
    decided: Tally,
    late: int,
    outside: Tally,
    wins: Tally,
) -> None:
    rate, came = judgements(cast, label)
    assert (rate.share.part, rate.share.whole, rate.late.number) == (won, decided, late)
    assert (came.share.part, came.all_wins, came.unjudged.number) == (outside, wins, 0)
    assert (rate.share.by_count, came.share.by_count) == (None, None)


def test_the_import_of_october_turns_a_slip_into_a_win(cast: Cast, deals: dict[str, Deal]) -> None:
    Deal.objects.filter(name="Juno").update(status="open")
    assert rows_of(cast, "Q3 2026")["Juno"].result.outcome == Outcome.SLIPPED
    Deal.objects.filter(name="Juno").update(status="won")
    assert rows_of(cast, "Q3 2026")["Juno"].result.outcome == Outcome.WON


def test_an_undone_import_leaves_no_push(cast: Cast, deals: dict[str, Deal]) -> None:
    assert changes_of([deals["Lark"].pk], "status", "close_date") == {}


def test_a_quarter_keeps_its_days_when_the_fiscal_year_begins_in_another_month(
    cast: Cast, deals: dict[str, Deal]
) -> None:
    cast.company.fiscal_year_start = 2
    cast.company.save(update_fields=["fiscal_year_start"])
    cast.north.company.refresh_from_db()
    rows = rows_of(cast, "1 Jan 2026 to 31 Mar 2026")
    assert rows["Alder"].result.outcome == Outcome.WON


def test_a_deal_merged_into_another_counts_as_that_one(cast: Cast) -> None:
    """The CRM had it twice: the duplicate was committed, the other one is won."""
    won = make_deal(team=cast.north, status="won", close_date=date(2026, 11, 12))
    duplicate = make_deal(team=cast.north, status="withdrawn", merged_into=won)
    make_committed(deal=duplicate, committed_on=date(2026, 10, 5))
    [row] = rows_of(cast, "Q4 2026").values()
    assert (row.deal, row.commit.deal, row.result.outcome) == (duplicate.pk, won.pk, Outcome.WON)
    _, came = judgements(cast, "Q4 2026")
    assert (came.all_wins.number, len(came.wins)) == (1, 0)


def test_of_two_committed_deals_that_were_merged_one_counts(cast: Cast) -> None:
    won = make_deal(team=cast.north, status="won", close_date=date(2026, 11, 12))
    duplicate = make_deal(team=cast.north, status="withdrawn", merged_into=won)
    change(duplicate, "status", "open", "withdrawn", date(2026, 11, 2))
    for deal in (won, duplicate):
        make_committed(deal=deal, committed_on=date(2026, 10, 5))
    rate, _ = judgements(cast, "Q4 2026")
    assert (rate.share.whole.number, rate.counted[Outcome.REMOVED].number) == (1, 1)


def test_an_early_commit_stays_early_when_its_deal_is_merged_into_one_committed_later(cast: Cast) -> None:
    """Kestrel, committed on 2 October, is found to be Grayling, committed on the day it is won."""
    won = make_deal(team=cast.north, name="Grayling", status="won", close_date=date(2026, 11, 12))
    kestrel = make_deal(team=cast.north, name="Kestrel", status="withdrawn", merged_into=won)
    change(kestrel, "status", "open", "withdrawn", date(2026, 11, 12))
    make_committed(deal=kestrel, committed_on=date(2026, 10, 2))
    make_committed(deal=won, committed_on=date(2026, 11, 12))
    rate, came = judgements(cast, "Q4 2026")
    assert (rate.counted[Outcome.WON].number, rate.late.number) == (1, 0)
    assert (came.all_wins.number, len(came.wins)) == (1, 0)


def test_two_committed_deals_merged_into_a_third_count_once(cast: Cast) -> None:
    won = make_deal(team=cast.north, status="won", close_date=date(2026, 11, 12))
    for day in (9, 2):
        twin = make_deal(team=cast.north, status="withdrawn", merged_into=won)
        make_committed(deal=twin, committed_on=date(2026, 10, day))
    rate, came = judgements(cast, "Q4 2026")
    assert (rate.share.whole.number, rate.counted[Outcome.REMOVED].number, len(came.wins)) == (1, 1, 0)


def test_a_duplicate_merged_after_the_period_did_not_slip(cast: Cast) -> None:
    won = make_deal(team=cast.north, status="won", close_date=date(2026, 9, 12))
    duplicate = make_deal(team=cast.north, status="withdrawn", merged_into=won)
    change(duplicate, "status", "open", "withdrawn", date(2026, 11, 2))
    for deal in (won, duplicate):
        make_committed(
            deal=deal,
            committed_on=date(2026, 7, 5),
            quarter="2026-07-01",
        )
    rate, _ = judgements(cast, "Q3 2026")
    assert rate.counted[Outcome.SLIPPED].number == 0


def test_a_deal_that_went_away_and_came_back_is_the_teams(cast: Cast) -> None:
    deal = make_deal(team=cast.north, status="won", close_date=date(2026, 11, 12))
    change(deal, "team", "North", "South", date(2026, 10, 12))
    change(deal, "team", "South", "North", date(2026, 10, 20))
    make_committed(deal=deal)
    [row] = rows_of(cast, "Q4 2026").values()
    assert row.result.outcome == Outcome.WON


def test_a_deal_that_came_back_and_went_again_left_on_the_last_day(cast: Cast) -> None:
    deal = make_deal(team=cast.south, status="won", close_date=date(2026, 10, 25))
    for old, new, day in (("North", "South", 12), ("South", "North", 20), ("North", "South", 28)):
        change(deal, "team", old, new, date(2026, 10, day))
    make_committed(deal=deal, team=cast.north)
    [row] = rows_of(cast, "Q4 2026").values()
    assert row.result.outcome == Outcome.WON  # on the 25th it was North's


def test_a_lost_deal_without_a_believable_day_was_lost_when_we_learned_it(cast: Cast) -> None:
    days = {"none": None, "to come": date(2026, 12, 24)}
    for name, day in days.items():
        deal = make_deal(team=cast.north, name=name, status="lost", close_date=day)
        change(deal, "status", "open", "lost", date(2026, 11, 9))
        make_committed(deal=deal)
    rows = rows_of(cast, "Q4 2026")
    assert {row.result.day for row in rows.values()} == {date(2026, 11, 9)}


def test_imported_history_is_never_committed(cast: Cast) -> None:
    deal = make_deal(team=cast.north, status="won", close_date=date(2026, 2, 1))
    change(deal, "close_date", "2026-01-15", "2026-02-01", date(2026, 1, 10))
    assert DealChange.objects.exists()
    assert not CommittedDeal.objects.exists()
    assert periods_of(cast.north) == []
