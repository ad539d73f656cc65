"""The rows of one company, kind by kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from alignment.archives.kinds import Kind, columns, every
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


def of_company(kind: Kind, company: Company) -> models.QuerySet[Any]:
    """All rows of a kind but people's own accounts."""
    rows = every(kind.model).all()
    if kind.personal:
        return rows.filter(**{f"{kind.path}__in": belonging(company).values("pk")})
    return rows.filter(**{kind.path: company.pk})


def read(kind: Kind, rows: models.QuerySet[Any]) -> Iterator[dict[str, Any]]:
    """Each row by its own number and its fields, in the order of the numbers; with names beside what is referred to."""
    names = ["pk", *(field.attname for field in kind.fields)]
    told = names + [f"{field.name}__name" for field in kind.fields if has_name(field)]
    for values in rows.order_by("pk").values_list(*told).iterator(chunk_size=AT_ONCE):
        yield dict(zip(told, values, strict=True))


def read_people(kind: Kind, people: Collection[int]) -> Iterator[dict[str, Any]]:
    """The accounts with these numbers."""
    numbers = sorted(people)
    for at in range(0, len(numbers), AT_ONCE):
        yield from read(kind, every(kind.model).filter(pk__in=numbers[at : at + AT_ONCE]))


def has_name(field: models.Field[Any, Any]) -> bool:
    """Whether a reference is better read with the name of what it refers to."""
    towards = field.related_model
    return isinstance(towards, type) and any(each.name == "name" for each in columns(towards))


def refers_to(kind: Kind, target: type[models.Model]) -> list[str]:
    """The columns of a kind that refer to the target."""
    return [field.attname for field in kind.fields if field.related_model is target]
