"""Which needs of deals somebody must be told of now. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

SOON = timedelta(days=14)
"""Whoever delivers an open deal must know so long before it is needed, be it won or not."""


class Need(NamedTuple):
    """What a deal takes that nobody was told of yet. `promised_by` is the day of the open commitment to tell it."""

    pk: int
    is_won: bool
    needed_by: date | None
    promised_by: date | None = None

    def is_late(self, today: date) -> bool:
        """Needed by a day that is over."""
        return self.needed_by is not None and self.needed_by < today

    def must_be_told(self, today: date) -> bool:
        """Late; or of a won deal, or needed within two weeks, and nobody has promised to tell it in time."""
        if self.is_late(today):
            return True
        is_due = self.is_won or (self.needed_by is not None and self.needed_by <= today + SOON)
        return is_due and (self.promised_by is None or self.promised_by < today)


def needs_to_tell(needs: Iterable[Need], *, today: date) -> list[Need]:
    """The first by its day first; those without a day last."""
    urgent = [need for need in needs if need.must_be_told(today)]
    return sorted(urgent, key=lambda need: (need.needed_by or date.max, need.pk))
