"""An archive opened with care: it may be damaged, somebody else's, from the future, or made to do harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from django.db.migrations.loader import MigrationLoader

from alignment import VERSION
from alignment.archives import layout, seal
from alignment.archives.kinds import kind_of
from alignment.archives.layout import FACTS, SEALED, WORDS, Manifest, Member

PIECE = 1 << 20
LONGEST_MANIFEST = 4 << 20
LONGEST_ROW = 32 << 20
MOST_MEMBERS = 500
MOST_BYTES = 20 << 30
"""Of all members together, once unpacked."""
TIGHTEST = 300
"""So many times smaller may a member be in the archive than unpacked, and no more."""
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
"""What the libraries raise over a file that is damaged, encrypted or packed in a way they do not know."""


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """Why nothing was changed, in a sentence for whoever brought the archive."""


class Sealed(Refused):
    """It takes another passphrase, or one at all."""


@dataclass
class Opened:
    """An archive whose every checksum is right, made by this version or an earlier one."""

    zip: zipfile.ZipFile
    manifest: Manifest
    secret: bytes = b""

    def unseal(self, passphrase: str) -> None:
        """Raises Sealed when the words do not open with it."""
        self.secret = seal.key_of(passphrase, bytes.fromhex(self.manifest.salt))
        names = [name for name in self.manifest.members if name.startswith(f"{SEALED}/")]
        for name in sorted(names, key=lambda each: self.manifest.members[each].size)[:1]:
            try:
                with self._plain(name) as file:
                    file.read(1)
            except seal.WrongPassphrase as error:
                raise Sealed("The passphrase does not open the words in the archive.") from error

    def rows(self, label: str) -> Iterator[dict[str, Any]]:
        """Every row of a model, its facts and words together. Raises Refused for what is not what it says."""
        parts = [
            self._listed(name)
            for name in (layout.member_name(part, label, "json") for part in (FACTS, WORDS, SEALED))
            if name in self.manifest.members
        ]
        number = 0
        try:
            for together in zip(*parts, strict=True):
                number += 1
                if len({row["id"] for row in together}) != 1:
                    raise Refused(f"The archive is damaged: the words of {label} are not those of its facts.")
                yield {name: value for row in together for name, value in row.items()}
        except (ValueError, KeyError, TypeError, seal.WrongPassphrase, *UNREADABLE) as error:
            raise Refused(f"The archive is damaged: {label} cannot be read.") from error
        if number != self.manifest.rows.get(label, 0):
            raise Refused(
                f"The archive is damaged: {label} has {number} rows instead of {self.manifest.rows.get(label, 0)}."
            )

    def _listed(self, name: str) -> Iterator[dict[str, Any]]:
        with self._plain(name) as file:
            left = self.manifest.members[name].plain
            while line := file.readline(LONGEST_ROW):
                left -= len(line)
                if left < 0 or len(line) == LONGEST_ROW:
                    raise ValueError("longer than it says")
                told = line.strip().rstrip(b",")
                if told not in (b"[", b"]", b"[]"):
                    yield _row(json.loads(told))

    @contextmanager
    def _plain(self, name: str) -> Iterator[IO[bytes]]:
        with self.zip.open(name) as member:
            if not name.startswith(f"{SEALED}/"):
                yield member
                return
            words = io.BufferedReader(seal.Unsealing(member, self.secret, name), 1 << 16)
            with gzip.GzipFile(fileobj=words, mode="rb") as file:
                yield cast("IO[bytes]", file)


def _row(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict) or type(told.get("id")) is not int:
        raise ValueError("no row")
    return told


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """The archive, when it is one that this installation can take. Raises Refused."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise Refused(f"There is no file {file}.") from error
    except UNREADABLE as error:
        raise Refused(f"{file} cannot be read as an archive of a company: {error}.") from error
    with archive:
        yield Opened(archive, _checked(archive))


def _checked(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = _manifest(archive)
        _refuse_unfit(manifest)
        _compare(archive, manifest)
    except UNREADABLE as error:
        raise Refused(f"The archive cannot be read: {error}.") from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(layout.MANIFEST)
        if info.file_size > LONGEST_MANIFEST:
            raise Refused("This is no archive of a company: its manifest is too long.")
        told = json.loads(archive.read(info))
        if told["product"] != layout.PRODUCT:
            raise Refused("This is no archive of a company made by Alignment.")
        if told["format"] != layout.FORMAT:
            raise Refused(f"The archive has format {told['format']}, and this version reads {layout.FORMAT}.")
        members = {name: Member(**member) for name, member in told["members"].items()}
        manifest = Manifest(**told | {"members": members})
        UUID(manifest.key), bytes.fromhex(manifest.salt), manifest.company["name"]
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("This is no archive of a company: it has no manifest that can be read.") from error
    return manifest


def _refuse_unfit(manifest: Manifest) -> None:
    known = MigrationLoader(None).disk_migrations
    unknown = [name for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise Refused(
            f"The archive was made by version {manifest.version}, which is newer than this one ({VERSION}): "
            f"{unknown[-1]} is not known here. Bring this installation up to that version first."
        )
    for label, number in manifest.rows.items():
        kind = kind_of(label)
        named = {name for part in manifest.fields.get(label, {}).values() for name in part}
        if (kind is None and number) or (kind and named - {field.attname for field in kind.fields}):
            raise Refused(f"The archive holds {label} in a way that this version ({VERSION}) does not know.")


def _compare(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raises Refused unless the members are exactly those of the manifest, byte for byte, and of a size to be believed."""
    infos = [info for info in archive.infolist() if info.filename != layout.MANIFEST]
    names = [info.filename for info in infos]
    if (
        len(names) > MOST_MEMBERS
        or len(set(names)) != len(names)
        or len(archive.infolist()) != len(names) + 1
    ):
        raise Refused("The archive is damaged: it names a file twice, or too many.")
    if wrong := sorted(set(names) ^ set(manifest.members)):
        raise Refused(f"The archive is damaged: {', '.join(wrong[:5])} is missing or does not belong there.")
    if sum(member.plain for member in manifest.members.values()) > MOST_BYTES:
        raise Refused(f"The archive would unpack to more than {MOST_BYTES >> 30} GB, which is refused.")
    for info in infos:
        member = manifest.members[info.filename]
        if info.file_size != member.size or info.file_size > TIGHTEST * max(info.compress_size, 1000):
            raise Refused(f"The archive is damaged: {info.filename} is not of the size it says.")
    for info in infos:
        if _digest(archive, info) != manifest.members[info.filename].sha256:
            raise Refused(f"The archive is damaged: {info.filename} is not what was written.")


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    told = hashlib.sha256()
    with archive.open(info) as member:
        while piece := member.read(PIECE):
            told.update(piece)
    return told.hexdigest()
