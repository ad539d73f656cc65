"""No page of the site shows a company's admin a text that is no fact: a canary is in each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models
from django.test import Client

from alignment.exports.queries import of_company
from alignment.exports.schema import ExportedModel, Field, every, exported_models
from alignment.models import Company, User
from deals.models import (
    Account,
    DealChange,
    ImportMapping,
    Pipeline,
    RepSpelling,
    RevenueEntry,
    Stage,
)
from meetings.models import CalendarInvite, Congratulation, ContactNote, Move, PrivateNote, Rating, Reopening
from tests.canaries import canaries, found_in, without_check_constraints
from tests.cast import Cast
from tests.factories import NOW, make_check_in, make_first_meeting, make_touch, make_update
from tests.test_urls import ROUTES, address, stage

__all__ = ["stage"]

As = Callable[[User], Client]
BY_TOKEN = {"alignment:link"}
"""What whoever has the token may open, whatever else they may."""
KEEPS_REPS = {"deals:rep", "deals:rep_join", "deals:rep_move", "deals:setup_reps"}
"""An admin keeps the reps of the company by name, and how a CRM writes it."""
NAMES_THE_DEAL_THAT_WAS_WON = {"deals:revenue", "deals:setup_revenue"}


def confidential_texts(exported: ExportedModel) -> list[Field]:
    """What people typed; the JSON of a record is read only on pages of the record."""
    return [
        field
        for field in exported.fields
        if field not in exported.facts
        and isinstance(field, (models.CharField, models.TextField))
        and not field.choices
    ]


def plant_confidential_texts(company: Company) -> set[str]:
    """Canaries in the first row of each model of the company; the fields that now have one."""
    texts, planted = canaries(), set()
    with without_check_constraints():
        for exported in exported_models():
            row = None if exported.model is User else of_company(exported, company).order_by("pk").first()
            names = {field.name: f"{exported.label}.{field.name}" for field in confidential_texts(exported)}
            if row is not None and names:
                values = {field: texts[name] for field, name in names.items()}
                every(exported.model).filter(pk=row.pk).update(**values)
                planted |= set(names.values())
    return planted


@pytest.fixture
def planted(cast: Cast, stage: dict[str, object]) -> set[str]:
    held, coming, deal = stage["held"], stage["meeting"], stage["deal"]
    RevenueEntry.objects.update(deal=deal)
    Account.objects.create(company=cast.company, name="x")
    DealChange.objects.create(deal=deal, field="stage", old="x", new="y", day=NOW.date(), at=NOW)
    make_update(meeting=coming, author=cast.leader)
    Rating.objects.create(meeting=held, user=cast.ceo, role="ceo", score=3, why="x", at=NOW)
    make_check_in(meeting=coming, leader={"sentence": "x"})
    make_first_meeting(team=cast.north, leader={"success": "x"})
    PrivateNote.objects.create(meeting=held, author=cast.ceo, text="x", changed_at=NOW)
    Reopening.objects.create(meeting=held, by=cast.ceo, at=NOW, why="x")
    Congratulation.objects.create(
        deal=deal, by=cast.ceo, at=NOW, to_name="x", to_address="x@demo.test", text="x"
    )
    Move.objects.create(meeting=coming, old=NOW, new=NOW, by=cast.ceo, at=NOW, why="x")
    CalendarInvite.objects.create(
        seat=cast.north.seats.first(),
        weekday=0,
        local_time="09:00",
        timezone="Europe/Paris",
        starts_on=NOW.date(),
        created_at=NOW,
    )
    make_touch(follow_up=stage["client"])
    pipeline = Pipeline.objects.create(company=cast.company, source="x", name="x")
    Stage.objects.create(pipeline=pipeline, name="x", position=1, meaning="open")
    RepSpelling.objects.create(company=cast.company, source="x", key="x", rep=stage["rep"])
    ImportMapping.objects.create(company=cast.company, kind="deals", headers_key="x", confirmed_at=NOW)
    ContactNote.objects.create(contact=stage["contact"], team=cast.north, what_matters="x", changed_at=NOW)
    planted = plant_confidential_texts(cast.company)
    DealChange.objects.update(field="stage")  # a key that pages look up, not a text
    return planted


def test_the_texts_are_those_of_every_model_that_an_admin_may_not_read(planted: set[str]) -> None:
    everything = {
        f"{each.label}.{field.name}" for each in exported_models() for field in confidential_texts(each)
    }
    assert planted == everything


def test_no_page_shows_an_admin_a_text_that_is_no_fact(
    cast: Cast, stage: dict[str, object], planted: set[str], as_: As
) -> None:
    admin, shown = as_(cast.admin), set()
    for route in set(ROUTES) - BY_TOKEN:
        answer = admin.get(address(route, stage), follow=True)
        shown |= {(route, name) for name in found_in(answer.getvalue()) & planted}
    shown -= {(route, name) for route in KEEPS_REPS for name in ("deals.Rep.name", "deals.RepSpelling.key")}
    assert shown == {(route, "deals.Deal.name") for route in NAMES_THE_DEAL_THAT_WAS_WON}


def test_the_leader_is_shown_them(cast: Cast, stage: dict[str, object], planted: set[str], as_: As) -> None:
    leader = as_(cast.leader)
    shown = set().union(
        *(found_in(leader.get(address(route, stage), follow=True).getvalue()) for route in ROUTES)
    )
    assert len(shown & planted) > 15
