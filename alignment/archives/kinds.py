"""What of every model goes into a company's archive, and who may read it there.

Nothing is listed to be exported: every model of ours that leads to a company, or to a person, is, and every field of it
is sealed. Said here are the exceptions: what an admin may read (facts), what stays in this installation, and why.
So a new model is in the archive, unreadable for admins, until somebody says more; tests/alignment/test_archive_kinds.py
asks about those that lead nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.apps import apps
from django.db import models

from alignment.models import Company, User

Model = type[models.Model]
ROOMS = ("alignment", "deals", "meetings")
ALL = ("*",)


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
class Kind:
    """One model in an archive."""

    model: Model
    label: str
    facts: tuple[models.Field[Any, Any], ...]
    words: tuple[models.Field[Any, Any], ...]
    path: str
    personal: bool
    """A person's own row, which belongs to no company: it goes with everyone who belongs to the company."""

    @property
    def fields(self) -> tuple[models.Field[Any, Any], ...]:
        return self.facts + self.words


FACTS: dict[str, tuple[str, ...]] = {}
BUT: dict[str, tuple[str, ...]] = {}
STAYS: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}
SHAPES: dict[tuple[str, str], Shape] = {}


def facts(*labels: str, fields: tuple[str, ...] = ALL, but: tuple[str, ...] = ()) -> None:
    """An admin may read these models: all of their fields or those named, without those in `but`."""
    for label in labels:
        FACTS[label], BUT[label] = fields, but


def stays(*names: str, why: str) -> None:
    """These fields (“room.Model.field”, or a field of a common base by its name alone) never leave the installation."""
    STAYS.update(dict.fromkeys(names, why))


def left_out(*labels: str, why: str) -> None:
    """These models never leave the installation."""
    LEFT_OUT.update(dict.fromkeys(labels, why))


def shaped(label: str, field: str, shape: Shape) -> None:
    """The JSON in this field names rows and people; `shape` knows where."""
    SHAPES[label, field] = shape


def label_of(model: Model) -> str:
    """“room.Model”."""
    return model._meta.label  # noqa: SLF001 - Django's public name for it


def columns(model: Model) -> list[models.Field[Any, Any]]:
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
def kinds() -> tuple[Kind, ...]:
    """Every model of an archive; what a row refers to comes before it."""
    chosen = [
        model for model in all_models()
        if label_of(model).split(".")[0] in ROOMS and label_of(model) not in LEFT_OUT and leads_to_people(model)
    ]  # fmt: skip
    return tuple(_kind(model) for model in _in_order(chosen))


def kind_of(label: str) -> Kind | None:
    return next((kind for kind in kinds() if kind.label == label), None)


def _kind(model: Model) -> Kind:
    label = label_of(model)
    chosen, but = FACTS.get(label, ()), BUT.get(label, ())
    going = [field for field in columns(model) if not field.primary_key and _goes(label, field.name)]
    is_fact = {field: chosen == ALL or field.name in chosen for field in going}
    readable = tuple(field for field in going if is_fact[field] and field.name not in but)
    personal = model is not User and path_to(Company, model) is None
    return Kind(
        model=model, label=label, facts=readable, words=tuple(field for field in going if field not in readable),
        path=path_to(User if personal else Company, model) or "", personal=personal,
    )  # fmt: skip


def _goes(label: str, field: str) -> bool:
    return field not in STAYS and f"{label}.{field}" not in STAYS


@cache
def path_to(target: Model, model: Model) -> str | None:
    """The lookup from a model's rows to the target, such as “meeting__team__company”: over references that are always
    there if possible, then the shortest. “pk” for the target itself; None when there is none."""
    if model is target:
        return "pk"
    return _walk(target, model, sure=True) or _walk(target, model, sure=False)


def _walk(target: Model, model: Model, *, sure: bool) -> str | None:
    ways, seen = [(model, "")], {model}
    for here, way in ways:
        for field in columns(here):
            towards = field.related_model
            if not isinstance(towards, type) or towards in seen or (sure and field.null):
                continue
            if towards is target:
                return way + field.name
            if towards is not User:  # a person leads to many companies
                seen.add(towards)
                ways.append((towards, f"{way}{field.name}__"))
    return None


def _in_order(chosen: list[Model]) -> list[Model]:
    """Each after those it refers to. Raises ValueError for two that refer to each other."""
    ordered: list[Model] = []
    left = list(chosen)
    while left:
        ready = [
            model for model in left
            if not any(field.related_model in left and field.related_model is not model for field in columns(model))
        ]  # fmt: skip
        if not ready:
            raise ValueError(f"These refer to each other in a circle: {left}")
        ordered += ready
        left = [model for model in left if model not in ready]
    return ordered
