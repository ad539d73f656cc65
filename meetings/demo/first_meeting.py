"""North’s first meeting of this fiscal year, over; South’s new leader has prepared theirs, the CEO has not."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from alignment.models import User
from alignment.rules.periods import quarter_of, year_of
from meetings.demo.world import World
from meetings.models import FirstMeeting, FirstMeetingAnswer, Meeting

CEO: dict[str, Any] = {
    "success": "Six mid-size deals signed, not one plant\nNo date that moves a third time\nI hear bad news first",
    "goals_view": "confirm",
    "goals_words": "Ambitious, and the pipeline was there when we set them.",
    "chase": "Mid-size plants between 60K and 150K\nRenewals before they run out",
    "leave": "Accounts under 20K\nTenders in which we are the fourth quote",
    "discount": Decimal(10),
    "terms": Decimal(60),
    "unpaid": Decimal(3),
    "spending": Decimal(20_000),
    "people": "Reps alone; managers together",
    "call_when": "A customer of the ten largest is unhappy",
    "never_from_others": "That a committed deal slips",
}
LEADER: dict[str, Any] = {
    "success": "Brandt plant two signed\nFour reps above 80% of their quota",
    "goals_view": "different",
    "goals_words": "November carries too much of it: half the plants close their books then.",
    "chase": "Two plants, because they carry the year\nRenewals before they run out",
    "leave": "Accounts under 20K",
    "discount": Decimal(15),
    "terms": Decimal(60),
    "unpaid": Decimal(5),
    "spending": Decimal(20_000),
    "people": "Reps alone; managers together",
    "exceptions": "In writing, never on delivery dates",
    "call_when": "A price below the list is needed the same day",
    "never_from_others": "What the CEO promised one of my customers",
}
NEW_LEADER: dict[str, Any] = {
    "success": "Calder signed\nEverybody on the team knows their three accounts\nNo surprise in the last two weeks",
    "goals_view": "confirm",
    "goals_words": "They carry Calder. Without it I would miss them by a third.",
    "chase": "Ports and cold stores, where we have references",
    "leave": "Single machines without service",
    "discount": Decimal(12),
    "terms": Decimal(45),
    "spending": Decimal(15_000),
    "people": "Reps alone, after a word with you",
    "call_when": "A customer calls you before they call me",
    "never_from_others": "That you met one of my reps about a deal",
}
INTO_THE_QUARTER = timedelta(days=4)
LEAST_WEEKS = 0.45


def hold_first_meeting(world: World) -> None:
    """In the first days of the quarter, before its agreement was signed."""
    team, today = world.team, world.timeline.today
    first_month = team.company.fiscal_year_start
    quarter = quarter_of(today, first_month=first_month)
    weeks = max(LEAST_WEEKS, (today - quarter.start - INTO_THE_QUARTER).days / 7)
    now = world.timeline.when(weeks)
    row = FirstMeeting.objects.create(
        team=team,
        ceo=world.ceo,
        leader=world.leader,
        year_starts_on=year_of(today, first_month=first_month).start,
        opened_at=now,
        ended_at=now,
    )
    _prepare(row, world.ceo, CEO, now)
    _prepare(row, world.leader, LEADER, now)


def prepare_first_meeting(world: World) -> None:
    """The new leader is done; it is to be held in the next meeting."""
    team, now = world.team, world.timeline.when(0.8)
    year = year_of(world.timeline.today, first_month=team.company.fiscal_year_start)
    row = FirstMeeting.objects.create(
        team=team,
        ceo=world.ceo,
        leader=world.leader,
        year_starts_on=year.start,
        meeting=Meeting.objects.ahead().filter(team=team).first(),
    )
    _prepare(row, world.leader, NEW_LEADER, now)


def _prepare(row: FirstMeeting, user: User, values: dict[str, Any], now: datetime) -> None:
    FirstMeetingAnswer.objects.create(first_meeting=row, user=user, done_at=now, changed_at=now, **values)
