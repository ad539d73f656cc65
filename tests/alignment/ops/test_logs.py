import contextlib
import io
import json
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator

import pytest

from alignment import celery
from alignment.ops.logs import JsonLines, PlainLines, RequestId, current_request_id, without_tokens


def test_a_line_break_in_a_message_cannot_forge_a_second_line():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, 'a\n{"level": "ok"}\u2028b', None, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\u2028" not in line
    assert json.loads(line)["message"] == 'a\n{"level": "ok"}\u2028b'


UUID, KEY = "3f1c9a7e-5b0d-4c2e-9f6a-1d2b3c4e5f60", "1b:1vO2cX:Zk3_long-enough~to=be-a-token"


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        (f"Not Found: /calendar/{UUID}.ics", "Not Found: /calendar/…"),
        (f"Not Found: /calendar/'{UUID}.ics", "Not Found: /calendar/…"),
        (f"Error handling request /calendar/%33{UUID[1:]}.ics", "Error handling request /calendar/…"),
        (f"Not Found: /calendar//{UUID}.ics", "Not Found: /calendar//…"),
        (f"https://align.example.com//{KEY}", "https://align.example.com//…"),
        (f"/calendar%2F{UUID}.ics", "/…"),
        (f"<WSGIRequest: GET '/invitation/{KEY}/'>", "<WSGIRequest: GET '/invitation/…/'>"),
        (
            f"https://align.long-enough.example.com/first/{KEY}/",
            "https://align.long-enough.example.com/first/…/",
        ),
        ("/accounts/oidc/company/login/callback/?code=x&state=y", "/accounts/oidc/company/login/callback/?…"),
        ("Really? a=1", "Really? a=1"),
        ("GET /setup/<slug:company>/people/<id:pk>/ 200", "GET /setup/<slug:company>/people/<id:pk>/ 200"),
        (
            'File "/srv/alignment/ops/celery_file_transport.py", line 4',
            'File "/srv/alignment/ops/celery_file_transport.py", line 4',
        ),
    ],
)
def test_no_address_in_a_line_holds_a_token(text: str, logged: str) -> None:
    assert without_tokens(text) == logged


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines("%(message)s")])
def test_nor_does_a_traceback(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(f"cannot read /calendar/{UUID}.ics")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    line = formatter.format(record)
    assert "cannot read /calendar/" in line
    assert UUID not in line


LOGGERS = """
import logging, sys
sys.argv = ["gunicorn", "alignment.wsgi:application", "-c", "gunicorn.conf.py"]
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.glogging import Logger
log = Logger(WSGIApplication().cfg)
import alignment.wsgi
from alignment.celery import app
app.log.setup(loglevel="INFO")
log.error("Error handling request /calendar/%s.ics", sys.stdin.read())
logging.getLogger("celery.task").error("/calendar/x")
named = map(logging.getLogger, logging.root.manager.loggerDict)
handlers = [handler for logger in named for handler in logger.handlers]
print([handler for handler in handlers if not isinstance(handler, logging.NullHandler)])
"""


IN_PRODUCTION = {
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "align.example.com",
    "EMAIL_URL": "file:",
}


@pytest.mark.parametrize("services", [{}, IN_PRODUCTION])
def test_every_logger_of_web_and_worker_writes_through_ours(services: dict[str, str]) -> None:
    """gunicorn and Celery bring handlers of their own; on services, lines are JSON."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOGGERS],
        env={key: os.environ[key] for key in ("PATH", "HOME", "DATA_DIR") if key in os.environ} | services,
        input=UUID,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
    assert "gunicorn.error" in done.stderr
    masked = "Error handling request /calendar/…"
    assert (json.dumps(masked)[1:-1] if services else masked) in done.stderr
    assert UUID not in done.stderr


@celery.app.task(name="tests.say_something")
def say_something() -> None:
    logging.getLogger("tests").warning("said by a task")


@pytest.fixture
def lines():
    """The JSON lines of logger "tests"."""
    stream, log = io.StringIO(), logging.getLogger("tests")
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestId())
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    log.removeHandler(handler)


def test_a_task_says_its_id_and_who_asked_for_it(lines):
    say_something.apply(task_id="the-task", headers={"asked_by": "the-request"})
    logging.getLogger("tests").warning("said outside")
    inside, outside = lines()
    assert (inside["task"], inside["request"]) == ("the-task", "the-request")
    assert (outside["task"], outside["request"]) == ("-", "-")


def test_the_request_goes_with_what_it_asks_for():
    token = current_request_id.set("the-request")
    celery.publish("tests.say_something")
    current_request_id.reset(token)
    assert "the-request" in [headers.get("asked_by") for headers in waiting()]


def waiting() -> Iterator[dict[str, object]]:
    """What the headers of every task in the queue say, whichever broker holds it."""
    with (
        celery.app.connection_for_read() as connection,
        connection.SimpleQueue("alignment") as queue,
        contextlib.suppress(queue.Empty),
    ):
        while True:
            message = queue.get(timeout=0.5)
            message.ack()
            yield message.headers
