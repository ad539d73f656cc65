"""A company from an export added to this installation: with new primary keys, whole or not at all."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, models, transaction
from django.db.models import SlugField, UUIDField
from django.utils.timezone import is_naive

from alignment.audit import note
from alignment.exports.former_names import COMPLETIONS, conversions_of
from alignment.exports.reader import ExportError, OpenedExport
from alignment.exports.schema import (
    EARLIER,
    RULES,
    SHAPES,
    ExportedModel,
    Field,
    every,
    exported_models,
    label_of,
)
from alignment.models import Company, User
from alignment.people.seats import sittings_of
from alignment.rules.address_list import parse_address
from alignment.rules.periods import FIRST_DAY, LAST_DAY
from alignment.rules.seats import stored_clashes

AT_ONCE = 100
Numbered = Callable[[str, int], str]
WRITTEN_AS: tuple[tuple[type[Any], type[Any]], ...] = (
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.JSONField, object),
    (models.Field, str),  # days, times and amounts too, so that nothing is rounded
)
LARGEST: dict[type[Any], int] = {
    models.SmallIntegerField: 32_767,
    models.PositiveSmallIntegerField: 32_767,
    models.IntegerField: 2_147_483_647,
    models.PositiveIntegerField: 2_147_483_647,
}
"""SQLite would store more, PostgreSQL and the pages would not."""
NOWHERE = 10**17
"""Added to the number of a row that a record names and that is gone: it leads
nowhere, and to nothing else's page."""


@dataclass
class ImportedCompany:
    """The result of an import."""

    company: Company
    rows: int
    new_people: int
    joined: list[str]
    """Addresses that had an account here already."""


@transaction.atomic
def import_company(
    export: OpenedExport, *, now: datetime, step: Callable[[int], object] = lambda rows: None
) -> ImportedCompany:
    """Raises ExportError; nothing is changed then. `step` is called with the number of rows added since."""
    running = CompanyImport(export, now, step)
    try:
        for exported in exported_models():
            running.add_model(exported)
        running.place_references()
    except OperationalError as error:
        raise ExportError(f"The database rejected it: {_message(error)}.") from error
    except (DatabaseError, ValidationError, OverflowError) as error:
        raise ExportError(f"The export has invalid content: {_message(error)}.") from error
    company = running.company()
    _refuse_overlapping_seats(company)
    note(
        "company.imported",
        by=None,
        now=now,
        company=company,
        about=company.name,
        new=f"made {export.manifest.made_at}, {running.number} rows, {running.new_people} new people",
    )
    return ImportedCompany(company, running.number, running.new_people, running.joined)


def _refuse_overlapping_seats(company: Company) -> None:
    for team in company.teams.order_by("pk"):
        for sentence in stored_clashes(sittings_of(team)):
            raise ExportError(
                f"The export has invalid content: team “{team}”: {sentence} Correct it where the export was made."
            )


def _message(error: Exception) -> str:
    messages = getattr(error, "messages", None)
    return " ".join(messages) if messages else str(error).strip().splitlines()[0]


