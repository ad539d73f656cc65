"""A word of its own for every team: a crawl by everybody else over all pages never meets it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alignment.models import Team, User
from tests.abuse.everywhere import ROUTES, address, read
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_commitment,
    make_deal,
    make_decision,
    make_first_meeting,
    make_heads_up,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)

As = Callable[[User], Client]
NORTH, SOUTH, AWAY = "wordofnorth", "wordofsouth", "wordofaway"
OF_A_KIND = 4
"""Pages that differ only in a number or in what a filter is set to: so many of them are opened."""


def kind_of(path: str) -> tuple[str, ...]:
    place, _, query = path.partition("?")
    return re.sub(r"\d+", "1", place), *sorted(part.partition("=")[0] for part in query.split("&"))


def speak(team: Team, word: str, ceo: User, leader: User) -> None:
    """Words of every kind that a team has."""
    meeting = make_meeting(team=team, starts_at=NOW + timedelta(hours=3))
    make_deal(team=team, name=word)
    make_risk(team=team, name=word, what_is_wrong=word)
    make_initiative(team=team, title=word)
    make_issue(team=team, title=word, detail=word)
    make_commitment(team=team, owner=leader, text=word, meeting=meeting)
    make_decision(meeting=meeting, text=word)
    if ceo != leader:
        make_heads_up(team=team, words=word)
        make_first_meeting(team=team, ceo={"chase": word}, leader={"leave": word}, opened_at=NOW)
    make_update(meeting=meeting, author=leader, text=word)
    make_update(meeting=meeting, author=ceo, side="ceo", text=word)


@pytest.fixture
def spoken(cast: Cast, stage: dict[str, Any]) -> dict[str, Any]:
    speak(cast.north, NORTH, cast.ceo, cast.leader)
    speak(cast.south, SOUTH, cast.ceo, cast.second_leader)
    speak(cast.away, AWAY, cast.outsider, cast.outsider)
    return stage


def met(client: Client, stage: dict[str, Any], words: tuple[str, ...]) -> tuple[int, set[str]]:
    """How many pages a crawl of all addresses and of the links on them opened, and which of the words it met."""
    ahead, seen, found, opened = deque(["/", *(address(route, stage) for route in ROUTES)]), set(), set(), 0
    kinds: Counter[tuple[str, ...]] = Counter()
    while ahead:
        path = ahead.popleft()
        if path in seen or kinds[kind_of(path)] == OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        opened += 1
        text = (
            b"".join(answer).decode("utf-8", "replace")
            if answer.streaming
            else answer.content.decode("utf-8", "replace")
        )
        found |= {word for word in words if word in text}
        if "html" in answer.headers.get("Content-Type", ""):
            ahead += [
                link.split("#")[0] for link in read(path, text).links if link[:1] == "/" and link[:2] != "//"
            ]
    return opened, found


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("leader", {NORTH}),
        ("delegate", {NORTH}),
        ("facilitator", {NORTH}),
        ("observer", {NORTH}),
        ("second_leader", {SOUTH}),
        ("ceo", {NORTH, SOUTH}),
        ("admin", set()),
        ("outsider", {AWAY}),
    ],
)
def test_nobody_meets_another_teams_words(
    role: str, allowed: set[str], cast: Cast, spoken: dict[str, Any], as_: As
) -> None:
    opened, found = met(as_(getattr(cast, role)), spoken, (NORTH, SOUTH, AWAY))
    assert found == allowed
    assert opened > 10


def test_a_stranger_meets_none(cast: Cast, spoken: dict[str, Any]) -> None:
    assert met(Client(), spoken, (NORTH, SOUTH, AWAY))[1] == set()
