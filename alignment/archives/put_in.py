"""A company from an archive put into this installation: with numbers of its own, whole or not at all."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, models, transaction
from django.db.models import SlugField, UUIDField

from alignment.archives.kinds import SHAPES, Kind, every, kinds, label_of
from alignment.archives.read import Opened, Refused
from alignment.audit import note
from alignment.models import Company, User

AT_ONCE = 100
Numbered = Callable[[str, int], str]
NOWHERE = 10**17
"""Added to the number of a row that a record names and that is gone: it leads nowhere, and to nothing else's page."""


@dataclass
class PutIn:
    """What became of the archive."""

    company: Company
    rows: int
    new_people: int
    joined: list[str]
    """Addresses that had an account here already."""


@transaction.atomic
def put_in(archive: Opened, *, now: datetime, step: Callable[[int], object] = lambda rows: None) -> PutIn:
    """Raises Refused; nothing is changed then. `step` is told how many rows more are in."""
    putting = Putting(archive, step)
    try:
        for kind in _last_what_names_rows():
            putting.kind(kind)
    except OperationalError as error:
        raise Refused(f"The database did not take it: {_said(error)}.") from error
    except (DatabaseError, ValidationError, OverflowError) as error:
        raise Refused(f"The archive holds what cannot be: {_said(error)}.") from error
    company = putting.company()
    told = archive.manifest
    note(
        "company.imported", by=None, now=now, company=company, about=company.name,
        new=f"made {told.made_at}, {putting.number} rows, {putting.new_people} new people",
    )  # fmt: skip
    return PutIn(company, putting.number, putting.new_people, putting.joined)


def _last_what_names_rows() -> list[Kind]:
    """Kinds in their order, those whose JSON names rows of any kind at the end."""
    shaped = {label for label, _ in SHAPES}
    return sorted(kinds(), key=lambda kind: kind.label in shaped)


def _said(error: Exception) -> str:
    messages = getattr(error, "messages", None)
    return " ".join(messages) if messages else str(error).strip().splitlines()[0]


