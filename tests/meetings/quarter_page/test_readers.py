"""Who reads what of a quarter's page: the two all of it, others what the CEO opened, and the CEO's number by a tick."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alignment.erasure.erase import forget
from alignment.models import Seat
from meetings.models import Expectation, Meeting, QuarterSharing
from meetings.registry.exported_facts import check_quarter_sharing
from meetings.rules.quarter_page import Part
from tests.cast import Cast
from tests.factories import NOW, make_call, make_expectation, make_held_meeting, make_seat, make_user
from tests.html import flat

pytestmark = pytest.mark.time_machine(NOW)
As = Callable[[Any], Client]
HERE = "/teams/north/quarter/?quarter=2026-Q3"
READERS = "/teams/north/quarter/readers/"
Q3 = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30)}
NUMBER = "$2.71M"
OTHERS = ("delegate", "facilitator", "observer")
EVERY = [str(part) for part in Part]
#: Drawn at random for every answer: CSRF tokens.
DRAWN = re.compile(rb"[A-Za-z0-9]{64}")


@pytest.fixture
def called(cast: Cast) -> Meeting:
    """The leader called 3M, the CEO expected 2.71M; the meeting was held."""
    cast.north.seats.update(since=date(2026, 1, 1))
    at = datetime(2026, 7, 6, 8, tzinfo=UTC)
    meeting = make_held_meeting(team=cast.north, starts_at=at, submitted_at=at - timedelta(days=1))
    make_call(meeting=meeting, commit=Decimal(3_000_000), best_case=Decimal(3_000_000), **Q3)
    make_expectation(meeting=meeting, amount=Decimal(2_710_000), **Q3)
    return meeting


def read(as_: As, user: Any, path: str = HERE) -> str:
    answer = as_(user).get(path)
    assert answer.status_code == 200
    return flat(answer.content.decode())


def share(client: Client, *parts: str, number: bool = False, version: int = 0) -> Any:
    fields = {"quarter": "2026-Q3", "parts": parts, "version": version}
    return client.post(READERS, fields | ({"ceo_number": "on"} if number else {}))


def test_by_default_others_read_every_part_but_the_ceos_number(cast: Cast, called: Meeting, as_: As) -> None:
    for name in OTHERS:
        page = read(as_, getattr(cast, name))
        assert all(part.label in page for part in Part) and NUMBER not in page, name
        assert "only you two" not in page and "Choose what others read" not in page
    for who in (cast.ceo, cast.leader):
        page = read(as_, who)
        assert NUMBER in page and "only you two" in page


def test_others_have_what_the_ceo_ticked_and_the_two_all_of_it(cast: Cast, called: Meeting, as_: As) -> None:
    assert share(as_(cast.ceo), "result", "decisions").status_code == 302
    row = QuarterSharing.objects.get()
    assert row.parts == (Part.RESULT, Part.DECISIONS) and row.changed_by == cast.ceo and row.version == 1
    page = read(as_, cast.observer)
    assert page.count("<section") == 2 and "Decisions" in page and "Won by size" not in page
    for who in (cast.ceo, cast.leader):
        page = read(as_, who)
        assert page.count("<section") == len(Part) and page.count('pair-only"') >= 6
    assert read(as_, cast.observer, "/teams/north/quarter/").count("<section") == len(Part)


def test_with_nothing_ticked_others_read_that_nothing_is_open(cast: Cast, called: Meeting, as_: As) -> None:
    share(as_(cast.ceo))
    page = read(as_, cast.observer)
    assert "The CEO has opened nothing of this page." in page and "<section" not in page
    assert "$" not in page[page.index("<main") :]


def test_the_ceos_number_is_read_by_others_once_the_ceo_ticked_it(
    cast: Cast, called: Meeting, as_: As
) -> None:
    share(as_(cast.ceo), *EVERY, number=True)
    for name in OTHERS:
        assert NUMBER in read(as_, getattr(cast, name)), name
    assert "only you two" not in read(as_, cast.ceo)
    share(as_(cast.ceo), *EVERY, version=1)
    for name in OTHERS:
        assert NUMBER not in read(as_, getattr(cast, name)), name


def test_a_number_that_is_open_without_the_call_is_nowhere(cast: Cast, called: Meeting, as_: As) -> None:
    share(as_(cast.ceo), "result", number=True)
    assert NUMBER not in read(as_, cast.observer)


def test_two_worlds_that_differ_in_the_number_alone_are_one_page_for_others(
    cast: Cast, called: Meeting, as_: As
) -> None:
    def worlds(user: Any) -> set[bytes]:
        pages = set()
        client = as_(user)
        for amount in (None, 2_710_000, 3_900_000):
            Expectation.objects.all().delete()
            if amount is not None:
                make_expectation(meeting=called, amount=Decimal(amount), **Q3)
            answer = client.get(HERE)
            assert answer.status_code == 200
            pages.add(DRAWN.sub(b"", answer.content))
        return pages

    for name in OTHERS:
        assert len(worlds(getattr(cast, name))) == 1, name
    share(as_(cast.ceo), "result", "calls")
    for name in OTHERS:
        assert len(worlds(getattr(cast, name))) == 1, name
    assert len(worlds(cast.ceo)) == 3
    share(as_(cast.ceo), *EVERY, number=True, version=1)
    assert len(worlds(cast.observer)) == 3


def test_the_number_is_read_by_nobody_before_its_meeting(cast: Cast, as_: As) -> None:
    ahead = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=1))
    Meeting.objects.filter(pk=ahead.pk).update(
        started_at=None,
        state="scheduled",
        starts_at=NOW + timedelta(days=1),
        submitted_at=NOW,
        closed_at=None,
    )
    make_expectation(meeting=ahead, amount=Decimal(2_710_000))
    as_(cast.ceo).post(READERS, {"quarter": "2026-Q4", "parts": EVERY, "ceo_number": "on", "version": 0})
    for who in (cast.ceo, cast.leader, cast.observer):
        assert NUMBER not in read(as_, who, "/teams/north/quarter/")


def test_a_new_ceo_opens_their_own_number_and_closes_the_one_before(
    cast: Cast, called: Meeting, as_: As
) -> None:
    """What a former CEO expected is read by no successor, unless that CEO had opened it."""
    successor = make_user(email="next@demo.test", name="Nora Next")
    Seat.objects.filter(team=cast.north, role="ceo").update(until=date(2026, 10, 31))
    make_seat(team=cast.north, user=successor, role="ceo", since=date(2026, 11, 1))
    assert NUMBER not in read(as_, successor) and NUMBER in read(as_, cast.leader)
    share(as_(successor), *EVERY, number=True)
    assert NUMBER not in read(as_, cast.observer) and NUMBER not in read(as_, successor)
    QuarterSharing.objects.update(ceo_number_of=cast.ceo)
    assert NUMBER in read(as_, cast.observer) and NUMBER in read(as_, successor)
    assert flat(as_(successor).get(f"{READERS}?quarter=2026-Q3").content.decode()).count("checked") == 8
    share(as_(successor), *EVERY, version=1)
    assert NUMBER not in read(as_, cast.observer)
    assert as_(cast.ceo).get(HERE).status_code == 404


def test_nobody_but_the_ceo_decides(cast: Cast, called: Meeting, as_: As) -> None:
    for name in ("leader", *OTHERS, "second_leader", "admin", "outsider"):
        client = as_(getattr(cast, name))
        status = 403 if name in ("leader", *OTHERS) else 404
        assert client.get(f"{READERS}?quarter=2026-Q3").status_code == status, name
        assert share(client, *EVERY, number=True).status_code == status, name
    assert not QuarterSharing.objects.exists()
    for name in ("second_leader", "admin", "outsider"):
        assert as_(getattr(cast, name)).get(HERE).status_code == 404, name
    assert Client().get(HERE).status_code == 302


def test_the_ceos_delegate_decides_nothing_and_has_no_number(cast: Cast, called: Meeting, as_: As) -> None:
    aide = make_user(email="aide@demo.test", name="Ida Aide")
    make_seat(team=cast.north, user=aide, role="delegate", acts_for="ceo")
    assert share(as_(aide), *EVERY, number=True).status_code == 403
    assert NUMBER not in read(as_, aide)


def test_the_same_sent_twice_is_saved_once_and_another_window_is_told(
    cast: Cast, called: Meeting, as_: As
) -> None:
    client = as_(cast.ceo)
    for _ in range(2):
        assert share(client, "result").status_code == 302
    assert QuarterSharing.objects.get().version == 1
    answer = share(client, *EVERY, number=True)
    assert answer.status_code == 409 and "in another window" in flat(answer.content.decode())
    assert QuarterSharing.objects.get().open_parts == ["result"]
    assert 'name="version" value="1"' in flat(answer.content.decode())
    assert share(client, *EVERY, number=True, version=1).status_code == 302
    row = QuarterSharing.objects.get()
    assert row.parts == tuple(Part) and row.ceo_number_of == cast.ceo and row.version == 2


@pytest.mark.parametrize(
    "fields", [{"parts": ["check_in"]}, {"version": -1}, {"version": "x"}, {"version": 2**40}]
)
def test_what_is_no_part_or_no_version_is_refused(fields: dict[str, Any], cast: Cast, as_: As) -> None:
    sent = {"quarter": "2026-Q3", "parts": EVERY, "version": 0} | fields
    assert as_(cast.ceo).post(READERS, sent).status_code == 422
    assert not QuarterSharing.objects.exists()


def test_the_database_has_one_row_a_quarter_and_no_quarter_without_days(cast: Cast) -> None:
    def store(**fields: Any) -> None:
        QuarterSharing.objects.create(team=cast.north, changed_at=NOW, **Q3 | fields)

    store()
    for fields in ({}, {"starts_on": date(2026, 10, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            store(**fields)


def test_the_number_goes_with_a_ceo_who_is_forgotten(cast: Cast, called: Meeting, as_: As) -> None:
    share(as_(cast.ceo), *EVERY, number=True)
    Seat.objects.filter(user=cast.ceo).update(until=date(2026, 10, 31))
    assert not forget(cast.ceo, by=None, now=NOW)
    page = read(as_, cast.observer)
    assert NUMBER not in page and "Marsh" not in page and "$3M" in page


@pytest.mark.parametrize(
    "parts", [["check_in"], ["decisions", "result"], ["result", "result"], "result", 7, None]
)
def test_an_import_takes_no_parts_that_no_form_stores(parts: Any, cast: Cast) -> None:
    row = QuarterSharing(team=cast.north, open_parts=parts, **Q3)
    with pytest.raises((ValueError, TypeError)):
        check_quarter_sharing(row, NOW)
    for stored in ([], ["result"], EVERY):
        row.open_parts = stored
        check_quarter_sharing(row, NOW)
