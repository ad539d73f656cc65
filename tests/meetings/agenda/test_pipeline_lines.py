"""Too little pipeline and deals that stand still, in the exceptions of revenue and of the big deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from alignment.models import Goal
from deals.models import Deal
from meetings.agenda.build import build_live
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_committed, make_deal

pytestmark = pytest.mark.time_machine(NOW)


def set_goals(cast: Cast, amount: int = 100_000) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=amount)


def make_past(cast: Cast, status: str, number: int, *, seen: date = date(2026, 7, 6)) -> list[Deal]:
    """Deals of 10K known since then, with a close date of 20 September."""
    at = datetime(seen.year, seen.month, seen.day, 9, tzinfo=UTC)
    return [
        make_deal(
            team=cast.north,
            status=status,
            amount=Decimal(10_000),
            close_date=date(2026, 9, 20),
            opened_on=seen,
            created_at=at,
            changed_at=at,
        )
        for _ in range(number)
    ]


def make_slipped(cast: Cast, number: int) -> None:
    """As those, open and expected in December since 28 September."""
    slipped = datetime(2026, 9, 28, 9, tzinfo=UTC)
    for deal in make_past(cast, "open", number):
        deal.record_change(version=1, day=slipped.date(), now=slipped, by=None, close_date=date(2026, 12, 10))


def pass_stage(cast: Cast, number: int, *, days: int = 20) -> None:
    """So many deals were won that stood in Offer for so many days."""
    for _ in range(number):
        deal = make_deal(team=cast.north, stage="Offer", amount=Decimal(1_000))
        moment = deal.created_at + timedelta(days=days)
        fields = {"stage": "Closed", "status": "won", "close_date": moment.date()}
        deal.record_change(version=1, day=moment.date(), now=moment, by=None, **fields)


def texts(meeting: Meeting, section: str) -> list[str]:
    return [line.text for line in getattr(build_live(meeting, NOW), section).lines]


def test_missing_pipeline_is_told_where_the_teams_own_past_says_what_is_needed(
    cast: Cast, meeting: Meeting
) -> None:
    """As on the page of the pipeline: 300K × 0.5 ÷ 0.25 = 600K needed, 12 deals of 10K open."""
    set_goals(cast)
    make_past(cast, "won", 5)
    make_past(cast, "lost", 3)
    make_past(cast, "won", 5, seen=date(2026, 8, 30))
    make_slipped(cast, 12)
    [line] = [row for row in build_live(meeting, NOW).revenue.lines if row.text.startswith("Open")]
    assert line.text == "Open pipeline is {480000.00} short: {120000.00} of {600000.00} needed"
    assert (line.path, line.money) == ("/teams/north/pipeline/", Decimal(480_000))


def test_with_nineteen_past_deals_nothing_is_told(cast: Cast, meeting: Meeting) -> None:
    set_goals(cast)
    make_past(cast, "won", 9)
    make_slipped(cast, 10)
    assert texts(meeting, "revenue") == []


def test_without_a_goal_nothing_is_told(cast: Cast, meeting: Meeting) -> None:
    make_past(cast, "won", 10)
    make_past(cast, "lost", 10)
    assert texts(meeting, "revenue") == []


def test_less_than_two_per_cent_of_the_goal_is_not_told(cast: Cast, meeting: Meeting) -> None:
    """All ten of twenty were won: 12,000 × 1 ÷ 0.5 = 24,000 needed; 23,900 open."""
    set_goals(cast, 4_000)
    make_past(cast, "won", 10)
    make_past(cast, "lost", 10)
    make_deal(team=cast.north, amount=Decimal(23_900), close_date=date(2026, 12, 10), opened_on=TODAY)
    assert texts(meeting, "revenue") == []
    Deal.objects.filter(amount=Decimal(23_900)).update(amount=Decimal(23_700))
    assert texts(meeting, "revenue") == ["Open pipeline is {300.00} short: {23700.00} of {24000.00} needed"]


def test_too_little_created_is_told_against_what_the_goal_needs(cast: Cast, meeting: Meeting) -> None:
    """1.3M ÷ 13 ÷ 50% = 200K a week, of which 12 weeks and a day are over: 2,428,571.43."""
    for month, amount in ((10, 500_000), (11, 500_000), (12, 300_000)):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=amount)
    make_past(cast, "won", 5)
    make_past(cast, "lost", 5)
    deal = make_deal(
        team=cast.north,
        amount=Decimal(70_000),
        close_date=date(2027, 2, 1),
        opened_on=TODAY - timedelta(days=7),
    )
    [line] = build_live(meeting, NOW).revenue.lines
    assert line.text == "Pipeline created in 13 weeks: {70000.00} of {2428571.43} needed"
    Deal.objects.filter(pk=deal.pk).update(amount=Decimal(2_300_000))
    assert texts(meeting, "revenue") == []


def test_a_big_deal_that_stands_longer_than_won_ones_did_is_told_with_the_number_of_others(
    cast: Cast, meeting: Meeting
) -> None:
    pass_stage(cast, 10)
    big = make_deal(team=cast.north, name="Orbis {1}", stage="Offer", amount=Decimal(90_000))
    [line] = build_live(meeting, NOW).deals.lines
    assert line.text == "Orbis (1) has been in Offer for 60 days, won deals for 20"
    assert (line.path, line.money) == (f"/deals/{big.pk}/", Decimal(90_000))
    small = make_deal(team=cast.north, stage="Offer", amount=Decimal(2_000))
    assert texts(meeting, "deals") == [line.text]
    make_committed(deal=small)
    others = "; 1 other deal longer than usual too"
    assert texts(meeting, "deals") == [f"{line.text}{others}"]


def test_a_stage_that_nine_won_deals_went_through_says_nothing(cast: Cast, meeting: Meeting) -> None:
    pass_stage(cast, 9)
    make_deal(team=cast.north, stage="Offer", amount=Decimal(90_000))
    assert texts(meeting, "deals") == []


def test_what_was_committed_for_a_meeting_to_come_does_not_count_yet(cast: Cast, meeting: Meeting) -> None:
    pass_stage(cast, 10)
    deal = make_deal(team=cast.north, stage="Offer", amount=Decimal(2_000))
    make_committed(deal=deal, committed_on=TODAY, committed_at=NOW)
    Meeting.objects.filter(pk=meeting.pk).update(submitted_at=NOW - timedelta(minutes=1))
    assert texts(meeting, "deals") == []
