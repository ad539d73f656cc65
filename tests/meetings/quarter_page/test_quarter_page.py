"""The quarter on one page: what is on it, and how it reads where something is missing or was moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.agreements.answers import accept, propose
from alignment.models import Goal, Seat
from alignment.rules.roles import Side
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_call,
    make_commitment,
    make_committed,
    make_deal,
    make_decision,
    make_expectation,
    make_held_meeting,
    make_initiative,
    make_meeting,
    make_revenue,
    make_seat,
    make_user,
)
from tests.html import flat

pytestmark = pytest.mark.time_machine(NOW)
As = Callable[[Any], Client]
HERE = "/teams/north/quarter/"
PAST = f"{HERE}?quarter=2026-Q3"
Q3 = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30)}
QUERIES = 15


def read(as_: As, user: Any, path: str = PAST) -> str:
    answer = as_(user).get(path)
    assert answer.status_code == 200
    return flat(answer.content.decode())


def part(page: str, name: str) -> str:
    """One part of the page."""
    start = page.index(f'aria-labelledby="{name}-h"')
    return page[start : page.index("</section>", start)]


def held(cast: Cast, month: int, day: int) -> Meeting:
    at = datetime(2026, month, day, 8, tzinfo=UTC)
    return make_held_meeting(team=cast.north, starts_at=at, submitted_at=at - timedelta(days=1))


def set_goals(cast: Cast, first: int, amount: int) -> None:
    for month in range(first, first + 3):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=amount)


def decide(cast: Cast, name: str, status: str, amount: int | None, day: date, **fields: Any) -> Any:
    known = None if amount is None else Decimal(amount)
    return make_deal(team=cast.north, name=name, status=status, amount=known, close_date=day, **fields)


@pytest.fixture
def q3(cast: Cast) -> Meeting:
    """Goal 3.0M, won 3.1M; called 3.4M at the start and 3.25M after one third, 3.0M after two thirds."""
    cast.north.seats.update(since=date(2026, 1, 1))
    set_goals(cast, 7, 1_000_000)
    make_revenue(team=cast.north, day=date(2026, 8, 20), amount=Decimal(3_100_000))
    make_revenue(team=cast.north, day=date(2026, 10, 1), amount=Decimal(77_000))
    for month, day, commit in ((7, 6, 3_400_000), (7, 31, 3_250_000), (8, 31, 3_000_000)):
        meeting = held(cast, month, day)
        make_call(meeting=meeting, commit=Decimal(commit), best_case=Decimal(commit), **Q3)
    return meeting


def test_a_quarter_that_is_over_says_what_came_of_its_goal(cast: Cast, q3: Meeting, as_: As) -> None:
    page = read(as_, cast.observer)
    assert "North, Q3 2026</h1>" in page and "so far" not in page
    result = part(page, "result")
    assert "$3.1M" in result and "$3M" in result and "+$100K" in result and "103% of the goal" in result


def test_calls_stand_beside_the_result_at_three_points(cast: Cast, q3: Meeting, as_: As) -> None:
    calls = part(read(as_, cast.observer), "calls")
    for label, commit, difference in (
        ("At the start", "$3.4M", "+$300K"),
        ("After one third", "$3.25M", "+$150K"),
        ("After two thirds", "$3M", "−$100K"),
    ):
        row = calls[calls.index(label) :]
        assert commit in row and difference in row[: row.index("</tr>")], label
    assert "CEO" not in calls


def test_a_team_that_calls_months_has_a_row_a_month(cast: Cast, as_: As) -> None:
    for month in (7, 8, 9):
        days = {"starts_on": date(2026, month, 1), "ends_on": date(2026, month, 30)}
        make_call(meeting=held(cast, month, 6), **days)
    calls = part(read(as_, cast.observer), "calls")
    assert calls.count("After two thirds") == 3 and "At the start" not in calls


def test_deals_are_counted_by_size_and_the_three_largest_named_with_their_reason(cast: Cast, as_: As) -> None:
    day = date(2026, 8, 3)
    for name, amount in (("Brandt", 300_000), ("Orbis", 90_000), ("Lumo", 30_000), ("Tiny", 5_000)):
        decide(cast, name, "won", amount, day, reason_kind="offer", won_line="They saw the pilot run.")
    decide(cast, "Unpriced", "won", None, day)
    decide(cast, "Gone", "lost", 50_000, day, reason_kind="budget", reason="Their board said no.")
    decide(cast, "Silent", "lost", 10_000, day)
    decide(cast, "Later", "won", 900_000, date(2026, 10, 1))
    page = read(as_, cast.observer)
    deals, sizes = part(page, "deals"), part(page, "sizes")
    assert "Won, the 3 largest of" in deals and "Tiny" not in deals and "Later" not in page
    assert "Our side: offer. They saw the pilot run." in deals
    assert "The buyer’s side: budget. Their board said no." in deals and "No reason entered." in deals
    assert deals.index("Brandt") < deals.index("Orbis") < deals.index("Lumo") < deals.index("Gone")
    big, mid, small = (sizes[sizes.index(f">{label}<") :] for label in ("Big", "Mid-size", "Small"))
    assert "$390K" in big and "92%" in big and "$30K" in mid and "$5K" in small
    assert "1 won deal without an amount is of no size." in sizes


def test_what_was_committed_stands_by_what_came(cast: Cast, as_: As) -> None:
    in_time, late = date(2026, 8, 20), date(2026, 9, 20)
    for name, status, day in (
        ("Brandt", "won", in_time),
        ("Orbis", "lost", in_time),
        ("Lumo", "won", date(2026, 10, 20)),
    ):
        make_committed(deal=decide(cast, name, status, 100_000, day), quarter="2026-07-01")
    make_committed(
        deal=decide(cast, "Added", "won", 40_000, late), quarter="2026-07-01", committed_on=date(2026, 9, 15)
    )
    decide(cast, "Surprise", "won", 70_000, late)
    committed = part(read(as_, cast.observer), "committed")
    rows = [committed[committed.index(f">{label}<") :] for label in ("Won", "Slipped", "Lost", "Late adds")]
    assert ["$100K" in row for row in rows[:3]] == [True] * 3 and "$40K" in rows[3]
    assert "Removed" not in committed and ">Open<" not in committed
    total = committed[committed.index("<tfoot>") :]
    assert ">4<" in total and "$340K" in total
    assert "Won without being committed in time: 2 deals, $110K." in committed


def test_commitments_stand_with_the_side_their_owner_spoke_for(cast: Cast, as_: As) -> None:
    cast.north.seats.update(since=date(2026, 1, 1))
    due = date(2026, 8, 3)
    done = datetime(2026, 8, 1, 9, tzinfo=UTC)
    make_commitment(team=cast.north, owner=cast.ceo, due=due)
    for owner in (cast.leader, cast.delegate):
        make_commitment(team=cast.north, owner=owner, due=due, done_at=done, done_by=owner)
    make_commitment(team=cast.north, owner=cast.facilitator, due=due, done_at=done, done_by=cast.facilitator)
    make_commitment(team=cast.north, owner=cast.leader, due=date(2026, 10, 1))
    commitments = part(read(as_, cast.observer), "commitments")
    assert '<dt>CEO</dt><dd class="num">0 of 1</dd>' in commitments
    assert '<dt>Sales leader</dt><dd class="num">2 of 2</dd>' in commitments
    assert '<dt>Others</dt><dd class="num">1 of 1</dd>' in commitments


def test_the_last_eight_decisions_are_named(cast: Cast, as_: As) -> None:
    meeting = held(cast, 8, 3)
    for number in range(10):
        make_decision(meeting=meeting, text=f"Decision number {number}.")
    make_decision(meeting=held(cast, 10, 5), text="Of the next quarter.")
    decisions = part(read(as_, cast.observer), "decisions")
    assert decisions.count("Decision number") == 8 and "The last 8 of 10" in decisions
    assert "number 9." in decisions and "number 0." not in decisions and "next quarter" not in decisions


def test_nothing_of_a_reps_plan_is_on_it_for_anybody(cast: Cast, as_: As) -> None:
    plan, meeting = make_initiative(team=cast.north, kind="rep", title="Keep Marta"), held(cast, 8, 3)
    make_decision(meeting=meeting, text="Marta gets until May.", initiative=plan)
    make_commitment(team=cast.north, owner=cast.leader, due=date(2026, 8, 3), initiative=plan)
    for who in (cast.ceo, cast.leader, cast.observer):
        page = read(as_, who)
        assert "Marta" not in page and "No decision was recorded." in page
        assert "0 of 1" not in page


def test_what_is_agreed_for_the_next_quarter_is_what_both_agreed(cast: Cast, as_: As) -> None:
    def line(key: str, text: str, *, is_agreed: bool) -> None:
        content = {"text": text, "was": ""}
        row = propose(
            cast.north,
            subject="sentence",
            key=f"2027-Q1-{key}",
            content=content,
            side=Side.LEADER,
            by=cast.leader,
            now=NOW,
        )
        if is_agreed:
            accept(row, by=cast.ceo, now=NOW)

    line("1", "We leave accounts under 20K to partners", is_agreed=True)
    line("2", "We stop the fairs", is_agreed=False)
    agreement = part(read(as_, cast.observer, HERE), "agreement")
    assert "under 20K to partners" in agreement and "fairs" not in agreement
    assert "1 line proposed and not agreed" in agreement
    assert "Nothing is agreed by both for Q4 2026." in part(read(as_, cast.observer), "agreement")


def test_the_running_quarter_says_so_far_and_knows_nothing_of_tomorrow(cast: Cast, as_: As) -> None:
    set_goals(cast, 10, 100_000)
    make_revenue(team=cast.north, day=NOW.date(), amount=Decimal(120_000))
    make_revenue(team=cast.north, day=NOW.date() + timedelta(days=1), amount=Decimal(500_000))
    decide(cast, "Tomorrow", "won", 500_000, NOW.date() + timedelta(days=1))
    make_commitment(team=cast.north, owner=cast.leader, due=NOW.date() + timedelta(days=3))
    page = read(as_, cast.observer, HERE)
    assert "North, Q4 2026 so far</h1>" in page and "as known on 23 Nov" in page
    result = part(page, "result")
    assert "Won so far" in result and "$120K" in result and "Still to win" in result and "$180K" in result
    assert "40% of the goal" in result and "Tomorrow" not in page and "No deal is won yet." in page
    assert "Next quarter" not in page


def test_a_call_and_a_commit_that_wait_for_their_meeting_are_on_it_for_nobody(cast: Cast, as_: As) -> None:
    meeting = make_meeting(
        team=cast.north, starts_at=NOW + timedelta(days=1), submitted_at=NOW - timedelta(hours=1)
    )
    make_call(meeting=meeting, commit=Decimal(777_000), best_case=Decimal(777_000), at=NOW)
    deal = decide(cast, "Waiting", "open", 333_000, date(2026, 12, 10))
    make_committed(deal=deal, committed_on=NOW.date(), committed_at=NOW)
    for who in (cast.leader, cast.ceo, cast.observer):
        page = read(as_, who, HERE)
        assert "777" not in page and "333" not in page
        assert "Nothing was called for this quarter yet." in page
        assert "No deal is committed for this quarter yet." in page


def test_a_measure_against_the_gap_counts_once_its_meeting_has_started(cast: Cast, as_: As) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW + timedelta(days=1))
    row = make_commitment(
        team=cast.north,
        owner=cast.leader,
        due=NOW.date() - timedelta(days=1),
        meeting=meeting,
        amount=Decimal(60_000),
    )
    assert "0 of 1" not in read(as_, cast.leader, HERE)
    type(row).objects.update(meeting=held(cast, 11, 16))
    assert "0 of 1" in read(as_, cast.leader, HERE)


def test_a_quarter_without_goal_deals_or_meetings_is_a_page_of_sentences(cast: Cast, as_: As) -> None:
    page = read(as_, cast.ceo, f"{HERE}?quarter=2019-Q2")
    for sentence in (
        "Not every month of this quarter has a goal.",
        "No deal was won.",
        "No deal was lost.",
        "No deal was committed for it.",
        "Nothing was called for this quarter.",
        "No decision was recorded.",
        "Nothing is agreed by both for Q3 2019.",
    ):
        assert sentence in page, sentence
    assert "Sales leader: nobody" in page and "none due" in page


def test_a_goal_of_nothing_has_no_share(cast: Cast, as_: As) -> None:
    set_goals(cast, 7, 0)
    result = part(read(as_, cast.observer), "result")
    assert "of the goal" not in result and "Against the goal" in result


@pytest.mark.parametrize("key", ["2027-Q1", "2099-Q4"])
def test_a_quarter_that_has_not_begun_says_when_it_begins(key: str, cast: Cast, as_: As) -> None:
    set_goals(cast, 10, 100_000)
    page = read(as_, cast.ceo, f"{HERE}?quarter={key}")
    assert "Its page fills while it runs." in page and "quarter-part" not in page


@pytest.mark.parametrize("key", ["2026-Q5", "FY2026-Q1", "nonsense", "2026-Q3 ", "9999-Q1", "²026-Q1"])
def test_what_is_no_quarter_is_no_page(key: str, cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    assert client.get(HERE, {"quarter": key}).status_code == 404
    assert client.post(f"{HERE}readers/", {"quarter": key, "version": 0}).status_code == 404


def test_the_head_says_who_led_when(cast: Cast, as_: As) -> None:
    successor = make_user(email="next@demo.test", name="Nora Next")
    Seat.objects.filter(team=cast.north, role="leader").update(
        since=date(2024, 1, 1), until=date(2026, 8, 14)
    )
    make_seat(team=cast.north, user=successor, role="leader", since=date(2026, 8, 15))
    due, done = date(2026, 8, 3), datetime(2026, 8, 1, 9, tzinfo=UTC)
    make_commitment(team=cast.north, owner=cast.leader, due=due, done_at=done, done_by=cast.leader)
    page = read(as_, successor)
    assert "Sales leader: Joe Keller (until 14 Aug), Nora Next (from 15 Aug)" in page
    assert '<dt>Sales leader</dt><dd class="num">1 of 1</dd>' in page
    assert as_(cast.leader).get(PAST).status_code == 404


def test_a_sales_leader_who_became_the_ceo_stands_in_both_seats_in_turn(cast: Cast, as_: As) -> None:
    Seat.objects.filter(team=cast.north, role="ceo").update(since=date(2024, 1, 1), until=date(2026, 8, 14))
    Seat.objects.filter(team=cast.north, role="leader").update(
        since=date(2024, 1, 1), until=date(2026, 8, 14)
    )
    make_seat(team=cast.north, user=cast.leader, role="ceo", since=date(2026, 8, 15))
    for due in (date(2026, 8, 3), date(2026, 9, 3)):
        make_commitment(team=cast.north, owner=cast.leader, due=due)
    page = read(as_, cast.leader)
    assert "CEO: Tom Marsh (until 14 Aug), Joe Keller (from 15 Aug)" in page
    assert "Sales leader: Joe Keller (until 14 Aug)" in page
    commitments = part(page, "commitments")
    assert commitments.count("0 of 1") == 2 and "Others" not in commitments


def test_after_the_fiscal_year_was_moved_a_period_keeps_its_days(cast: Cast, q3: Meeting, as_: As) -> None:
    """What was called and committed from July to September is on the page of the quarter in which it ends."""
    make_committed(deal=decide(cast, "Brandt", "won", 100_000, date(2026, 8, 20)), quarter="2026-07-01")
    cast.company.fiscal_year_start = 2
    cast.company.save()
    client = as_(cast.observer)
    assert client.get(PAST).status_code == 404
    page = read(as_, cast.observer, f"{HERE}?quarter=FY2027-Q3")  # August to October
    assert "North, Q3 FY2027" in page
    assert "1 Jul 2026 to 30 Sep 2026" in part(page, "calls")
    assert "1 Jul 2026 to 30 Sep 2026" in part(page, "committed")
    assert "$3.1M" in part(page, "calls")
    assert "$3.18M" in part(page, "result")


def test_the_same_queries_for_one_row_and_for_many(cast: Cast, q3: Meeting, as_: As) -> None:
    def fill(number: int) -> None:
        for row in range(number):
            day = date(2026, 8, 1 + row % 28)
            make_committed(deal=decide(cast, f"D{row}", "won", 1_000 + row, day), quarter="2026-07-01")
            make_decision(meeting=q3)
            make_commitment(team=cast.north, owner=cast.leader, due=day)

    make_expectation(meeting=q3, **Q3)
    fill(1)
    client = as_(cast.ceo)
    client.get(PAST)
    counts = []
    for number in (0, 50):
        fill(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(PAST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= QUERIES


def test_it_is_found_in_the_menu_of_figures_and_on_the_agreement_of_the_quarter_after(
    cast: Cast, as_: As
) -> None:
    client = as_(cast.observer)
    for path in ("/teams/north/", "/teams/north/forecast/"):
        assert f'href="{HERE}">Quarter</a>' in flat(client.get(path).content.decode())
    agreement = flat(client.get("/teams/north/agreement/?quarter=2026-Q4").content.decode())
    assert f'href="{PAST}"' in agreement
