"""Celery's message folder for the embedded default: kombu's filesystem
transport made safe for several processes.

kombu writes a message under its final name, so that a reader can find it half written, lose it, and stop the
worker. Here a message appears whole or not at all, and exactly one reader gets it.
"""

import json
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem

CLAIMED, DRAFT = ".claimed", ".part"


class Channel(filesystem.Channel):
    supports_fanout = False  # nothing is broadcast: no remote control, no events

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(self.data_folder_in)
        self.folder.mkdir(parents=True, exist_ok=True)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = self.folder / f"{name}{DRAFT}"
        draft.write_text(json.dumps(payload))
        draft.replace(self.folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for name in sorted(os.listdir(self.folder)):  # noqa: PTH208  # polled ten times a second
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = self.folder / f"{name}{CLAIMED}"
            try:
                (self.folder / name).rename(claimed)
            except FileNotFoundError:
                continue  # another reader was first
            try:
                return dict(json.loads(claimed.read_text()))
            except ValueError:
                continue  # not ours, or damaged: the sweep finds the work again in the database
            finally:
                with suppress(FileNotFoundError):
                    claimed.unlink()
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Make spool:// known to kombu."""
    TRANSPORT_ALIASES["spool"] = "alignment.ops.celery_file_transport:Transport"


def clear_leftovers(folder: Path) -> None:
    """Remove what killed processes left half done; only while no other process uses the folder."""
    for path in folder.glob("*.msg.*"):
        if path.suffix in {CLAIMED, DRAFT}:
            path.unlink(missing_ok=True)
