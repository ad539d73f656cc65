"""An export opened with care: it may be damaged, somebody else's, from the future, or made to do harm."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment import VERSION
from alignment.backups.migration_history import known_migrations
from alignment.exports import manifest as layout
from alignment.exports.former_names import (
    conversions_of,
    present_columns,
    present_label,
    stored_label,
    with_present_names,
)
from alignment.exports.manifest import Manifest, Member
from alignment.exports.schema import exported_model

PIECE = 1 << 20
LONGEST_MANIFEST = 4 << 20
LONGEST_ROW = 32 << 20
MOST_MEMBERS = 500
MOST_BYTES = 20 << 30
"""Of all members together, once unpacked."""
TIGHTEST = 300
"""So many times smaller may a member be in the export than unpacked, and no more."""
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
"""What the libraries raise over a file that is damaged, encrypted or packed in a way they do not know."""


class ExportError(Exception):
    """Why an export is not imported and nothing was changed, in a sentence for whoever brought it."""


@dataclass
class OpenedExport:
    """A whole export whose every checksum is right, made by this version or an earlier one."""

    archive: zipfile.ZipFile
    manifest: Manifest

    def rows(self, label: str) -> Iterator[dict[str, Any]]:
        """Every row of a model, by the names it has now. Raises ExportError for what is not what it says."""
        stored = stored_label(label, self.manifest.fields)
        name = layout.member_name(self.manifest.contents, stored, "json")
        number = 0
        try:
            for row in self._listed(name) if name in self.manifest.members else ():
                number += 1
                yield with_present_names(label, row)
        except (ValueError, KeyError, TypeError, *UNREADABLE) as error:
            raise ExportError(f"The export is damaged: {label} cannot be read.") from error
        expected = self.manifest.rows.get(stored, 0)
        if number != expected:
            raise ExportError(f"The export is damaged: {label} has {number} rows instead of {expected}.")

    def _listed(self, name: str) -> Iterator[dict[str, Any]]:
        with self.archive.open(name) as file:
            left = self.manifest.members[name].size
            while line := file.readline(LONGEST_ROW):
                left -= len(line)
                if left < 0 or len(line) == LONGEST_ROW:
                    raise ValueError("longer than it says")
                text = line.strip().rstrip(b",")
                if text not in (b"[", b"]", b"[]"):
                    yield _row(json.loads(text))


def _row(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or type(value.get("id")) is not int:
        raise ValueError("no row")
    return value


@contextmanager
def open_export(file: Path) -> Iterator[OpenedExport]:
    """The export, when it is one that this installation can import. Raises ExportError."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise ExportError(f"There is no file {file}.") from error
    except UNREADABLE as error:
        raise ExportError(f"{file} cannot be read as an export of a company: {error}.") from error
    with archive:
        yield OpenedExport(archive, _checked(archive))


def _checked(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = _manifest(archive)
        _refuse_unfit(manifest)
        _compare(archive, manifest)
    except UNREADABLE as error:
        raise ExportError(f"The export cannot be read: {error}.") from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(layout.MANIFEST)
        if info.file_size > LONGEST_MANIFEST:
            raise ExportError("This is not an export of a company: its manifest is too long.")
        content = json.loads(archive.read(info))
        if content["product"] != layout.PRODUCT:
            raise ExportError("This is not an export of a company made by Alignment.")
        _refuse_other_format(content["format"])
        _refuse_odd_shape(content)
        members = {name: Member(**member) for name, member in content["members"].items()}
        manifest = Manifest(**content | {"members": members})
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ExportError(
            "This is not an export of a company: it has no manifest that can be read."
        ) from error
    return manifest


def _refuse_odd_shape(content: Any) -> None:
    """Raises ValueError unless each part of the manifest is of the kind that the others are read by."""
    names, numbers = content["fields"], [*content["rows"].values()]
    numbers += [member["size"] for member in content["members"].values()]
    texts = [content["version"], content["made_at"], content["company"]["name"], *content["rows"], *names]
    texts += [text for pair in content["migrations"] for text in pair]
    texts += [name for listed in names.values() for name in listed]
    texts += [member["sha256"] for member in content["members"].values()]
    if not (
        all(isinstance(text, str) for text in texts)
        and all(type(number) is int and number >= 0 for number in [*numbers, content["format"]])
        and all(isinstance(listed, list) for listed in names.values())
        and all(len(pair) == 2 for pair in content["migrations"])
        and isinstance(content["contents"], str)
    ):
        raise ValueError("an odd manifest")


def _refuse_other_format(format_: int) -> None:
    if format_ < layout.FORMAT:
        raise ExportError(
            "This export was made by an earlier version of Alignment, when "
            "exports were encrypted, and can no longer be "
            "imported. Update the installation it comes from and export the company again."
        )
    if format_ > layout.FORMAT:
        raise ExportError(
            f"The export has format {format_}, and this version ({VERSION}) reads format {layout.FORMAT}. "
            "Update this installation to the version that made the export."
        )


def _refuse_unfit(manifest: Manifest) -> None:
    if manifest.contents != layout.WHOLE:
        raise ExportError(
            "This export contains only what an admin may read, so it cannot be imported. Ask the administrator "
            "of the server it comes from for a full export (manage.py export_company)."
        )
    known = known_migrations()
    unknown = [name for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise ExportError(
            f"The export was made by version {manifest.version}, which is newer than this one ({VERSION}): "
            f"{unknown[-1]} is unknown here. Update this installation to that version first."
        )
    for label, number in manifest.rows.items():
        present = present_label(label)
        exported = exported_model(present)
        named = present_columns(present, manifest.fields.get(label, ()))
        if (exported is None and number) or (
            exported
            and named - {column.attname for column in exported.fields} - conversions_of(present).keys()
        ):
            raise ExportError(
                f"The export contains {label} in a form that this version ({VERSION}) does not know."
            )


def _compare(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raises ExportError unless the members are exactly those of the manifest, byte
    for byte, and of a size to be believed."""
    infos = [info for info in archive.infolist() if info.filename != layout.MANIFEST]
    names = [info.filename for info in infos]
    if (
        len(names) > MOST_MEMBERS
        or len(set(names)) != len(names)
        or len(archive.infolist()) != len(names) + 1
    ):
        raise ExportError("The export is damaged: it names a file twice, or too many.")
    if wrong := sorted(set(names) ^ set(manifest.members)):
        raise ExportError(
            f"The export is damaged: {', '.join(wrong[:5])} is missing or does not belong there."
        )
    if sum(member.size for member in manifest.members.values()) > MOST_BYTES:
        raise ExportError(
            f"The export would unpack to more than {MOST_BYTES >> 30} GB, which is not allowed."
        )
    for info in infos:
        member = manifest.members[info.filename]
        if info.file_size != member.size or info.file_size > TIGHTEST * max(info.compress_size, 1000):
            raise ExportError(f"The export is damaged: {info.filename} is not of the size stated.")
    for info in infos:
        if _digest(archive, info) != manifest.members[info.filename].sha256:
            raise ExportError(f"The export is damaged: {info.filename} is not what was written.")


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    sha256 = hashlib.sha256()
    with archive.open(info) as member:
        while piece := member.read(PIECE):
            sha256.update(piece)
    return sha256.hexdigest()
