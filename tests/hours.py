"""The hour at which tests happen: a fixed one, whatever the machine's clock says.

Tests of real processes, and of browsers, keep the real clock and make their data from it. `ODD_HOURS=1` takes the hour
at which the run began for the fixed one: tests/at_odd_hours.sh begins it at hours that are hard.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from tests.factories import NOW

START = datetime.now(UTC) if os.environ.get("ODD_HOURS") == "1" else NOW
#: Marks of tests that other processes take part in, which know only the machine's clock.
REAL_CLOCK = ("browser", "faults", "processes")


def has_real_clock(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in REAL_CLOCK)
