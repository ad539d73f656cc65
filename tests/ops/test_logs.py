import contextlib
import io
import json
import logging
from collections.abc import Iterator

import pytest

from alignment import celery
from alignment.logs import JsonLines, RequestId, current_request_id


def test_a_line_break_in_a_message_cannot_forge_a_second_line():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, 'a\n{"level": "ok"}\u2028b', None, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\u2028" not in line
    assert json.loads(line)["message"] == 'a\n{"level": "ok"}\u2028b'


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
