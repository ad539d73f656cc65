"""When a risk is stale, and how that is said."""

from datetime import UTC, datetime, timedelta

import pytest

from deals.rules.risks import describe_stale_risks, is_stale, meetings_unchanged

CHANGED = datetime(2026, 11, 2, 8, tzinfo=UTC)
LATER, EARLIER = CHANGED + timedelta(days=1), CHANGED - timedelta(days=1)


@pytest.mark.parametrize(
    ("closes", "passed", "stale"),
    [
        ([], 0, False),
        ([EARLIER, EARLIER], 0, False),
        ([CHANGED], 0, False),
        ([LATER], 0, False),
        ([LATER, EARLIER], 0, False),
        ([LATER, LATER], 1, False),
        ([LATER, LATER, LATER], 2, True),
        ([LATER, LATER, LATER, LATER], 3, True),
    ],
)
def test_a_risk_is_stale_after_two_meetings_without_a_change_the_last_not_counted(closes, passed, stale):
    assert meetings_unchanged(CHANGED, closes) == passed
    assert is_stale(passed, is_closed=False) is stale


def test_a_closed_risk_is_never_stale():
    assert not is_stale(5, is_closed=True)


def test_it_is_said_in_meetings():
    assert describe_stale_risks(1) == "one risk has had no update for two meetings"
    assert describe_stale_risks(11) == "11 risks have had no update for two meetings"
