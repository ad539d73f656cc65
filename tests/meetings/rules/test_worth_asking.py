"""Which question an experienced CEO would ask, by what the facts show."""

import pytest

from meetings.rules.worth_asking import Signs, question_for

WAITING = "What does the buyer lose by waiting?"
GIVE_UP = "What would make you give up?"
MAKE_ROOM = "What should we stop to make room?"
DIFFERENT = "What did you do differently?"


@pytest.mark.parametrize(
    ("signs", "question"),
    [
        (Signs(), None),
        (Signs(pushes=2), None),
        (Signs(pushes=3), WAITING),
        (Signs(pushes=4, good_weeks=2), WAITING),
        (Signs(risk_unchanged_for=1), None),
        (Signs(risk_unchanged_for=2), GIVE_UP),
        (Signs(behind_for=1), None),
        (Signs(behind_for=2), MAKE_ROOM),
        (Signs(good_weeks=1), None),
        (Signs(good_weeks=2), DIFFERENT),
    ],
)
def test_the_facts_choose_the_question(signs, question):
    answer = question_for(signs)
    assert (answer and answer[1]) == question


def test_a_push_comes_before_a_stale_risk_and_good_weeks_come_last():
    orders = [
        question_for(Signs(**{name: 3}))[0]
        for name in ("pushes", "risk_unchanged_for", "behind_for", "good_weeks")
    ]
    assert orders == [0, 1, 2, 3]
