"""When the clock stands still every screen says so, at no cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from alignment.models import Heartbeat, User
from tests.cast import Cast
from tests.factories import NOW

SAID = "Reminders and invitations are delayed"


@pytest.mark.parametrize(("minutes", "is_said"), [(0, False), (5, False), (6, True), (600, True)])
@pytest.mark.parametrize("path", ["/", "/meetings/", "/commitments/", "/teams/north/"])
def test_reminders_are_late_is_said_on_every_screen(
    cast: Cast, as_: Callable[[User], Client], time_machine, minutes: int, is_said: bool, path: str
) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to(NOW, tick=False)
    Heartbeat.objects.create(name="sweep", at=NOW - timedelta(minutes=minutes))
    assert (SAID in as_(cast.ceo).get(path).content.decode()) == is_said


def test_an_installation_whose_clock_has_not_run_yet_is_not_late(
    cast: Cast, as_: Callable[[User], Client]
) -> None:
    assert SAID not in as_(cast.ceo).get("/").content.decode()
