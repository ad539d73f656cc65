"""Markup in every text that people type: it is shown as they typed it, and never is a part of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client

from alignment.models import User
from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import sweep
from tests.abuse.everywhere import ROUTES, address, every_form, ours, overwrite, texts
from tests.cast import Cast
from tests.factories import NOW

As = Callable[[User], Client]
ATTACK = """'"><svg onload=boo()>{{7*7}}</textarea><!--"""
"""Leaves an attribute in either quote and a textarea, and asks a template to compute."""
RUNS = re.compile(r"<svg onload|</textarea><!--")


@pytest.fixture
def attacked(stage: dict[str, Any]) -> dict[str, Any]:
    """Every stored text of every row is the attack, cut where the column is shorter."""
    for model in ours():
        for name in texts(model):
            overwrite(model, name, ATTACK)
    return stage


def test_the_attack_reaches_what_people_type() -> None:
    reached = {f"{model.__name__}.{name}" for model in ours() for name in texts(model)}
    assert {
        "User.name",
        "Company.name",
        "Team.name",
        "Deal.name",
        "Update.text",
        "Commitment.text",
    } <= reached
    assert len(reached) > 30


@pytest.mark.parametrize("role", ["ceo", "leader", "admin"])
def test_no_page_lets_it_out(role: str, cast: Cast, attacked: dict[str, Any], as_: As) -> None:
    client, seen = as_(getattr(cast, role)), 0
    for route in ROUTES:
        answer = client.get(address(route, attacked))
        assert answer.status_code < 500 or route == "readyz", route
        text = b"".join(answer).decode("utf-8", "replace") if answer.streaming else answer.text
        if "html" in answer.headers.get("Content-Type", "") and "charset" in answer.headers["Content-Type"]:
            assert not RUNS.search(text), route
            seen += "&lt;svg onload" in text
    assert seen > 5


def test_what_is_sent_back_after_a_mistake_is_escaped_too(cast: Cast, stage: dict[str, Any], as_: As) -> None:
    client = as_(cast.leader)
    for form in every_form(client, stage):
        with transaction.atomic():
            answer = client.post(form.action, dict.fromkeys(form.names, ATTACK))
            transaction.set_rollback(True)
        assert not RUNS.search(answer.text), form.action


def test_no_mail_lets_it_out(
    cast: Cast, attacked: dict[str, Any], mailoutbox: list[EmailMultiAlternatives], time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    sweep(NOW)
    deliver_due()
    html = [
        str(part.content) for mail in mailoutbox for part in mail.alternatives if part.mimetype == "text/html"
    ]
    assert html and not [each for each in html if RUNS.search(each)]