@dataclass
class CompanyImport:
    """One import while it runs; `numbers` says for each model what number a row has here."""

    export: OpenedExport
    now: datetime
    step: Callable[[int], object]
    numbers: dict[str, dict[Any, Any]] = field(default_factory=lambda: defaultdict(dict))
    given: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    known_people: set[int] = field(default_factory=set)
    joined: list[str] = field(default_factory=list)
    new_people: int = 0
    number: int = 0
    known: dict[Any, Any] = field(default_factory=dict)
    """What converting the values of former columns remembers."""

    def company(self) -> Company:
        companies = list(self.numbers["alignment.Company"].values())
        if len(companies) != 1:
            raise ExportError("The export is damaged: it holds no company, or several.")
        return Company.objects.get(pk=companies[0])

    def add_model(self, exported: ExportedModel) -> None:
        """Every row of a model, in few queries; one that names another of its model comes after that one."""
        waiting: list[tuple[int, models.Model]] = []
        later: list[dict[str, Any]] = []
        for row in self.export.rows(exported.label):
            if exported.model is User and self.join_known(row):
                continue
            if self.refers_to_missing(exported, row):
                self.insert(exported, waiting)
                if self.refers_to_missing(exported, row):
                    later.append(row)
                    continue
            self.add_row(exported, row, waiting)
        self.insert(exported, waiting)
        while later:
            row = next((row for row in later if not self.refers_to_missing(exported, row)), later[0])
            later.remove(row)
            self.add_row(exported, row, waiting)
            self.insert(exported, waiting)

    def add_row(
        self, exported: ExportedModel, row: dict[str, Any], waiting: list[tuple[int, models.Model]]
    ) -> None:
        built = self.build_row(exported, row)
        if built is not None:
            waiting.append((row["id"], built))
        if len(waiting) >= AT_ONCE:
            self.insert(exported, waiting)

    def insert(self, exported: ExportedModel, waiting: list[tuple[int, models.Model]]) -> None:
        if not waiting:
            return
        rows = [row for _, row in waiting]
        every(exported.model).bulk_create(rows)
        self.numbers[exported.label].update((old, row.pk) for old, row in waiting)
        for complete in COMPLETIONS.get(exported.label, ()):
            complete(waiting, self)
        self.number += len(rows)
        self.step(len(rows))
        waiting.clear()

    def refers_to_missing(self, exported: ExportedModel, row: dict[str, Any]) -> bool:
        """Whether it names a row of its own model that is not in yet."""
        own = (field.attname for field in exported.fields if field.related_model is exported.model)
        return any(
            row.get(name) is not None and row[name] not in self.numbers[exported.label] for name in own
        )

    def join_known(self, row: dict[str, Any]) -> bool:
        """Whether the person has an account here: then it stays as it is and joins the company.

        Addresses that end in “.invalid” are stand-ins, of people invited or
        forgotten: nobody is known by them.
        """
        address = str(row.get("email", "")).lower()
        address = "" if address.endswith(".invalid") else address
        account = User.objects.filter(email=address).first() if address else None
        if account is None:
            return False
        self.numbers["alignment.User"][row["id"]] = account.pk
        self.known_people.add(account.pk)
        self.joined.append(account.email)
        return True

    def build_row(self, exported: ExportedModel, row: dict[str, Any]) -> models.Model | None:
        """The row as it will be here; None for a person's own row when the person has theirs here."""
        values = {
            field.attname: self.value_of(exported, field, row[field.attname])
            for field in exported.fields
            if field.attname in row
        }
        owners = {values[field.attname] for field in exported.fields if field.name == exported.path}
        if exported.personal and self.known_people & owners:
            return None
        built = exported.model(**EARLIER.get(exported.label, {}) | values)
        try:
            for name, convert in conversions_of(exported.label).items():
                if name in row:
                    convert(built, row[name], self.known)
            RULES.get(exported.label, _no_rule)(built, self.now)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ExportError(f"The export has invalid content: {exported.label}, {error}.") from error
        if isinstance(built, User):
            self.new_people += 1
            built.set_unusable_password()
            built.email = self.first_free(exported, "email", built.email, _with_number_before_at)
        return built

    def value_of(self, exported: ExportedModel, field: Field, raw: Any) -> Any:
        if raw is None:
            if not field.null:
                raise ExportError(f"The export is damaged: a {exported.label} lacks its {field.name}.")
            return None
        if field.is_relation:
            return self.local_number(exported, field, raw)
        value = self.validated(exported, field, raw)
        if field.unique and isinstance(field, (SlugField, UUIDField)):
            value = self.unique_value(exported, field, value)
        return value

    def validated(self, exported: ExportedModel, field: Field, raw: Any) -> Any:
        """As the field's own rules have it: length, choices, a time zone that is one."""
        try:
            _refuse_other_type(field, raw)
            value = field.to_python(raw)
            if value not in field.empty_values:
                value = field.clean(value, None)
                _refuse_unfit(field, value)
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise ExportError(f"The export has invalid content: {exported.label}, {field.name}.") from error
        except ValidationError as error:
            where = f"{exported.label}, {field.name}"
            raise ExportError(f"The export has invalid content: {where}: {_message(error)}") from error
        return value

    def local_number(self, exported: ExportedModel, field: Field, raw: Any) -> int:
        target = field.related_model
        label = label_of(target) if isinstance(target, type) else ""
        try:
            if type(raw) is not int:
                raise TypeError("no number of a row")
            number: int = self.numbers[label][raw]
        except (KeyError, TypeError) as error:
            raise ExportError(
                f"The export is damaged: a {exported.label} names a {label} that is not in it."
            ) from error
        return number

    def place_references(self) -> None:
        """Let JSON name rows by the numbers they have here, once each row has one."""
        for exported in exported_models():
            for column in exported.fields:
                if (exported.label, column.name) in SHAPES:
                    numbers = list(self.numbers[exported.label].values())
                    for first in range(0, len(numbers), AT_ONCE):
                        self.place_some(exported, column, numbers[first : first + AT_ONCE])

    def place_some(self, exported: ExportedModel, field: Field, numbers: list[Any]) -> None:
        def new(label: str, old: Any) -> Any:
            return self.numbers[label].get(old, old + NOWHERE if isinstance(old, int) else old)

        shape, model = SHAPES[exported.label, field.name], every(exported.model)
        rows = [
            row
            for row in model.filter(pk__in=numbers).only(field.name)
            if getattr(row, field.name) is not None
        ]
        for row in rows:
            try:
                setattr(row, field.name, shape.moved(getattr(row, field.name), new))
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise ExportError(f"The export is damaged: a {exported.label} cannot be read.") from error
        model.bulk_update(rows, [field.name])

    def unique_value(self, exported: ExportedModel, field: Field, value: Any) -> Any:
        if isinstance(field, UUIDField):
            taken = every(exported.model).filter(**{field.name: value}).exists()
            return uuid.uuid4() if taken else value
        free = self.first_free(exported, field.name, value, _with_number_behind(field.max_length or 50))
        self.numbers[f"{exported.label}.{field.name}"][value] = free
        return free

    def first_free(self, exported: ExportedModel, name: str, value: str, numbered: Numbered) -> str:
        """The value, or with the first number that nobody has yet."""
        taken = self.given[exported.label, name]
        number, candidate = 1, value
        while candidate in taken or every(exported.model).filter(**{name: candidate}).exists():
            number += 1
            candidate = numbered(value, number)
        taken.add(candidate)
        return candidate


