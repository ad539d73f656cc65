"""What the attacks stand on: one of everything, and the log as production writes it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from alignment.ops.logs import JsonLines, NoTracebackOfRefusals, RequestId
from tests.test_urls import stage

__all__ = ["stage"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything logged, as production writes it."""
    written, root, requests = io.StringIO(), logging.getLogger(), logging.getLogger("alignment.requests")
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    handler.addFilter(RequestId())
    handler.addFilter(NoTracebackOfRefusals())
    others, root.handlers = root.handlers, [handler]
    before = root.level, requests.level
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield written
    root.setLevel(before[0])
    requests.setLevel(before[1])
    root.handlers = others
