"""A visitor who comes in by the door of the web server, where nothing is caught for a test."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from alignment.wsgi import application

CSRF = "c" * 32


class Visitor(Client):
    missing = 0
    """Bytes of the body that are not sent: the connection breaks before."""

    def request(self, **request: Any) -> Any:
        """The status alone."""
        self.cookies["csrftoken"] = CSRF  # as somebody's browser has it, so that a form is read
        environ = {"HTTP_X_CSRFTOKEN": CSRF} | self._base_environ(**request)
        answer: list[str] = []
        if self.missing:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read()[: -self.missing])
        with one_connection():
            content = application(environ, lambda status, *_: answer.append(status))
            b"".join(content)
            getattr(content, "close", bool)()
        return int(answer[0][:3])


@contextmanager
def one_connection() -> Iterator[None]:
    """The test's own to the database; the end of a request would close it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
