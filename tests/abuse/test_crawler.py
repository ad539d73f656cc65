"""Every address of every package in the site, asked in ways nobody would: odd methods, headers, charsets and bytes.

The seed is fixed, so that a run can be repeated; `make fuzz` asks many times more, from another seed each time.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils.regex_helper import normalize

from alignment.models import User
from tests.abuse.everywhere import ROUTES, address
from tests.cast import Cast
from tests.door import Visitor

SEED = os.environ.get("FUZZ_SEED", "alignment")
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
TOKEN = "3f1c9a7e-5b0d-4c2e-9f6a-1d2b3c4e5f60"
"""In every address that takes a text, as a secret would be."""
TAKEN = {
    "slug": ("north", "x"),
    "int": ("1", "9" * 30),
    "id": ("1", "9" * 30),
    "str": (TOKEN, f"{TOKEN}é", "%00"),
    "path": ("1", "_00", "%00", f"{TOKEN}/x"),
}
METHODS = (
    "GET",
    "GET",
    "POST",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "PROPFIND",
    "get",
)
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
KINDS = (
    *(
        FORM,
        PARTS,
        f"{PARTS}; boundary=x",
        "text/plain",
        "application/json",
        "x/y",
        "",
        ";",
        "é",
        "multipart/mixed",
    ),
    *(
        f"{FORM}; charset={name}"
        for name in ("utf-8", "latin-1", "utf-7", "utf-16", "idna", "punycode", "base64")
    ),
    *(
        f"x/y; charset={name}"
        for name in ("idna", "punycode", "hex", "undefined", "nothing", '"', "utf-16", "%00")
    ),
    *("x/y; a=" + "b" * 20_000, f"{PARTS}; boundary=" + "x" * 2_000, "multipart/form-data; boundary*=é''x"),
    *(f"{PARTS}; boundary=x; charset={name}" for name in ("idna", "utf-16", "nothing", "rot13")),
)
QUERIES = (
    *(
        "",
        "next=%FF",
        "next=%2F%2Fevil.example",
        "next=http://[",
        "q=%00",
        "q=%ff",
        "page=-1",
        "page=1e9&=&&",
    ),
    *("code=x&state=y", "year=99999999", "team=%00&to=%ff", "_popup=1&_to_field=x", "e=1", "o=99.-1", "p=-5"),
    *("action=x&_selected_action=%00", "pk__in=%00", "id__exact=é", "term=%00&app_label=a&model_name=b"),
)
BODIES = (
    *(
        b"",
        b"\xff\xfe",
        b"a=%00&name=%ff",
        b"login=%00&password=%00",
        b"code=\xd9\xa3\xd9\xa3\xd9\xa3",
        b"{}",
        b"[" * 9000,
    ),
    *(
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\x00\r\n--x--\r\n',
        b"credential={}",
    ),
    *(
        b"credential=[1]",
        b"email=%00@x.test",
        b"password1=%00&password2=%00",
        b"_selected_action=%00&action=delete_selected",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="\x00"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n?\r\n--x--"
    ),
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"HX-Request": "true", "HX-Current-URL": "http://["},
    {"HX-Request": "true", "HX-Current-URL-URI-AutoEncoded": "true", "HX-Current-URL": "%ff"},
    {"Cookie": "sessionid=\x00; csrftoken=é; messages=x"},
    {"If-None-Match": "é", "If-Modified-Since": "9" * 30, "Range": "bytes=9-1,,"},
    {"X-Forwarded-For": "x, \x00, 1.2.3.4.5", "X-Forwarded-Proto": "x"},
    {"Referer": "http://[", "Origin": "http://["},
    {"Accept": "é;q=x", "Accept-Language": "x" * 5000, "Accept-Encoding": "gzip;q=x"},
    {"Host": "[", "User-Agent": "\x00"},
    {"Authorization": "Bearer é", "Content-Length": "-1"},
    {"X-CSRFToken": "\x00é", "X-Requested-With": "XMLHttpRequest"},
)


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every path that the site knows, with a value of each kind where it takes one."""
    for pattern in resolver.url_patterns:
        for path in filled(pattern, before):
            if isinstance(pattern, URLResolver):
                yield from patterns(pattern, path)
            else:
                yield path


