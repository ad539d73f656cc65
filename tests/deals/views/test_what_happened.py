"""Won, lost, moved: each is one small form on the row, and says afterwards where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from deals.models import Deal, DealChange, RevenueEntry
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal
from tests.html import flat

As = Callable[[Any], Client]
HTMX = {"HX-Request": "true", "HX-Target": "deals"}


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_deal(
        team=cast.north,
        name="Orbis renewal",
        rep="Dana Ruiz",
        amount=Decimal(100_000),
        close_date=date(2026, 12, 4),
    )


def say(client: Client, deal: Deal, what: str, **fields: Any) -> Any:
    return client.post(f"/deals/{deal.pk}/{what}/", {"version": deal.version} | fields)


def test_a_won_deal_says_who_earned_it_and_what_won_it(cast: Cast, as_: As, deal: Deal) -> None:
    told = {
        "close_date": TODAY,
        "amount": "120k",
        "won_by": "Dana Ruiz",
        "won_line": "Eleven weeks of pilots",
    }
    answer = say(as_(cast.leader), deal, "won", **told)
    assert (answer.status_code, answer.url) == (302, f"/deals/{deal.pk}/")
    deal.refresh_from_db()
    assert (deal.status, deal.close_date, deal.amount) == ("won", TODAY, Decimal(120_000))
    assert (deal.won_by, deal.won_line) == ("Dana Ruiz", "Eleven weeks of pilots")
    assert RevenueEntry.objects.get().amount == Decimal(120_000)


def test_today_and_its_rep_are_proposed(cast: Cast, as_: As, deal: Deal) -> None:
    shown = flat(as_(cast.leader).get(f"/deals/{deal.pk}/won/").content.decode())
    assert 'name="close_date" value="2026-11-23"' in shown
    assert 'name="won_by" value="Dana Ruiz"' in shown
    assert "Who earned it?" in shown


def test_what_is_proposed_is_saved_as_it_stands(cast: Cast, as_: As, deal: Deal) -> None:
    say(as_(cast.leader), deal, "won", close_date=TODAY, amount="100000", won_by="Dana Ruiz", won_line="")
    deal.refresh_from_db()
    assert (deal.status, deal.close_date, deal.won_by) == ("won", TODAY, "Dana Ruiz")


def test_a_win_cannot_lie_ahead(cast: Cast, as_: As, deal: Deal) -> None:
    answer = say(as_(cast.leader), deal, "won", close_date=TODAY + timedelta(days=1), amount="1")
    assert answer.status_code == 422
    assert "The win date cannot be in the future." in answer.content.decode()
    deal.refresh_from_db()
    assert deal.status == "open"


@pytest.mark.parametrize(
    ("choice", "what", "stored"), [("none", "", "None needed"), ("some", "One engineer", "One engineer")]
)
def test_capacity_is_one_tap_for_a_big_deal(
    cast: Cast, as_: As, deal: Deal, choice: str, what: str, stored: str
) -> None:
    told = {"close_date": TODAY, "amount": "100000", "capacity": choice, "capacity_what": what}
    assert say(as_(cast.leader), deal, "won", **told).status_code == 302
    assert [need.what for need in deal.capacity_needs.all()] == [stored]


def test_say_what_wants_to_hear_what(cast: Cast, as_: As, deal: Deal) -> None:
    told = {"close_date": TODAY, "amount": "100000", "capacity": "some", "capacity_what": ""}
    answer = say(as_(cast.leader), deal, "won", **told)
    assert answer.status_code == 422
    assert "Say what is needed to deliver it." in answer.content.decode()


def test_a_small_deal_is_not_asked_for_capacity(cast: Cast, as_: As) -> None:
    small = make_deal(team=cast.north, amount=cast.north.big_deal_from - 1)
    assert 'name="capacity' not in as_(cast.leader).get(f"/deals/{small.pk}/won/").content.decode()


def test_a_lost_deal_says_why(cast: Cast, as_: As, deal: Deal) -> None:
    assert say(as_(cast.leader), deal, "lost", close_date=TODAY, reason="").status_code == 422
    assert say(as_(cast.leader), deal, "lost", close_date=TODAY, reason="Price").status_code == 302
    deal.refresh_from_db()
    assert (deal.status, deal.close_date) == ("lost", TODAY)
    reasons = {change.field: change.reason for change in DealChange.objects.all()}
    assert reasons == {"status": "Price", "close_date": ""}


def test_a_later_date_wants_a_reason_and_an_earlier_none(cast: Cast, as_: As, deal: Deal) -> None:
    client = as_(cast.leader)
    answer = say(client, deal, "move", close_date="2027-01-15", reason="")
    assert answer.status_code == 422
    assert "Enter a reason: the close date moves later." in answer.content.decode()
    assert say(client, deal, "move", close_date="2026-11-30", reason="").status_code == 302
    deal.refresh_from_db()
    assert say(client, deal, "move", close_date="2027-01-15", reason="Board in January").status_code == 302
    assert DealChange.objects.latest("pk").reason == "Board in January"


@pytest.mark.parametrize("day", ["", "2026-11-20", "2026-12-04"])
def test_a_move_names_another_day_ahead(cast: Cast, as_: As, deal: Deal, day: str) -> None:
    assert say(as_(cast.leader), deal, "move", close_date=day, reason="").status_code == 422


def test_who_saw_an_older_version_sees_both(cast: Cast, as_: As, deal: Deal) -> None:
    say(as_(cast.leader), deal, "move", close_date="2026-12-18", reason="Legal")
    answer = say(as_(cast.delegate), deal, "won", close_date=TODAY, amount="90000", won_by="", won_line="")
    assert answer.status_code == 409
    deal.refresh_from_db()
    assert deal.status == "open"


def test_a_form_unfolds_in_the_row_and_answers_there(cast: Cast, as_: As, deal: Deal) -> None:
    client, address = as_(cast.leader), f"/deals/{deal.pk}/won/"
    shown = flat(client.get(f"{address}?next=/x/", headers={"HX-Request": "true"}).content.decode())
    assert "<html" not in shown
    assert f'data-from="{address}?next=/x/"' in shown
    assert f'hx-post="{address}"' in shown
    answer = client.post(address, {"version": 1, "close_date": ""}, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "this", "outerHTML")
    assert f'id="deals-{deal.pk}-won-close_date"' in answer.content.decode()


def test_it_comes_back_to_the_row_where_the_page_asks_for_it(cast: Cast, as_: As, deal: Deal) -> None:
    answer = say(as_(cast.leader), deal, "move", close_date="2026-11-30", next="/meetings/1/prepare/#new")
    assert answer.url == f"/meetings/1/prepare/?row=deal-{deal.pk}#deal-{deal.pk}"


@pytest.mark.parametrize("what", ["won", "lost", "move"])
@pytest.mark.parametrize(("who", "status"), [("ceo", 403), ("observer", 403), ("second_leader", 404)])
def test_only_the_leaders_side_says_so(
    cast: Cast, as_: As, deal: Deal, what: str, who: str, status: int
) -> None:
    assert say(as_(getattr(cast, who)), deal, what, close_date=TODAY).status_code == status
