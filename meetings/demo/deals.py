"""The course of every deal of the demo company, planned before anything is written. Reads no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from meetings.demo import names
from meetings.demo.days import Calendar
from meetings.demo.deck import Deck
from meetings.demo.story import OpenDeal, Story
from meetings.demo.timeline import Timeline
from meetings.demo.wins import BIG_FROM, MID_FROM, SMALLEST, Win
from meetings.demo.words import deals as words

SMALL_LOSSES = 0.2
"""On what share of the working days a small order goes to somebody else."""


@dataclass(frozen=True, slots=True)
class Step:
    """What changes about a deal at one moment."""

    at: datetime
    fields: dict[str, Any]
    reason: str = ""


@dataclass(slots=True)
class Course:
    """A big deal from its first day on; the steps in order."""

    name: str
    account: str
    owner: str
    stage: str
    amount: int
    opened: datetime
    close: date
    steps: list[Step] = field(default_factory=list)
    pinned: bool = False
    capacity: tuple[str, date | None, str] | None = None  # entered when won

    def sort(self) -> Course:
        self.steps.sort(key=lambda step: step.at)
        return self


@dataclass(frozen=True, slots=True)
class Order:
    """A smaller deal: open for a while, or known only once it was won."""

    name: str
    account: str
    owner: str
    amount: int
    opened: datetime
    close: date
    ended: datetime | None
    status: str = "won"


class Market:
    """Draws accounts, names and reps, and makes up how a deal went."""

    def __init__(self, story: Story, calendar: Calendar, rng: Random) -> None:
        self.story, self.calendar, self.rng = story, calendar, rng
        self.taken = {deal.name for deal in story.deals}
        self.reasons = Deck(words.PUSHED, rng)

    def pick(self, kinds: tuple[str, ...]) -> tuple[str, str]:
        """A deal's name, not seen before as long as there are any, and its account."""
        for _ in range(60):
            short = self.rng.choice(tuple(self.story.accounts))
            name = f"{short} {self.rng.choice(kinds)}"
            if name not in self.taken:
                break
        self.taken.add(name)
        return name, self.story.accounts[short]

    def order(self, win: Win) -> Order:
        """A mid-size deal was open for some weeks; a small one is an order by phone."""
        ended = self.calendar.at(win.day, 16, self.rng.randrange(0, 59))
        mid = win.amount >= MID_FROM
        name, account = self.pick(names.MID if mid else names.SMALL)
        opened = self._days_before(ended, 16, 45) if mid else ended
        return Order(name, account, self.rng.choice(self.story.reps), win.amount, opened, win.day, ended)

    def lost_small_order(self, day: date) -> Order:
        """Somebody else was faster, or cheaper."""
        name, account = self.pick(names.SMALL)
        ended = self.calendar.at(day, 15, self.rng.randrange(0, 59))
        amount = self.rng.randrange(SMALLEST, MID_FROM - 500, 50)
        opened = self._days_before(ended, 3, 12)
        return Order(name, account, self.rng.choice(self.story.reps), amount, opened, day, ended, "lost")

    def lost_order(self, day: date) -> Order:
        name, account = self.pick(names.MID)
        ended = self.calendar.at(day, 15, self.rng.randrange(0, 59))
        return Order(
            name,
            account,
            self.rng.choice(self.story.reps),
            self.rng.randrange(MID_FROM, 75_000, 500),
            self._days_before(ended, 20, 60),
            day,
            ended,
            "lost",
        )

    def open_order(self, today: date, number: int) -> Order:
        """One of the mid-size deals that are open today."""
        name, account = self.pick(names.MID)
        opened = self._days_before(self.calendar.at(today, 12), 9 + number * 6, 13 + number * 6)
        close = self.calendar.on_or_after(today + timedelta(days=5 + number * 8))
        return Order(
            name,
            account,
            self.story.reps[number % 4],
            self.rng.randrange(MID_FROM, 75_000, 500),
            opened,
            close,
            None,
        )

    def course(self, win: Win, *, status: str = "won") -> Course:
        """A big deal that ended on a day: told backwards, from its last date to the first one."""
        rng, calendar = self.rng, self.calendar
        name, account = self.pick(names.BIG)
        ended = calendar.at(win.day, rng.randrange(9, 17), rng.randrange(0, 59))
        close = calendar.on_or_after(win.day + timedelta(days=rng.randrange(0, 9)))
        steps = [
            Step(
                ended,
                {"status": status, "stage": "Closed", "close_date": win.day, "amount": Decimal(win.amount)},
            )
        ]
        for _ in range(rng.choices((0, 1, 2, 3), (44, 31, 18, 7))[0]):
            earlier = calendar.on_or_before(close - timedelta(days=rng.randrange(12, 36)))
            moved_at = min(self._days_before(calendar.at(earlier, 15), 0, 6), ended - timedelta(hours=30))
            steps.append(Step(moved_at, {"close_date": close}, self.reasons.draw()))
            close = earlier
        if len(steps) == 1 and rng.random() < 0.3:
            later = calendar.on_or_after(close + timedelta(days=rng.randrange(10, 26)))
            steps.append(Step(self._days_before(ended, 6, 14), {"close_date": close}))
            close = later
        opened = self._days_before(min(steps[-1].at, ended), 35, 80)
        course = Course(
            name, account, rng.choice(self.story.reps), names.STAGES[0], win.amount, opened, close, steps
        )
        self._amount(course, ended)
        self._stages(course, ended)
        return course.sort()

    def _amount(self, course: Course, ended: datetime) -> None:
        """A third of the deals were first thought larger or smaller."""
        if self.rng.random() < 0.35:
            final = course.amount
            course.amount = max(BIG_FROM, final * self.rng.randrange(82, 122) // 100 // 1_000 * 1_000)
            course.steps.append(Step(self._between(course.opened, ended), {"amount": Decimal(final)}))

    def _stages(self, course: Course, ended: datetime) -> None:
        for part, stage in ((0.35, "Proposal"), (0.7, "Negotiation")):
            at = self.calendar.office(course.opened + (ended - course.opened) * part)
            course.steps.append(Step(at, {"stage": stage}))

    def _between(self, start: datetime, end: datetime) -> datetime:
        return max(self.calendar.office(start + (end - start) * self.rng.uniform(0.25, 0.8)), start)

    def _days_before(self, moment: datetime, least: int, most: int) -> datetime:
        return self.calendar.office(
            moment - timedelta(days=self.rng.randrange(least, most + 1), minutes=self.rng.randrange(300))
        )


def story_course(deal: OpenDeal, story: Story, timeline: Timeline, *, won: Win | None) -> Course:
    """A deal of the story as its course; `won`: when and for how much, if since the last meeting."""
    (opened, close, _), *moved = deal.closes
    amount = won.amount if won else deal.amounts[0][1]
    course = Course(
        deal.name,
        story.accounts[deal.account],
        deal.rep,
        names.STAGES[0],
        amount,
        timeline.when(opened),
        timeline.day(close),
        pinned=deal.pinned,
    )
    course.steps += [
        Step(timeline.when(ago), {"close_date": timeline.day(days)}, why) for ago, days, why in moved
    ]
    course.steps += [
        Step(timeline.when(ago), {"amount": Decimal(dollars)}) for ago, dollars in deal.amounts[1:] if not won
    ]
    course.steps += list(_climb(deal, course, timeline))
    if deal.lost is not None:
        at = timeline.when(deal.lost)
        course.steps.append(
            Step(at, {"status": "lost", "stage": "Closed", "close_date": timeline.calendar.day(at)})
        )
    if won and deal.won:
        what, days, who = deal.won
        at = max(timeline.fresh_from, timeline.calendar.at(won.day, 14))
        course.steps.append(Step(at, {"status": "won", "stage": "Closed", "close_date": won.day}))
        course.capacity = (what, timeline.day(days) if what else None, who)
    return course.sort()


def _climb(deal: OpenDeal, course: Course, timeline: Timeline) -> Iterator[Step]:
    """Stage by stage up to today's, the last step before the last meeting; a new deal starts there."""
    if deal.closes[0][0] < 1:
        course.stage = deal.stage
        return
    reached = names.STAGES.index(deal.stage)
    part = (timeline.fresh_from - timedelta(days=5) - course.opened) / (reached + 1)
    for number in range(1, reached + 1):
        yield Step(timeline.calendar.office(course.opened + part * number), {"stage": names.STAGES[number]})


def plan(
    story: Story, wins: Iterable[Win], *, timeline: Timeline, begin: date, rng: Random
) -> tuple[list[Course], list[Order]]:
    """Every big deal and every order of a team, from `begin` to today."""
    market = Market(story, timeline.calendar, rng)
    fresh_day = timeline.calendar.day(timeline.fresh_from)
    known = list(wins)
    last_big = next((win for win in reversed(known) if win.amount >= BIG_FROM and win.day >= fresh_day), None)
    courses = [
        story_course(deal, story, timeline, won=last_big if deal.won else None) for deal in story.deals
    ]
    courses += [market.course(win) for win in known if win.amount >= BIG_FROM and win is not last_big]
    orders = [market.order(win) for win in known if win.amount < BIG_FROM]
    orders += [market.open_order(timeline.today, number) for number in range(4)]
    for day in timeline.calendar.days(begin, timeline.today - timedelta(days=14)):
        if rng.random() < 0.05:
            courses.append(market.course(Win(day, rng.randrange(BIG_FROM, 320_000, 1_000)), status="lost"))
        if rng.random() < 0.09:
            orders.append(market.lost_order(day))
    apart = Random(f"small losses {timeline.today} {story.deals[0].name}")  # noqa: S311  # so that the rest stays
    losses = Market(story, timeline.calendar, apart)
    days = timeline.calendar.days(begin, timeline.today - timedelta(days=14))
    orders += [losses.lost_small_order(day) for day in days if apart.random() < SMALL_LOSSES]
    return courses, orders
