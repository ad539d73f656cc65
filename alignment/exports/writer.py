"""A company written into one file, of one moment, in memory that does not grow with the company."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.db import connection

from alignment import VERSION
from alignment.backups.consistent_read import one_moment
from alignment.backups.snapshot import MIGRATIONS
from alignment.exports import manifest, queries
from alignment.exports.manifest import Contents, Manifest, Member
from alignment.exports.schema import ROOMS, ExportedModel, Field, exported_models
from alignment.models import Company, User
from alignment.rules.spreadsheet import as_cell, rows_writer

PIECE = 1 << 20
HELD = 1 << 20
"""Bytes of one member that are kept in memory before it goes to a temporary file."""
Step = Callable[[int], None]


@dataclass(frozen=True)
class WrittenExport:
    size: int
    sha256: str
    rows: int


def write_export(
    company: Company,
    file: Path,
    *,
    contents: Contents,
    now: datetime,
    step: Step = lambda per_cent: None,
) -> WrittenExport:
    """Write an export of the company; it appears under its name only when it is
    complete, readable by its owner alone.

    `step` is called with the progress in per cent.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".archive-", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as raw, one_moment():
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                company.refresh_from_db()
                writer = ExportWriter(company, archive, file.parent, contents=contents, now=now, step=step)
                writer.write_all()
            raw.flush()
            os.fsync(raw.fileno())
        written = WrittenExport(draft.stat().st_size, digest(draft), sum(writer.manifest.rows.values()))
        draft.replace(file)
        return written
    finally:
        draft.unlink(missing_ok=True)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def applied_migrations() -> list[list[str]]:
    """The migrations that made our tables."""
    with connection.cursor() as cursor:
        cursor.execute(MIGRATIONS)
        return [[app, name] for app, name in cursor.fetchall() if app in ROOMS]


@dataclass
class ExportWriter:
    """One export while it is written."""

    company: Company
    archive: zipfile.ZipFile
    folder: Path
    """Where what does not fit into memory waits: beside the export, because /tmp may be memory too."""
    contents: Contents
    now: datetime
    step: Step
    people: set[int] = field(default_factory=set)
    done: int = 0

    def __post_init__(self) -> None:
        self.fields = {exported: self.fields_of(exported) for exported in exported_models()}
        self.manifest = Manifest(
            contents=self.contents,
            version=VERSION,
            made_at=self.now.isoformat(timespec="seconds"),
            company={"name": self.company.name, "slug": self.company.slug},
            migrations=applied_migrations(),
            rows={},
            fields={
                exported.label: [field.attname for field in fields]
                for exported, fields in self.fields.items()
                if fields
            },
        )

    def fields_of(self, exported: ExportedModel) -> Sequence[Field]:
        return exported.facts if self.contents == manifest.FACTS else exported.fields

    def write_all(self) -> None:
        """Every model, people's accounts last: by then it is known who is named anywhere."""
        self.people.update(queries.belonging(self.company).values_list("pk", flat=True))
        rows = {
            exported: queries.of_company(exported, self.company)
            for exported, fields in self.fields.items()
            if fields and exported.model is not User
        }
        self.total = max(1, sum(queryset.count() for queryset in rows.values()) + len(self.people))
        for exported, queryset in rows.items():
            self.write_model(exported, queries.read(queryset, self.fields[exported], self.contents))
        (accounts,) = (exported for exported in exported_models() if exported.model is User)
        people = queries.read_people(self.people, self.fields[accounts], self.contents)
        self.write_model(accounts, people)
        about = manifest.ABOUT.format(
            company=self.company.name,
            made_at=f"{self.now:%Y-%m-%d %H:%M}",
            version=VERSION,
            contents=manifest.CONTENTS[self.contents],
        )
        self.add_text(manifest.README, about)
        self.add_text(manifest.MANIFEST, json.dumps(asdict(self.manifest), indent=1, ensure_ascii=False))

    def write_model(self, exported: ExportedModel, rows: Iterable[dict[str, Any]]) -> None:
        """The rows of one model, into a file of each format at once."""
        fields = self.fields[exported]
        references = queries.references_to(User, fields)
        with ExitStack() as stack:
            files = [
                stack.enter_context(kind.opened(exported.label, fields, self.contents, self.folder))
                for kind in (JsonFile, CsvFile)
            ]
            number = 0
            for row in rows:
                number += 1
                self.people.update(row[name] for name in references if row[name] is not None)
                for file in files:
                    file.put(row)
                self.count()
            self.manifest.rows[exported.label] = number
            for file in files:
                file.end()
                self.add_file(file)

    def add_file(self, rows: RowsFile) -> None:
        """Put a file that is written into the export."""
        rows.file.seek(0)
        info = self.info(rows.name)
        sha256, size = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=True) as member:
            while piece := rows.file.read(PIECE):
                sha256.update(piece)
                size += len(piece)
                member.write(piece)
        self.manifest.members[rows.name] = Member(sha256.hexdigest(), size)

    def add_text(self, name: str, text: str) -> None:
        data = text.encode()
        self.archive.writestr(self.info(name), data)
        if name != manifest.MANIFEST:
            self.manifest.members[name] = Member(hashlib.sha256(data).hexdigest(), len(data))

    def info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self.now.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info

    def count(self) -> None:
        self.done += 1
        if self.done % queries.AT_ONCE == 0:
            self.step(min(99, self.done * 100 // self.total))


class RowsFile:
    """One file of rows while it is written: in memory while it is small."""

    extension = ""

    def __init__(self, label: str, fields: Sequence[Field], contents: Contents, file: IO[bytes]) -> None:
        self.fields, self.contents, self.file = fields, contents, file
        self.name = manifest.member_name(contents, label, self.extension)
        self.begin()

    @classmethod
    @contextmanager
    def opened(
        cls, label: str, fields: Sequence[Field], contents: Contents, folder: Path
    ) -> Iterator[RowsFile]:
        with tempfile.SpooledTemporaryFile(max_size=HELD, dir=str(folder)) as file:
            yield cls(label, fields, contents, cast("IO[bytes]", file))

    def begin(self) -> None:
        raise NotImplementedError

    def put(self, row: dict[str, Any]) -> None:
        raise NotImplementedError

    def end(self) -> None:
        """Nothing comes any more."""


class JsonFile(RowsFile):
    """One list, a row a line."""

    extension = "json"

    def begin(self) -> None:
        self.before = b"[\n"

    def put(self, row: dict[str, Any]) -> None:
        values = {"id": row["pk"]} | {field.attname: row[field.attname] for field in self.fields}
        self.file.write(self.before + manifest.as_json(values))
        self.before = b",\n"

    def end(self) -> None:
        self.file.write(b"[]\n" if self.before == b"[\n" else b"\n]\n")


class CsvFile(RowsFile):
    """A heading and a line a row; beside a reference stands the name of what it refers to."""

    extension = "csv"

    def begin(self) -> None:
        self.columns = ["pk"]
        for column in self.fields:
            named = queries.has_name(column, self.contents)
            self.columns += [column.attname, *([f"{column.name}__name"] if named else [])]
        self.file.write("\N{BYTE ORDER MARK}".encode())  # spreadsheets then read it as UTF-8
        self.write_line(["id", *(name.replace("__", " ") for name in self.columns[1:])])

    def put(self, row: dict[str, Any]) -> None:
        self.write_line([as_cell(row[name]) for name in self.columns])

    def write_line(self, cells: list[str]) -> None:
        line = io.StringIO(newline="")
        rows_writer(line).writerow(cells)
        self.file.write(line.getvalue().encode())
