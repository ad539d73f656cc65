"""One archive of everything an installation holds, made while it runs, and restored whole or not at all.

The archive is a .tar.gz of the database at one moment, the mails saved as files, and manifest.json, which
says what is in it: rows of every table, migrations, and the sha256 of every member. Not in it: the secret key
and the environment, so that a stolen archive signs nobody in.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection

from alignment import VERSION
from alignment.backups import postgres, sqlite
from alignment.backups.migration_history import known_migrations
from alignment.backups.snapshot import RestoreError, Snapshot
from alignment.models import User

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """`files` is the sha256 of every other member by its name; `made_at` an ISO time in UTC."""

    version: str
    database: str
    made_at: str
    snapshot: Snapshot
    files: dict[str, str]
    format: int = FORMAT

    @classmethod
    def read(cls, path: Path) -> Manifest:
        try:
            values = json.loads(path.read_text())
            if values["format"] == FORMAT:
                return cls(**values | {"snapshot": Snapshot(**values["snapshot"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RestoreError("This was not made by manage.py backup: it has no manifest.") from error
        raise RestoreError(f"The archive has format {values['format']}, and this version reads {FORMAT}.")


def database() -> ModuleType:
    """The module that makes and restores snapshots of this kind of database."""
    return postgres if connection.vendor == "postgresql" else sqlite


def make(file: Path, *, now: datetime) -> Manifest:
    """Write the archive; it appears under its name only when it is complete, readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as name:
        folder = Path(name)
        snapshot = database().dump(folder)
        manifest = Manifest(VERSION, connection.vendor, now.isoformat(), snapshot, files={})
        draft = folder / "archive.tar.gz"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                for member, path in list_members(folder, draft):
                    manifest.files[member] = sha256(path)
                    archive.add(path, member, filter=nameless)
                (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
                archive.add(folder / MANIFEST, MANIFEST, filter=nameless)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(file)
    return manifest


def list_members(folder: Path, draft: Path) -> Iterator[tuple[str, Path]]:
    """The snapshot's files, then the mails; the name of a half-written mail begins with a dot."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != draft:
            yield str(path.relative_to(folder)), path
    for path in sorted(settings.MAIL_DIR.glob("[!.]*.eml")):
        yield f"mail/{path.name}", path


def nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the accounts of the machine it was made on."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def extracted(file: Path) -> Iterator[tuple[Path, Manifest]]:
    """The archive's members in a temporary folder, each checked against its checksum. Raises RestoreError."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as name:
        folder = Path(name)
        try:
            with gzip.open(file) as whole:  # to its end, where gzip keeps its own checksum
                while whole.read(PIECE):
                    pass
            with tarfile.open(file, "r:gz") as archive:
                archive.extractall(folder, filter="data")
        except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise RestoreError(f"{file} cannot be read as an archive: {error}.") from error
        manifest = Manifest.read(folder / MANIFEST)
        paths = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        del paths[MANIFEST]
        wrong = sorted(set(paths) ^ set(manifest.files)) + sorted(
            member
            for member in set(paths) & set(manifest.files)
            if sha256(paths[member]) != manifest.files[member]
        )
        if wrong:
            raise RestoreError(f"The archive is damaged: {', '.join(wrong[:5])} is not what was backed up.")
        yield folder, manifest


def refuse_unfit(manifest: Manifest) -> None:
    """Raises RestoreError when this installation cannot take the archive."""
    if manifest.database != connection.vendor:
        raise RestoreError(
            f"The archive is of a {manifest.database} database, and this "
            f"installation runs on {connection.vendor}."
        )
    known = known_migrations()
    unknown = [(app, name) for app, name in manifest.snapshot.migrations if (app, name) not in known]
    if unknown:
        newest = ".".join(unknown[-1])
        raise RestoreError(
            f"The archive was made by version {manifest.version}, which is newer than this one ({VERSION}): "
            f"{newest} is not known here. Restore it with that version."
        )


def count_people() -> int:
    """How many people the current database has; 0 where there is no database yet."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return 0
    there = User._meta.db_table in connection.introspection.table_names()  # noqa: SLF001
    return User.objects.count() if there else 0


def restore(folder: Path, manifest: Manifest) -> None:
    """Replace the database in place, and add the mails. Raises RestoreError; nothing is changed then."""
    database().load(folder, manifest.snapshot)
    settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
    for path in sorted((folder / "mail").glob("*.eml")):
        path.replace(settings.MAIL_DIR / path.name)
