"""The next meetings of the demo: North's is half prepared, South's is submitted."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from meetings.agenda.build import build_live
from meetings.demo.calls import Calls
from meetings.demo.story import Story
from meetings.demo.world import World, as_field
from meetings.forecast.calls import submit_preparation as freeze_preparation
from meetings.models import Meeting, PrivateNote, Update

MINUTE = timedelta(minutes=1)
NOTE = "Ask what changed at Brandt since the board call.\nWhat would a second crew cost until the summer?"


def prepare(world: World, meeting: Meeting) -> None:
    """Write the story's updates for the next meeting, on the afternoon of the last workday."""
    started = max(world.timeline.when(0.94) - 100 * MINUTE, world.timeline.fresh_from)
    for number, (side, section, about, text) in enumerate(world.story.updates):
        Update.objects.create(
            meeting=meeting,
            side=side,
            author=world.person(side),
            section=section,
            text=text,
            changed_at=started + number * MINUTE,
            **as_field(world.about(section, about) if about else None),
        )


def submit_preparation(world: World, meeting: Meeting, calls: Calls) -> None:
    ready = max(world.timeline.when(0.94), world.timeline.fresh_from + 15 * MINUTE)
    due_by_then = Q(due__lt=meeting.team.today(meeting.starts_at)) & ~Q(owner=world.ceo)
    for commitment in meeting.team.commitments.open().filter(due_by_then):
        commitment.carry(now=ready)
    calls.state(meeting, ready - MINUTE)
    missing = len(build_live(meeting, ready).still_needed)
    freeze_preparation(meeting, by=world.leader, now=ready, missing=missing)


def write_ceo_note(world: World, meeting: Meeting) -> None:
    at = world.timeline.when(0.96)
    PrivateNote.objects.create(meeting=meeting, author=world.ceo, text=NOTE, changed_at=at)


def is_ready(story: Story) -> bool:
    """Whether the leader wrote on every section of the next meeting: then it is submitted."""
    prepared = {section for side, section, _, _ in story.updates if side == "leader"}
    return {"revenue", "deals", "risks", "initiatives", "issues"} <= prepared
