"""What stands on a deal and follows it into another. Apps above register their own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.apps import apps
from django.db import models

from deals.models import CapacityNeed, Deal, RevenueEntry, Risk

Moved = Mapping[str, Sequence[int]]
"""Table → the numbers of the rows that followed."""
FOLLOWING: list[type[models.Model]] = [Risk]
"""Tables with a column `deal`."""


def register_following(*tables: type[models.Model]) -> None:
    FOLLOWING.extend(tables)


def move_rows(deal: Deal, into: Deal) -> dict[str, list[int]]:
    """All of them, what the deal takes to deliver, and the revenue that people recorded for it. Returns what moved."""
    moved = {
        table._meta.label: list(table._base_manager.filter(deal=deal).values_list("pk", flat=True))  # noqa: SLF001
        for table in FOLLOWING
    }
    moved[RevenueEntry._meta.label] = RevenueEntry.objects.recorded_for(deal)  # noqa: SLF001 - Django's public name
    needs = CapacityNeed.objects.real().filter(deal=deal)
    moved[CapacityNeed._meta.label] = list(needs.values_list("pk", flat=True))  # noqa: SLF001
    _set_deal(moved, of=deal, to=into)
    CapacityNeed.objects.drop_none_needed(into)
    return {label: pks for label, pks in moved.items() if pks}


def move_back(moved: Moved, *, into: Deal, to: Deal) -> None:
    """What followed and is still there."""
    _set_deal(moved, of=into, to=to)


def _set_deal(moved: Moved, *, of: Deal, to: Deal) -> None:
    for label, pks in moved.items():
        table = apps.get_model(label)
        table._base_manager.filter(pk__in=pks, deal=of).update(deal=to)  # noqa: SLF001
