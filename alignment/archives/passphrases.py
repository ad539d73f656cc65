"""Where a command gets a passphrase from: never from its arguments, which every user of the machine can list."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path

from django.core.management.base import CommandError

SHORTEST = 12


def read_passphrase(file: str | None) -> str:
    """What the file says, or what is typed for “-”; empty when no file is named. Raises CommandError."""
    if file is None:
        return ""
    try:
        told = _typed() if file == "-" else Path(file).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The passphrase cannot be read: {error}") from error
    passphrase = told.strip()
    if len(passphrase) < SHORTEST:
        raise CommandError(f"The passphrase is too short: take {SHORTEST} characters or more.")
    return passphrase


def _typed() -> str:
    return getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline()
