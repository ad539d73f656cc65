"""What an import had to make along the way: accounts, reps and pipelines that its rows named."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from deals.import_runs.kinds.references import standing_on
from deals.models import Account, ImportRun, Pipeline, Rep, RepSpelling, RepTerm, Stage

MADE: Mapping[str, tuple[type[models.Model], tuple[type[models.Model], ...]]] = {
    "account": (Account, ()),
    "rep": (Rep, (RepTerm, RepSpelling)),
    "pipeline": (Pipeline, (Stage,)),
}
"""Each table, and those whose rows go with it."""


def remove_made(run: ImportRun) -> None:
    """Delete them where nothing stands on them."""
    for thing, (model, parts) in MADE.items():
        made = run.rows.filter(number=0, thing=thing, is_undone=False).exclude(target=None)
        pks = [pk for pk in made.values_list("target", flat=True) if pk]
        on = standing_on(model, pks, apart_from=parts)
        gone = [pk for pk in pks if pk not in on]
        model._base_manager.filter(pk__in=gone).delete()  # noqa: SLF001
        made.filter(target__in=gone).update(is_undone=True)
