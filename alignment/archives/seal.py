"""Words that the bearer of an archive cannot read: pieces in AES-GCM, under a key made from a passphrase.

The order of the pieces and which is the last are part of what is authenticated, and each member has a key of its own:
pieces cannot be left out, put elsewhere or taken from another archive.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
from typing import IO, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

PIECE = 1 << 16
TAG = 16
SALT = 16
WORK = {"n": 1 << 15, "r": 8, "p": 1, "maxmem": 1 << 26, "dklen": 32}


class WrongPassphrase(Exception):  # noqa: N818 - an answer, not an error
    """The words do not open with it, or somebody changed them."""


def own_passphrase(archive: UUID) -> str:
    """The passphrase of an archive that an admin asked this installation for: whoever has the secret key can tell it."""
    told = hmac.digest(settings.SECRET_KEY.encode(), f"alignment archive {archive}".encode(), "sha256")[:20]
    letters = base64.b32encode(told).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def new_salt() -> bytes:
    return secrets.token_bytes(SALT)


def key_of(passphrase: str, salt: bytes) -> bytes:
    """Slow on purpose, for passphrases that people think of."""
    return hashlib.scrypt(passphrase.strip().encode(), salt=salt, **WORK)


def _cipher(key: bytes, member: str) -> AESGCM:
    return AESGCM(hmac.digest(key, member.encode(), "sha256"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealing(io.RawIOBase):
    """Write the words of one member here; what goes on to `into` is sealed. It must be closed."""

    def __init__(self, into: IO[bytes], key: bytes, member: str) -> None:
        self.into, self.cipher, self.number, self.rest = into, _cipher(key, member), 0, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.rest += bytes(data)
        while len(self.rest) > PIECE:
            self._put(bytes(self.rest[:PIECE]), last=False)
            del self.rest[:PIECE]
        return memoryview(data).nbytes

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self.rest), last=True)
        super().close()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self.into.write(self.cipher.encrypt(_nonce(self.number, last=last), piece, None))
        self.number += 1


class Unsealing(io.RawIOBase):
    """Read the words of one sealed member here. Raises WrongPassphrase."""

    def __init__(self, source: IO[bytes], key: bytes, member: str) -> None:
        self.source, self.cipher, self.number = source, _cipher(key, member), 0
        self.ahead = source.read(PIECE + TAG)
        self.piece = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        if not self.piece and (self.ahead or not self.number):
            self._open()
        view = memoryview(into).cast("B")
        size = min(len(view), len(self.piece))
        view[:size], self.piece = self.piece[:size], self.piece[size:]
        return size

    def _open(self) -> None:
        here, self.ahead = self.ahead, self.source.read(PIECE + TAG)
        try:
            self.piece = self.cipher.decrypt(_nonce(self.number, last=not self.ahead), here, None)
        except InvalidTag as error:
            raise WrongPassphrase from error
        self.number += 1
