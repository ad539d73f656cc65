"""Exports that admins request on the page: made in the background, downloaded for a week, then deleted.

The work lies in the Archive rows (alignment.models.exports). Any worker takes what is free; one that dies is followed
by another. What becomes of each is in the audit. They hold the facts that an admin may read, and nothing else.
"""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from alignment.audit import note
from alignment.celery import nudge
from alignment.exports.manifest import FACTS
from alignment.exports.writer import Step, write_export
from alignment.models import Archive, Company, User
from alignment.models.exports import CLAIM_LASTS, KEPT_AT_ONCE, LAST_ATTEMPT

TASK = "alignment.tasks.keep_archives"
LEFTOVER = timedelta(days=1)
NO_ROOM = "The server ran out of disk space."
NO_FILE = "The file could not be written. The server log has the details."
FAILED = "It failed three times. The server log has the details."
EVERY = 1.0
"""Seconds between two reports of how far it is."""
log = logging.getLogger(__name__)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "archives"


def file_of(archive: Archive) -> Path:
    return folder() / f"{archive.key}.zip"


def has_file(archive: Archive) -> bool:
    """Whether this machine has the file; not after a backup was restored, which holds no exports."""
    return archive.is_available and file_of(archive).exists()


@transaction.atomic
def request_export(company: Company, *, by: User, now: datetime) -> Archive:
    """Have an export of the company made; while one is being made, that one."""
    archive, is_new = Archive.objects.request(company, by=by, now=now)
    if is_new:
        note("archive.asked", by=by, now=now, company=company, about=company.name)
    nudge(TASK)
    return archive


def run_jobs(now: datetime) -> None:
    """Make what was requested, delete what has expired. Run twice or on two machines, each is done once."""
    for expired in Archive.objects.expired(now).select_related("company"):
        remove_export(expired, now=now)
    delete_leftovers(now)
    while archive := Archive.objects.claim(now):
        make_export(archive)


def make_export(archive: Archive) -> None:
    """Write the file of an export this process has claimed."""
    if archive.attempts > LAST_ATTEMPT:
        give_up(archive, FAILED)
        return
    file = file_of(archive)
    try:
        with reported_progress(archive) as step:
            written = write_export(archive.company, file, contents=FACTS, now=timezone.now(), step=step)
    except OSError as error:
        log.exception("export %s could not be written", archive.pk)
        give_up(archive, NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else NO_FILE)
        return
    except Exception:
        log.exception("export %s failed, attempt %s", archive.pk, archive.attempts)
        if archive.attempts >= LAST_ATTEMPT:
            give_up(archive, FAILED)
        else:
            archive.release()
        return
    finish(archive, size=written.size, sha256=written.sha256, rows=written.rows)


@transaction.atomic
def finish(archive: Archive, *, size: int, sha256: str, rows: int) -> None:
    now = timezone.now()
    if not archive.finish(size=size, sha256=sha256, now=now):
        return
    company = archive.company
    note(
        "archive.made",
        by=None,
        now=now,
        company=company,
        about=company.name,
        new=f"{rows} rows, {size} bytes",
    )
    for older in Archive.objects.available().filter(company=company)[KEPT_AT_ONCE:]:
        remove_export(older, now=now)


@transaction.atomic
def give_up(archive: Archive, why: str) -> None:
    now = timezone.now()
    if archive.give_up(why, now=now):
        note("archive.failed", by=None, now=now, company=archive.company, about=archive.company.name, why=why)


@contextmanager
def reported_progress(archive: Archive) -> Iterator[Step]:
    """Write how far it is, and renew the claim, beside the transaction in which the company is read."""
    inside = connection.in_atomic_block
    aside = connection if inside else connection.copy()
    table = Archive._meta.db_table  # noqa: SLF001
    sql = f"UPDATE {table} SET progress = %s, claimed_until = %s WHERE id = %s AND done_at IS NULL"
    reported_at = time.monotonic()

    def step(per_cent: int) -> None:
        nonlocal reported_at
        if time.monotonic() - reported_at < EVERY:
            return
        reported_at = time.monotonic()
        until = connection.ops.adapt_datetimefield_value(timezone.now() + CLAIM_LASTS)
        with aside.cursor() as cursor:
            cursor.execute(sql, [per_cent, until, archive.pk])

    try:
        yield step
    finally:
        if not inside:
            aside.close()


@transaction.atomic
def remove_export(archive: Archive, *, now: datetime, by: User | None = None) -> None:
    """Delete the file; the row stays. `by` nobody: its week is over, or a newer one takes its place."""
    if archive.mark_deleted(now=now):
        what = "archive.removed" if by else "archive.expired"
        note(what, by=by, now=now, company=archive.company, about=archive.file_name)
    transaction.on_commit(lambda: file_of(archive).unlink(missing_ok=True))


def delete_leftovers(now: datetime) -> None:
    """Delete files that no row leads to: left by a worker that died, or by a company that is gone."""
    if not folder().is_dir():
        return
    known = {file_of(archive) for archive in Archive.objects.filter(gone_at=None)}
    for file in folder().iterdir():
        age = now.timestamp() - file.stat().st_mtime
        if file not in known and age > LEFTOVER.total_seconds():
            file.unlink(missing_ok=True)
