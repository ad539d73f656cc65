"""`next` and its like: whatever they say, nobody is sent off this host."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from alignment.models import User
from tests.abuse.everywhere import ROUTES, address, read
from tests.cast import Cast

As = Callable[[User], Client]
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:boo()",
    "JaVaScRiPt:boo()",
    "data:text/html,boo",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "//evil.example/%2f..",
    "https://testserver@evil.example",
    "//testserver.evil.example",
    "http://[::1",
    "/%0d%0aSet-Cookie:%20a=b",
    "/\r\nSet-Cookie: a=b",
    "//evil。example",
    "////evil.example",
    "/./\\evil.example",
)


def leads_away(place: str) -> bool:
    """As browsers read an address: they take backslashes for slashes and leave control characters out."""
    seen = re.sub(r"[\x00-\x20]", "", place).replace("\\", "/")
    parts = urlsplit(urljoin("http://testserver/here/", seen))
    return parts.netloc != "testserver" or parts.scheme not in ("http", "https")


def led_to(answer: Any) -> list[str]:
    return [
        answer.headers[name] for name in ("Location", "HX-Redirect", "HX-Location") if name in answer.headers
    ]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_and_out_stays_here(place: str, cast: Cast, as_: As) -> None:
    person = {"login": cast.leader.email, "password": "demo-password", "next": place}
    answers = [
        Client().post("/accounts/login/", person),
        as_(cast.leader).get("/accounts/login/", {"next": place}),
        as_(cast.leader).post("/accounts/logout/", {"next": place}),
        Client().get("/", headers={"HX-Request": "true", "HX-Current-URL": place}),
    ]
    places = [each for answer in answers for each in led_to(answer)]
    assert len(places) == 4 and not [each for each in places if leads_away(each)]


def test_every_form_leads_back_to_a_page_of_ours(cast: Cast, stage: dict[str, Any], as_: As) -> None:
    leader, admin = as_(cast.leader), as_(cast.admin)
    for number, route in enumerate(ROUTES):
        path, place = address(route, stage), ELSEWHERE[number % len(ELSEWHERE)]
        with transaction.atomic():
            client = admin if path.startswith("/setup/") else leader
            answer = client.post(path, {"next": place}, headers={"Referer": "https://evil.example/"})
            transaction.set_rollback(True)
        assert not [each for each in led_to(answer) if leads_away(each)], route


def test_no_page_carries_the_foreign_address_on(cast: Cast, stage: dict[str, Any], as_: As) -> None:
    client = as_(cast.leader)
    for number, route in enumerate(ROUTES):
        place = ELSEWHERE[number % len(ELSEWHERE)]
        answer = client.get(address(route, stage), {"next": place})
        if not answer.streaming and "html" in answer.headers.get("Content-Type", ""):
            found = read("/", answer.text)
            carried = [form.fields.get("next", "") for form in found.forms] + found.links
            assert place not in carried, route
