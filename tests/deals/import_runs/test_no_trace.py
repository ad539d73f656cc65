"""An import that was undone leaves no trace on any page that counts or shows what changed of a deal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from deals.models import Deal, DealChange
from meetings.models import Meeting
from tests.cast import Cast
from tests.deals.import_runs.files import answer, press, table, upload
from tests.factories import NOW, make_committed, make_deal, make_held_meeting, make_measure
from tests.html import visible_lines

HOUR = timedelta(hours=1)
PUSHED = "D1,Plant two,,North,Proposal,120000,2027-01-29"
CASES = {
    "pushed": PUSHED,
    "pushed within the quarter": "D1,Plant two,,North,Proposal,120000,2026-12-22",
    "won": "D1,Plant two,,North,Won,120000,2026-11-20",
    "lost": "D1,Plant two,,North,Lost,120000,2026-11-20",
    "in another stage": "D1,Plant two,,North,Negotiation,120000,2026-12-10",
    "with another amount": "D1,Plant two,,North,Proposal,90000,2026-12-10",
    "all of it": "D1,Plant two,,North,Negotiation,150000,2027-01-29",
}


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """A big committed deal that nothing was heard of for weeks, with stages counted by a measure."""
    make_held_meeting(team=cast.north)
    make_measure(team=cast.north, name="In negotiation", source="stage", stage="Negotiation")
    deal = make_deal(
        team=cast.north,
        name="Plant two",
        external_id="D1",
        company=cast.company,
        stage="Proposal",
        amount=Decimal(120_000),
        close_date=date(2026, 12, 10),
        pinned_at=NOW - timedelta(days=60),
    )
    make_committed(deal=deal)
    DealChange.objects.create(
        deal=deal,
        field="close_date",
        old="2026-11-10",
        new="2026-12-10",
        day=NOW.date() - timedelta(days=30),
        at=NOW - timedelta(days=30),
    )
    return deal


def pages_of(cast: Cast, meeting: Meeting, deal: Deal, as_: Callable[[Any], Client]) -> dict[str, list[str]]:
    """What is read on each page; the clock moves, so minutes are left out, and so is when data last came."""
    paths = {
        f"/deals/{deal.pk}/": cast.leader,
        f"/meetings/{meeting.pk}/": cast.ceo,
        "/teams/north/changes/": cast.ceo,
        "/teams/north/committed/": cast.ceo,
        "/teams/north/pipeline/": cast.ceo,
        "/teams/north/measures/": cast.ceo,
        f"/measures/{cast.north.measures.get().pk}/": cast.ceo,
        "/teams/north/moved/": cast.leader,
        "/deals/?moved=week": cast.leader,
        "/": cast.ceo,
    }
    pages = {}
    for path, user in paths.items():
        response = as_(user).get(path)
        assert response.status_code == 200, (path, response.status_code)
        lines = visible_lines(response.content.decode())
        pages[path] = [re.sub(r"\d\d:\d\d", "", line) for line in lines if "mport" not in line]
    return pages


@pytest.mark.parametrize("row", CASES.values(), ids=CASES)
def test_pages_are_as_they_were_before_an_undone_import(
    cast: Cast, meeting: Meeting, deal: Deal, as_: Callable[[Any], Client], row: str
) -> None:
    with time_machine.travel(NOW - 5 * HOUR, tick=False):
        before = pages_of(cast, meeting, deal, as_)
    with time_machine.travel(NOW - 4 * HOUR, tick=False):
        leader = as_(cast.leader)
        run = upload(leader, table(row))
        if run.state == "understood":
            run = answer(leader, run)
        assert press(leader, "apply", run).state == "applied"
        applied = pages_of(cast, meeting, deal, as_)
        touched = {path for path in before if applied[path] != before[path]}
        assert touched == set(before) if row == CASES["all of it"] else touched
    with time_machine.travel(NOW - 3 * HOUR, tick=False):
        assert press(as_(cast.leader), "undo", run).state == "undone"
        after = pages_of(cast, meeting, deal, as_)
    assert after == before
    assert Deal.objects.get().changed_at == deal.changed_at


def test_what_an_undone_import_changed_and_could_not_take_back_still_counts(
    cast: Cast, deal: Deal, as_: Callable[[Any], Client]
) -> None:
    leader = as_(cast.leader)
    run = upload(leader, table(PUSHED))
    press(leader, "apply", run if run.state == "previewed" else answer(leader, run))
    deal.refresh_from_db()
    deal.record_change(version=deal.version, day=NOW.date(), now=NOW, by=cast.leader, next_step="Call them")
    assert press(leader, "undo", run).state == "undone"
    moves = DealChange.objects.standing().filter(field="close_date").values_list("new", flat=True)
    assert list(moves) == ["2026-12-10", "2027-01-29"]


def test_what_was_recorded_of_a_deal_since_the_import_stays_its_last_change(
    cast: Cast, deal: Deal, as_: Callable[[Any], Client]
) -> None:
    leader = as_(cast.leader)
    run = upload(leader, table(PUSHED))
    press(leader, "apply", run if run.state == "previewed" else answer(leader, run))
    with time_machine.travel(NOW + HOUR, tick=False):
        Deal.objects.update(changed_at=NOW + HOUR)  # as a need of capacity does
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        press(as_(cast.leader), "undo", run)
    assert Deal.objects.get().changed_at == NOW + 2 * HOUR
