"""Sign-ins, sign-outs and failures in the audit."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Entry, User
from alignment.sign_in import sign_in_log
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def sign_in(client: Client, user: User, password: str = "demo-password") -> None:
    client.post("/accounts/login/", {"login": user.email, "password": password})


def lines() -> list[tuple[str, User | None, str]]:
    return [(entry.what, entry.by, entry.new) for entry in Entry.objects.order_by("pk")]


def test_signing_in_and_out_is_kept_with_how(cast: Cast, client: Client) -> None:
    sign_in(client, cast.leader)
    client.post("/accounts/logout/")
    assert lines() == [("signed.in", cast.leader, "password"), ("signed.out", cast.leader, "")]


def test_a_wrong_password_is_kept_for_the_account_it_was_tried_on(cast: Cast, client: Client) -> None:
    sign_in(client, cast.leader, "wrong")
    assert lines() == [("signin.failed", cast.leader, "")]
    assert Entry.objects.of(cast.company).exists() and not Entry.objects.of(cast.away.company).exists()


def test_an_address_that_is_not_known_leaves_nothing(cast: Cast, client: Client) -> None:
    client.post("/accounts/login/", {"login": "nobody@demo.test", "password": "wrong"})
    assert lines() == []


def test_known_and_unknown_ask_the_same_of_the_database(cast: Cast) -> None:
    asked = []
    for email in ("leader@demo.test", "nobody@demo.test"):
        with CaptureQueriesContext(connection) as caught:
            sign_in_log.record_failure(email)
        asked.append([query["sql"].split()[0] for query in caught if "SAVEPOINT" not in query["sql"]])
    assert asked == [["SELECT", "INSERT"]] * 2


def test_whoever_is_not_signed_in_does_not_sign_out(cast: Cast, client: Client) -> None:
    client.post("/accounts/logout/")
    assert lines() == []
