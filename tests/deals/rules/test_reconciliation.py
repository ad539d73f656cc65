"""What was won and not invoiced yet, reckoned by hand."""

from datetime import date
from decimal import Decimal

import pytest

from deals.rules.reconciliation import AccountMonth, reconcile

SEP, OCT, NOV = (date(2026, month, 1) for month in (9, 10, 11))


@pytest.mark.parametrize(
    ("months", "rows", "total", "unassigned"),
    [
        ([], [], 0, 0),
        ([("Acme", OCT, 100, 0)], [("Acme", OCT, 100)], 100, 0),
        ([("Acme", OCT, 100, 100)], [], 0, 0),
        # invoiced in parts, and a month later
        ([("Acme", OCT, 100, 0), ("Acme", NOV, 0, 60)], [("Acme", OCT, 40)], 40, 0),
        # the oldest win is paid first
        (
            [("Acme", NOV, 80, 0), ("Acme", OCT, 100, 0), ("Acme", NOV, 0, 120)],
            [("Acme", NOV, 60)],
            60,
            0,
        ),
        # an invoice ahead of the win, and more than was won
        ([("Acme", SEP, 0, 30), ("Acme", OCT, 100, 0)], [("Acme", OCT, 70)], 70, 0),
        ([("Acme", OCT, 100, 250)], [], 0, 0),
        # the invoices of one account pay nothing of another
        ([("Acme", OCT, 100, 250), ("Orbis", OCT, 50, 0)], [("Orbis", OCT, 50)], 50, 0),
        # no account: kept apart, subtracted from none
        (
            [("Acme", OCT, 100, 0), ("", NOV, 0, 70), ("", OCT, 20, 0)],
            [("", OCT, 20), ("Acme", OCT, 100)],
            120,
            70,
        ),
    ],
)
def test_invoices_pay_what_was_won_of_the_same_account(months, rows, total, unassigned):
    known = [AccountMonth(name, month, Decimal(won), Decimal(paid)) for name, month, won, paid in months]
    found = reconcile(known)
    assert [tuple(row) for row in found.rows] == rows
    assert (found.total, found.unassigned) == (total, unassigned)