def _no_rule(row: models.Model, now: datetime) -> None:
    """Most models have none."""


def _refuse_other_type(field: Field, raw: Any) -> None:
    """Raises TypeError where Django would make one of another: `true` is no number, a list no text."""
    written = next(kind for fields, kind in WRITTEN_AS if isinstance(field, fields))
    if written is not object and type(raw) is not written:
        raise TypeError(f"not written as {written.__name__}")


def _refuse_unfit(field: Field, value: Any) -> None:
    """Raises ValueError for what a form would not take, whatever the model."""
    if isinstance(value, datetime) and is_naive(value):
        raise ValueError("a time without its zone")
    if (
        isinstance(value, date)
        and not FIRST_DAY <= (value.date() if isinstance(value, datetime) else value) <= LAST_DAY
    ):
        raise ValueError("outside the years that pages show")
    if isinstance(value, int) and abs(value) > LARGEST.get(type(field), 2**63):
        raise ValueError("too large")
    if isinstance(field, models.EmailField) and not value.endswith(".invalid"):
        parse_address(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if "\0" in text.encode().decode() or "\\u0000" in text:
        raise ValueError("no database of ours keeps a NUL")


def _with_number_behind(longest: int) -> Numbered:
    return lambda value, number: f"{value[: longest - len(str(number)) - 1]}-{number}"


def _with_number_before_at(address: str, number: int) -> str:
    """For stand-ins of people who have not accepted yet; whoever has an
    address of their own is known by it."""
    name, at, host = address.rpartition("@")
    return f"{name}-{number}{at}{host}"
