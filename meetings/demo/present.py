"""The coming meeting as the demo finds it: North half prepared, South handed in, both to be held."""

from __future__ import annotations

from datetime import timedelta

from meetings.agenda.build import live
from meetings.demo.story import Story
from meetings.demo.world import World, as_field
from meetings.models import Meeting, PrivateNote, Update

MINUTE = timedelta(minutes=1)
NOTE = "Ask what changed at Brandt since the board call.\nA second crew: what would it cost until the summer?"


def prepare(world: World, meeting: Meeting) -> None:
    """Write the story's words for the coming meeting, on the afternoon of the last day worked."""
    begun = max(world.timeline.when(0.94) - 100 * MINUTE, world.timeline.fresh_from)
    for number, (side, section, about, text) in enumerate(world.story.words):
        Update.objects.create(
            meeting=meeting, side=side, author=world.person(side), section=section, text=text, changed_at=begun + number * MINUTE,
            **as_field(world.about(section, about) if about else None),
        )  # fmt: skip


def hand_in(world: World, meeting: Meeting) -> None:
    ready = max(world.timeline.when(0.94), world.timeline.fresh_from + 15 * MINUTE)
    meeting.hand_in(by=world.leader, now=ready, missing=len(live(meeting, ready).still_needed))


def note_of_the_ceo(world: World, meeting: Meeting) -> None:
    at = world.timeline.when(0.96)
    PrivateNote.objects.create(meeting=meeting, author=world.ceo, text=NOTE, changed_at=at)


def is_ready(story: Story) -> bool:
    """Whether every section of the coming meeting has the leader's words: then it is handed in."""
    told = {section for side, section, _, _ in story.words if side == "leader"}
    return {"revenue", "deals", "risks", "initiatives", "issues"} <= told
