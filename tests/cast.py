"""The people of every test: they always exist, and everything else is made by a factory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from alignment.models import Company, Team, User
from meetings.models import Meeting
from tests.factories import NOW, make_admin, make_company, make_meeting, make_seat, make_team, make_user


@dataclass(frozen=True)
class Cast:
    """North (CEO, leader, delegate, facilitator, observer) and South (the same CEO, second leader); another
    company's Away.
    """

    company: Company
    admin: User
    ceo: User
    leader: User
    second_leader: User
    delegate: User
    facilitator: User
    observer: User
    outsider: User
    north: Team
    south: Team
    away: Team


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_cast() -> Cast:
    company = make_company(name="Demo", slug="demo", timezone="Europe/Paris")
    other = make_company(name="Other", slug="other")
    people = {
        "admin": "Ada Admin",
        "ceo": "Tom Marsh",
        "leader": "Joe Keller",
        "second_leader": "Anne Duarte",
        "delegate": "Dana Aide",
        "facilitator": "Faye Guide",
        "observer": "Olaf Watch",
        "outsider": "Otto Elsewhere",
    }
    users = {
        role: make_user(email=f"{role}@demo.test", name=name, timezone="Europe/Paris")
        for role, name in people.items()
    }
    make_admin(company=company, user=users["admin"])
    north = make_team(company=company, name="North", slug="north", ceo=users["ceo"], leader=users["leader"])
    south = make_team(
        company=company, name="South", slug="south", ceo=users["ceo"], leader=users["second_leader"]
    )
    away = make_team(company=other, name="Away", slug="away", ceo=users["outsider"])
    make_seat(team=north, user=users["delegate"], role="delegate", acts_for="leader")
    make_seat(team=north, user=users["facilitator"], role="facilitator")
    make_seat(team=north, user=users["observer"], role="observer")
    return Cast(company=company, north=north, south=south, away=away, **users)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """North's meeting of NOW, scheduled."""
    return make_meeting(team=cast.north, starts_at=NOW)


@pytest.fixture
def as_(db: None) -> Callable[[User], Client]:
    """A client signed in as somebody: `as_(cast.ceo).get("/")`."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
