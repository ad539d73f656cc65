"""What a stage means: a whole word that a CRM uses, or what somebody said."""

import pytest

from deals.rules.stages import StageWords, known_status


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Closed Won", "won"),
        ("Won", "won"),
        ("Won 🎉", "won"),
        ("Closed Lost", "lost"),
        ("Prospecting", "open"),
        ("Angebot", "open"),
    ],
)
def test_a_known_word_says_whether_the_deal_is_over(stage, status):
    assert known_status(stage, {}) == status


@pytest.mark.parametrize(
    "stage",
    [
        *("Won't do", "Never won", "Almost won", "50% Won", "nie gewonnen", "Not won", "Won/Lost"),
        *("Signed", "Order received", "Closed", "deleted", "Won Back", "Auftrag erhalten", "Close"),
        *("Stage 3", "Warteschleife", "Technical review", "Open?", "New business", ""),
    ],
)
def test_any_other_stage_means_nothing_by_itself(stage):
    assert known_status(stage, {}) is None


FRENCH = StageWords(won=frozenset({"gagné"}), lost=frozenset({"perdue"}), left_out=frozenset({"doublon"}))


@pytest.mark.parametrize(
    ("stage", "status"),
    [("Gagné", "won"), ("Gagne\u0301", "won"), ("Perdue", "lost"), ("Doublon", "leave-out"), ("Won", "won")],
)
def test_a_crm_has_words_of_its_own_beside_those_that_all_share(stage, status):
    assert known_status(stage, {}, FRENCH) == status


@pytest.mark.parametrize("stage", ["Gagné", "Gewonnen", "closedwon", "Perdue"])
def test_a_word_of_one_crm_means_nothing_in_another(stage):
    assert known_status(stage, {}) is None


def test_what_somebody_said_comes_first():
    assert known_status("Signed", {"signed": "won"}) == "won"
