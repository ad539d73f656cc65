"""Log lines: one JSON object a line in production, with the ids of the request and the task that caused them."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")
current_task_id: ContextVar[str] = ContextVar("current_task_id", default="-")


#: A part of a path that is long enough to be a token: of a calendar, a reset, an invitation.
TOKEN = re.compile(r"(?<=/)[\w~=:-]{20,}")


class RequestId(logging.Filter):
    """Of a page's lines; a task that a page asked for has the page's id beside its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        record.task_id = current_task_id.get()
        return True


class NoTokens(logging.Filter):
    """Django names the path of every refused request; old tokens in it can come to life again."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if TOKEN.search(told):
            record.msg, record.args = TOKEN.sub("…", told), ()
        return True


class JsonLines(logging.Formatter):
    """JSON escapes line breaks, so that nothing typed by a visitor can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "task": getattr(record, "task_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)
