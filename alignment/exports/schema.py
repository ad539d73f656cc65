"""What of every model goes into an export of a company, and who may read it.

There are two exports. The whole one, for whoever runs the server, holds every model of ours that leads to a
company or to a person, and every field of it, unless it is declared local. An admin's holds the facts alone:
the fields that the registry/exported_facts.py of an app declares, one by one. What nobody declares is left out of
it. tests/alignment/exports/test_schema.py fails for a model or field that is declared neither a fact,
confidential nor local.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, TypeAlias

from django.apps import apps
from django.db import models

from alignment.models import Company, User

Model = type[models.Model]
Field: TypeAlias = "models.Field[Any, Any]"
ROOMS = ("alignment", "deals", "meetings")


class Shape(Protocol):
    """Knows where, inside a value kept as JSON, rows and people are named."""

    def moved(self, value: Any, new: Callable[[str, Any], Any]) -> Any:
        """The value with every row's number replaced by `new(label of its model, number)`, and every slug by
        `new("room.Model.slug", slug)`."""

    def names_of(self, value: Any, person: int) -> set[str]:
        """The names by which the value calls this person."""

    def renamed(self, value: Any, person: int, name: str) -> Any:
        """The value with another name of this person."""


@dataclass(frozen=True)
class ExportedModel:
    """One model in an export."""

    model: Model
    label: str
    fields: tuple[Field, ...]
    """All that the whole export holds, without the primary key."""
    facts: tuple[Field, ...]
    """Those of them that an admin may read."""
    path: str
    personal: bool
    """A person's own row, which belongs to no company: it goes with everyone who belongs to the company."""


Rule = Callable[[Any, datetime], None]
FACTS: dict[str, tuple[str, ...]] = {}
CONFIDENTIAL: dict[str, str] = {}
LOCAL: dict[str, str] = {}
SHAPES: dict[tuple[str, str], Shape] = {}
RULES: dict[str, Rule] = {}
EARLIER: dict[str, dict[str, Any]] = {}


def declare_facts(label: str, *fields: str) -> None:
    """An admin may read these fields of the model, and they are in an admin's export."""
    FACTS[label] = fields


def declare_confidential(*names: str, why: str) -> None:
    """Left out of an admin's export: models (“room.Model”), or fields (“room.Model.field”)."""
    CONFIDENTIAL.update(dict.fromkeys(names, why))


def declare_local(*names: str, why: str) -> None:
    """In no export: models, fields, or a field of a common base by its name alone (“token”)."""
    LOCAL.update(dict.fromkeys(names, why))


def declare_shape(label: str, field: str, shape: Shape) -> None:
    """The JSON in this field names rows and people; `shape` knows where."""
    SHAPES[label, field] = shape


def declare_rule(label: str, rule: Rule) -> None:
    """What the forms ask of a row of this model and no constraint does. An import calls `rule(row, now)` before
    the row is stored, without reading others; it raises ValueError, KeyError or TypeError for a row that no
    form takes.
    """
    RULES[label] = rule


def declare_earlier(label: str, **values: Any) -> None:
    """What a row of this model has that was exported before these fields existed, instead of their defaults."""
    EARLIER[label] = values


def label_of(model: Model) -> str:
    """“room.Model”."""
    return model._meta.label  # noqa: SLF001 - Django's public name for it


def columns(model: Model) -> list[Field]:
    """Its own fields that the database has a column for, those of its bases too."""
    return list(model._meta.concrete_fields)  # noqa: SLF001


def every(model: Model) -> models.Manager[Any]:
    """All of its rows, whatever its own manager would leave out."""
    return model._base_manager  # noqa: SLF001


def all_models() -> list[Model]:
    """Every model of the installation, also those that others brought and those that only join two."""
    return list(apps.get_models(include_auto_created=True))


def leads_to_people(model: Model) -> bool:
    return bool(path_to(Company, model) or path_to(User, model))


@cache
def exported_models() -> tuple[ExportedModel, ...]:
    """Every model of the whole export; what a row refers to comes before it."""
    ours = (model for model in all_models() if model._meta.app_label in ROOMS)  # noqa: SLF001
    exported = [model for model in ours if label_of(model) not in LOCAL and leads_to_people(model)]
    return tuple(describe(model) for model in in_order(exported))


def exported_model(label: str) -> ExportedModel | None:
    return next((exported for exported in exported_models() if exported.label == label), None)


def describe(model: Model) -> ExportedModel:
    """What of the model is exported, as it is declared now."""
    label = label_of(model)
    fields = tuple(field for field in columns(model) if not field.primary_key and not is_local(label, field))
    personal = model is not User and path_to(Company, model) is None
    return ExportedModel(
        model=model,
        label=label,
        fields=fields,
        facts=tuple(field for field in fields if field.name in FACTS.get(label, ())),
        path=path_to(User if personal else Company, model) or "",
        personal=personal,
    )


def is_local(label: str, field: Field) -> bool:
    """Whether the field of the model with this label stays in this installation."""
    return field.name in LOCAL or f"{label}.{field.name}" in LOCAL


def undeclared() -> list[str]:
    """Every model and field of the installation of which nobody has declared whether an admin may read it."""
    names: list[str] = []
    for model in all_models():
        label = label_of(model)
        if label in LOCAL or label in CONFIDENTIAL:
            continue
        if label not in FACTS:
            names.append(label)
            continue
        names += [
            f"{label}.{field.name}"
            for field in columns(model)
            if not (field.primary_key or field.name in FACTS[label] or is_local(label, field))
            and f"{label}.{field.name}" not in CONFIDENTIAL
        ]
    return names


@cache
def path_to(target: Model, model: Model) -> str | None:
    """The lookup from a model's rows to the target, such as “meeting__team__company”: over references that
    are always there if possible, then the shortest. “pk” for the target itself; None when there is none."""
    if model is target:
        return "pk"
    return _walk(target, model, sure=True) or _walk(target, model, sure=False)


def _walk(target: Model, model: Model, *, sure: bool) -> str | None:
    ways, visited = [(model, "")], {model}
    for here, way in ways:
        for field in columns(here):
            towards = field.related_model
            if not isinstance(towards, type) or towards in visited or (sure and field.null):
                continue
            if towards is target:
                return way + field.name
            if towards is not User:  # a person leads to many companies
                visited.add(towards)
                ways.append((towards, f"{way}{field.name}__"))
    return None


def in_order(models_to_order: list[Model]) -> list[Model]:
    """Each after those it refers to. Raises ValueError for two that refer to each other."""
    ordered: list[Model] = []
    left = list(models_to_order)
    while left:
        ready = [
            model
            for model in left
            if not any(
                field.related_model in left and field.related_model is not model for field in columns(model)
            )
        ]
        if not ready:
            raise ValueError(f"These refer to each other in a circle: {left}")
        ordered += ready
        left = [model for model in left if model not in ready]
    return ordered
