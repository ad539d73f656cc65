"""Numbers out of range, bytes that are no text, fields twice, junk in every form: a plain refusal, at once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from alignment.models import User
from tests.abuse.everywhere import ROUTES, address, every_form
from tests.cast import Cast
from tests.speed import at_most

As = Callable[[User], Client]
NUMBERS = (0, 2**31, 2**63, 2**64 + 1, 10**30)
QUERIES = (
    "page=1000000000&q=%00&team=%00&state=%00&year=99999999999999999999&month=2026-13&kind=%ff&from=0000-00-00&to=9999-99-99&next=%00",
    "page=-1&q=%ff%fe&team=..%2f..&year=-1&month=&kind=&page=9223372036854775808&&==&%&state=open&state=all&first=-1&beside=x&by=%F0",
    (
        f"page=%D9%A3&q={'a' * 5000}&team[]=1&year=%D9%A3&month=%E2%80%A8&kind=[]&state={{}}"
        "&day=2026-02-30&who=1e9&what=%27"
    ),
)
JUNK = (
    "",
    "\x00",
    "a\x00b",
    "\r\nX: y",
    "\u2028",
    "\ud7ff\uffff",
    "a" * 70_000,
    "-1",
    str(2**31),
    str(2**63),
    "1e400",
    "NaN",
    "Infinity",
    "-0",
    "0.1" * 50,
    "2026-02-30",
    "0000-01-01",
    "99999-12-31",
    "25:61",
    "None",
    "[]",
    "{}",
    "true",
    "٣",
    "１２",
    "'; DROP TABLE x;--",
    "../../etc/passwd",
    "$" * 20,
    "=1+1",
    "🙂" * 400,
    "\t\t\n",
    "evil@x.test\nBcc: b@x.test",
    "on",
    "1,2,3",
    "Europe",
    "../Europe/Paris",
)


def answered(ask: Callable[..., Any], path: str, *sent: Any) -> Any:
    """The answer to a request whose changes are undone: never an error of ours, and within a second of work."""
    with at_most(1), transaction.atomic():
        answer = ask(path, *sent)
        transaction.set_rollback(True)
    assert answer.status_code < 500, (path, sent)
    return answer


def test_numbers_in_addresses(cast: Cast, stage: dict[str, Any], as_: As) -> None:
    client = as_(cast.ceo)
    for route in ROUTES:
        path = address(route, stage)
        for number in NUMBERS if re.search(r"/\d+/", path) else ():
            odd = re.sub(r"/\d+/", f"/{number}/", path)
            for ask in (client.get, client.post):
                assert answered(ask, odd).status_code != 200, odd


def test_queries_of_pages(cast: Cast, stage: dict[str, Any], as_: As) -> None:
    leader, admin = as_(cast.leader), as_(cast.admin)
    for route in set(ROUTES) - {"readyz"}:
        path = address(route, stage)
        who = admin if path.startswith("/setup/") else leader
        for query in QUERIES:
            answered(who.get, f"{path}?{query}")


def test_paths_that_are_no_text(cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    for path in (
        "/deals/%00/",
        "/teams/%00/",
        "/teams/a%00b/",
        "/%ff%fe/",
        "/calendar/%00.ics",
        "/unsubscribe/%00/",
        "/setup/%00/sign-in/",
        "/teams/" + "a" * 5000 + "/",
        "/accounts/password/reset/key/%00-%00/",
        "/accounts/password/reset/key/zzzzzzzzzzzzz-a-b/",
        "/static/%00",
        "/static/..%2f..%2fetc/passwd",
        "/..;/",
        "/accounts/oidc/%00/login/",
    ):
        answer = answered(client.get, path)
        assert (
            400 <= answer.status_code < 500 or "no longer works" in answer.text or answer.status_code == 302
        ), path


@pytest.mark.parametrize("role", ["leader", "admin"])
def test_junk_in_every_form(role: str, cast: Cast, stage: dict[str, Any], as_: As) -> None:
    client, dice = as_(getattr(cast, role)), random.Random(role)
    forms = every_form(client, stage)
    names = sorted({name for form in forms for name in form.names})
    aimed = [(form.action, sorted(form.names)) for form in forms] * 2
    for action, fields in aimed + [(address(route, stage), dice.sample(names, 30)) for route in ROUTES]:
        answered(client.post, action, {name: dice.choice(JUNK) for name in fields if dice.random() < 0.8})


@pytest.mark.parametrize("role", ["leader", "admin"])
def test_files_and_lists_where_words_are_expected(
    role: str, cast: Cast, stage: dict[str, Any], as_: As
) -> None:
    client = as_(getattr(cast, role))
    for form in every_form(client, stage):
        files = {name: SimpleUploadedFile("a\x00b.csv", b"\xff\x00,\n" * 9) for name in form.names}
        answered(client.post, form.action, files)
        answered(client.post, form.action, {name: ["1", "2"] for name in form.names})


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"name=%ff%fe&amount=%00"),
        ("application/json", b'{"name": '),
        ("text/plain", b"\xff"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"--"),
        (f"{FORM}; charset=utf-7", b"a=b"),
        (f"{FORM}; charset=nothing", b"a=b"),
    ],
)
def test_bodies_that_are_no_forms(kind: str, body: bytes, cast: Cast, as_: As) -> None:
    answered(partial(as_(cast.leader).generic, "POST"), "/deals/new/", body, kind)


def test_ten_thousand_fields_are_refused(cast: Cast, as_: As) -> None:
    many, client = "&".join(f"id={number}" for number in range(10_000)), as_(cast.leader)
    assert answered(client.get, f"/deals/?{many}").status_code == 400
    assert answered(partial(client.generic, "POST"), "/deals/new/", many, FORM).status_code == 400


def test_what_is_too_large_is_refused_before_it_is_read(cast: Cast, as_: As) -> None:
    answer = as_(cast.leader).post("/deals/new/", {"name": "a"}, CONTENT_LENGTH="25000001")
    assert answer.status_code == 413 and "Nothing was changed" in answer.text
