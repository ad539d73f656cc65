"""Nothing is forgotten in an export, and an admin's holds nothing that nobody declared a fact."""

import dataclasses
import re
from typing import get_args, get_origin, get_type_hints

import pytest
from django.apps import apps
from django.db import models

from alignment.exports import schema
from alignment.exports.schema import (
    CONFIDENTIAL,
    FACTS,
    LOCAL,
    SHAPES,
    all_models,
    columns,
    exported_model,
    exported_models,
    in_order,
    label_of,
    path_to,
    undeclared,
)
from alignment.models import Company, Goal
from meetings.agenda import Agenda, record_references

#: JSON that names neither rows nor people. A new JSON field stands here or has a shape.
PLAIN_JSON = {
    ("alignment.Agreement", "left_open_changes"),
    ("alignment.Team", "own_policies"),
    ("alignment.Team", "reminder_hours"),
    ("alignment.Preference", "no_mail"),
    ("alignment.Preference", "no_chat"),
    ("alignment.Preference", "days"),
    ("meetings.Meeting", "seconds"),
    ("meetings.QuarterSharing", "open_parts"),
    ("meetings.TeamCalendar", "last_sent"),
    ("deals.ImportRun", "summary"),
    ("deals.ImportMapping", "answers"),
}
SECRET = re.compile(r"password|token|secret|hash|signature|_url$|webhook")


def test_every_model_and_field_is_declared_a_fact_confidential_or_local():
    assert undeclared() == []


def test_a_model_and_a_field_that_nobody_declared_are_named(monkeypatch):
    monkeypatch.delitem(CONFIDENTIAL, "meetings.PrivateNote")
    monkeypatch.setitem(FACTS, "alignment.Goal", ("team", "month"))
    assert set(undeclared()) == {"meetings.PrivateNote", "alignment.Goal.amount"}


def test_what_nobody_declared_is_left_out_of_an_admin_s_export(monkeypatch):
    monkeypatch.delitem(FACTS, "alignment.Goal")
    exported = schema.describe(Goal)
    assert exported.facts == ()
    assert {field.name for field in exported.fields} == {"team", "month", "amount"}


def test_what_is_declared_exists_and_is_declared_once():
    labels = {label_of(model) for model in all_models()}
    fields = {f"{label_of(model)}.{each.name}" for model in all_models() for each in columns(model)}
    inherited = {each.name for model in all_models() for each in columns(model)}
    facts = {f"{label}.{name}" for label, names in FACTS.items() for name in names}
    assert facts <= fields
    assert set(CONFIDENTIAL) <= labels | fields
    assert set(LOCAL) <= labels | fields | inherited
    assert not set(CONFIDENTIAL) & (facts | set(FACTS) | set(LOCAL))
    assert not set(LOCAL) & (facts | set(FACTS))


def test_what_is_left_out_is_left_out_with_a_reason():
    assert all([*CONFIDENTIAL.values(), *LOCAL.values()])


def test_facts_refer_to_rows_of_which_something_is_a_fact():
    hidden = [
        f"{exported.label}.{field.name}"
        for exported in exported_models()
        for field in exported.facts
        if field.is_relation and label_of(field.related_model) not in FACTS
    ]
    assert not hidden


def test_every_reference_of_an_exported_row_leads_into_the_archive():
    lost = [
        f"{kind.label}.{field.name}"
        for kind in exported_models()
        for field in kind.fields
        if field.is_relation and exported_model(label_of(field.related_model)) is None
    ]
    assert not lost


@pytest.mark.parametrize("kind", exported_models(), ids=lambda kind: kind.label)
def test_nothing_that_opens_a_door_is_exported(kind):
    assert not [field.name for field in kind.fields if SECRET.search(field.name)]


def test_json_that_names_rows_has_a_shape():
    found = {
        (kind.label, field.name)
        for kind in exported_models()
        for field in kind.fields
        if isinstance(field, models.JSONField)
    }
    assert found == PLAIN_JSON | set(SHAPES)


