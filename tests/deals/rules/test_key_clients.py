"""Which clients are key, and when somebody speaks to them next."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from deals.rules.key_clients import describe_quiet_clients, is_quiet, next_touch, propose_key_clients

BEGAN = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("revenue", "proposed"),
    [
        ({}, []),
        ({1: 100}, [1]),
        ({1: 0, 2: -50}, []),
        ({1: 50, 2: 30, 3: 20}, [1, 2]),  # exactly 80 % is enough
        ({1: 50, 2: 29, 3: 21}, [1, 2, 3]),
        ({1: 10, 2: 10, 3: 80}, [3]),
        ({3: 25, 2: 25, 1: 25, 4: 25}, [1, 2, 3, 4]),  # 75 % is not enough
        ({1: 100, 2: -90}, [1]),  # a credit is no client
        (dict.fromkeys(range(1, 101), 1), list(range(1, 21))),
    ],
    ids=["nobody", "one", "credits alone", "80", "79", "largest", "equal", "credit", "at most twenty"],
)
def test_key_clients_make_four_fifths_of_a_year(revenue, proposed):
    amounts = {account: Decimal(amount) for account, amount in revenue.items()}
    assert propose_key_clients(amounts) == proposed


def test_the_next_word_is_due_ninety_days_after_the_last_or_after_it_began():
    assert next_touch(None, began=BEGAN, every_days=90) == date(2026, 10, 30)
    assert next_touch(date(2026, 9, 1), began=BEGAN, every_days=90) == date(2026, 11, 30)


@pytest.mark.parametrize(("days", "quiet"), [(89, False), (90, False), (91, True)])
def test_a_client_is_quiet_once_the_day_has_passed(days, quiet):
    assert is_quiet(None, began=BEGAN, every_days=90, today=BEGAN + timedelta(days=days)) is quiet


@pytest.mark.parametrize(
    ("number", "rhythms", "line"),
    [
        (3, [90, 90, 90], "3 key clients not spoken to in 90 days"),
        (1, [30], "1 key client not spoken to in 30 days"),
        (2, [30, 90], "2 key clients not spoken to for longer than agreed"),
    ],
)
def test_the_line_of_the_agenda(number, rhythms, line):
    assert describe_quiet_clients(number, rhythms) == line
