"""SQLite: its online backup API copies one consistent state while others write, and a rename puts it back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from alignment.backups.snapshot import CACHE, MIGRATIONS, RestoreError, Snapshot

FILE = "alignment.sqlite3"


def in_place() -> Path:
    return Path(connection.settings_dict["NAME"])


def reader(path: Path) -> sqlite3.Connection:
    """Open an existing file; never create one."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def dump(folder: Path) -> Snapshot:
    """Copy the database into the folder. Readers and writers go on meanwhile."""
    copy = folder / FILE
    with closing(reader(in_place())) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        migrations = [list(row) for row in target.execute(MIGRATIONS)]
    return Snapshot(rows=rows_of(copy), migrations=migrations)


def load(folder: Path, snapshot: Snapshot) -> None:
    """Put the copy in place of the database with one rename, after it was found whole."""
    copy, there = folder / FILE, in_place()
    try:
        wrong = snapshot.differences(rows_of(copy))
    except sqlite3.DatabaseError as error:
        raise RestoreError(f"The database in the archive is damaged: {error}.") from error
    if wrong:
        raise RestoreError(f"The archive is damaged: {'; '.join(wrong[:5])}.")
    connection.close()
    if there.exists():
        close_journal(there)
    copy.chmod(0o600)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy.replace(there)


def close_journal(path: Path) -> None:
    """Write the journal into the file: left beside it, it would be played into the new one."""
    with closing(sqlite3.connect(path, timeout=5)) as old:
        try:
            (mode,) = old.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise RestoreError("The database is in use. Stop the site first.") from error
        if mode != "delete":
            raise RestoreError("The database is in use. Stop the site first.")


def rows_of(path: Path) -> dict[str, int]:
    """Rows of every table of a whole database file. Raises sqlite3.DatabaseError when it is damaged."""
    with closing(reader(path)) as database:
        (result,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise sqlite3.DatabaseError(result)
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name != ?",
            [CACHE],
        ).fetchall()
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}
