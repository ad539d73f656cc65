"""A company written into one file, of one moment, in memory that does not grow with the company."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from django.db import connection

from alignment import VERSION
from alignment.archives import layout, rows, seal
from alignment.archives.kinds import ROOMS, Kind, kinds
from alignment.archives.layout import FACTS, SEALED, WORDS, Manifest, Member
from alignment.models import Company, User
from alignment.snapshots.moment import one_moment
from alignment.snapshots.shape import MIGRATIONS

PIECE = 1 << 20
HELD = 1 << 20
"""Bytes of one member that are kept in memory before it goes to a temporary file."""
Step = Callable[[int], None]


@dataclass(frozen=True)
class Made:
    size: int
    sha256: str
    rows: int


def write(
    company: Company, file: Path, *, key: UUID, now: datetime, passphrase: str = "", step: Step = lambda per_cent: None
) -> Made:  # fmt: skip
    """Write the company's archive; it appears under its name only when it is complete, readable by its owner alone.

    With a passphrase the words are sealed, without one they are in clear. `step` is told how far it is, in per cent.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".archive-", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as raw, one_moment():
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as opened:
                company.refresh_from_db()
                writing = Writing(
                    company, opened, file.parent, key=key, now=now, passphrase=passphrase, step=step
                )
                writing.all()
            raw.flush()
            os.fsync(raw.fileno())
        made = Made(draft.stat().st_size, digest(draft), sum(writing.manifest.rows.values()))
        draft.replace(file)
        return made
    finally:
        draft.unlink(missing_ok=True)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def applied() -> list[list[str]]:
    """The migrations that made our tables."""
    with connection.cursor() as cursor:
        cursor.execute(MIGRATIONS)
        return [[app, name] for app, name in cursor.fetchall() if app in ROOMS]


