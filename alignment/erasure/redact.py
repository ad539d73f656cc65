"""A person's name and addresses removed from texts, wherever in their companies they appear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.text import slugify

from alignment.db.search_keys import SearchKeyField, with_keys
from alignment.exports.queries import belonging
from alignment.exports.schema import (
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
from alignment.models import Company, Entry, User
from alignment.rules.folding import positions, unaccented

TEXTS = (models.CharField, models.TextField, models.JSONField)


def companies_of(person: User) -> models.QuerySet[Company]:
    """Where they are or were known."""
    return Company.objects.filter(
        Q(memberships__user=person)
        | Q(invites__user=person)
        | Q(teams__seats__user=person)
        | Q(teams__planned_seats__user=person)
    ).distinct()


@dataclass
class Scrub:
    """Replaces a person's names and addresses by `instead`.

    A name of several words is found inside texts too, in any case, with or without accents, and as “Last,
    First”; a single word (“Max”) only where it is the whole value, because in a sentence it may mean something
    else. So is a name that somebody else in the company has as well.
    """

    person: User
    instead: str
    addresses: set[str]
    names: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    slugs: dict[str, str] = field(default_factory=dict)
    """Addresses of pages with the name in them, and what they are now."""

    def __post_init__(self) -> None:
        self.names.add(self.person.name)
        self._prepare()

    def company(self, company: Company) -> None:
        """Every text of the company."""
        kinds = [
            model
            for model in all_models()
            if label_of(model).split(".")[0] in ROOMS and path_to(Company, model)
        ]
        for model in kinds:
            self._add_recorded_names(model, company)
        self._find_namesakes(belonging(company))
        for rows in (Company.objects.filter(pk=company.pk), company.teams.all()):
            self._rename_pages(rows)
        for model in kinds:
            for column in texts(model):
                self._column(
                    model, column, every(model).filter(**{path_to(Company, model) or "": company.pk})
                )

    def installation(self) -> None:
        """What belongs to no company: the log of the emergency admin, and the audit
        of what people did for themselves."""
        self._find_namesakes(User.objects.all())
        for rows in (LogEntry.objects.all(), Entry.objects.filter(company=None)):
            for column in texts(rows.model):
                self._column(rows.model, column, rows)

    def _find_namesakes(self, others: models.QuerySet[User]) -> None:
        theirs = {unaccented(name) for name in self.names}
        others_names = others.exclude(pk=self.person.pk).values_list("name", flat=True)
        self.shared = {unaccented(name) for name in others_names} & theirs
        self._prepare()

    def _rename_pages(self, rows: models.QuerySet[Any]) -> None:
        """A company or a team named after the person has the name in its address."""
        for row in rows:
            for name in self.inside:
                if (part := slugify(name)) and re.search(rf"(?<!\w){part}(?!\w)", row.slug):
                    self.slugs[row.slug] = row.slug.replace(part, slugify(self.instead))[:80]
                    rows.filter(pk=row.pk).update(slug=self.slugs[row.slug])
                    break
        self._prepare()

    def _add_recorded_names(self, model: Model, company: Company) -> None:
        """Add the names they had when a record was closed."""
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
        search_words = {plainest(name) for name in (*self.names, *self.addresses, *self.slugs)}
        if all(search_words):
            rows = rows.annotate(_text=Cast(column.name, TextField()))
            condition = Q()
            for word in search_words:
                condition |= Q(_text__icontains=word)
            rows = rows.filter(condition)
        yield from list(rows.values_list("pk", column.name))

    def _row(
        self, model: Model, column: models.Field[Any, Any], pk: Any, value: Any, shape: Shape | None
    ) -> None:
        """Rewrite the text, and again when somebody else changed it in between."""
        while value is not None:
            clean = self.clean(shape.renamed(value, self.person.pk, self.instead) if shape else value)
            if clean == value:
                return
            if isinstance(clean, str) and column.max_length:
                clean = clean[: column.max_length]
            same = every(model).filter(pk=pk)
            if isinstance(value, str):
                same = same.filter(**{column.name: value})
            if (row := same.first()) and same.update(**with_keys(row, **{column.name: clean})):
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
        if unaccented(value) in self.alone:
            return self.instead
        for old, new in self.slugs.items():
            value = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, value)
        for start, end in reversed(list(positions(value, self.pattern))):
            value = value[:start] + self.instead + value[end:]
        return value

    def _prepare(self) -> None:
        """What to look for, from the names, the addresses and who else has one of the names."""
        self.alone = {unaccented(name) for name in self.names} - self.shared
        self.inside = sorted((name for name in self.alone if " " in name), key=len, reverse=True)
        orders = [order for name in self.inside for order in (name, last_first(name))]
        patterns = sorted([*orders, *map(unaccented, self.addresses)], key=len, reverse=True)
        spaced = (r"\s+".join(map(re.escape, text.split())) for text in patterns)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)")


def last_first(name: str) -> str:
    """“Keller, Joe”."""
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


def texts(model: Model) -> list[models.Field[Any, Any]]:
    """Columns of text people typed: no choices, no slugs, no keys."""
    return [
        column
        for column in columns(model)
        if isinstance(column, TEXTS)
        and not column.choices
        and not isinstance(column, models.SlugField)
        and not column.unique
        and not isinstance(column, SearchKeyField)
    ]


def plainest(name: str) -> str:
    """The longest word of a name that every database finds in any case: letters of ASCII alone."""
    return max((word for word in name.split() if word.isascii()), key=len, default="")
