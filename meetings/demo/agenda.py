"""One team's meetings, week by week: prepared, held or not, closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from alignment.rules.roles import PRINCIPAL_SIDES
from deals.models import CapacityNeed, Deal
from meetings.agenda import Agenda
from meetings.agenda.build import build_live
from meetings.audit import note_meeting, note_moved, spell_outcome
from meetings.demo.calls import Calls
from meetings.demo.check_ins import check_in
from meetings.demo.deal_flow import DealFlow
from meetings.demo.past_issues import PastIssues
from meetings.demo.story import Slot, StoryCommitment
from meetings.demo.timeline import held_on
from meetings.demo.voice import Line, Voice
from meetings.demo.words.deals import CAPACITY
from meetings.demo.words.meeting import FACILITATOR, LOW_RATING
from meetings.demo.world import World, as_field
from meetings.models import Attendance, Decision, Meeting, Rating, Section, Update
from meetings.models.sections import CLOSING
from meetings.transitions.closing import close_meeting

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATELY, TOLD_BUT_ONE_OF = 6, 3
"""In the last weeks, who must know was told but for one of so many."""


@dataclass
class TeamHistory:
    world: World
    deal_flow: DealFlow
    voice: Voice
    past_issues: PastIssues
    calls: Calls

    def until(self, moment: datetime) -> None:
        self.world.run(moment)
        self.deal_flow.book_orders(moment)

    def play_week(self, slot: Slot) -> None:
        """The week that leads up to one slot, and what became of it."""
        meeting = self.planned(slot)
        if slot.outcome == "excused":
            early, by = meeting.starts_at - 52 * HOUR, self.world.leader
            self.until(early)
            meeting.excuse(by=by, now=early, why=slot.why)
            note_meeting("meeting.excused", meeting, by=by, now=early, old="scheduled", new="excused")
            return
        if slot.outcome in ("moved", "holiday"):
            self.move(meeting, slot)
        if slot.outcome != "missed" or slot.number < 30:
            self.prepare(meeting, slot)
        if slot.outcome == "missed":
            self.until(meeting.starts_at)
            if meeting.submitted_at:
                self.say(meeting, build_live(meeting, meeting.starts_at))
            self.until(meeting.counts_as_missed_at)
            meeting.mark_missed(now=meeting.counts_as_missed_at)
            outcome = spell_outcome(meeting.state, meeting.missed_by)
            note_meeting("meeting.missed", meeting, by=None, now=meeting.counts_as_missed_at, new=outcome)
        else:
            self.hold_meeting(meeting, slot)

    def planned(self, slot: Slot) -> Meeting:
        local = self.world.team.local_time
        start = self.world.calendar.at(slot.day, local.hour, local.minute)
        meeting, _ = Meeting.objects.get_or_create(
            team=self.world.team, planned_start=start, defaults={"starts_at": start}
        )
        meeting.team = self.world.team
        return meeting

    def move(self, meeting: Meeting, slot: Slot) -> None:
        calendar, local = self.world.calendar, self.world.team.local_time
        now = calendar.office(meeting.planned_start - timedelta(days=4))
        self.until(now)
        to = calendar.at(held_on(slot, calendar), local.hour, local.minute)
        by = self.world.ceo if slot.outcome == "moved" else self.world.leader
        before = meeting.starts_at
        meeting.move(to, by=by, now=now, why=slot.why)
        note_moved(meeting, before, by=by, now=now)

    # Before

    def submitted_at(self, meeting: Meeting, slot: Slot) -> datetime:
        """On time as a rule, at least minutes before the deadline; late: hours before the meeting."""
        rng = self.world.rng
        if slot.outcome == "late":
            return meeting.starts_at - HOUR * rng.randrange(3, 20)
        moment = meeting.preparation_due - MINUTE * rng.randrange(20, 700)
        return min(self.world.calendar.office(moment), meeting.preparation_due - MINUTE)

    def prepare(self, meeting: Meeting, slot: Slot) -> None:
        ready = self.submitted_at(meeting, slot)
        self.until(ready)
        self.calls.prepare(meeting, ready, missing=self.world.rng.choice((0, 0, 0, 0, 1, 2)))

    def say(self, meeting: Meeting, agenda: Agenda) -> None:
        """What both wrote beforehand, with the figures the meeting opens with."""
        ready = meeting.submitted_at or meeting.starts_at - HOUR
        self.say_capacity(agenda, ready)
        lines = [*self.voice.leader(agenda), *self.past_issues.answers(agenda)]
        self.write(meeting, lines, side="leader", at=ready - 50 * MINUTE)
        read = max(meeting.starts_at - MINUTE * self.world.rng.randrange(40, 700), ready + 30 * MINUTE)
        if read < meeting.starts_at:
            self.write(meeting, self.voice.ceo(agenda), side="ceo", at=read)
        if self.voice.chance(0.14):
            line = Line(Section.ISSUES, self.voice.say(FACILITATOR, agenda))
            self.write(meeting, [line], side="facilitator", at=meeting.starts_at - 90 * MINUTE)

    def say_capacity(self, agenda: Agenda, now: datetime) -> None:
        """What a win needs, most of the time."""
        calendar, rng = self.world.calendar, self.world.rng
        for row in agenda.deals.won:
            if row.needs_capacity and rng.random() < 0.93:
                what, who = rng.choice(CAPACITY)
                by = calendar.on_or_after(agenda.today + timedelta(days=rng.randrange(12, 40)))
                need = CapacityNeed.objects.all().add_to(
                    Deal.objects.get(pk=row.id),
                    what=what,
                    needed_by=by,
                    who=who,
                    by=self.world.leader,
                    now=now,
                )
                if now < self.world.timeline.when(LATELY) or len(row.title) % TOLD_BUT_ONE_OF:
                    need.mark_informed(by=self.world.leader, now=now + DAY)

    def write(self, meeting: Meeting, lines: Iterable[Line], *, side: str, at: datetime) -> None:
        author = self.world.person(side)
        Update.objects.bulk_create(
            Update(
                meeting=meeting,
                side=side,
                author=author,
                section=line.section,
                text=line.text,
                changed_at=at + number * MINUTE,
                **target(line),
            )
            for number, line in enumerate(lines)
        )

    # In it

    def hold_meeting(self, meeting: Meeting, slot: Slot) -> None:
        rng, world = self.world.rng, self.world
        now = meeting.starts_at + MINUTE * rng.randrange(0, 5)
        self.until(now)
        meeting.start(by=rng.choice((world.ceo, world.leader)), now=now)
        agenda = build_live(meeting, now)
        self.say(meeting, agenda)
        now = self.walk_through(meeting, now)
        self.capture(meeting, slot, agenda, now - 2 * MINUTE)
        self.attend(meeting, meeting.starts_at)
        if slot.outcome == "itself":
            close_meeting(meeting, by=None, now=meeting.closes_itself_at, mail=False)
            return
        check_in(world, meeting, slot, now)
        self.rate(meeting, now)
        close_meeting(meeting, by=rng.choice((world.ceo, world.leader)), now=now + MINUTE, mail=False)

    def walk_through(self, meeting: Meeting, now: datetime) -> datetime:
        """Section by section, each near its minutes; returns when the last one was over."""
        timer = meeting.timer
        for section, minutes in self.world.team.planned_minutes.items():
            timer = timer.move_to(section, now)
            now += timedelta(seconds=int(minutes * self.world.rng.uniform(33, 78)))
        meeting.set_timer(timer.move_to(CLOSING, now))
        return now

    def capture(self, meeting: Meeting, slot: Slot, agenda: Agenda, now: datetime) -> None:
        self.past_issues.solve(meeting, slot, now)
        if slot.number == 1:
            return self.capture_story(meeting, now)
        calendar = self.world.calendar
        coming = calendar.day(meeting.planned_start) + timedelta(weeks=1)
        for number, task in enumerate(self.voice.tasks(agenda)):
            due = calendar.on_or_before(coming - timedelta(days=self.world.rng.choice((0, 0, 0, 1, 3))))
            self.world.make_commitment(
                task.text,
                owner=self.world.person(task.side),
                by=self.world.leader,
                due=max(due, agenda.today),
                at=now - (9 - number) * MINUTE,
                meeting=meeting,
                section=task.section,
                about=target(task),
                fate="on time" if slot.number < 6 else "",
            )
        for text in self.voice.decisions(agenda):
            self.decide(meeting, text, now)
        return None

    def capture_story(self, meeting: Meeting, now: datetime) -> None:
        for commitment in self.world.story.commitments:
            if not commitment.ago:
                make_story_commitment(self.world, commitment, now, meeting=meeting)
        for text in self.world.story.decisions:
            self.decide(meeting, text, now)

    def decide(self, meeting: Meeting, text: str, now: datetime) -> None:
        Decision.objects.create(
            team=self.world.team,
            meeting=meeting,
            section=Section.ISSUES,
            text=text,
            created_at=now,
            created_by=self.world.ceo,
        )

    def attend(self, meeting: Meeting, at: datetime) -> None:
        world = self.world
        present = {"leader": True, "ceo": world.rng.random() > 0.03}
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, user=world.person(side), role=side, present=is_present, at=at)
            for side, is_present in present.items()
        )

    def rate(self, meeting: Meeting, at: datetime) -> None:
        world = self.world
        scores = {
            side: world.rng.choices((6, 7, 8, 9, 10), (4, 13, 40, 32, 11))[0] for side in PRINCIPAL_SIDES
        }
        Rating.objects.bulk_create(
            Rating(
                meeting=meeting,
                user=world.person(side),
                role=side,
                score=score,
                at=at,
                why=world.rng.choice(LOW_RATING) if score < 8 else "",
            )
            for side, score in scores.items()
        )


def make_story_commitment(
    world: World, script: StoryCommitment, now: datetime, *, meeting: Meeting | None = None
) -> None:
    """A commitment of the story, made at `now`, and done when the story says so."""
    owner = world.person(script.side)
    made = world.make_commitment(
        script.text,
        owner=owner,
        by=world.leader,
        due=world.timeline.day(script.due),
        at=now,
        meeting=meeting,
        section=script.section,
        about=as_field(world.about(script.section, script.about))
        | ({"amount": Decimal(script.amount)} if script.amount else {}),
        fate="scripted",
    )
    if script.done is not None:
        brought = Decimal(script.brought) if script.amount else None
        world.at(world.timeline.when(script.done), lambda at: made.do(by=owner, now=at, brought=brought))


def target(line: Line) -> dict[str, int]:
    """The foreign key of what a line is about."""
    kind, _, pk = line.about.partition("-")
    return {f"{kind}_id": int(pk)} if pk else {}
