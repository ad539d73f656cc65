"""A person's name and addresses taken out of texts, wherever in their companies they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from alignment.archives.kinds import (
    ROOMS,
    SHAPES,
    Model,
    Shape,
    all_models,
    columns,
    every,
    label_of,
    path_to,
)
from alignment.archives.rows import belonging
from alignment.models import Company, Entry, User

TEXTS = (models.CharField, models.TextField, models.JSONField)


def companies_of(person: User) -> models.QuerySet[Company]:
    """Where they are or were known."""
    return Company.objects.filter(
        Q(memberships__user=person) | Q(invites__user=person) | Q(teams__seats__user=person) | Q(teams__planned_seats__user=person)
    ).distinct()  # fmt: skip


@dataclass
class Scrub:
    """Puts `instead` in the place of a person's names and addresses.

    A name of several words is found inside texts too, in any case; a single word (“Max”) only where it is the whole
    value, because in a sentence it may mean something else. So is a name that somebody else in the company has as well.
    """

    person: User
    instead: str
    addresses: set[str]
    names: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names.add(self.person.name)
        self.pattern = self._pattern()

    def company(self, company: Company) -> None:
        """Every text of the company."""
        kinds = [
            model
            for model in all_models()
            if label_of(model).split(".")[0] in ROOMS and path_to(Company, model)
        ]
        for model in kinds:
            self._learn(model, company)
        self._tell_apart(belonging(company))
        for model in kinds:
            for column in texts(model):
                self._column(
                    model, column, every(model).filter(**{path_to(Company, model) or "": company.pk})
                )

    def installation(self) -> None:
        """What belongs to no company: the log of the emergency admin, and the audit of what people did for themselves."""
        self._tell_apart(User.objects.all())
        for rows in (LogEntry.objects.all(), Entry.objects.filter(company=None)):
            for column in texts(rows.model):
                self._column(rows.model, column, rows)

    def _tell_apart(self, others: models.QuerySet[User]) -> None:
        namesakes = others.exclude(pk=self.person.pk).filter(name__in=self.names)
        self.shared = set(namesakes.values_list("name", flat=True))
        self.pattern = self._pattern()

    def _learn(self, model: Model, company: Company) -> None:
        """The names they had when a record was frozen."""
        for column in texts(model):
            shape = SHAPES.get((label_of(model), column.name))
            if shape:
                rows = every(model).filter(**{path_to(Company, model) or "": company.pk})
                named = rows.annotate(_text=Cast(column.name, TextField())).filter(
                    _text__contains=f'"id": {self.person.pk}'
                )
                for value in named.values_list(column.name, flat=True).iterator(chunk_size=50):
                    self.names |= shape.names_of(value, self.person.pk)

    def _column(self, model: Model, column: models.Field[Any, Any], rows: models.QuerySet[Any]) -> None:
        for pk, value in self._candidates(column, rows):
            shape = SHAPES.get((label_of(model), column.name))
            self._row(model, column, pk, value, shape)

    def _candidates(
        self, column: models.Field[Any, Any], rows: models.QuerySet[Any]
    ) -> Iterator[tuple[Any, Any]]:
        """Rows in which the database finds the longest plain word of a name or an address, or all."""
        words = [word for each in (*self.names, *self.addresses) for word in [plainest(each)]]
        if all(words):
            rows = rows.annotate(_text=Cast(column.name, TextField()))
            wanted = Q()
            for word in words:
                wanted |= Q(_text__icontains=word)
            rows = rows.filter(wanted)
        yield from list(rows.values_list("pk", column.name))

    def _row(
        self, model: Model, column: models.Field[Any, Any], pk: Any, value: Any, shape: Shape | None
    ) -> None:
        """Write the text anew, and again when somebody else wrote it in between."""
        while value is not None:
            clean = self.clean(shape.renamed(value, self.person.pk, self.instead) if shape else value)
            if clean == value:
                return
            if isinstance(clean, str) and column.max_length:
                clean = clean[: column.max_length]
            same = every(model).filter(pk=pk)
            if isinstance(value, str):
                same = same.filter(**{column.name: value})
            if same.update(**{column.name: clean}):
                return
            value = every(model).filter(pk=pk).values_list(column.name, flat=True).first()

    def clean(self, value: Any) -> Any:
        """The value, or what is inside it, without names and addresses."""
        if isinstance(value, dict):
            return {key: self.clean(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.clean(inner) for inner in value]
        if not isinstance(value, str):
            return value
        if value in self.names - self.shared:
            return self.instead
        return self.pattern.sub(self.instead, value)

    def _pattern(self) -> re.Pattern[str]:
        inside = [name for name in self.names - self.shared if len(name.split()) > 1]
        told = sorted([*inside, *self.addresses], key=len, reverse=True)
        spaced = (r"\s+".join(map(re.escape, each.split())) for each in told)
        return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)


def texts(model: Model) -> list[models.Field[Any, Any]]:
    """Columns that hold what people typed: no choices, no slugs, nothing that is looked up by."""
    return [
        each for each in columns(model)
        if isinstance(each, TEXTS) and not each.choices and not isinstance(each, models.SlugField) and not each.unique
    ]  # fmt: skip


def plainest(name: str) -> str:
    """The longest word of a name that every database finds in any case: letters of ASCII alone."""
    return max((word for word in name.split() if word.isascii()), key=len, default="")
