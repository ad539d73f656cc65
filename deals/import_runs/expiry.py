"""What a file said is deleted after its days, or at once when somebody discards it or a person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from alignment.models import Company
from deals.import_runs import files
from deals.models import ImportRun

State = ImportRun.State


def delete_data(run: ImportRun, *, now: datetime) -> bool:
    """Delete the file and the rows of a run; that it took place, and its counts, stay. It can no longer be undone.

    False when somebody did so before, or while it is being written.
    """
    rows = ImportRun.objects.filter(pk=run.pk, deleted_at=None).exclude(state__in=ImportRun.CHANGING)
    emptied: dict[str, dict[str, Any]] = {"answers": {}, "choices": {}, "understanding": {}}
    if not rows.update(deleted_at=now, **emptied):
        return False
    unapplied = (State.UPLOADED, State.FAILED, *ImportRun.OPEN)
    ImportRun.objects.filter(pk=run.pk, state__in=unapplied).update(state=State.EXPIRED, claimed_until=None)
    run.rows.all().delete()
    transaction.on_commit(lambda: files.delete([run]))
    return True


def delete_files_of(company: Company) -> None:
    """The uploaded files of a company, when somebody is erased: nobody can take a name out of a file.

    Their rows stay, with the name replaced. A file that was not compared yet has to be uploaded again.
    """
    runs = list(ImportRun.objects.filter(company=company, deleted_at=None).only("key"))
    transaction.on_commit(lambda: files.delete(runs))
