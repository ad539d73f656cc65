"""Every address, every form and every stored text of the site, found by looking: what is new is attacked too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from tests.test_urls import ROUTES, address

__all__ = [
    "ROUTES",
    "Form",
    "address",
    "every_form",
    "ours",
    "overwrite",
    "read",
    "rows_of_everything",
    "texts",
]

KEPT = {
    "slug",
    "token",
    "calendar_token",
    "key",
    "state",
    "kind",
    "role",
    "side",
    "section",
    "password",
    "what",
    "about",
}
"""Texts that are no words: addresses, states and seals, which no form takes as they come."""


def texts(model: type[models.Model]) -> list[str]:
    """The columns of a model that hold what people typed."""
    free = (models.CharField, models.TextField)
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, free)
        and not isinstance(field, models.EmailField | models.SlugField)
        and not field.choices
        and not field.unique
        and field.name not in KEPT
        and (field.max_length or 999) > 64
    ]


def ours() -> list[type[models.Model]]:
    return [
        each for room in ("alignment", "deals", "meetings") for each in apps.get_app_config(room).get_models()
    ]


def overwrite(model: type[models.Model], name: str, text: str) -> None:
    """Every row says this in the column, cut to its length; where that breaks a constraint, no form stores it
    either.
    """
    for pk in model._base_manager.values_list("pk", flat=True):
        with suppress(DatabaseError), transaction.atomic():
            model._base_manager.filter(pk=pk).update(**{name: text[: model._meta.get_field(name).max_length]})


DRAWN_TEXTS = {"token", "token_hash", "calendar_token", "key"}

DRAWN_NUMBERS = {("deals.ImportRow", "target")}
"""Numbers of rows that are no foreign keys."""


def rows_of_everything() -> dict[str, list[str]]:
    """All our rows, to compare two worlds. What is drawn at random is left out, and numbers that PostgreSQL
    never gives twice: a row that names another of ours names its place among the rows of its table.
    """
    drawn = (models.UUIDField, models.AutoField)
    places = {
        model: {
            pk: place
            for place, pk in enumerate(model._base_manager.order_by("pk").values_list("pk", flat=True))
        }
        for model in ours()
    }
    said: dict[str, list[str]] = {}
    for model in ours():
        fields = [
            field
            for field in model._meta.concrete_fields
            if not isinstance(field, drawn)
            and field.name not in DRAWN_TEXTS
            and (model._meta.label, field.name) not in DRAWN_NUMBERS
        ]
        listed = ", ".join(f'"{field.column}"' for field in fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {listed} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"'
            )
            said[model._meta.label] = [
                json.dumps(
                    {
                        field.column: places.get(field.related_model, {}).get(value, value)
                        for field, value in zip(fields, row, strict=True)
                    },
                    default=str,
                )
                for row in cursor
            ]
    return said


class Form:
    """One form of a page: where it goes and what it would send untouched."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()  # also of boxes that are not ticked


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.forms, self.area, self.select = here, [], "", ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(told.get("action") or self.here, told.get("method", "get").lower()))
        elif tag == "a" and told.get("href"):
            self.links.append(told["href"])
        elif self.forms and told.get("name"):
            self._field(tag, told)
        elif (
            tag == "option" and self.select and ("selected" in told or not self.forms[-1].fields[self.select])
        ):
            self.forms[-1].fields[self.select] = told.get("value", "")

    def _field(self, tag: str, told: dict[str, str]) -> None:
        name, fields = told["name"], self.forms[-1].fields
        self.area = name if tag == "textarea" else ""
        self.select = name if tag == "select" else ""
        self.forms[-1].names.add(name)
        if tag == "button":
            return
        if told.get("type") in {"checkbox", "radio"}:
            if "checked" in told:
                fields[name] = told.get("value", "on")
            return
        fields[name] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area and self.forms:
            self.forms[-1].fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def read(here: str, html: str) -> _Reader:
    reader = _Reader(here)
    reader.feed(html)
    return reader


def every_form(client: Client, stage: dict[str, Any]) -> list[Form]:
    """All forms this person finds on all pages, each once."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for route in ROUTES:
        for form in forms_in(client, address(route, stage)):
            found.setdefault((form.action, tuple(sorted(form.names))), form)
    return list(found.values())


def forms_in(client: Client, path: str) -> Iterator[Form]:
    """The forms that change something on the page at `path`, where it opens for this person."""
    answer: Any = client.get(path)
    if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
        for form in read(path, answer.content.decode()).forms:
            if (
                form.method == "post"
                and form.action.startswith("/")
                and not form.action.startswith("/accounts/logout")
            ):
                form.fields.pop("csrfmiddlewaretoken", None)
                yield form
