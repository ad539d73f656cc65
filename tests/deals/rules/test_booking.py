"""What a win adds to the books."""

from datetime import date
from decimal import Decimal

import pytest

from deals.rules.booking import excess, own_booking

DAY, EARLIER = date(2026, 11, 20), date(2026, 11, 2)


@pytest.mark.parametrize(
    ("won", "own", "others", "entry"),
    [
        (1000, None, [], (DAY, 1000)),
        (1000, None, [500], (DAY, 500)),
        (1000, None, [500, 500], None),
        (1000, None, [500, 700], None),
        (1000, (EARLIER, 1000), [400], (DAY, 600)),
        (1000, (EARLIER, 1000), [1000], (EARLIER, 0)),
        (800, (DAY, 1000), [], (DAY, 800)),
        (0, None, [], None),
        (None, (DAY, 1000), [300], (DAY, 0)),
        (None, None, [300], None),
    ],
)
def test_winning_books_the_rest(won, own, others, entry):
    stated = None if won is None else (DAY, Decimal(won))
    assert own_booking(stated, own=own, others=list(map(Decimal, others))) == entry


@pytest.mark.parametrize(
    ("amount", "booked", "more"),
    [(1000, [500, 700], 200), (1000, [500, 500], 0), (1000, [], 0), (None, [5], 0)],
)
def test_more_than_the_amount_is_known(amount, booked, more):
    assert excess(amount and Decimal(amount), list(map(Decimal, booked))) == more
