"""Whether the preparation of the next meeting is overdue: a fact of the meeting, whatever colour it is shown in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.home.team_rows import preparation_status
from meetings.home.values import Next
from tests.factories import NOW

HOUR = timedelta(hours=1)
MEETING = Next(
    id=1, starts_at=NOW + HOUR, in_session=False, submitted_at=None, missing=0, preparation_due=NOW
)


@pytest.mark.parametrize(
    ("meeting", "is_day_off", "overdue"),
    [
        (MEETING, False, True),
        (replace(MEETING, preparation_due=NOW - HOUR), False, True),
        (replace(MEETING, preparation_due=NOW + HOUR), False, False),
        (replace(MEETING, submitted_at=NOW), False, False),
        (replace(MEETING, submitted_at=NOW, missing=2), False, False),
        (replace(MEETING, in_session=True), False, False),
        (MEETING, True, False),
    ],
)
def test_the_status_says_so_when_it_is(meeting: Next, is_day_off: bool, overdue: bool) -> None:
    assert meeting.is_preparation_overdue(NOW, is_day_off=is_day_off) is overdue
    status, tone = preparation_status(meeting, NOW, is_day_off=is_day_off)
    assert (status == "Preparation overdue") is (tone == "bad") is overdue
