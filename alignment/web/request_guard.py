"""What is refused before Django reads a request: a content type that it cannot take apart, a charset but UTF-8,
half a body.

Django decodes even the address with the charset a visitor names, and fails where that is no charset for texts. And it
takes what came in before a connection broke for the whole form: half a text would be saved as if it were all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from django.utils.http import parse_header_parameters

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
NOT_READABLE = b"This request is not in UTF-8. Nothing was changed."


def is_readable(content_type: str) -> bool:
    try:
        parameters = parse_header_parameters(content_type)[1]
    except ValueError:
        return False
    return parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}


def has_nul(environ: dict[str, Any]) -> bool:
    """Whether its address has a sign that no database keeps and no address of ours has."""
    return "\0" in environ.get("PATH_INFO", "") or "%00" in environ.get("QUERY_STRING", "")


class WholeBody:
    """The body of a request; one that ends before its length raises ConnectionError."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        return self._counted(self.stream.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.stream.readline(self.left if size < 0 else min(size, self.left)), 1)

    def _counted(self, data: bytes, least: int) -> bytes:
        if len(data) < min(least, self.left):
            raise ConnectionAbortedError("the request ended before its length")
        self.left -= len(data)
        return data


def refuse_unreadable(application: WSGI) -> WSGI:
    """The application behind these checks."""

    def checked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_readable(environ.get("CONTENT_TYPE", "")) and not has_nul(environ):
            length = environ.get("CONTENT_LENGTH") or ""
            if length.isdecimal():
                environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length[:18]))
            return application(environ, start_response)
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(NOT_READABLE)))]
        start_response("400 Bad Request", headers)
        return [NOT_READABLE]

    return checked
