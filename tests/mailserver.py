"""A mail server for tests and the bench: takes mails on 127.0.0.1, and misbehaves as it is told to."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)
Answer = Callable[["Mail"], bytes]


@dataclass
class Mail:
    """What one client has said so far."""

    recipient: str = ""
    message_id: str = ""


def ok(mail: Mail) -> bytes:
    return b"250 ok"


def greet(mail: Mail) -> bytes:
    return b"220 tests"


def go_on(mail: Mail) -> bytes:
    return b"354 go on"


@dataclass
class Server:
    """`taken` are the Message-IDs in the order in which they were taken (answered with 250 to the mail's end);
    `talking` are the conversations under way.

    The hooks answer the named step, and may wait, kill a client, or answer nothing at all (b""): then the
    connection is closed.
    """

    port: int = 0
    taken: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    on_connect: Answer = greet
    on_rcpt: Answer = ok
    on_data: Answer = go_on
    on_end: Answer = ok
    connections: int = 0
    talking: set[int] = field(default_factory=set)

    def take(self, mail: Mail) -> None:
        self.taken.append(mail.message_id)
        self.to.append(mail.recipient)


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Listener

    def handle(self) -> None:
        told, mail = self.server.told, Mail()
        told.connections += 1
        told.talking.add(id(mail))
        try:
            if not self._say(told.on_connect(mail)):
                return
            while line := self.rfile.readline(1000):
                if not self._step(line.strip(), mail):
                    return
        except OSError:
            return
        finally:
            told.talking.discard(id(mail))

    def _step(self, line: bytes, mail: Mail) -> bool:
        told, verb = self.server.told, line[:4].upper()
        if verb == b"QUIT":
            self._say(b"221 bye")
            return False
        if verb == b"RCPT":
            mail.recipient = line.partition(b"<")[2].partition(b">")[0].decode()
            return self._say(told.on_rcpt(mail))
        if verb != b"DATA":
            return self._say(b"250 ok")
        answer = told.on_data(mail)
        return self._say(answer) and (not answer.startswith(b"3") or self._mail(mail))

    def _mail(self, mail: Mail) -> bool:
        body = bytearray()
        while not body.endswith(b"\r\n.\r\n"):
            part = self.request.recv(65_536)
            if not part:
                return False
            body += part
        found = MESSAGE_ID.search(body)
        mail.message_id = found.group(1).decode() if found else ""
        answer = self.server.told.on_end(mail)
        if answer.startswith(b"250"):
            self.server.told.take(mail)
        return self._say(answer)

    def _say(self, answer: bytes) -> bool:
        if answer:
            self.wfile.write(answer + b"\r\n")
        return bool(answer) and not answer.startswith(b"421")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100
    told: Server


@contextmanager
def mail_server(port: int = 0, **hooks: Answer) -> Iterator[Server]:
    """Listening until the block ends; `port` 0 takes a free one."""
    told = Server(**hooks)  # type: ignore[arg-type]
    with _Listener(("127.0.0.1", port), Handler) as listener:
        listener.told, told.port = told, listener.server_address[1]
        threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield told
        finally:
            listener.shutdown()


def slow(seconds: float) -> Answer:
    def answer(mail: Mail) -> bytes:
        time.sleep(seconds)
        return b"250 ok"

    return answer