@pytest.mark.parametrize(
    ("label", "left_out"),
    [
        ("meetings.Meeting", {"gap"}),
        ("meetings.Move", {"why"}),
        ("meetings.Reopening", {"why"}),
        ("meetings.Update", {"text"}),
        ("meetings.PrivateNote", {"text", "author", "meeting"}),
        ("meetings.Rating", {"score", "why"}),
        ("deals.Deal", {"name", "amount"}),
        ("deals.RevenueEntry", {"deal"}),
        ("alignment.Preference", {"quiet_from"}),
        ("alignment.Seat", set()),
    ],
)
def test_what_an_admin_reads_nowhere_is_no_fact(label, left_out):
    exported = exported_model(label)
    assert left_out <= {field.name for field in exported.fields} - {field.name for field in exported.facts}
    assert bool(left_out) == (exported.fields != exported.facts)


def test_what_a_row_refers_to_comes_before_it():
    seen = set()
    for kind in exported_models():
        seen.add(kind.model)
        assert {field.related_model for field in kind.fields if field.is_relation} <= seen, kind.label


@pytest.mark.parametrize(
    ("label", "way"),
    [
        ("alignment.Company", "pk"),
        ("alignment.Seat", "team__company"),
        ("meetings.Update", "meeting__team__company"),
        ("deals.Deal", "team__company"),
        ("alignment.Absence", None),
    ],
)
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
        in_order([A, B])


def parts(kind, seen):
    """Every dataclass inside an agenda."""
    if dataclasses.is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in get_type_hints(kind).values():
            for inner in (hint, *get_args(hint)):
                parts(inner, seen)
    return seen


#: Whole numbers in a frozen agenda that count something; any other must be a number of a row
#: (meetings.agenda.record_references).
COUNTS = {
    "age",
    "version",
    "minutes",
    "spent",
    "pipeline_count",
    "small_won_count",
    "pushes",
    "slips",
    "facts",
    "weeks_open",
    "meetings_unchanged",
    "score",
    "streak",
    "due",
    "on_time",
    "every_days",
    "number",
    "days_gone",
    "days_total",
    "pace_quarters",
}


def test_every_number_of_a_row_in_a_record_is_known():
    known = {(kind, "id") for kind in record_references.MODELS} | {(Agenda, "meeting_id")}
    for kind in parts(Agenda, set()):
        for name, hint in get_type_hints(kind).items():
            numbers = hint is int or (get_origin(hint) is tuple and get_args(hint)[0] is int)
            if numbers and name not in COUNTS | {"readers"}:
                assert (
                    (kind, name) in known
                    or (kind.__mro__[1], name) in known
                    or any(issubclass(each, kind) for each, _ in known)
                ), f"{kind.__name__}.{name}"


@pytest.mark.parametrize("key", ["commitments", "promises"])  # the latter in records made before
def test_a_place_in_a_record_follows_its_row(key):
    tom = {"id": 7, "name": "Tom", "role": "ceo"}
    commitment = {"id": 5, "item": "risk-9", "item_title": "x", "owner": tom, "readers": [7, 0]}
    checks = [{"section": "deals", "anchor": "deal-2", "readers": []}]
    frozen = {
        "meeting_id": 3,
        "team_slug": "north",
        "ceo": tom,
        key: [commitment],
        "checks": checks,
        "unknown": {"id": 1},
    }
    moved = record_references.AgendaShape().moved(frozen, lambda label, old: f"{label}+{old}")
    assert moved["meeting_id"] == "meetings.Meeting+3"
    assert moved["team_slug"] == "alignment.Team.slug+north"
    assert moved["ceo"]["id"] == "alignment.User+7"
    assert moved[key][0]["item"] == "risk-deals.Risk+9"
    assert moved[key][0]["readers"] == ["alignment.User+7", 0]
    assert moved["checks"][0]["anchor"] == "deal-deals.Deal+2"
    assert moved["unknown"] == {"id": 1}