@dataclass
class Writing:
    """One archive while it is written."""

    company: Company
    opened: zipfile.ZipFile
    folder: Path
    """Where what does not fit into memory waits: beside the archive, because /tmp may be memory too."""
    key: UUID
    now: datetime
    passphrase: str
    step: Step
    people: set[int] = field(default_factory=set)
    done: int = 0

    def __post_init__(self) -> None:
        salt = seal.new_salt() if self.passphrase else b""
        self.secret = seal.key_of(self.passphrase, salt) if salt else b""
        self.manifest = Manifest(
            key=str(self.key), version=VERSION, made_at=self.now.isoformat(timespec="seconds"),
            company={"name": self.company.name, "slug": self.company.slug}, migrations=applied(), rows={}, salt=salt.hex(),
            fields={
                kind.label: {FACTS: [each.attname for each in kind.facts], WORDS: [each.attname for each in kind.words]}
                for kind in kinds()
            },
        )  # fmt: skip

    def all(self) -> None:
        """Everything, people's accounts last: by then it is known who is named anywhere."""
        self.people.update(rows.belonging(self.company).values_list("pk", flat=True))
        mine = {kind: rows.of_company(kind, self.company) for kind in kinds() if kind.model is not User}
        self.total = max(1, sum(each.count() for each in mine.values()) + len(self.people))
        for kind, found in mine.items():
            self.kind(kind, rows.read(kind, found))
        (accounts,) = (kind for kind in kinds() if kind.model is User)
        self.kind(accounts, rows.read_people(accounts, self.people))
        told = {"company": self.company.name, "made_at": f"{self.now:%Y-%m-%d %H:%M}", "version": VERSION}
        words = layout.UNDER_SEAL if self.secret else layout.IN_CLEAR
        self.text(layout.README, layout.ABOUT.format(**told, words=words))
        self.text(layout.MANIFEST, json.dumps(asdict(self.manifest), indent=1, ensure_ascii=False))

    def kind(self, kind: Kind, found: Iterable[dict[str, Any]]) -> None:
        """The rows of one kind, into each of its files at once."""
        named = rows.refers_to(kind, User)
        with ExitStack() as stack:
            files = [stack.enter_context(each) for each in self.files(kind)]
            number = 0
            for row in found:
                number += 1
                self.people.update(row[name] for name in named if row[name] is not None)
                for each in files:
                    each.put(row)
                self.count()
            self.manifest.rows[kind.label] = number
            for each in files:
                each.end()
                self.add(each)

    def files(self, kind: Kind) -> list[Rows]:
        label, facts, words = kind.label, list(kind.facts), list(kind.words)
        files: list[Rows] = []
        if facts:
            files += [JsonRows(FACTS, label, facts, self.folder), CsvRows(FACTS, label, facts, self.folder)]
        if words and self.secret:
            files.append(JsonRows(SEALED, label, words, self.folder))
        elif words:
            files += [JsonRows(WORDS, label, words, self.folder), CsvRows(WORDS, label, words, self.folder)]
        return files

    def add(self, written: Rows) -> None:
        """Put a file that is written into the archive, sealed where it must be."""
        plain = written.file.tell()
        written.file.seek(0)
        info = zipfile.ZipInfo(written.name, self.now.timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if written.part == SEALED else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.opened.open(info, "w", force_zip64=True) as member:
            counted = Counted(member)
            with ExitStack() as stack:
                into: IO[bytes] = cast("IO[bytes]", counted)
                if written.part == SEALED:
                    sealing = stack.enter_context(seal.Sealing(into, self.secret, written.name))
                    packing = gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=6, mtime=0)
                    stack.callback(packing.close)
                    into = cast("IO[bytes]", packing)
                while piece := written.file.read(PIECE):
                    into.write(piece)
        self.manifest.members[written.name] = Member(counted.hash.hexdigest(), counted.size, plain)

    def text(self, name: str, text: str) -> None:
        said = text.encode()
        self.opened.writestr(zipfile.ZipInfo(name, self.now.timetuple()[:6]), said, zipfile.ZIP_DEFLATED)
        if name != layout.MANIFEST:
            self.manifest.members[name] = Member(hashlib.sha256(said).hexdigest(), len(said), len(said))

    def count(self) -> None:
        self.done += 1
        if self.done % rows.AT_ONCE == 0:
            self.step(min(99, self.done * 100 // self.total))


class Counted:
    """Counts and sums up what is written through it."""

    def __init__(self, into: IO[bytes]) -> None:
        self.into, self.hash, self.size = into, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        self.size += len(data)
        return self.into.write(data)


class Rows:
    """One file of rows while it is written: in memory while it is small."""

    kind = ""

    def __init__(self, part: str, label: str, fields: list[Any], folder: Path) -> None:
        self.part, self.fields = part, fields
        self.name = layout.member_name(part, label, self.kind)
        self.file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=HELD, dir=str(folder)))  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def put(self, row: dict[str, Any]) -> None:
        raise NotImplementedError

    def end(self) -> None:
        """Nothing comes any more."""


class JsonRows(Rows):
    """One list, a row a line."""

    kind = "json"

    def __init__(self, part: str, label: str, fields: list[Any], folder: Path) -> None:
        super().__init__(part, label, fields, folder)
        self.before = b"[\n"

    def put(self, row: dict[str, Any]) -> None:
        told = {"id": row["pk"]} | {field.attname: row[field.attname] for field in self.fields}
        self.file.write(self.before + layout.as_json(told))
        self.before = b",\n"

    def end(self) -> None:
        self.file.write(b"[]\n" if self.before == b"[\n" else b"\n]\n")


class CsvRows(Rows):
    """A heading and a line a row; beside a reference stands the name of what it refers to."""

    kind = "csv"

    def __init__(self, part: str, label: str, fields: list[Any], folder: Path) -> None:
        super().__init__(part, label, fields, folder)
        self.columns = ["pk"]
        for each in fields:
            self.columns += [each.attname, *([f"{each.name}__name"] if rows.has_name(each) else [])]
        self.file.write("\N{BYTE ORDER MARK}".encode())  # spreadsheets then read it as UTF-8
        self.line(["id", *(name.replace("__", " ") for name in self.columns[1:])])

    def put(self, row: dict[str, Any]) -> None:
        self.line([layout.as_cell(row[name]) for name in self.columns])

    def line(self, cells: list[str]) -> None:
        told = io.StringIO(newline="")
        csv.writer(told).writerow(cells)
        self.file.write(told.getvalue().encode())
