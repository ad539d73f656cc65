"""The audit: who may read it, how it is narrowed, and the file of it. What it must never hold is in
test_audit_words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.audit import LABELS, note, register_labels
from alignment.models import Entry, User
from tests.cast import Cast
from tests.factories import NOW

PAGE = "/setup/demo/changes/"
As = Callable[[User], Client]


def told(cast: Cast, **fields: Any) -> None:
    note(**{"what": "team.changed", "by": cast.admin, "now": NOW, "company": cast.company} | fields)


def shown(client: Client, **asked: Any) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def read(client: Client, **asked: Any) -> list[list[str]]:
    answer = client.post(f"{PAGE}export/", query_params=asked)
    assert answer["Content-Disposition"].startswith('attachment; filename="demo-changes-')
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_the_newest_stands_first_with_who_what_before_and_after(cast: Cast, as_: As) -> None:
    told(cast, about="North, length", old="30 minutes", new="45 minutes", why="More deals")
    told(cast, about="South", now=NOW + timedelta(hours=1), by=None)
    page = shown(as_(cast.admin))
    for fact in (
        "Team changed",
        "North, length",
        "30 minutes",
        "45 minutes",
        "More deals",
        "Ada Admin",
        "Automatic",
    ):
        assert fact in page
    assert page.index("South") < page.index("North, length")


def test_nothing_of_another_company_is_in_it(cast: Cast, as_: As) -> None:
    told(cast, company=cast.away.company, about="Secret of theirs")
    assert "Secret of theirs" not in shown(as_(cast.admin))
    assert as_(cast.admin).get("/setup/other/changes/").status_code == 404


def test_how_its_people_got_in_is_in_it_and_how_strangers_did_is_not(cast: Cast, as_: As) -> None:
    for user in (cast.leader, cast.outsider):
        told(cast, what="signed.in", by=user, company=None, about=user.name)
    page = shown(as_(cast.admin))
    assert "Joe Keller" in page and "Otto Elsewhere" not in page


@pytest.mark.parametrize("what", sorted(LABELS))
def test_every_kind_reads_as_words(what: str) -> None:
    assert LABELS[what][0].isupper() and "." not in LABELS[what]


def test_two_apps_do_not_share_a_kind() -> None:
    register_labels({"signed.in": LABELS["signed.in"]})  # the same again, as when an app is set up twice
    with pytest.raises(ValueError, match=r"signed\.in"):
        register_labels({"signed.in": "Signed something else"})


@pytest.fixture
def four(cast: Cast) -> None:
    told(cast, about="North", now=NOW - timedelta(days=3))
    told(cast, about="North", what="holidays.changed", by=cast.ceo, now=NOW - timedelta(days=2))
    told(cast, about="50 % off", by=None, now=NOW - timedelta(days=1))
    told(cast, about="South", new="Tuesday")


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, 4),
        ({"kind": "holidays.changed"}, 1),
        ({"who": "none"}, 1),
        ({"q": "north"}, 2),
        ({"q": "tuesday"}, 1),
        ({"q": "holidays"}, 1),
        ({"q": "marsh"}, 1),
        ({"q": "%"}, 1),
        ({"from": "2026-11-21"}, 3),
        ({"until": "2026-11-21"}, 2),
        ({"from": "2026-11-21", "until": "2026-11-21"}, 1),
        ({"from": "soon", "until": "9999-12-31", "who": "7e3", "kind": "%00", "page": "-1"}, 4),
    ],
)
def test_the_list_is_narrowed(cast: Cast, as_: As, four: None, asked: dict[str, str], rows: int) -> None:
    assert shown(as_(cast.admin), **asked).count('<th scope="row">') == rows
    assert len(read(as_(cast.admin), **asked)) == rows + 1


def test_the_list_is_narrowed_to_a_person(cast: Cast, as_: As, four: None) -> None:
    assert shown(as_(cast.admin), who=str(cast.ceo.pk)).count('<th scope="row">') == 1


def test_nothing_there_and_nothing_fitting_say_what_to_do(cast: Cast, as_: As) -> None:
    assert "No changes yet." in shown(as_(cast.admin))
    assert "No results." in shown(as_(cast.admin), q="nowhere")


def test_it_has_pages_and_asks_the_same_of_the_database_at_any_length(cast: Cast, as_: As) -> None:
    client, counts = as_(cast.admin), []
    for number in (1, 59):
        for hour in range(number):
            told(cast, by=cast.ceo, now=NOW + timedelta(hours=hour))
        with CaptureQueriesContext(connection) as caught:
            page = shown(client)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 9 and "1–50 of 60" in page


# The file


def test_the_file_holds_what_the_page_shows_and_is_itself_in_the_audit(cast: Cast, as_: As) -> None:
    told(cast, about="North", old="Monday", new="Tuesday", why="Board")
    rows = read(as_(cast.admin))
    assert rows[0][0] == "when (UTC)"
    assert rows[1] == [
        "2026-11-23 08:00:00",
        "Ada Admin",
        "Team changed",
        "North",
        "Monday",
        "Tuesday",
        "Board",
    ]
    entry = Entry.objects.get(what="changes.exported")
    assert (entry.by, entry.new) == (cast.admin, "1 line")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_file_is_a_formula(cast: Cast, as_: As, sign: str) -> None:
    told(cast, about=f"{sign}HYPERLINK(A1)", old=f"{sign}2", new=f"{sign}3", why=f"{sign}4")
    cells = read(as_(cast.admin))[1]
    assert [cell[:2] for cell in cells[3:]] == [f"'{sign}"] * 4


def test_the_file_asks_the_same_of_the_database_at_any_length(cast: Cast, as_: As) -> None:
    client, counts = as_(cast.admin), []
    for number in (1, 49):
        for _ in range(number):
            told(cast, by=cast.leader)
        with CaptureQueriesContext(connection) as caught:
            read(client)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_days_are_the_readers(cast: Cast, as_: As) -> None:
    told(cast, now=datetime.fromisoformat("2026-11-22T23:30:00+00:00"))  # the 23rd in Paris
    assert shown(as_(cast.admin), **{"from": "2026-11-23"}).count('<th scope="row">') == 1


def test_the_audit_of_a_person_who_is_gone_stays(cast: Cast, as_: As) -> None:
    told(cast, by=cast.observer, about="Kept")
    Entry.objects.filter(about="Kept").update(by=None)
    with time_machine.travel(NOW):
        assert "Kept" in shown(as_(cast.admin))
