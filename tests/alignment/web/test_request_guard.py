"""What comes in by the door: readable, and whole."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import pytest

from alignment.web.request_guard import WholeBody, is_readable, refuse_unreadable
from meetings.models import Issue
from tests.cast import Cast
from tests.door import Visitor

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", ["", FORM, f"{FORM}; charset=UTF-8", "text/plain; charset=utf8", "é", ";"])
def test_what_browsers_send_comes_in(kind: str) -> None:
    assert is_readable(kind)


@pytest.mark.parametrize(
    "kind",
    [
        *(
            f"x/y; charset={name}"
            for name in ("idna", "punycode", "latin-1", "utf-16", "hex", "nothing", "%00")
        ),
        "multipart/form-data; boundary*=é''x",
    ],
)
def test_the_rest_is_refused_in_a_sentence(kind: str) -> None:
    said: list[Any] = []
    body = refuse_unreadable(lambda *_: pytest.fail("it was read"))(
        {"CONTENT_TYPE": kind}, lambda *words: said.append(words)
    )
    assert said[0][0] == "400 Bad Request"
    assert b"Nothing was changed" in b"".join(body)


@pytest.mark.parametrize(
    "read", [lambda body: body.read(), lambda body: body.read(5), lambda body: body.readline()]
)
def test_a_body_that_ends_early_is_said_to(read: Any) -> None:
    body = WholeBody(io.BytesIO(b""), 5)
    with pytest.raises(ConnectionError):
        read(body)


def test_a_whole_body_is_read_as_it_is() -> None:
    body = WholeBody(io.BytesIO(b"one\ntwo and what follows"), 7)
    assert (body.readline(), body.read(2), body.read(), body.read(), body.readline()) == (
        b"one\n",
        b"tw",
        b"o",
        b"",
        b"",
    )


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
@pytest.mark.parametrize(("missing", "is_saved"), [(0, True), (9, False)])
def test_half_a_form_is_not_saved(cast: Cast, as_: Any, kind: str, missing: int, *, is_saved: bool) -> None:
    visitor = Visitor()
    visitor.cookies, visitor.missing = as_(cast.leader).cookies, missing
    form = {"team": "north", "section": "issues", "title": "Discounts", "detail": "We give too much away."}
    if kind == FORM:
        visitor.post("/issues/new/", urlencode(form), FORM)
    else:
        visitor.post("/issues/new/", form)
    assert Issue.objects.exists() is is_saved
