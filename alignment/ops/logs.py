"""Log lines: one JSON object a line in production, with the ids of the
request and the task that caused them."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import UnreadablePostError

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")
current_task_id: ContextVar[str] = ContextVar("current_task_id", default="-")


#: A part of a path that is long enough to be a token: of a calendar, a reset, an invitation; names of our
#: files are not.
_LONG_PART = re.compile(r"(?<=/)(?<!://)(?![a-z_]+\.(?:py|html)\b)[^\s/]{20,}")
_QUERY = re.compile(r"(?<=[\w/])\?[\w%.~+-]+=\S*")


def without_tokens(text: str) -> str:
    """The text without what could be a secret in the addresses it names: old tokens can come to life again."""
    return _QUERY.sub("?…", _LONG_PART.sub("…", text))


class RequestId(logging.Filter):
    """Adds the ids; a task started by a page has the page's id beside its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        record.task_id = current_task_id.get()
        return True


class NoTracebackOfRefusals(logging.Filter):
    """What a visitor sent and was refused, or did not send to its end, is no fault of ours: one line says it."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if getattr(record, "status_code", 500) < 500 or isinstance(error, UnreadablePostError):
            record.exc_info = record.exc_text = None
        return True


class PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))


class JsonLines(logging.Formatter):
    """JSON escapes line breaks, so that nothing typed by a visitor can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "task": getattr(record, "task_id", "-"),
            "message": without_tokens(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = without_tokens(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)
