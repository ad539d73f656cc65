"""Rows that several people edit: each change names the version it is based on."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F

from alignment.db.search_keys import with_keys

if TYPE_CHECKING:
    from alignment.models.people import User


class VersionConflict(Exception):
    """Somebody else saved first. Nothing was changed; `current` is the stored row."""

    def __init__(self, current: Any) -> None:
        super().__init__("Someone else saved this before you.")
        self.current = current


class Versioned(models.Model):
    """A row that several people edit: each change names the version it is based on."""

    #: Fields that record who changed the row and when. Changes that differ only in these count as the same.
    STAMPS: ClassVar[frozenset[str]] = frozenset({"changed_at"})

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def last_editor(self) -> User | None:
        """Who saved the row last; None if the row does not record it."""
        return None

    def edit(self, *, version: int, **fields: Any) -> Self:
        """Write `fields` if the row is still at `version`, and return the saved row.

        The same values sent twice (after a lost response) count as saved once. Raises VersionConflict with
        the stored row, unchanged, when somebody else saved in between.
        """
        rows = type(self)._default_manager.filter(pk=self.pk)  # noqa: SLF001 - Django's public name for it
        written = with_keys(self, **fields)
        row_count = rows.filter(version=version).update(version=F("version") + 1, **written)
        if row_count and version == self.version:
            return self._with(version=version + 1, **written)
        current = rows.get()
        if not row_count and current.differs_from(fields):
            raise VersionConflict(current)
        return current

    def differs_from(self, fields: dict[str, Any]) -> bool:
        """Whether the row differs from `fields`, ignoring stamps."""
        return any(getattr(self, name) != value for name, value in fields.items() if name not in self.STAMPS)

    def _with(self, **fields: Any) -> Self:
        """The row as just written, without reading it again."""
        saved = copy(self)
        for name, value in fields.items():
            setattr(saved, name, value)
        return saved
