from datetime import timedelta

import pytest

from alignment.rules.retries import gives_up_waiting, pause_after
from tests.factories import NOW


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 2), (2, 4), (6, 64), (7, 120), (8, None), (9, None)])
def test_the_pause_doubles_up_to_two_hours_and_ends_with_the_eighth_attempt(
    attempts: int, minutes: int | None
) -> None:
    assert pause_after(attempts) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(("days", "seconds", "given_up"), [(2, 0, False), (3, 0, False), (3, 1, True)])
def test_an_unreachable_mail_server_is_waited_for_three_days(
    days: int, seconds: int, *, given_up: bool
) -> None:
    assert gives_up_waiting(NOW - timedelta(days=days, seconds=seconds), NOW) == given_up