@dataclass
class Putting:
    """One import while it goes on; `numbers` says for each model what number a row has here."""

    archive: Opened
    step: Callable[[int], object]
    numbers: dict[str, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))
    given: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    strangers: set[int] = field(default_factory=set)
    joined: list[str] = field(default_factory=list)
    new_people: int = 0
    number: int = 0

    def company(self) -> Company:
        found = list(self.numbers["alignment.Company"].values())
        if len(found) != 1:
            raise Refused("The archive is damaged: it holds no company, or several.")
        return Company.objects.get(pk=found[0])

    def kind(self, kind: Kind) -> None:
        """Every row of a kind, in few queries; one that names another of its kind comes after that one."""
        waiting: list[tuple[int, models.Model]] = []
        later: list[dict[str, Any]] = []
        for row in self.archive.rows(kind.label):
            if kind.model is User and self.known(row):
                continue
            if self.names_missing(kind, row):
                self.insert(kind, waiting)
                if self.names_missing(kind, row):
                    later.append(row)
                    continue
            self.take(kind, row, waiting)
        self.insert(kind, waiting)
        while later:
            row = next((row for row in later if not self.names_missing(kind, row)), later[0])
            later.remove(row)
            self.take(kind, row, waiting)
            self.insert(kind, waiting)

    def take(self, kind: Kind, row: dict[str, Any], waiting: list[tuple[int, models.Model]]) -> None:
        made = self.made(kind, row)
        if made is not None:
            waiting.append((row["id"], made))
        if len(waiting) >= AT_ONCE:
            self.insert(kind, waiting)

    def insert(self, kind: Kind, waiting: list[tuple[int, models.Model]]) -> None:
        if not waiting:
            return
        rows = [row for _, row in waiting]
        every(kind.model).bulk_create(rows)
        self.numbers[kind.label].update((old, row.pk) for old, row in waiting)
        self.number += len(rows)
        self.step(len(rows))
        waiting.clear()

    def names_missing(self, kind: Kind, row: dict[str, Any]) -> bool:
        """Whether it names a row of its own kind that is not in yet."""
        own = (field.attname for field in kind.fields if field.related_model is kind.model)
        return any(row.get(name) is not None and row[name] not in self.numbers[kind.label] for name in own)

    def known(self, row: dict[str, Any]) -> bool:
        """Whether the person has an account here: then it stays as it is and joins the company.

        Addresses that end in “.invalid” are stand-ins, of people invited or forgotten: nobody is known by them.
        """
        address = str(row.get("email", "")).lower()
        address = "" if address.endswith(".invalid") else address
        account = User.objects.filter(email=address).first() if address else None
        if account is None:
            return False
        self.numbers["alignment.User"][row["id"]] = account.pk
        self.strangers.add(account.pk)
        self.joined.append(account.email)
        return True

    def made(self, kind: Kind, row: dict[str, Any]) -> models.Model | None:
        """The row as it will be here; None for a person's own row when the person has theirs here."""
        values = {
            field.attname: self.value(kind, field, row[field.attname])
            for field in kind.fields if field.attname in row
        }  # fmt: skip
        if kind.personal and self.strangers & {
            values[field.attname] for field in kind.fields if field.related_model is User and field.name == kind.path
        }:  # fmt: skip
            return None
        made = kind.model(**values)
        if isinstance(made, User):
            self.new_people += 1
            made.set_unusable_password()
            made.email = self.free(kind, "email", made.email, _with_number_before_at)
        return made

    def value(self, kind: Kind, field: models.Field[Any, Any], told: Any) -> Any:
        if told is None:
            if not field.null:
                raise Refused(f"The archive is damaged: a {kind.label} lacks its {field.name}.")
            return None
        if field.is_relation:
            return self.here(kind, field, told)
        if (kind.label, field.name) in SHAPES:
            return self.moved(kind, field, told)
        value = self.typed(kind, field, told)
        if field.unique and isinstance(field, (SlugField, UUIDField)):
            value = self.freed(kind, field, value)
        return value

    def typed(self, kind: Kind, field: models.Field[Any, Any], told: Any) -> Any:
        """As the field's own rules have it: length, choices, a time zone that is one."""
        try:
            value = field.to_python(told)
            if value not in field.empty_values:
                value = field.clean(value, None)
            if isinstance(value, str) and "\0" in value.encode().decode():
                raise ValueError("no database of ours keeps a NUL")
        except (TypeError, ValueError) as error:
            raise Refused(f"The archive holds what cannot be: {kind.label}, {field.name}.") from error
        return value

    def here(self, kind: Kind, field: models.Field[Any, Any], told: Any) -> int:
        towards = field.related_model
        label = label_of(towards) if isinstance(towards, type) else ""
        try:
            number: int = self.numbers[label][told]
        except (KeyError, TypeError) as error:
            raise Refused(
                f"The archive is damaged: a {kind.label} names a {label} that is not in it."
            ) from error
        return number

    def moved(self, kind: Kind, field: models.Field[Any, Any], told: Any) -> Any:
        def new(label: str, old: Any) -> Any:
            return self.numbers[label].get(old, old + NOWHERE if isinstance(old, int) else old)

        try:
            return SHAPES[kind.label, field.name].moved(told, new)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Refused(f"The archive is damaged: a {kind.label} cannot be read.") from error

    def freed(self, kind: Kind, field: models.Field[Any, Any], value: Any) -> Any:
        if isinstance(field, UUIDField):
            taken = every(kind.model).filter(**{field.name: value}).exists()
            return uuid.uuid4() if taken else value
        chosen = self.free(kind, field.name, value, _with_number_behind(field.max_length or 50))
        self.numbers[f"{kind.label}.{field.name}"][value] = chosen
        return chosen

    def free(self, kind: Kind, name: str, value: str, numbered: Numbered) -> str:
        """The value, or with the first number that nobody has yet."""
        taken = self.given[kind.label, name]
        number, candidate = 1, value
        while candidate in taken or every(kind.model).filter(**{name: candidate}).exists():
            number += 1
            candidate = numbered(value, number)
        taken.add(candidate)
        return candidate


def _with_number_behind(longest: int) -> Numbered:
    return lambda value, number: f"{value[: longest - len(str(number)) - 1]}-{number}"


def _with_number_before_at(address: str, number: int) -> str:
    """For stand-ins of people who have not accepted yet; whoever has an address of their own is known by it."""
    name, at, host = address.rpartition("@")
    return f"{name}-{number}{at}{host}"
