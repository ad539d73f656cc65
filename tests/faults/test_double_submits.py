"""The same form sent many times at once has the effect of sending it once, and nobody sees an error page.

Every address that docs/access.md lets somebody post to has its press in tests/faults/presses.py, or in presses_setup.py
where it belongs to setup, people or sign-in. FAULT_PRESSES=50 is the full run; ten of them meet also with twenty. The
pages of sign-in that allauth brings are its own to test.
"""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.hashers import is_password_usable
from django.db import connection, models, transaction
from django.test import Client

from alignment.models import User
from tests.cast import Cast
from tests.faults.press import THEN, Press
from tests.faults.presses import PRESSES, path_of
from tests.faults.presses_setup import TAKEN
from tests.test_urls import declared, stage  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True)]
TIMES = int(os.environ.get("FAULT_PRESSES", "20"))
AT_ONCE = min(TIMES, 10)
#: These show what they would change, and change nothing.
LOOKS = {"deals:goals_copy", "deals:goals_paste", "deals:goals_spread"}
#: What these change is a moment, or drawn by chance.
UNSEEN = {"meetings:calendar_mail", "meetings:calendar_renew", "meetings:commitment_carry"}
#: Counters that only say “look again”, and what is drawn by chance.
UNSAID = {"revision", "token", "token_hash", "uid", "key", "last_login", "seed"}
#: Numbers of rows kept outside a relation: which one is chance, that there is one is not.
NUMBERS_OF_ROWS = {"deals.ImportRow.target"}


def changing() -> set[str]:
    """Every address that takes a POST from somebody."""
    return {
        route for route, cells in declared().items() if any(not cell.endswith("/405") for cell in cells[:-1])
    }


def test_every_address_that_changes_something_is_pressed_here() -> None:
    """A new one gets its press: who presses, and what is sent."""
    assert changing() == {name.split(",")[0] for name in PRESSES} | set(TAKEN)


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_many_presses_at_once_have_the_effect_of_one(
    name: str,
    cast: Cast,
    stage: dict[str, Any],  # noqa: F811
    as_: Callable[[User], Client],
) -> None:
    press, route = PRESSES[name], name.split(",")[0]
    with time_machine.travel(THEN, tick=True):
        sending = prepared(route, press, cast, stage, as_)
        before = rows()
        once = effect_of_one(*sending)
        assert set(at_once(*sending)) <= press.answers
        assert (once == before) == (route in LOOKS) or route in UNSEEN
        assert rows() == once


@pytest.mark.parametrize("route", sorted(TAKEN))
def test_every_file_taken_at_once_is_given_and_written_down(
    route: str,
    cast: Cast,
    stage: dict[str, Any],  # noqa: F811
    as_: Callable[[User], Client],
) -> None:
    with time_machine.travel(THEN, tick=True):
        sending = prepared(route, TAKEN[route], cast, stage, as_)
        before = rows()
        assert at_once(*sending) == {200: TIMES}
        after = rows()
    lines = Counter(after.pop("alignment.Entry")) - Counter(before.pop("alignment.Entry"))
    assert lines.total() == TIMES
    assert after == before


Sending = tuple[Client, str, dict[str, Any]]


def prepared(
    route: str,
    press: Press,
    cast: Cast,
    stage: dict[str, Any],  # noqa: F811
    as_: Callable[[User], Client],
) -> Sending:
    """Who presses, where, and what is sent, once what comes before is done."""
    stage |= {"ceo": cast.ceo, "leader": cast.leader}
    press.before(stage, cast)
    client = as_(getattr(cast, press.by)) if press.by and not press.by_link else Client()
    if press.by_link:
        client.get(path_of("alignment:link", stage))
    return client, path_of(route, stage), press.told | press.names(stage)


def effect_of_one(client: Client, path: str, told: dict[str, Any]) -> dict[str, list[str]]:
    """What everything looks like after one; then it is undone."""
    with transaction.atomic():
        client.post(path, told)
        after = rows()
        transaction.set_rollback(True)
    return after


def at_once(client: Client, path: str, told: dict[str, Any]) -> Counter[int]:
    answers: Counter[int] = Counter()
    begin = threading.Barrier(AT_ONCE)

    def pressing() -> None:
        mine = Client(raise_request_exception=False)
        mine.cookies = client.cookies
        begin.wait()
        for _ in range(TIMES // AT_ONCE):
            answer = mine.post(path, told)
            answer.getvalue()  # a file is read to its end
            answers[answer.status_code] += 1
        connection.close()

    threads = [threading.Thread(target=pressing) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.total() == TIMES
    return answers


def rows() -> dict[str, list[str]]:
    """Every row of ours in words that are the same whichever number it has got."""
    ours = [
        model
        for room in ("alignment", "deals", "meetings")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    ]
    return {model._meta.label: sorted(_said(row) for row in model._default_manager.all()) for model in ours}


def _said(row: models.Model) -> str:
    return " ".join(
        f"{field.name}={_value(row, field)}"
        for field in row._meta.concrete_fields
        if field.name not in UNSAID and not field.primary_key
    )


def _value(row: models.Model, field: models.Field[Any, Any]) -> str:
    value = getattr(row, field.attname)
    is_number_of_a_row = field.is_relation or str(field) in NUMBERS_OF_ROWS
    if is_number_of_a_row or isinstance(value, datetime | UUID) or field.name == "calendar_token":
        return str(value is not None)
    if field.name == "password":  # salted by chance
        return str(is_password_usable(value))
    return str(value) if isinstance(value, int) else re.sub(r"\d+", "#", str(value))
