"""When things of the story happen: the slots of two years, and `ago` and `days` as moments and days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from alignment.rules.periods import quarter_of
from deals.rules.revenue import standing
from meetings.demo.days import ONE_DAY, Calendar
from meetings.demo.story import Slot, Story
from meetings.demo.wins import Share, Stretch


def slots(story: Story, *, coming: date, weeks: int, calendar: Calendar) -> list[Slot]:
    """The meetings behind the coming one, oldest first.

    One on a day off is moved to the day worked before it.
    """
    return [
        _slot(number, coming - timedelta(weeks=number), story, calendar) for number in range(weeks, 0, -1)
    ]


def _slot(number: int, day: date, story: Story, calendar: Calendar) -> Slot:
    outcome, why = story.outcomes.get(number, ("held", ""))
    if not calendar.works(day) and outcome in ("held", "moved", "late"):
        return Slot(number, day, "holiday", "That day is a public holiday.")
    return Slot(number, day, outcome, why)


def held_on(slot: Slot, calendar: Calendar) -> date:
    if slot.outcome == "holiday":
        return calendar.before(slot.day)
    return calendar.after(slot.day) if slot.outcome == "moved" else slot.day


@dataclass(frozen=True)
class Timeline:
    calendar: Calendar
    today: date
    coming: date  # the day of the coming meeting
    fresh_from: datetime  # when the last meeting was over

    @property
    def moment(self) -> datetime:
        """The very beginning of today: everything in the story is before it."""
        return self.calendar.at(self.today, 0)

    def when(self, ago: float) -> datetime:
        """Weeks before today; below 1 a share of the time since the last meeting. In office hours."""
        if ago >= 1:
            return self.calendar.office(self.moment - timedelta(weeks=ago))
        share = self.fresh_from + (self.moment - self.fresh_from) * ago
        return max(self.calendar.office(share), self.fresh_from)

    def day(self, days: int) -> date:
        """A business day counted from today; 0 is the day of the coming meeting."""
        if days == 0:
            return self.coming
        day = self.today + timedelta(days=days)
        return self.calendar.on_or_after(day) if days > 0 else self.calendar.on_or_before(day)


def stretches(meeting_days: Sequence[date], *, today: date) -> list[Stretch]:
    """From a year's beginning before the first meeting to yesterday, cut at every meeting."""
    first = meeting_days[0]
    begin = min(date(first.year, 1, 1), first - timedelta(weeks=14))
    cuts = [begin]
    while cuts[-1] + timedelta(weeks=1) < first:
        cuts.append(cuts[-1] + timedelta(weeks=1))
    cuts += [day for day in meeting_days if day > cuts[-1]]
    cut = [Stretch(one + ONE_DAY, two - ONE_DAY, two) for one, two in pairwise(cuts)]
    last = today - ONE_DAY
    return [*cut, Stretch(min(cuts[-1] + ONE_DAY, last), last, today, is_last=True)]


def share(
    story: Story, goals: dict[date, Decimal], *, today: date, calendar: Calendar, noise: list[Decimal]
) -> Share:
    """The share of the goal to date that is missing or exceeded: today as the story says, before it varied."""
    quarter = quarter_of(today, first_month=1)
    whole = standing(quarter, today=today, goals=goals, actuals={}, holidays=calendar.off)
    gone = (whole.goal_to_date or Decimal(0)) / (whole.goal or Decimal(1)) or Decimal(1)
    of_quarter, at_most = (Decimal(share) for share in story.gap)
    now = max(of_quarter / gone, at_most) if of_quarter < 0 else min(of_quarter / gone, at_most)

    def on(day: date) -> Decimal:
        if day >= today - timedelta(days=30) and day >= quarter.start:
            return now
        back = (quarter.start - day).days // 91 + 1 if day < quarter.start else 0
        usual = Decimal(story.past_gaps[(back - 1) % len(story.past_gaps)]) if back else now
        return usual + noise[day.toordinal() % len(noise)]

    return on