def filled(pattern: URLPattern | URLResolver, before: str) -> Iterator[str]:
    if isinstance(pattern.pattern, RegexPattern):
        for text, names in normalize(pattern.pattern._regex):
            yield before + text % dict.fromkeys(names, TOKEN)
        return
    route = str(pattern.pattern)
    for number in range(3):
        yield before + re.sub(
            r"<(?:(\w+):)?\w+>",
            lambda taken, n=number: (TAKEN.get(taken[1] or "str", (TOKEN,)) * 3)[n],
            route,
        )


def every_address(stage: dict[str, Any]) -> list[str]:
    ours = {address(route, stage) for route in ROUTES}
    return sorted(ours | {f"/{path}" for path in patterns(get_resolver())})


@pytest.fixture
def visitors(cast: Cast) -> dict[str, Visitor]:
    """Somebody of each kind, one of them half way through signing in."""
    root = User.objects.create_superuser("root@demo.test", "demo-password", name="Root")
    visitors = {"anonymous": Visitor()}
    for name, person in (("leader", cast.leader), ("admin", cast.admin), ("root", root)):
        visitors[name] = Visitor()
        visitors[name].force_login(person)
    Authenticator.objects.create(user=cast.ceo, type="totp", data={"secret": "x"})
    half, visitors["half"] = Client(), Visitor()
    half.post("/accounts/login/", {"login": cast.ceo.email, "password": "demo-password"})
    visitors["half"].cookies = half.cookies
    return visitors


def strange_request(dice: random.Random) -> dict[str, Any]:
    return {
        "method": dice.choice(METHODS),
        "query": dice.choice(QUERIES),
        "data": dice.choice(BODIES),
        "content_type": dice.choice(KINDS),
        "headers": dice.choice(HEADERS),
    }


def asked(visitor: Visitor, path: str, *, method: str, query: str, **request: Any) -> int:
    """The status; whatever was changed is undone."""
    with transaction.atomic():
        status: int = visitor.generic(method, f"{path}?{query}", **request)
        transaction.set_rollback(True)
    return status


CLOSED = (
    "signup",
    "signup/passkey",
    "email",
    "confirm-email",
    "confirm-email/x",
    "login/code",
    "login/code/confirm",
)
CLOSED += ("social/signup", "social/connections", "social/login/error", "3rdparty", "3rdparty/signup")


@pytest.mark.parametrize("page", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_a_page_the_site_does_without_is_unknown_to_everybody(
    page: str, method: str, visitors: dict[str, Visitor]
) -> None:
    answers = {asked(visitor, f"/accounts/{page}/", method=method, query="") for visitor in visitors.values()}
    assert answers == {404}


def why(log: str) -> str:
    """The end of the traceback."""
    errors = [line.get("error", "") for line in map(json.loads, log.splitlines())]
    return "\n".join("".join(errors).splitlines()[-7:])


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_answers_500_and_no_secret_is_logged(
    number: int, visitors: dict[str, Visitor], stage: dict[str, Any], log: io.StringIO
) -> None:
    dice = random.Random(f"{SEED}{number}")
    found: dict[str, object] = {}
    for path in sorted(set(every_address(stage)) - {"/readyz"}):
        for name, visitor in visitors.items():
            if path.startswith("/admin/") and name not in {"anonymous", "root"}:
                continue
            log.seek(0)
            log.truncate()
            request = strange_request(dice)
            if asked(visitor, path, **request) >= 500:
                found.setdefault(why(log.getvalue()), (name, path, request))
            assert TOKEN not in log.getvalue(), (log.getvalue(), path, request)
    assert not found, "\n\n".join(f"{error}\n{where}" for error, where in found.items())
