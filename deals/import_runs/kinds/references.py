"""What stands on rows that an import made: such rows stay when it is undone."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models


def standing_on(
    model: type[models.Model], pks: Collection[int], *, apart_from: Collection[type[models.Model]] = ()
) -> dict[int, str]:
    """Which of these rows others refer to, each with what the first of those is called."""
    on: dict[int, str] = {}
    for relation in model._meta.related_objects:  # noqa: SLF001 - Django's public name for it
        others = relation.related_model
        if isinstance(others, str) or others in apart_from:
            continue
        name = relation.field.name
        rows = others._base_manager.filter(**{f"{name}__in": pks}).order_by()  # noqa: SLF001
        for pk in rows.values_list(name, flat=True).distinct():
            on.setdefault(pk, str(others._meta.verbose_name))  # noqa: SLF001
    return on
