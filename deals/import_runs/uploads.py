"""A file that arrives, from a person or at a team's upload address, becomes a run."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from alignment.models import Company, User
from deals.import_runs import files
from deals.import_runs.scopes import ImportScope
from deals.models import ImportRun
from deals.models.imports import STORED_FOR

SENT = uuid.UUID("0d6b6f0e-53a5-4f3a-9a53-6f9c1de1a1c4")
"""The namespace of the tokens of what programs send."""
MOST_STORED = 60
"""Files of one company, so that nobody fills the disk: with one more, that of the oldest finished import goes."""
NEARLY_FULL = 50
"""From so many on the page says what happens next."""
FINISHED = (ImportRun.State.APPLIED, ImportRun.State.UNDONE, ImportRun.State.FAILED, ImportRun.State.EXPIRED)
"""A file of another state waits for somebody, or is being worked on: it is never deleted to make room."""
FULL = (
    f"{MOST_STORED} uploads of this company wait to be applied or deleted. Nothing was stored. "
    "Finish some of them on the page Imports, then upload this file again."
)


class NoRoomError(Exception):
    """So many uploads wait that nothing can make room. Nothing is stored."""


def start_run(
    scope: ImportScope,
    *,
    kind: str,
    file_name: str,
    chunks: Iterable[bytes],
    by: User | None,
    now: datetime,
    token: uuid.UUID | None = None,
) -> ImportRun:
    """Store the file and its run; the same form sent twice with the same file (`token`) is one run. `by` nobody: it
    came to the team's address. Raises FileTooLargeError, EmptyFileError or NoRoomError.
    """
    if len([run for run in stored_runs(scope.company) if run.state not in FINISHED]) >= MOST_STORED:
        raise NoRoomError
    run = ImportRun(
        company=scope.company,
        team=scope.team,
        kind=kind,
        token=token or uuid.uuid4(),
        file_name=file_name[:200],
        is_sent=by is None,
        started_by=by,
        started_at=now,
        expires_at=now + STORED_FOR,
    )
    digest = files.store(run, chunks)
    if by is None:  # a report that is sent again the same day, because the first answer was lost, is one run
        run.token = uuid.uuid5(SENT, f"{scope.key} {kind} {digest} {now:%Y-%m-%d}")
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        earlier = _sent_before(run)
        if earlier is not None:
            files.delete([run])
            return earlier
        run.token = (
            uuid.uuid4()
        )  # a browser's way back leads to a form that was sent; it has another file now
        run.save(force_insert=True)
    _make_room(scope.company)
    return run


def stored_runs(company: Company) -> list[ImportRun]:
    """Those whose file is stored, the newest first."""
    runs = ImportRun.objects.filter(company=company, deleted_at=None).only("key", "state", "company")
    return [run for run in runs.order_by("-started_at", "-pk") if files.file_of(run).exists()]


def _sent_before(run: ImportRun) -> ImportRun | None:
    """The run that the same form with the same file and answers has become."""
    same = {"started_by": run.started_by, "company": run.company, "team": run.team, "kind": run.kind}
    earlier = ImportRun.objects.filter(token=run.token, size=run.size, **same).first()
    return earlier if earlier is not None and (run.is_sent or files.are_same(earlier, run)) else None


def _make_room(company: Company) -> None:
    stored = stored_runs(company)
    finished = [run for run in stored if run.state in FINISHED]
    surplus = min(len(stored) - MOST_STORED, len(finished))
    files.delete(finished[len(finished) - surplus :] if surplus > 0 else ())
