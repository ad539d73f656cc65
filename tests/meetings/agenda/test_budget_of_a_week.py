"""The week has a budget: over three made-up weeks, how much a leader must do and how much a chapter opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from meetings.agenda import build
from meetings.agenda.queries import pages
from tests.cast import Cast
from tests.factories import NOW
from tests.weeks import BAD, QUIET, USUAL, make_week


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(("kind", "most_acts"), [(QUIET, 4), (USUAL, 12), (BAD, 18)])
def test_a_week_asks_for_no_more_than_its_budget(cast: Cast, kind: str, most_acts: int) -> None:
    week = make_week(kind, cast, now=NOW)
    agenda = build(pages().get(pk=week.meeting.pk), cast.leader, NOW)
    asked = [check.text for check in agenda.checks if not check.done]
    assert len(asked) <= most_acts, asked
    for section in agenda.sections:
        assert len(section.arranged.open) <= 3
