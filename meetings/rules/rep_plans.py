"""Who may read a plan about a rep, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Collection

NOBODY = 0
"""As a reader: somebody who is not the CEO or the sales leader of the team now."""


def can_read(reader: int, readers: Collection[int]) -> bool:
    """Whether `reader` (the present CEO or sales leader, or NOBODY) is one of the two who started the plan.

    `readers` are the CEO and the sales leader at the start of the plan: their successors cannot read it.
    """
    return reader != NOBODY and reader in readers
