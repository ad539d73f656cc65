"""The uploaded files, beside the database: readable by this program's user alone, deleted with their run."""

from __future__ import annotations

import filecmp
import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from alignment.models import Company
from deals.models import ImportRun
from deals.tables.csv_reader import TableError

LARGEST = 50_000_000
"""Bytes of an upload."""
SMALL = 1_000_000
"""Bytes up to which a file is read while its page waits; a larger one never is."""
TOO_LARGE = "This file is larger than 50 MB. Nothing was changed. Split it, or export fewer columns."
GONE = "The file of this import was deleted meanwhile. Nothing was changed. Upload it again."
EMPTY = "This file is empty. Nothing was changed."
LEFTOVER = timedelta(days=1)


class FileTooLargeError(Exception):
    """More bytes came than a file may have. Nothing is stored."""


class EmptyFileError(Exception):
    """No byte came. Nothing is stored."""


def folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def file_of(run: ImportRun) -> Path:
    return folder() / str(run.key)


def store(run: ImportRun, chunks: Iterable[bytes]) -> str:
    """Write the file of a new run, note its size, and answer its SHA-256.

    Raises FileTooLargeError or EmptyFileError, with nothing left behind.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path, digest = file_of(run), hashlib.sha256()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                run.size += len(chunk)
                if run.size > LARGEST:
                    raise FileTooLargeError
                digest.update(chunk)
                file.write(chunk)
        if not run.size:
            raise EmptyFileError
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def load(run: ImportRun) -> bytes:
    """Raises TableError when the file is gone."""
    try:
        return file_of(run).read_bytes()
    except OSError as error:
        raise TableError(GONE) from error


def are_same(one: ImportRun, other: ImportRun) -> bool:
    """Whether both files are stored, and equal."""
    paths = file_of(one), file_of(other)
    return all(path.exists() for path in paths) and filecmp.cmp(*paths, shallow=False)


def delete(runs: Iterable[ImportRun]) -> None:
    for run in runs:
        file_of(run).unlink(missing_ok=True)


def of_company(company: Company) -> Iterator[Path]:
    """The files that hold what was uploaded for a company: they can name anybody."""
    runs = ImportRun.objects.filter(company=company, deleted_at=None).only("key")
    return (file_of(run) for run in runs)


def delete_leftovers(now: datetime) -> None:
    """Delete files that no run leads to: of a company that is gone, or of an upload that broke off."""
    if not folder().is_dir():
        return
    known = {str(key) for key in ImportRun.objects.filter(deleted_at=None).values_list("key", flat=True)}
    for file in folder().iterdir():
        age = now.timestamp() - file.stat().st_mtime
        if file.name not in known and age > LEFTOVER.total_seconds():
            file.unlink(missing_ok=True)
