"""Sentences that state a number which code holds: change one, and the test names the sentences that state it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from alignment.models import exports, invitations
from alignment.rules.formatting import percent, spell_number
from alignment.rules.periods import RECENT_WEEKS
from deals.rules import pace, revenue
from meetings.agenda.sections import big_deals
from meetings.calendars import feed
from meetings.rules import first_days, preparation, ratings
from meetings.schedule import slots

ROOT = Path(__file__).parent.parent
PASSWORD = next(
    validator["OPTIONS"]["min_length"]
    for validator in settings.AUTH_PASSWORD_VALIDATORS
    if "min_length" in validator.get("OPTIONS", {})
)
WEEK = "for a week"


def spelled(number: int, unit: str) -> str:
    return f"{spell_number(number)} {unit}"


def weeks(days: int) -> str:
    return WEEK if days == 7 else f"for {spelled(days // 7, 'weeks')}"


@pytest.mark.parametrize(
    ("sentence", "files"),
    [
        (
            spelled(invitations.HOLDS.days, "days"),
            [
                "alignment/views/people.py",
                "alignment/views/person.py",
                "templates/account/invitation_closed.html",
            ],
        ),
        (spelled(exports.KEPT_FOR.days, "days"), ["templates/setup/data.html"]),
        (spelled(PASSWORD, "characters"), ["alignment/forms/company.py"]),
        (f"{PASSWORD} characters", ["alignment/forms/people.py"]),
        (
            spelled(slots.AHEAD.days // 7, "weeks"),
            [
                "meetings/setup/overview.py",
                "templates/meetings/calendar.html",
                "templates/meetings/list.html",
                "templates/setup/cadence.html",
            ],
        ),
        (f"{feed.PAST.days} days", ["templates/meetings/calendar.html"]),
        (spelled(big_deals.NEAR.days // 7, "weeks"), ["meetings/agenda/sections/big_deals.py"]),
        (weeks(ratings.RATED_FOR.days), ["meetings/transitions/participation.py"]),
        (weeks(ratings.RATED_FOR.days), ["templates/meetings/present/closing.html"]),
        (
            spelled(int(preparation.TIME_TO_READ.total_seconds()) // 3600, "hours"),
            ["meetings/forms/team_settings.py"],
        ),
        (
            f"{first_days.DAYS} days",
            [
                "meetings/home/action_items.py",
                "templates/meetings/first_days.html",
                "templates/meetings/team.html",
            ],
        ),
        (f"{RECENT_WEEKS} weeks", ["deals/rules/revenue.py"]),
        (spelled(revenue.FRESH_FOR, "working days"), ["templates/meetings/home_teams.html"]),
        (f"within {percent(pace.ON_PACE)} of the goal", ["templates/meetings/home_reckoning.html"]),
        (f"more than {percent(pace.NEWS)} of the goal", ["templates/meetings/home_reckoning.html"]),
    ],
)
def test_a_sentence_states_the_number_that_holds(sentence: str, files: list[str]) -> None:
    without = [file for file in files if sentence not in " ".join((ROOT / file).read_text().split())]
    assert not without, sentence
