"""What is committed for a meeting is read by the sales leader's side until it starts; by the CEO deal by deal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from deals.models import Deal
from deals.registry.commits import pending_commit
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_committed, make_deal, make_held_meeting, make_meeting
from tests.html import flat

As = Callable[[Any], Client]
SUBMITTED = NOW - timedelta(hours=20)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """It starts in an hour, and its preparation was submitted yesterday."""
    make_held_meeting(team=cast.north)
    return make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=1), submitted_at=SUBMITTED)


@pytest.fixture
def orbis(cast: Cast, meeting: Meeting) -> Deal:
    """Committed yesterday, when the preparation was submitted."""
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(900_000))
    make_committed(deal=deal, committed_on=SUBMITTED.date(), committed_at=SUBMITTED)
    return deal


@pytest.fixture
def brandt(cast: Cast, meeting: Meeting) -> Deal:
    """Committed in October; it left the commit yesterday."""
    deal = make_deal(team=cast.north, name="Brandt", amount=Decimal(400_000))
    make_committed(deal=deal, left_at=SUBMITTED)
    return deal


def start(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state="in_progress", started_at=NOW)


def page_of(as_: As, reader: Any) -> str:
    return flat(as_(reader).get("/teams/north/committed/"))


def file_of(as_: As, reader: Any) -> str:
    answer = as_(reader).get("/deals/committed/download/?team=north")
    return b"".join(answer.streaming_content).decode()


def test_the_list_and_its_file_leave_out_what_waits_for_the_meeting(
    cast: Cast, meeting: Meeting, orbis: Deal, brandt: Deal, as_: As
) -> None:
    for reader in (cast.leader, cast.delegate, cast.ceo):
        assert "Orbis" in page_of(as_, reader) and "left the commit 22 Nov" in page_of(as_, reader)
    for reader in (cast.observer, cast.facilitator):
        page = page_of(as_, reader)
        assert "Orbis" not in page and "Brandt" in page and "left the commit" not in page
        assert "Orbis" not in file_of(as_, reader)
    start(meeting)
    assert "Orbis" in page_of(as_, cast.observer)
    assert "left the commit 22 Nov" in page_of(as_, cast.observer)


def test_the_very_first_commit_is_no_period_yet_for_others(
    cast: Cast, meeting: Meeting, orbis: Deal, as_: As
) -> None:
    assert "Nothing is committed yet." in page_of(as_, cast.observer)
    assert "Committed for Q4 2026" in page_of(as_, cast.leader)


def test_the_ceo_reads_the_deals_and_not_their_sum(
    cast: Cast, meeting: Meeting, orbis: Deal, brandt: Deal, as_: As
) -> None:
    make_committed(deal=make_deal(team=cast.north), quarter="2026-07-01")
    page = page_of(as_, cast.ceo)
    assert "$900,000" in page and "$1.3M" not in page and "from the meeting on" in page
    assert "$1.3M" in page_of(as_, cast.leader)
    start(meeting)
    assert "$1.3M" in page_of(as_, cast.ceo)


def test_the_page_of_a_deal_says_it_once_the_meeting_has_started(
    cast: Cast, meeting: Meeting, orbis: Deal, brandt: Deal, as_: As
) -> None:
    path = f"/deals/{orbis.pk}/"
    for reader in (cast.leader, cast.ceo):
        assert "committed 22 Nov at" in flat(as_(reader).get(path))
    assert "committed 22 Nov at" not in flat(as_(cast.observer).get(path))
    assert "left the commit" not in flat(as_(cast.observer).get(f"/deals/{brandt.pk}/"))
    start(meeting)
    assert "committed 22 Nov at" in flat(as_(cast.observer).get(path))


@pytest.mark.parametrize(
    "path", ["/", "/teams/north/mix/", "/meetings/{}/", "/deals/{}/", "/teams/north/committed/"]
)
def test_for_a_third_person_it_is_as_if_nothing_had_been_committed(
    cast: Cast, meeting: Meeting, as_: As, path: str
) -> None:
    """Two worlds that differ only in the commit: what the observer gets is the same."""
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(900_000), close_date=date(2026, 11, 27))
    address = path.format(deal.pk if path.startswith("/deals/") else meeting.pk)
    client = as_(cast.observer)
    before = without_tokens(client.get(address).content.decode())
    make_committed(deal=deal, committed_on=SUBMITTED.date(), committed_at=SUBMITTED)
    assert without_tokens(client.get(address).content.decode()) == before
    if path.startswith("/meetings/"):
        start(meeting)
        assert "Committed 22 Nov for Q4 2026" in flat(client.get(address))


def without_tokens(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrf" not in line.lower() and "nonce" not in line]


@pytest.fixture
def week_after(cast: Cast, meeting: Meeting) -> Meeting:
    """Planned ahead; nobody has prepared it."""
    return make_meeting(team=cast.north, starts_at=meeting.starts_at + timedelta(days=7))


@pytest.mark.parametrize("state", ["scheduled", "excused", "missed"])
@pytest.mark.parametrize("path", ["/teams/north/mix/", "/meetings/{}/", "/teams/north/committed/"])
def test_the_page_of_the_week_after_tells_nothing_of_it_either(
    cast: Cast, meeting: Meeting, week_after: Meeting, as_: As, path: str, state: str
) -> None:
    """Also where its own meeting was not held: the next one that starts opens it."""
    why = {"excused_at": NOW, "excused_why": "Ill"} if state == "excused" else {}
    Meeting.objects.filter(pk=meeting.pk).update(state=state, **why)
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(900_000), close_date=date(2026, 11, 27))
    address, client = path.format(week_after.pk), as_(cast.observer)
    before = without_tokens(client.get(address).content.decode())
    make_committed(deal=deal, committed_on=SUBMITTED.date(), committed_at=SUBMITTED)
    assert without_tokens(client.get(address).content.decode()) == before
    assert pending_commit(cast.north, cast.observer).since == SUBMITTED
    if path.startswith("/meetings/"):
        assert "Committed 22 Nov for Q4 2026" in flat(as_(cast.ceo).get(address))
    if state != "scheduled":
        start(week_after)
        assert pending_commit(cast.north, cast.observer).since is None
        if path != "/teams/north/mix/":
            assert "22 Nov" in flat(client.get(address))


def test_a_meeting_in_progress_tells_nothing_of_what_was_submitted_for_the_next(
    cast: Cast, meeting: Meeting, week_after: Meeting, as_: As
) -> None:
    start(meeting)
    later = NOW - timedelta(minutes=5)
    Meeting.objects.filter(pk=week_after.pk).update(submitted_at=later)
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(900_000), close_date=date(2026, 11, 27))
    make_committed(deal=deal, committed_on=NOW.date(), committed_at=later)
    assert "Committed 23 Nov" not in flat(as_(cast.observer).get(f"/meetings/{meeting.pk}/"))
    assert "Committed 23 Nov" in flat(as_(cast.ceo).get(f"/meetings/{meeting.pk}/"))
