"""Shares as whole per cent: half up, a hundred only where it is, and none of nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from alignment.rules.percentages import whole_per_cent


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (1, 8, 13),  # 12.5
        (Decimal("12.49"), 100, 12),
        (0, 7, 0),
        (7, 7, 100),
        (-1, 8, -13),
        (199, 200, 99),
        (200, 199, 101),
        (3, 0, None),
        (Decimal("0.06"), 1, 6),
    ],
)
def test_a_share_is_whole_and_rounded_half_up(
    part: Decimal | int, whole: Decimal | int, share: int | None
) -> None:
    assert whole_per_cent(part, whole) == share
