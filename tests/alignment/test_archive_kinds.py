"""Nothing is forgotten in an archive, and nothing in it is laid open or told that was not meant to be."""

import dataclasses
import re
from typing import get_args, get_origin, get_type_hints

import pytest
from django.apps import apps
from django.db import models

from alignment.archives import kinds as told
from alignment.archives.kinds import (
    BUT,
    FACTS,
    LEFT_OUT,
    SHAPES,
    STAYS,
    all_models,
    columns,
    kind_of,
    kinds,
    label_of,
    leads_to_people,
    path_to,
)
from alignment.models import Company, Team, User
from meetings.agenda import moving
from meetings.agenda.chapters import Agenda

#: JSON that names neither rows nor people. A new JSON field stands here or has a shape.
PLAIN_JSON = {
    ("alignment.Team", "reminder_hours"), ("alignment.Preference", "no_mail"), ("alignment.Preference", "no_chat"),
    ("alignment.Preference", "days"), ("meetings.Meeting", "seconds"),
}  # fmt: skip
SECRET = re.compile(r"password|token|secret|hash|signature|_url$|webhook")


@pytest.mark.parametrize("model", all_models(), ids=label_of)
def test_a_model_that_leads_to_a_company_or_a_person_is_exported_or_left_out_with_a_reason(model):
    if leads_to_people(model):
        assert kind_of(label_of(model)) or LEFT_OUT.get(label_of(model))


def test_what_is_said_of_models_and_fields_is_said_of_some_that_exist():
    labels = {label_of(model) for model in all_models()}
    fields = {f"{label_of(model)}.{each.name}" for model in all_models() for each in columns(model)}
    inherited = {each.name for model in all_models() for each in columns(model)}
    assert {*FACTS, *BUT, *LEFT_OUT} <= labels
    assert set(STAYS) <= fields | inherited
    assert {f"{label}.{name}" for label, names in BUT.items() for name in names} <= fields


def test_every_reference_of_an_exported_row_leads_into_the_archive():
    lost = [
        f"{kind.label}.{field.name}" for kind in kinds() for field in kind.fields
        if field.is_relation and kind_of(label_of(field.related_model)) is None
    ]  # fmt: skip
    assert not lost


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.label)
def test_nothing_that_opens_a_door_is_exported(kind):
    assert not [field.name for field in kind.fields if SECRET.search(field.name)]


def test_json_that_names_rows_has_a_shape():
    found = {
        (kind.label, field.name) for kind in kinds() for field in kind.fields if isinstance(field, models.JSONField)
    }  # fmt: skip
    assert found == PLAIN_JSON | set(SHAPES)


def test_a_model_nobody_said_anything_of_is_sealed():
    assert kind_of("meetings.Update").facts == ()
    assert {field.name for field in kind_of("meetings.PrivateNote").words} >= {"text", "author", "meeting"}


@pytest.mark.parametrize(
    ("label", "sealed"),
    [("meetings.Meeting", {"gap"}), ("meetings.Move", {"why"}), ("meetings.Reopening", {"why"}), ("deals.Deal", {"name", "amount"}),
     ("meetings.Rating", {"score", "why"}), ("alignment.Preference", {"quiet_from"}), ("alignment.Seat", set())],
)  # fmt: skip
def test_what_an_admin_reads_nowhere_is_sealed(label, sealed):
    kind = kind_of(label)
    assert {field.name for field in kind.words} >= sealed
    assert bool(kind.words) == bool(sealed)


def test_what_a_row_refers_to_comes_before_it():
    seen = set()
    for kind in kinds():
        seen.add(kind.model)
        assert {field.related_model for field in kind.fields if field.is_relation} <= seen, kind.label


@pytest.mark.parametrize(
    ("label", "way"),
    [("alignment.Company", "pk"), ("alignment.Seat", "team__company"), ("meetings.Update", "meeting__team__company"),
     ("deals.Deal", "team__company"), ("alignment.Absence", None)],
)  # fmt: skip
def test_rows_are_found_over_references_that_are_always_there(label, way):
    assert path_to(Company, apps.get_model(label)) == way


def test_two_models_that_refer_to_each_other_are_named():
    class A(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "nowhere"
            apps = apps.__class__()

    class B(models.Model):  # noqa: DJ008
        a = models.ForeignKey(A, models.CASCADE)

        class Meta:
            app_label = "nowhere"
            apps = A._meta.apps

    A.add_to_class("b", models.ForeignKey(B, models.CASCADE))
    with pytest.raises(ValueError, match="in a circle"):
        told._in_order([A, B])


def parts(kind, seen):
    """Every dataclass inside an agenda."""
    if dataclasses.is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in get_type_hints(kind).values():
            for inner in (hint, *get_args(hint)):
                parts(inner, seen)
    return seen


#: Whole numbers in a frozen agenda that count something; any other must be a number of a row (meetings.agenda.moving).
COUNTS = {
    "version", "minutes", "spent", "pipeline_count", "small_won_count", "pushes", "weeks_open", "meetings_unchanged", "score",
    "streak", "due", "on_time", "days_gone", "days_total",
}  # fmt: skip


def test_every_number_of_a_row_in_a_record_is_known():
    known = {(kind, "id") for kind in moving.NUMBERS} | {(Agenda, "meeting_id")}
    for kind in parts(Agenda, set()):
        for name, hint in get_type_hints(kind).items():
            numbers = hint is int or (get_origin(hint) is tuple and get_args(hint)[0] is int)
            if numbers and name not in COUNTS | {"readers"}:
                assert (
                    (kind, name) in known
                    or (kind.__mro__[1], name) in known
                    or any(issubclass(each, kind) for each, _ in known)
                ), f"{kind.__name__}.{name}"


def test_a_place_in_a_record_follows_its_row():
    tom = {"id": 7, "name": "Tom", "role": "ceo"}
    promise = {"id": 5, "item": "risk-9", "item_title": "x", "owner": tom, "readers": [7, 0]}
    checks = [{"section": "deals", "anchor": "deal-2", "readers": []}]
    frozen = {
        "meeting_id": 3,
        "team_slug": "north",
        "ceo": tom,
        "promises": [promise],
        "checks": checks,
        "unknown": {"id": 1},
    }
    moved = moving.AgendaShape().moved(frozen, lambda label, old: f"{label}+{old}")
    assert moved["meeting_id"] == "meetings.Meeting+3"
    assert moved["team_slug"] == "alignment.Team.slug+north"
    assert moved["ceo"]["id"] == "alignment.User+7"
    assert moved["promises"][0]["item"] == "risk-deals.Risk+9"
    assert moved["promises"][0]["readers"] == ["alignment.User+7", 0]
    assert moved["checks"][0]["anchor"] == "deal-deals.Deal+2"
    assert moved["unknown"] == {"id": 1}


def test_teams_and_people_are_facts():
    for model in (Team, User, Company):
        assert kind_of(label_of(model)).words == ()
