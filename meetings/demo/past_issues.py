"""Issues and questions of the past: raised between meetings, talked through and solved in one of the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deals.models import Deal
from meetings.agenda import Agenda
from meetings.demo.story import Slot
from meetings.demo.voice import Line, Voice
from meetings.demo.words import issues as words
from meetings.demo.world import World
from meetings.models import Decision, Issue, Meeting, Section

Card = tuple[str, str, str, str, str]


@dataclass
class PastIssues:
    world: World
    voice: Voice
    open: list[tuple[Issue, str]] = field(default_factory=list)  # with how each will be solved
    unused: list[Card] = field(default_factory=list)

    def schedule(self, starts: Sequence[datetime]) -> None:
        """Two in three weeks, none in the last ones: what is open today is the story's."""
        for start in starts:
            if self.world.rng.random() < 0.64:
                at = self.world.calendar.office(start - timedelta(hours=self.world.rng.randrange(20, 140)))
                self.world.at(at, self._raise)

    def _raise(self, now: datetime) -> None:
        world, rng = self.world, self.world.rng
        if not self.unused:
            self.unused = rng.sample(words.PAST, len(words.PAST))
        side, kind, title, detail, resolution = self.unused.pop()
        deal = rng.choice(world.open_deals) if world.open_deals else None
        names = {"rep": rng.choice(world.story.reps).split(" ")[0], "account": _account(world, deal)}
        about = deal if "{account}" in title + detail and rng.random() < 0.7 else None
        issue = Issue.objects.create(
            team=world.team,
            section=Section.DEALS if about else Section.ISSUES,
            deal=about,
            kind=kind,
            side=side,
            title=title.format(**names),
            detail=detail.format(**names),
            created_at=now,
            created_by=world.person(side),
            changed_at=now,
        )
        self.open.append((issue, resolution.format(**names)))

    def answers(self, agenda: Agenda) -> Iterator[Line]:
        for row in agenda.issues.rows:
            if row.kind == "question" and row.side == "ceo" and not row.solved:
                yield Line(Section.ISSUES, self.voice.say(words.ANSWERS, agenda), f"issue-{row.id}")

    def solve(self, meeting: Meeting, slot: Slot, now: datetime) -> None:
        """Most are solved at once, some only talked about; the week before the last nothing is left."""
        unsolved = []
        for number, (issue, resolution) in enumerate(self.open):
            at = now + timedelta(seconds=50 * number)
            if slot.number > 2 and self.world.rng.random() > 0.74:
                issue.discuss(now=at)
                unsolved.append((issue, resolution))
                continue
            by = self.world.person(self.world.rng.choice(("ceo", "leader")))
            decided = self.world.rng.random() < 0.3
            issue.solve(by=by, now=at, resolution=words.DECIDED if decided else resolution)
            if decided:
                self._decide(meeting, issue, resolution, at)
            if self.world.rng.random() < 0.5:
                self._follow_up(meeting, issue, at, fate="on time" if slot.number < 6 else "")
        self.open = unsolved

    def _decide(self, meeting: Meeting, issue: Issue, text: str, at: datetime) -> None:
        Decision.objects.create(
            team=meeting.team,
            meeting=meeting,
            section=issue.section,
            issue=issue,
            text=text,
            created_at=at,
            created_by=self.world.ceo,
        )

    def _follow_up(self, meeting: Meeting, issue: Issue, at: datetime, *, fate: str) -> None:
        world, rng = self.world, self.world.rng
        due = world.calendar.on_or_before(world.calendar.day(meeting.planned_start) + timedelta(weeks=1))
        rep = rng.choice(world.story.reps).split(" ")[0]
        world.make_commitment(
            rng.choice(words.NOTES).format(rep=rep, title=issue.title),
            owner=world.person(rng.choice(("ceo", "leader", "leader"))),
            by=world.leader,
            due=max(due, world.calendar.day(at)),
            at=at,
            meeting=meeting,
            section=issue.section,
            about={"issue": issue},
            fate=fate,
        )


def _account(world: World, deal: Deal | None) -> str:
    if deal and deal.account:
        return deal.account.name
    return world.rng.choice(tuple(world.story.accounts.values()))
