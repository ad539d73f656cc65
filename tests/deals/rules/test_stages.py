"""What a stage means: a whole word that a CRM uses, or what somebody said."""

import pytest

from deals.rules.stages import known_status


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Closed Won", "won"),
        ("closedwon", "won"),
        ("Won", "won"),
        ("Won 🎉", "won"),
        ("Geschlossen und gewonnen", "won"),
        ("Gagné", "won"),
        ("Gagne\u0301", "won"),
        ("Closed Lost", "lost"),
        ("Verloren", "lost"),
        ("Perdue", "lost"),
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


def test_what_somebody_said_comes_first():
    assert known_status("Signed", {"signed": "won"}) == "won"
