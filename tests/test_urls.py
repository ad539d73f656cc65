"""Who may open and change what: docs/access.md, held against every address of the site.

A new address without a row fails; so does an answer that the table does not say. After a wanted change:
`UPDATE_ACCESS=1 make test ARGS=tests/test_urls.py`, and read the difference of docs/access.md line by line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from alignment.links.tokens import token_of
from alignment.models import Absence, PlannedSeat
from meetings.models import Flag, Meeting
from meetings.pages import present_poll
from meetings.transitions import closing
from tests.cast import Cast, make_cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_archive,
    make_capacity_need,
    make_commitment,
    make_committed,
    make_contact,
    make_deal,
    make_decision,
    make_evidence,
    make_follow_up,
    make_heads_up,
    make_import_run,
    make_initiative,
    make_invited,
    make_issue,
    make_link,
    make_measure,
    make_meeting,
    make_member,
    make_mix,
    make_notice,
    make_rep,
    make_revenue,
    make_risk,
)

#: Some answers depend on how near the meeting is: the table is that of its hour.
pytestmark = pytest.mark.time_machine(NOW)
TABLE = Path(__file__).parent.parent / "docs" / "access.md"
#: What whoever opened a personal link gets where it is not what anybody without an account gets.
LINKS_TABLE = TABLE.with_name("links.md")
ROLES = (
    "ceo",
    "leader",
    "delegate",
    "facilitator",
    "observer",
    "second_leader",
    "admin",
    "outsider",
    "anonymous",
)
OURS = ("alignment", "deals", "meetings")


def routes(patterns: list[URLPattern | URLResolver], room: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or room
            if inner in OURS:
                yield from routes(pattern.url_patterns, inner)
        elif room or pattern.name in ("healthz", "metrics", "readyz"):
            yield f"{room}:{pattern.name}" if room else str(pattern.name)


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


@pytest.fixture
def stage(cast: Cast) -> dict[str, object]:
    return make_stage(cast)


def make_stage(cast: Cast) -> dict[str, object]:
    """One of everything on North: the meeting ahead, one closed with its record, and each item."""
    before = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    before.start(by=cast.ceo, now=before.starts_at)
    closing.close_meeting(before, by=cast.ceo, now=before.starts_at + timedelta(minutes=30), mail=False)
    meeting = Meeting.objects.filter(team=cast.north, state="scheduled").earliest("starts_at")
    owner = make_rep(team=cast.north, email="rita@demo.test")
    client = make_follow_up(team=cast.north, owner=owner)
    account, rep = make_account(company=cast.company), make_rep(team=cast.north)
    joined = make_rep(team=cast.north, joined_into=rep, joined_at=NOW)
    deal = make_deal(team=cast.north, account=account, rep=rep)
    return {
        "invitee": make_invited(company=cast.company),
        "left": make_member(company=cast.company),
        "archive": make_archive(company=cast.company),
        "team": cast.north,
        "holiday": cast.company.holidays.create(day=NOW.date() + timedelta(days=30), name="Off"),
        "meeting": meeting,
        "held": before,
        "deal": deal,
        "evidence": make_evidence(committed=make_committed(deal=deal)),
        "account": account,
        "contact": make_contact(account=account),
        "rep": rep,
        "joined_rep": joined,
        "entry": make_revenue(team=cast.north, day=NOW.date(), amount=1),
        "risk": make_risk(team=cast.north, owner=cast.leader),
        "initiative": make_initiative(team=cast.north),
        "issue": make_issue(team=cast.north),
        "commitment": make_commitment(team=cast.north, owner=cast.leader, meeting=meeting),
        "plan_measure": make_commitment(team=cast.north, owner=cast.leader, meeting=before, amount=60_000),
        "decision": make_decision(meeting=meeting),
        "poll": present_poll.token_for(cast.ceo, meeting),
        "absence": Absence.objects.create(user=cast.leader, first=TODAY, last=TODAY, entered_at=NOW),
        "flag": Flag.objects.create(team=cast.north, meeting=before, step=1, raised_at=NOW),
        "notice": make_notice(to=cast.leader, company=cast.company, failed_at=NOW),
        "run": make_import_run(team=cast.north, by=cast.leader),
        "company": cast.company,
        "person": cast.leader,
        "seat": cast.north.seats.get(role="observer"),
        "planned": PlannedSeat.objects.create(
            team=cast.north,
            user=cast.second_leader,
            role="observer",
            day=NOW.date() + timedelta(days=9),
            at=NOW,
        ),
        "need": make_capacity_need(deal=deal),
        "agreement": make_mix(team=cast.north, by=cast.leader),
        "client": client,
        "measure": make_measure(team=cast.north),
        "heads_up": make_heads_up(team=cast.north),
        "personal_link": make_link(
            company=cast.company,
            asked_by=cast.leader,
            asked_at=NOW - timedelta(days=1),
            thing=client.pk,
            email=owner.email,
        ),
        "browser": UserSession.objects.create(user=cast.leader, session_key="a" * 32, ip="127.0.0.1"),
    }


#: Addresses whose path does not say of which kind their row is.
OTHERS_BY_ROUTE = {
    "deals:account": "account",
    "deals:account_edit": "account",
    "deals:contact_new": "account",
    "deals:contact": "contact",
    "deals:contact_delete": "contact",
    "meetings:contact_note": "contact",
    "deals:evidence_remove": "evidence",
    "meetings:commitment_brought": "plan_measure",
    "deals:rep": "rep",
    "deals:rep_move": "rep",
    "deals:rep_join": "rep",
    "deals:rep_separate": "joined_rep",
}


def address(route: str, stage: dict[str, object]) -> str:
    """The address with the stage's rows in it: a pk is of the kind the route's path begins with."""
    pattern = get_resolver()
    for room in route.split(":")[:-1]:
        pattern = next(each for each in pattern.url_patterns if getattr(each, "namespace", None) == room)
    found = next(each for each in _flat(pattern.url_patterns) if each.name == route.split(":")[-1])
    path = str(found.pattern)
    kind = {
        "meetings": "meeting",
        "initiatives": "initiative",
        "issues": "issue",
        "commitments": "commitment",
        "decisions": "decision",
        "deals": "deal",
        "risks": "risk",
        "outbox": "notice",
        "flags": "flag",
        "absences": "absence",
        "security": "browser",
        "agreements": "agreement",
        "capacity": "need",
        "clients": "client",
        "measures": "measure",
        "heads-ups": "heads_up",
        "imports": "run",
        "links": "personal_link",
        "l": "personal_link",
    }.get(path.split("/")[0], "meeting")
    if path.startswith("setup/<"):  # setup/<slug:company>/<kind>/…
        kind = {"people": "person", "data": "archive", "revenue": "entry"}.get(path.split("/")[2], "company")
        kind = next((each for each in ("seat", "planned") if f"/{each}" in path), kind)
    if route in {"alignment:person_resend", "alignment:person_revoke"}:
        kind = "invitee"
    if route == "alignment:forget":
        kind = "left"
    if route == "deals:revenue_correct":
        kind = "entry"
    kind = OTHERS_BY_ROUTE.get(route, kind)
    if route in {"meetings:record", "meetings:recap", "meetings:reopen"}:
        kind = "held"
    if route == "alignment:holiday_remove":
        kind = "holiday"
    row, team = stage[kind], stage["team"]
    values = {
        "pk": row.pk,
        "slug": team.slug,
        "number": 1,
        "token": token_of(stage["personal_link"].seed) if route == "alignment:link" else stage["poll"],
        "company": stage["company"].slug,
        "name": "comment",
        "kind": "deals",
        "about": "revenue",
    }  # type: ignore[attr-defined]
    names = found.pattern.converters or re.findall(r"<(?:\w+:)?(\w+)>", path)
    return reverse(route, kwargs={name: values[name] for name in names})


def _flat(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns)
        else:
            yield pattern


def answers(client: Client, path: str) -> str:
    """The status of GET and of an empty POST; whatever a request changed is undone."""
    told = []
    for ask in (client.get, client.post):
        with transaction.atomic():
            told.append(str(ask(path).status_code))
            transaction.set_rollback(True)
    return "/".join(told)


def without_link(client: Client) -> Client:
    """The client, with no page of a personal link open."""
    for name in [name for name in client.cookies if name.startswith("link-")]:
        del client.cookies[name]
    return client


def declared(table: Path = TABLE) -> dict[str, list[str]]:
    cells = (
        line.strip("| ").split(" | ") for line in table.read_text().splitlines() if line.startswith("| `")
    )
    return {row[0].strip("`"): [cell.strip() for cell in row[1:]] for row in cells}


@dataclass(frozen=True)
class World:
    stage: dict[str, object]
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def built_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The stage, with somebody of each role signed in, for all addresses; each test undoes what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW):
            cast = make_cast()
            clients = {role: Client() for role in ROLES}
            for role in set(ROLES) - {"anonymous"}:
                clients[role].force_login(getattr(cast, role))
            stage = make_stage(cast)
        yield World(stage, clients)
        transaction.set_rollback(True)


@pytest.fixture
def world(built_once: World, db: None) -> World:
    return built_once


@pytest.mark.parametrize("route", ROUTES)
def test_every_role_gets_what_the_table_says(route: str, world: World) -> None:
    path = address(route, world.stage)
    told = [answers(without_link(world.clients[role]), path) for role in ROLES]
    if os.environ.get("UPDATE_ACCESS"):
        _write(route, told)
    assert dict(zip(ROLES, told, strict=True)) == dict(zip(ROLES, declared().get(route, []), strict=True))


@pytest.mark.parametrize("route", ROUTES)
def test_a_personal_link_opens_its_own_page_and_no_other(route: str, world: World) -> None:
    visitor = Client()
    assert visitor.get(address("alignment:link", world.stage)).status_code == 302
    got = answers(visitor, address(route, world.stage))
    assert got == declared(LINKS_TABLE).get(route, declared()[route][-1:])[0]


def test_the_table_has_no_row_for_an_address_that_is_gone() -> None:
    assert set(declared()) == set(ROUTES)
    assert set(declared(LINKS_TABLE)) < set(ROUTES)


def _write(route: str, told: list[str]) -> None:
    head, rows = TABLE.read_text().split("| --- |", 1)[0], declared() | {route: told}
    lines = [f"| `{name}` | {' | '.join(cells)} |" for name, cells in sorted(rows.items()) if name in ROUTES]
    TABLE.write_text(f"{head}| --- |{' --- |' * len(ROLES)}\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize("route", ROUTES)
def test_get_never_writes(
    route: str, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path, client = address(route, world.stage), world.clients["ceo"]
    with django_assert_max_num_queries(40) as caught:
        client.get(path)
    wrote = [
        query["sql"] for query in caught.captured_queries if re.match(r"(INSERT|UPDATE|DELETE)", query["sql"])
    ]
    assert not [sql for sql in wrote if "django_session" not in sql]


#: What programs send to, by a token in the address.
SENT_BY_PROGRAMS = {"deals:upload"}


@pytest.mark.parametrize("route", sorted({*ROUTES} - SENT_BY_PROGRAMS))
def test_a_change_without_the_csrf_token_is_refused(route: str, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.clients["ceo"].cookies
    assert client.post(address(route, world.stage)).status_code in (403, 405)
