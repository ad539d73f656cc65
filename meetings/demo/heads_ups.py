"""What the CEO of the demo said in the corridor: one line that was agreed to, one that waits for North’s leader."""

from __future__ import annotations

from uuid import UUID

from meetings.demo.world import World
from meetings.heads_up.answers import agree, leave_heads_up

AGREED = "Said at the all-hands that service gets two more people before sales does"
WAITING = "Told Pete on the phone that we would match the price at Hollis if it comes to that"


def leave_heads_ups(world: World) -> None:
    """Drawn from no chance, so that nothing else changes."""
    earlier, now = world.timeline.when(3.2), world.timeline.when(0.8)
    row = leave_heads_up(world.team, AGREED, by=world.ceo, token=UUID(int=world.team.pk), now=earlier)
    agree(row, by=world.leader, now=world.timeline.when(3))
    leave_heads_up(world.team, WAITING, by=world.ceo, token=UUID(int=world.team.pk + 2**64), now=now)
