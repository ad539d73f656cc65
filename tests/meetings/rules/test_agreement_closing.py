"""What of an agreement stood when somebody left."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from meetings.rules.agreement_closing import stood_at


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    number: int
    proposed_at: datetime
    ceo_at: datetime | None = None
    leader_at: datetime | None = None
    closed_at: datetime | None = None
    content: dict[str, Any] = field(default_factory=dict)
    subject: str = "right"
    key: str = "2026-Q4-discount"


BOTH = Row(1, at(2), ceo_at=at(3), leader_at=at(2), content={"limit": 10})
RENEWED = Row(2, at(2), ceo_at=at(3), leader_at=at(14), content={"limit": 10})
CHANGED = Row(2, at(5), leader_at=at(5), content={"limit": 15})


@pytest.mark.parametrize(
    ("rows", "agreed", "waiting"),
    [
        ([], [], []),
        ([BOTH], [BOTH], []),
        ([BOTH, RENEWED], [BOTH], []),  # the successor's yes to the same words came later
        ([BOTH, CHANGED], [BOTH], [CHANGED]),
        ([CHANGED, BOTH], [BOTH], [CHANGED]),  # in any order
        # answered after the day: it was still open then
        (
            [Row(1, at(2), leader_at=at(2), closed_at=at(13))],
            [],
            [Row(1, at(2), leader_at=at(2), closed_at=at(13))],
        ),
        ([Row(1, at(2), leader_at=at(2), closed_at=at(4))], [], []),
        (
            [Row(1, at(2), leader_at=at(2), ceo_at=at(12))],
            [],
            [Row(1, at(2), leader_at=at(2), ceo_at=at(12))],
        ),
        ([Row(1, at(12), leader_at=at(12), ceo_at=at(12))], [], []),  # all of it came later
        # a second proposal answered the first
        ([Row(1, at(2), leader_at=at(2)), Row(2, at(4), ceo_at=at(4))], [], [Row(2, at(4), ceo_at=at(4))]),
    ],
)
def test_a_line_stood_as_both_had_agreed_or_waited(
    rows: list[Row], agreed: list[Row], waiting: list[Row]
) -> None:
    stood = stood_at(rows, at(11))
    assert (list(stood.agreed), list(stood.open)) == (agreed, waiting)


def test_lines_are_told_apart_by_subject_and_key() -> None:
    other = Row(1, at(2), leader_at=at(2), key="2026-Q4-terms")
    stood = stood_at([BOTH, other], at(11))
    assert (stood.agreed, stood.open) == ((BOTH,), (other,))
