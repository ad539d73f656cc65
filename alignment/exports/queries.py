"""The rows of one company, model by model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from alignment.exports import manifest, schema
from alignment.exports.manifest import Contents
from alignment.exports.schema import ExportedModel, Field, columns, every, label_of
from alignment.models import Company, User

AT_ONCE = 100


def belonging(company: Company) -> models.QuerySet[User]:
    """Everyone who is or was in the company: a member, invited, or with a seat, also one that is to come."""
    return User.objects.filter(
        Q(pk__in=company.memberships.values("user"))
        | Q(pk__in=company.invites.values("user"))
        | Q(seats__team__company=company)
        | Q(pk__in=company.teams.values("planned_seats__user"))
    ).distinct()


def of_company(exported: ExportedModel, company: Company) -> models.QuerySet[Any]:
    """All rows of a model but people's own accounts."""
    rows = every(exported.model).all()
    if exported.personal:
        return rows.filter(**{f"{exported.path}__in": belonging(company).values("pk")})
    return rows.filter(**{exported.path: company.pk})


def read(rows: models.QuerySet[Any], fields: Sequence[Field], contents: Contents) -> Iterator[dict[str, Any]]:
    """Each row by its own number and these fields, in the order of the numbers,
    with names beside what is referred to."""
    names = ["pk", *(field.attname for field in fields)]
    names += [f"{field.name}__name" for field in fields if has_name(field, contents)]
    for values in rows.order_by("pk").values_list(*names).iterator(chunk_size=AT_ONCE):
        yield dict(zip(names, values, strict=True))


def read_people(
    people: Collection[int], fields: Sequence[Field], contents: Contents
) -> Iterator[dict[str, Any]]:
    """The accounts with these numbers."""
    numbers = sorted(people)
    for at in range(0, len(numbers), AT_ONCE):
        yield from read(every(User).filter(pk__in=numbers[at : at + AT_ONCE]), fields, contents)


def has_name(field: Field, contents: Contents) -> bool:
    """Whether a reference is shown with the name of what it refers to; among
    facts only a name that is a fact itself."""
    target = field.related_model
    if not isinstance(target, type):
        return False
    if contents == manifest.FACTS:
        return "name" in schema.FACTS.get(label_of(target), ())
    return any(column.name == "name" for column in columns(target))


def references_to(target: type[models.Model], fields: Sequence[Field]) -> list[str]:
    """The columns among these fields that refer to the target."""
    return [field.attname for field in fields if field.related_model is target]
