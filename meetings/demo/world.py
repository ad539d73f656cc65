"""One team's two years as a queue of actions in order of time; what lies after today never happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from alignment.models import Team, User
from alignment.rules.roles import Side
from deals.models import Deal, Rep, Risk
from deals.sales_people.rep_names import RepNames
from meetings.demo.days import Calendar
from meetings.demo.deck import Deck
from meetings.demo.story import Story
from meetings.demo.timeline import Timeline
from meetings.demo.words.meeting import DROPPED
from meetings.models import Commitment, Initiative, Issue, Meeting

Act = Callable[[datetime], None]
Item = Deal | Risk | Initiative | Issue
FATES = {"on time": 89, "late": 5, "dropped": 4, "very late": 2}


@dataclass
class World:
    team: Team
    ceo: User
    leader: User
    facilitator: User
    story: Story
    timeline: Timeline
    rng: Random
    items: dict[str, Item] = field(
        default_factory=dict
    )  # by name; an account's risk by the account's short name
    queue: list[tuple[datetime, int, Act]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    predecessor: User | None = None
    changed_leader_at: datetime | None = None

    def __post_init__(self) -> None:
        self.dropped = Deck(DROPPED, self.rng)
        self.reps = RepNames(self.team.company_id)

    @property
    def calendar(self) -> Calendar:
        return self.timeline.calendar

    @property
    def open_deals(self) -> list[Deal]:
        return [item for item in self.items.values() if isinstance(item, Deal) and item.status == "open"]

    def rep(self, name: str) -> Rep | None:
        """On the team from its first day, like everybody in the demo."""
        return self.reps.find_or_create(name, team=self.team, day=self.team.starts_on)

    def at(self, moment: datetime, act: Act) -> None:
        heappush(self.queue, (moment, next(self.order), act))

    def run(self, until: datetime) -> None:
        while self.queue and self.queue[0][0] <= until:
            moment, _, act = heappop(self.queue)
            act(moment)

    def person(self, side: str) -> User:
        return {Side.CEO: self.ceo, Side.LEADER: self.leader}.get(Side(side), self.facilitator)

    def change_leader(self, successor: User, now: datetime) -> None:
        self.predecessor, self.leader, self.changed_leader_at = self.leader, successor, now

    def leader_at(self, moment: datetime) -> User:
        """Who led the team then, once the weeks have been played."""
        changed = self.changed_leader_at
        return self.predecessor if self.predecessor and changed and moment < changed else self.leader

    def about(self, section: str, name: str) -> Item | None:
        """The item of that name, as the section means it: in the risks, a deal's name means its risk."""
        return self.items.get(f"risk {name}" if section == "risks" else name)

    def make_commitment(
        self,
        text: str,
        *,
        owner: User,
        by: User,
        due: date,
        at: datetime,
        meeting: Meeting | None,
        section: str,
        about: dict[str, Any],
        fate: str = "",
    ) -> Commitment:
        """A commitment, and what will become of it: drawn, unless `fate` says."""
        commitment = Commitment.objects.create(
            team=self.team,
            meeting=meeting,
            text=text[:300],
            owner=owner,
            due=due,
            section=section,
            created_at=at,
            created_by=by,
            changed_at=at,
            **about,
        )
        self._plan_outcome(commitment, fate or self.rng.choices(list(FATES), list(FATES.values()))[0])
        return commitment

    def _plan_outcome(self, commitment: Commitment, fate: str) -> None:
        rng = self.rng
        due = self.calendar.at(commitment.due, 16)
        early, late = timedelta(days=rng.randrange(0, 5), minutes=rng.randrange(200)), rng.randrange(1, 6)
        if fate == "on time":
            done = max(self.calendar.office(due - early), commitment.created_at + timedelta(hours=2))
            self.at(min(done, max(due, commitment.created_at)), self._do(commitment))
        elif fate in ("late", "very late"):
            days = timedelta(days=late if fate == "late" else late + 9, hours=18)
            self.at(self.calendar.office(due + days), self._do(commitment))
        elif fate == "dropped":
            why = self.dropped.draw()
            self.at(self.calendar.office(due + timedelta(days=1)), self._drop(commitment, why))

    def _do(self, commitment: Commitment) -> Act:
        """Not by somebody who has left: it stays open for whoever follows."""
        owner = commitment.owner
        return lambda now: None if owner == self.predecessor else commitment.do(by=owner, now=now)

    def _drop(self, commitment: Commitment, why: str) -> Act:
        owner = commitment.owner
        return lambda now: None if owner == self.predecessor else commitment.drop(by=owner, now=now, why=why)


def as_field(about: Item | None) -> dict[str, Any]:
    """The item as the field that names it: `deal`, `risk`, `initiative` or `issue`."""
    return {} if about is None else {type(about).__name__.lower(): about}
