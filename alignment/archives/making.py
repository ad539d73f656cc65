"""Archives that admins ask for on the page: asked, made in the background, downloaded for a week, gone.

The work lies in the Archive rows (alignment.models.archives). Any worker takes what is free; one that dies is followed
by another. What becomes of each is in the audit.
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

from alignment.archives import seal
from alignment.archives.write import Step, write
from alignment.audit import note
from alignment.celery import nudge
from alignment.models import Archive, Company, User
from alignment.models.archives import CLAIM_LASTS, KEPT_AT_ONCE, LAST_ATTEMPT

TASK = "alignment.tasks.keep_archives"
LEFTOVER = timedelta(days=1)
NO_ROOM = "There was no room for the file on the server."
NO_FILE = "The file could not be written on the server. Whoever runs it finds why in the log."
BROKE_OFF = "It broke off three times. Whoever runs the server finds why in the log."
EVERY = 1.0
"""Seconds between two words on how far it is."""
log = logging.getLogger(__name__)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "archives"


def file_of(archive: Archive) -> Path:
    return folder() / f"{archive.key}.zip"


def is_here(archive: Archive) -> bool:
    """Whether this machine has the file; not after a backup was restored, which holds no archives."""
    return archive.is_there and file_of(archive).exists()


@transaction.atomic
def ask(company: Company, *, by: User, now: datetime) -> Archive:
    """Have the company's archive made; while one is being made, that one."""
    archive, is_new = Archive.objects.ask(company, by=by, now=now)
    if is_new:
        note("archive.asked", by=by, now=now, company=company, about=company.name)
    nudge(TASK)
    return archive


def keep(now: datetime) -> None:
    """Make what was asked for, delete what has lapsed. Run twice or on two machines, each is done once."""
    for lapsed in Archive.objects.lapsed(now).select_related("company"):
        remove(lapsed, now=now)
    clear(now)
    while archive := Archive.objects.claim(now):
        make(archive)


def make(archive: Archive) -> None:
    """Write the file of an archive this process has claimed."""
    if archive.attempts > LAST_ATTEMPT:
        give_up(archive, BROKE_OFF)
        return
    file = file_of(archive)
    try:
        with telling(archive) as step:
            made = write(
                archive.company, file, key=archive.key, now=timezone.now(), passphrase=seal.own_passphrase(archive.key),
                step=step,
            )  # fmt: skip
    except OSError as error:
        log.exception("archive %s could not be written", archive.pk)
        give_up(archive, NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else NO_FILE)
        return
    except Exception:
        log.exception("archive %s broke off, attempt %s", archive.pk, archive.attempts)
        if archive.attempts >= LAST_ATTEMPT:
            give_up(archive, BROKE_OFF)
        else:
            archive.let_go()
        return
    finish(archive, size=made.size, sha256=made.sha256, rows=made.rows)


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
    for older in Archive.objects.there().filter(company=company)[KEPT_AT_ONCE:]:
        remove(older, now=now)


@transaction.atomic
def give_up(archive: Archive, why: str) -> None:
    now = timezone.now()
    if archive.give_up(why, now=now):
        note("archive.failed", by=None, now=now, company=archive.company, about=archive.company.name, why=why)


@contextmanager
def telling(archive: Archive) -> Iterator[Step]:
    """Write how far it is, and renew the claim, beside the transaction in which the company is read."""
    inside = connection.in_atomic_block
    aside = connection if inside else connection.copy()
    sql = f"UPDATE {Archive._meta.db_table} SET progress = %s, claimed_until = %s WHERE id = %s AND done_at IS NULL"  # noqa: SLF001
    said = time.monotonic()

    def step(per_cent: int) -> None:
        nonlocal said
        if time.monotonic() - said < EVERY:
            return
        said = time.monotonic()
        until = connection.ops.adapt_datetimefield_value(timezone.now() + CLAIM_LASTS)
        with aside.cursor() as cursor:
            cursor.execute(sql, [per_cent, until, archive.pk])

    try:
        yield step
    finally:
        if not inside:
            aside.close()


@transaction.atomic
def remove(archive: Archive, *, now: datetime, by: User | None = None) -> None:
    """Delete the file; the row stays. `by` nobody: its week is over, or a newer one takes its place."""
    if archive.lose(now=now):
        what = "archive.removed" if by else "archive.expired"
        note(what, by=by, now=now, company=archive.company, about=archive.file_name)
    transaction.on_commit(lambda: file_of(archive).unlink(missing_ok=True))


def clear(now: datetime) -> None:
    """Delete files that no row leads to: left by a worker that died, or by a company that is gone."""
    if not folder().is_dir():
        return
    wanted = {file_of(each) for each in Archive.objects.filter(gone_at=None)}
    for file in folder().iterdir():
        age = now.timestamp() - file.stat().st_mtime
        if file not in wanted and age > LEFTOVER.total_seconds():
            file.unlink(missing_ok=True)
