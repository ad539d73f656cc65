import json
import logging

from alignment.logs import JsonLines


def test_a_line_break_in_a_message_cannot_forge_a_second_line():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, 'a\n{"level": "ok"}\u2028b', None, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\u2028" not in line
    assert json.loads(line)["message"] == 'a\n{"level": "ok"}\u2028b'
