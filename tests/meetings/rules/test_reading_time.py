import pytest

from meetings.rules.reading_time import minutes_to_read


@pytest.mark.parametrize(
    ("decisions", "agendas", "minutes"), [(0, 0, 0), (1, 0, 1), (0, 1, 2), (3, 1, 4), (6, 2, 8)]
)
def test_minutes_to_read(decisions: int, agendas: int, minutes: int) -> None:
    assert minutes_to_read(decisions=decisions, agendas=agendas) == minutes
