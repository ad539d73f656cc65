"""Shares as whole per cent. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

ALL = 100


def whole_per_cent(part: Decimal | int, whole: Decimal | int) -> int | None:
    """`part` of `whole` in whole per cent, half up, but a hundred only where it is; None of nothing."""
    if not whole:
        return None
    exact = Decimal(part) * ALL / whole
    share = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if share == ALL and part != whole:
        return ALL - 1 if exact < ALL else ALL + 1
    return share
