"""A company's facts: nothing is converted or wiped, what it means is said first, and two admins do not
overwrite each other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Company, Entry, Goal, Team, User
from deals.models import RevenueEntry
from meetings.transitions import closing
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_admin, make_deal, make_meeting, make_revenue, make_user
from tests.html import flat

PAGE = "/setup/demo/company/"
As = Callable[[User], Client]


def form(client: Client, **changed: Any) -> dict[str, Any]:
    """What the browser sends of the page as it stands, with these fields changed."""
    shown = client.get(PAGE).context["form"]
    sent = {bound.name: "" if (value := bound.value()) is None else value for bound in shown}
    return sent | changed


def test_an_admin_changes_the_facts_and_the_audit_has_old_and_new(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    answer = client.post(PAGE, form(client, name="Demo AG", timezone="new york"), follow=True)
    cast.company.refresh_from_db()
    assert (cast.company.name, cast.company.timezone) == ("Demo AG", "America/New_York")
    told = {(e.about, e.old, e.new, e.by) for e in Entry.objects.filter(what="company.changed")}
    assert told == {
        ("Name", "Demo", "Demo AG", cast.admin),
        ("Time zone", "Europe/Paris", "America/New_York", cast.admin),
    }
    assert "Saved." in answer.content.decode()


def test_what_was_typed_wrong_stays_and_is_said(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    answer = client.post(PAGE, form(client, name="  ", timezone="Mars/Olympus", fiscal_year_start="13"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "Mars/Olympus" in page
    for said in ("Enter the company’s name.", "is not a known time zone", "Choose a month."):
        assert said in page


@pytest.fixture
def figures(cast: Cast) -> None:
    Goal.objects.set(cast.north, TODAY, Decimal(100_000), by=None, now=NOW)
    make_revenue(team=cast.north, day=TODAY, amount=5)
    make_deal(team=cast.south)
    make_deal(team=cast.away)


def test_another_currency_is_asked_about_first_in_figures(cast: Cast, as_: As, figures: None) -> None:
    client = as_(cast.admin)
    answer = client.post(PAGE, form(client, currency="EUR"))
    page = answer.content.decode()
    assert "From USD to EUR" in page and "This affects 1 goal, 1 revenue entry and 1 deal." in page
    assert "closed record" not in page
    assert Company.objects.get(slug="demo").currency == "USD"


def test_another_currency_changes_no_amount(cast: Cast, as_: As, figures: None) -> None:
    client = as_(cast.admin)
    client.post(PAGE, form(client, currency="EUR", sure="EUR"))
    assert Company.objects.get(slug="demo").currency == "EUR"
    assert Goal.objects.get().amount == 100_000 and RevenueEntry.objects.get().amount == 5
    entry = Entry.objects.get(what="company.changed")
    assert (entry.old, entry.new) == ("USD", "EUR")


@pytest.mark.parametrize("sure", ["", "EUR", "4 EUR", "yes"])
def test_only_what_was_asked_about_is_agreed_to(cast: Cast, as_: As, sure: str) -> None:
    client = as_(cast.admin)
    client.post(PAGE, form(client, currency="EUR", fiscal_year_start="4", sure=sure))
    assert Company.objects.get(slug="demo").currency == "USD"


def test_another_fiscal_year_says_which_quarter_is_shown_then(
    cast: Cast, as_: As, figures: None, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    client = as_(cast.admin)
    page = flat(client.post(PAGE, form(client, fiscal_year_start="4")))
    assert (
        "Q4 2026, October to December 2026" in page
        and "It will be Q3 FY2027: its months stay the same" in page
    )
    client.post(PAGE, form(client, fiscal_year_start="4", sure="4"))
    assert Company.objects.get(slug="demo").fiscal_year_start == 4 and Goal.objects.get().month == date(
        2026, 11, 1
    )


def test_a_year_that_moves_the_quarters_says_their_months(cast: Cast, as_: As, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    meeting = make_meeting(team=cast.north, starts_at=NOW)
    meeting.start(by=cast.ceo, now=NOW)
    closing.close_meeting(meeting, by=cast.ceo, now=NOW)
    client = as_(cast.admin)
    page = flat(client.post(PAGE, form(client, fiscal_year_start="2", currency="EUR")))
    assert "It will be Q4 FY2027, November to January 2027. All quarters" in page
    assert (
        "Records of past meetings still show the old quarter: 1 closed record." in page
        and "There are no amounts yet" in page
    )


def test_open_pages_of_its_teams_notice(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(PAGE, form(client, fiscal_year_start="4", sure="4"))
    assert Team.objects.get(slug="north").revision == 1 and Team.objects.get(slug="away").revision == 0


# Two admins at once


@pytest.fixture
def second(cast: Cast) -> User:
    user = make_user(name="Ben Second")
    make_admin(company=cast.company, user=user)
    return user


def test_different_facts_are_put_together(cast: Cast, as_: As, second: User) -> None:
    mine, theirs = as_(cast.admin), as_(second)
    sent = form(mine, name="Demo AG")
    theirs.post(PAGE, form(theirs, currency="EUR", sure="EUR"))
    assert mine.post(PAGE, sent).status_code == 302
    cast.company.refresh_from_db()
    assert (cast.company.name, cast.company.currency) == ("Demo AG", "EUR")


def test_the_same_fact_changed_by_both_shows_both_and_changes_nothing(
    cast: Cast, as_: As, second: User
) -> None:
    mine, theirs = as_(cast.admin), as_(second)
    sent = form(mine, name="Mine AG")
    theirs.post(PAGE, form(theirs, name="Theirs AG"))
    answer = mine.post(PAGE, sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mine AG" in page and "Theirs AG" in page
    assert Company.objects.get(slug="demo").name == "Theirs AG"


def test_after_both_were_seen_mine_can_be_kept(cast: Cast, as_: As, second: User) -> None:
    mine, theirs = as_(cast.admin), as_(second)
    sent = form(mine, name="Mine AG")
    theirs.post(PAGE, form(theirs, name="Theirs AG"))
    mine.post(PAGE, sent | {"keep": "mine", "stored_version": "2"})
    assert Company.objects.get(slug="demo").name == "Mine AG"
    assert [e.old for e in Entry.objects.filter(what="company.changed").order_by("pk")] == [
        "Demo",
        "Theirs AG",
    ]


def test_the_same_sent_twice_is_one_change(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    sent = form(client, name="Demo AG")
    assert [client.post(PAGE, sent).status_code for _ in range(3)] == [302, 302, 302]
    assert Entry.objects.filter(what="company.changed").count() == 1


def test_the_page_asks_the_same_of_the_database_with_one_holiday_and_with_fifty(cast: Cast, as_: As) -> None:
    client, counts = as_(cast.admin), []
    for days in (range(1, 2), range(2, 28)):
        for day in days:
            cast.company.holidays.create(day=date(2030, 1, day), name="Off")
            cast.company.holidays.create(day=date(2020, 1, day), name="Off")
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 6
