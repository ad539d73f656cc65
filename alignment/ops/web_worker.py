"""gunicorn's worker of threads that ends the connection of clients who send too slowly, since each holds a thread."""

from __future__ import annotations

import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD = 5.0
"""Seconds in which the head of a request has to be there; its body has that, and more as it grows."""
MIN_BYTES_A_SECOND = 4_000
"""Bytes a second of a body."""


class DeadlineSocket:
    """A client's socket. What it sends of one request is read for a time, and then as if it had hung up."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.begin()

    def begin(self) -> None:
        """The next request comes."""
        self.began, self.received = time.monotonic(), 0

    def recv(self, size: int) -> bytes:
        left = self.began + HEAD + self.received / MIN_BYTES_A_SECOND - time.monotonic()
        if left <= 0:
            return b""
        own = self.sock.gettimeout()
        self.sock.settimeout(left if own is None else min(left, own))
        try:
            data = self.sock.recv(size)
        except TimeoutError:
            if own is not None and own < left:
                raise
            return b""
        finally:
            self.sock.settimeout(own)
        self.received += len(data)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class Worker(ThreadWorker):
    def handle(self, conn: TConn) -> Any:
        if isinstance(conn.sock, DeadlineSocket):
            conn.sock.begin()
        else:
            conn.sock = DeadlineSocket(conn.sock)
        return super().handle(conn)
