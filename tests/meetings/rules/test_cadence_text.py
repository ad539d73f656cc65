from __future__ import annotations

from datetime import time

import pytest

from meetings.rules.cadence_text import city_of, spell_team_cadence, spell_times
from tests.cast import Cast


@pytest.mark.parametrize(
    ("kind", "weekday", "nth", "zone", "said"),
    [
        ("weekly", 0, 1, "Europe/Paris", "Every Monday at 09:00, Paris"),
        ("fortnightly", 1, 1, "Europe/Paris", "Every second Tuesday at 09:00, Paris"),
        ("monthly", 4, -1, "", "The last Friday of the month at 09:00"),
        ("monthly", 2, 3, "UTC", "The third Wednesday of the month at 09:00, UTC"),
    ],
)
def test_a_cadence_is_said_in_words(kind: str, weekday: int, nth: int, zone: str, said: str) -> None:
    assert spell_times(kind, weekday=weekday, nth=nth, time=time(9), zone=zone) == said


def test_a_zone_is_named_after_its_town() -> None:
    assert city_of("America/Argentina/Buenos_Aires") == "Buenos Aires"


def test_the_cadence_of_a_team_is_said_as_it_is_stored(cast: Cast) -> None:
    assert spell_team_cadence(cast.north) == "Every Monday at 09:00, Paris"
