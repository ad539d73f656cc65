"""One archive of everything an installation holds, made while it runs, and put back whole or not at all.

The archive is a .tar.gz of the database at one moment, the mails kept as files, and manifest.json, which says what
was in it: rows of every table, migrations, and the sha256 of every member. Not in it: the secret key and the
environment, so that a stolen archive signs nobody in.
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
from django.db.migrations.loader import MigrationLoader

from alignment import VERSION
from alignment.models import User
from alignment.snapshots import postgres, sqlite
from alignment.snapshots.shape import CannotRestore, Snapshot

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
            told = json.loads(path.read_text())
            if told["format"] == FORMAT:
                return cls(**told | {"snapshot": Snapshot(**told["snapshot"])})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CannotRestore("This was not made by manage.py backup: it has no manifest.") from error
        raise CannotRestore(f"The archive has format {told['format']}, and this version reads {FORMAT}.")


def database() -> ModuleType:
    """Where the snapshots of this installation's kind of database are made and put back."""
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
                for member, path in members(folder, draft):
                    manifest.files[member] = sha256(path)
                    archive.add(path, member, filter=nameless)
                (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
                archive.add(folder / MANIFEST, MANIFEST, filter=nameless)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(file)
    return manifest


def members(folder: Path, draft: Path) -> Iterator[tuple[str, Path]]:
    """The snapshot's files, then the mails; a mail half written has a name that begins with a dot."""
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
def opened(file: Path) -> Iterator[tuple[Path, Manifest]]:
    """The archive's members in a folder for the while, every one compared with its checksum. Raises CannotRestore."""
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
            raise CannotRestore(f"{file} cannot be read as an archive: {error}.") from error
        manifest = Manifest.read(folder / MANIFEST)
        found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        del found[MANIFEST]
        wrong = sorted(set(found) ^ set(manifest.files)) + sorted(
            member for member in set(found) & set(manifest.files) if sha256(found[member]) != manifest.files[member]
        )  # fmt: skip
        if wrong:
            raise CannotRestore(f"The archive is damaged: {', '.join(wrong[:5])} is not what was backed up.")
        yield folder, manifest


def refuse_unfit(manifest: Manifest) -> None:
    """Raises CannotRestore when this installation could not hold what the archive says."""
    if manifest.database != connection.vendor:
        raise CannotRestore(
            f"The archive is of a {manifest.database} database, and this installation runs on {connection.vendor}."
        )
    known = MigrationLoader(None).disk_migrations
    unknown = [(app, name) for app, name in manifest.snapshot.migrations if (app, name) not in known]
    if unknown:
        newest = ".".join(unknown[-1])
        raise CannotRestore(
            f"The archive was made by version {manifest.version}, which is newer than this one ({VERSION}): "
            f"{newest} is not known here. Restore it with that version."
        )


def people() -> int:
    """How many people the database in place holds; none where there is no database yet."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return 0
    there = User._meta.db_table in connection.introspection.table_names()  # noqa: SLF001
    return User.objects.count() if there else 0


def put_back(folder: Path, manifest: Manifest) -> None:
    """Replace the database in place, and add the mails. Raises CannotRestore; nothing is changed then."""
    database().load(folder, manifest.snapshot)
    settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
    for path in sorted((folder / "mail").glob("*.eml")):
        path.replace(settings.MAIL_DIR / path.name)
