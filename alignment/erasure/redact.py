"""A person's name and addresses removed from texts, wherever in their companies they appear."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Protocol

from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.text import slugify

from alignment.db.search_keys import SearchKeyField, with_keys
from alignment.erasure.mentions import Mentions
from alignment.exports.queries import belonging
from alignment.exports.schema import ROOMS, SHAPES, Model, all_models, columns, every, label_of, path_to
from alignment.models import Company, Entry, User

TEXTS = (models.CharField, models.TextField, models.JSONField)
AT_ONCE = 500
"""Rows read at once."""
MOST_OF_ONE_NAME = 1000
"""Teams or accounts that are called after the same person."""


def companies_of(person: User) -> models.QuerySet[Company]:
    """Where they are or were known."""
    return Company.objects.filter(
        Q(memberships__user=person)
        | Q(invites__user=person)
        | Q(teams__seats__user=person)
        | Q(teams__planned_seats__user=person)
    ).distinct()


class Named(Protocol):
    """Who is erased: somebody with an account, or a person known without one, whose `pk` is 0."""

    @property
    def pk(self) -> int: ...

    @property
    def name(self) -> str: ...


@dataclass
class Scrub:
    """Replaces a person's names and addresses by `instead`, however they are written
    (alignment.erasure.mentions)."""

    person: Named
    instead: str
    addresses: set[str]
    names: set[str] = field(default_factory=set)
    others: dict[str, str] = field(default_factory=dict)
    """Names of the others around, by their address."""
    slugs: dict[str, str] = field(default_factory=dict)
    """Addresses of pages with the name in them, and what they are now."""

    def __post_init__(self) -> None:
        self.names.add(self.person.name)
        self._prepare()

    def company(self, company: Company) -> None:
        """Every text of the company."""
        kinds = {
            model: every(model).filter(**{path: company.pk})
            for model in all_models()
            if label_of(model).split(".")[0] in ROOMS and (path := path_to(Company, model))
        }
        for model, rows in kinds.items():
            self._add_recorded_names(model, rows)
        self.meet(belonging(company))
        for named in (Company.objects.filter(pk=company.pk), company.teams.all()):
            self._rename_pages(named)
        for rows in kinds.values():
            self._rows(rows)

    def installation(self) -> None:
        """What belongs to no company: the log of the emergency admin, and the audit
        of what people did for themselves."""
        self.meet(User.objects.all())
        for rows in (LogEntry.objects.all(), Entry.objects.filter(company=None)):
            self._rows(rows)

    def meet(self, others: models.QuerySet[User]) -> None:
        """The others whose names and addresses stay."""
        self.others = dict(others.exclude(pk=self.person.pk).values_list("email", "name"))
        self._prepare()

    def _prepare(self) -> None:
        self.mentions = Mentions(
            names=frozenset(self.names),
            addresses=frozenset(self.addresses),
            others=frozenset(self.others.values()),
            other_addresses=frozenset(self.others),
        )
        # Records repeat most of their texts week after week.
        self._replaced = lru_cache(AT_ONCE * 100)(partial(self.mentions.replaced, instead=self.instead))

    def _rename_pages(self, rows: models.QuerySet[Any]) -> None:
        """A company or a team named after the person has the name in its address."""
        for row in rows:
            renamed = slugify(self.mentions.replaced(row.slug, self.instead))
            if self.mentions.spans(row.slug):
                self.slugs[row.slug] = write(row, "slug", renamed)

    def _add_recorded_names(self, model: Model, rows: models.QuerySet[Any]) -> None:
        """Add the names they had when a record was closed."""
        for column in texts(model):
            shape = SHAPES.get((label_of(model), column.name))
            if shape:
                named = rows.annotate(_text=Cast(column.name, TextField())).filter(
                    _text__contains=f'"id": {self.person.pk}'
                )
                for value in named.values_list(column.name, flat=True).iterator(chunk_size=50):
                    self.names |= shape.names_of(value, self.person.pk)

    def _rows(self, rows: models.QuerySet[Any]) -> None:
        """Read all of them: no search in the database finds every way to write a name."""
        names = [column.name for column in texts(rows.model)]
        if not names:
            return
        read = rows.order_by("pk").values_list("pk", *names).iterator(chunk_size=AT_ONCE)
        mentioning = [
            (pk, name)
            for pk, *values in read
            for name, value in zip(names, values, strict=True)
            if self._cleaned(rows.model, name, value) != value
        ]
        for pk, name in mentioning:
            self._rewrite(rows.model, pk, name)

    def _rewrite(self, model: Model, pk: Any, name: str) -> None:
        """Again when somebody else changed the text in between."""
        while row := every(model).filter(pk=pk).first():
            value = getattr(row, name)
            clean = self._cleaned(model, name, value)
            if clean == value or write(row, name, clean) == clean:
                return

    def _cleaned(self, model: Model, name: str, value: Any) -> Any:
        shape = SHAPES.get((label_of(model), name))
        return self.clean(shape.renamed(value, self.person.pk, self.instead) if shape else value)

    def clean(self, value: Any) -> Any:
        """The value, or what is inside it, without names and addresses."""
        if isinstance(value, dict):
            return {key: self.clean(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.clean(inner) for inner in value]
        if not isinstance(value, str):
            return value
        for old, new in self.slugs.items():
            if old in value:
                value = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, value)
        return self._replaced(value)


def write(row: models.Model, name: str, value: Any) -> Any:
    """Store another text, or value, in the row; with a number where another row has the same and may not.
    Returns what was stored, None when somebody else changed it in between."""
    column = next(column for column in columns(type(row)) if column.name == name)
    before = getattr(row, name)
    same = every(type(row)).filter(pk=row.pk, **({name: before} if isinstance(before, str) else {}))
    number = 1
    while True:
        stored = numbered(value, number, column) if isinstance(value, str) else value
        try:
            with transaction.atomic():
                return stored if same.update(**with_keys(row, **{name: stored})) else None
        except IntegrityError:
            if number == MOST_OF_ONE_NAME or not isinstance(value, str):
                raise
        number += 1


def numbered(text: str, number: int, column: models.Field[Any, Any]) -> str:
    """“Former member 12 (2)”, “former-member-12-2”; not longer than the column takes."""
    slug = isinstance(column, models.SlugField)
    ending = "" if number == 1 else f"-{number}" if slug else f" ({number})"
    return text[: column.max_length - len(ending)] + ending if column.max_length else text + ending


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
