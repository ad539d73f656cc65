"""Big deals in the agenda: what moved since the last meeting, and what is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from alignment.models import User
from deals.models import Deal, DealChange
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.agenda.values import Mark
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_deal,
    make_held_meeting,
    make_update,
)

LAST = NOW - timedelta(days=7)
Build = Callable[..., Agenda]


@pytest.fixture
def last(cast: Cast) -> Meeting:
    """The meeting a week ago, so that there is something to have changed since."""
    return make_held_meeting(team=cast.north, starts_at=LAST, gap=Decimal(-180_000))


@pytest.fixture
def agenda(cast: Cast, meeting: Meeting) -> Build:
    def built(viewer: User | None = None, now: datetime = NOW) -> Agenda:
        return build(pages().get(pk=meeting.pk), viewer or cast.ceo, now)

    return built


def changed(deal: Deal, field: str, old: str, new: str, *, days_ago: int = 2, reason: str = "") -> None:
    at = NOW - timedelta(days=days_ago)
    DealChange.objects.create(deal=deal, field=field, old=old, new=new, day=at.date(), at=at, reason=reason)


def texts(row: DealRow | RiskRow | InitiativeRow | IssueRow) -> list[str]:
    return [mark.text for mark in row.marks]


def test_a_deal_made_since_the_last_meeting_is_new(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_deal(team=cast.north, created_at=NOW - timedelta(days=2))
    make_deal(team=cast.north, created_at=NOW - timedelta(days=9))
    assert [texts(row) for row in agenda().deals.closing] == [["new"], []]


def test_a_won_deal_is_celebrated_and_asks_for_its_capacity(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_deal(team=cast.north, status="won", close_date=TODAY - timedelta(days=2))
    (row,) = agenda().deals.won
    assert row.marks[0] == Mark("won", "good")
    assert row.needs_capacity


@pytest.mark.parametrize(
    ("days_later", "words"),
    [(1, "pushed 1 day"), (13, "pushed 13 days"), (14, "pushed 2 weeks"), (35, "pushed 5 weeks")],
)
def test_a_push_says_how_far(cast: Cast, last: Meeting, agenda: Build, days_later: int, words: str) -> None:
    new = TODAY + timedelta(days=4)
    deal = make_deal(team=cast.north, close_date=new)
    changed(deal, "close_date", str(new - timedelta(days=days_later)), str(new))
    assert texts(agenda().deals.closing[0])[0] == words


def test_a_push_without_reason_or_words_needs_one(
    cast: Cast, last: Meeting, meeting: Meeting, agenda: Build
) -> None:
    deals = [make_deal(team=cast.north) for _ in range(3)]
    for deal, reason in zip(deals, ("", "Credit check", ""), strict=True):
        changed(deal, "close_date", "2026-11-01", str(deal.close_date), reason=reason)
    make_update(meeting=meeting, author=cast.leader, section="deals", deal=deals[2])
    assert {row.id: row.needs_reason for row in agenda().deals.closing} == {
        deals[0].pk: True,
        deals[1].pk: False,
        deals[2].pk: False,
    }


def test_the_third_push_makes_the_date_fiction(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north, close_date=date(2026, 12, 1))
    for old, new, days_ago in (
        ("2026-06-30", "2026-08-31", 90),
        ("2026-08-31", "2026-10-31", 60),
        ("2026-10-31", "2026-12-01", 2),
    ):
        changed(deal, "close_date", old, new, days_ago=days_ago)
    row = agenda().deals.closing[0]
    assert texts(row) == ["pushed 4 weeks, third time"]
    assert row.trail[0] == date(2026, 6, 30)
    assert row.trail[-1] == date(2026, 12, 1)


def test_a_change_before_the_last_meeting_is_no_news(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north)
    changed(deal, "close_date", "2026-11-01", str(deal.close_date), days_ago=9)
    assert texts(agenda().deals.closing[0]) == []


@pytest.mark.parametrize(
    ("old", "mark"), [("84000.00", Mark("+$16K", "good")), ("130000.00", Mark("−$30K", "warn"))]
)
def test_an_amount_that_moved_says_by_how_much(
    cast: Cast, last: Meeting, agenda: Build, old: str, mark: Mark
) -> None:
    deal = make_deal(team=cast.north)
    changed(deal, "amount", old, "100000.00")
    assert agenda().deals.closing[0].marks == (mark,)


def test_pulled_in_is_good_news(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north)
    changed(deal, "close_date", str(TODAY + timedelta(days=25)), str(deal.close_date))
    assert agenda().deals.closing[0].marks == (Mark("pulled in 3 weeks", "good"),)


def test_a_deal_that_moved_out_of_sight_is_gone_but_not_lost(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    deal = make_deal(team=cast.north, close_date=TODAY + timedelta(days=60))
    changed(deal, "close_date", str(TODAY + timedelta(days=3)), str(deal.close_date))
    make_deal(team=cast.north, name="Lost", status="lost", close_date=TODAY - timedelta(days=1))
    assert len(agenda().deals.gone) == 2
    assert not agenda().deals.closing


def test_only_big_or_pinned_deals_are_shown(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_deal(team=cast.north, amount=Decimal(79_999))
    make_deal(team=cast.north, amount=Decimal(80_000))
    make_deal(team=cast.north, amount=Decimal(1), pinned_at=NOW, close_date=TODAY + timedelta(days=300))
    make_deal(team=cast.south, amount=Decimal(500_000))
    assert len(agenda().deals.rows) == 2


@pytest.mark.parametrize(
    ("wins", "sentence"),
    [
        ([], ""),
        ([("Orbis", "Dana Ruiz", 120_000)], "Dana Ruiz won Orbis ({120000.00}). "),
        ([("Orbis", "", 120_000)], "Orbis is won ({120000.00}). "),
        ([("Orbis {x}", "Dana", 120_000)], "Dana won Orbis (x) ({120000.00}). "),
        (
            [("Orbis", "Dana", 120_000), ("Brandt", "Carl", 300_000)],
            "Carl won Brandt ({300000.00}), and one more big deal is won. ",
        ),
    ],
)
def test_the_headline_names_the_win_first_with_who_earned_it(
    cast: Cast, last: Meeting, agenda: Build, wins: list[tuple[str, str, int]], sentence: str
) -> None:
    for name, owner, amount in wins:
        make_deal(team=cast.north, name=name, rep=owner, amount=amount, status="won", close_date=TODAY)
    assert agenda().headline == f"{sentence}No goal is set for this quarter."


def test_a_big_deal_that_was_withdrawn_in_the_crm_is_named_once(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    deal = make_deal(team=cast.north, status="withdrawn", close_date=TODAY + timedelta(days=90))
    changed(deal, "status", "open", "withdrawn")
    section = agenda().deals
    (row,) = section.rows
    assert texts(row) == ["withdrawn"]
    assert row.asks == ()
    assert section.gone == (row,)
    assert section.heading == "One withdrawn"


def test_a_deal_withdrawn_before_the_last_meeting_is_not_news(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    deal = make_deal(team=cast.north, status="withdrawn")
    changed(deal, "status", "open", "withdrawn", days_ago=9)
    assert agenda().deals.rows == ()


def test_a_big_deal_taken_over_says_from_which_team(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north, close_date=TODAY + timedelta(days=90))
    changed(deal, "team", "South", "North")
    section = agenda().deals
    (row,) = section.rows
    assert texts(row) == ["from South"]
    assert section.heading == "One taken over"


def test_many_changes_of_one_deal_by_imports_are_one_row(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(
        team=cast.north, external_id="7", source="salesforce", close_date=TODAY + timedelta(days=40)
    )
    for ago, old, new in ((5, 4, 11), (3, 11, 25), (1, 25, 40)):
        changed(
            deal,
            "close_date",
            f"{TODAY + timedelta(days=old)}",
            f"{TODAY + timedelta(days=new)}",
            days_ago=ago,
        )
    changed(deal, "stage", "Proposal", "Contract")
    (row,) = agenda().deals.rows
    assert texts(row) == ["pushed 5 weeks, third time"]


def test_the_first_sight_of_an_imported_deal_is_no_movement(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(
        team=cast.north,
        external_id="7",
        source="salesforce",
        close_date=TODAY + timedelta(days=90),
        created_at=NOW - timedelta(days=1),
    )
    DealChange.objects.create(deal=deal, field="seen", day=TODAY, at=NOW - timedelta(days=1))
    assert agenda().deals.rows == ()


@pytest.mark.parametrize(
    ("fields", "is_offered"),
    [
        ({}, True),
        ({"amount": None}, True),
        ({"amount": Decimal(100_000)}, False),
        ({"status": "won"}, False),
        ({"days_ago": 9}, False),
        ({"reason": "Their board"}, False),
        ({"days": -3}, False),
    ],
    ids=["smaller", "no amount", "big", "won", "before", "explained", "earlier"],
)
def test_dates_of_smaller_deals_are_explained_elsewhere(
    cast: Cast, last: Meeting, agenda: Build, fields: dict[str, Any], is_offered: bool
) -> None:
    values = {"amount": Decimal(5_000), "status": "open", "days": 40, "days_ago": 2, "reason": ""} | fields
    day = TODAY + timedelta(days=values["days"])
    deal = make_deal(team=cast.north, amount=values["amount"], status=values["status"], close_date=day)
    changed(deal, "close_date", f"{TODAY}", f"{day}", days_ago=values["days_ago"], reason=values["reason"])
    assert agenda().deals.has_moved_dates is is_offered


def test_a_reason_is_required_of_the_three_largest_pushes_alone(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    for number in range(5):
        deal = make_deal(team=cast.north, name=f"D{number}", amount=Decimal(100_000 * (number + 1)))
        changed(deal, "close_date", str(TODAY - timedelta(days=30)), str(deal.close_date))
    section = agenda().deals
    assert sorted(row.title for row in section.closing if row.needs_reason) == ["D2", "D3", "D4"]
    assert section.has_moved_dates, "the rest is explained together"
    answered = section.closing[-1].title
    DealChange.objects.filter(deal__name=answered).update(reason="Their board")
    assert sorted(row.title for row in agenda().deals.closing if row.needs_reason) == sorted(
        {"D2", "D3", "D4"} - {answered}
    ), "no fourth one takes its place"
