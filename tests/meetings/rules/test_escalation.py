import pytest

from meetings.rules.escalation import Policy


@pytest.mark.parametrize(
    ("missed", "admins", "red", "step"),
    [
        (0, 1, 1, 0),
        (1, 1, 1, 3),
        (1, 1, 2, 2),
        (1, 3, 5, 1),
        (2, 3, 5, 1),
        (3, 3, 5, 2),
        (4, 3, 5, 2),
        (9, 3, 5, 3),
    ],
)
def test_a_team_may_have_a_ladder_of_its_own(missed: int, admins: int, red: int, step: int) -> None:
    assert Policy(admins_told_after=admins, red_after=red).step(missed) == step
