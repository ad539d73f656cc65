"""What the calendar entries of a team show, as digests that are compared with what was last sent. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class EntryDigests:
    """`head`: what every entry shows. `people`: by a digest of their id. `slots`: those that differ from the rule."""

    head: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)

    def has_other_head(self, last_sent: EntryDigests) -> bool:
        """Whether everybody's entries must be sent again. Somebody who joins or leaves is no reason."""
        both = self.people.keys() & last_sent.people.keys()
        return self.head != last_sent.head or any(self.people[one] != last_sent.people[one] for one in both)

    def changed_slots(self, last_sent: EntryDigests, now: datetime) -> frozenset[datetime]:
        """The slots that are shown otherwise now; what is over stays as it was sent."""
        changed = (
            datetime.fromisoformat(slot)
            for slot in {*self.slots, *last_sent.slots}
            if self.slots.get(slot) != last_sent.slots.get(slot)
        )
        return frozenset(slot for slot in changed if slot > now or _lies_ahead(self, last_sent, slot, now))


def _lies_ahead(digests: EntryDigests, last_sent: EntryDigests, slot: datetime, now: datetime) -> bool:
    """Whether a moved one, the slot of which has passed, takes place later than now."""
    values = (slots.get(slot_key(slot), "") for slots in (digests.slots, last_sent.slots))
    return any(value[:1].isdigit() and datetime.fromisoformat(value.split()[0]) > now for value in values)


def slot_key(slot: datetime) -> str:
    return slot.isoformat()


def slot_value(
    *, slot: datetime, starts_at: datetime, is_cancelled: bool, note: str, due: datetime | None = None
) -> str:
    """How one slot is shown; empty when it is as the rule says. `due` only where more than the start decides it."""
    if is_cancelled:
        return CANCELLED
    differs = note or starts_at != slot
    visible = [note, due.isoformat()] if due else [note]
    return f"{starts_at.isoformat()} {digest(visible)}" if differs else ""


def digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:20]
