"""Rows that several people edit: each change names the version it was made from."""

from __future__ import annotations

from copy import copy
from typing import Any, Self

from django.db import models
from django.db.models import F


class Stale(Exception):  # noqa: N818 - a state, not an error
    """Somebody else saved first; `current` is the row as it is now. Nothing was changed."""

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody saved this before you.")
        self.current = current


class Versioned(models.Model):
    """A row edited by several people: each change names the version it was made from."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def edit(self, *, version: int, **fields: Any) -> Self:
        """Write `fields` if the row is still at `version` and return it as saved.

        The same values sent twice (a reply that was lost) count as saved once.
        Raises Stale with the current row, unchanged, when somebody else saved in between.
        """
        rows = type(self)._default_manager.filter(pk=self.pk)  # noqa: SLF001 - Django's public name for it
        changed = rows.filter(version=version).update(version=F("version") + 1, **fields)
        if changed and version == self.version:
            return self._with(version=version + 1, **fields)
        current = rows.get()
        if not changed and any(getattr(current, name) != value for name, value in self._told(fields).items()):
            raise Stale(current)
        return current

    def _with(self, **fields: Any) -> Self:
        """The row as it was just written, without reading it again."""
        saved = copy(self)
        for name, value in fields.items():
            setattr(saved, name, value)
        return saved

    @staticmethod
    def _told(fields: dict[str, Any]) -> dict[str, Any]:
        """The fields a person typed, without the stamps the code adds."""
        return {name: value for name, value in fields.items() if not name.endswith("_at")}
