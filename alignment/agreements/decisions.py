"""A line that one side writes on its item and the other decides there: each decision is one row, without a proposal.

The caller holds the lock on the item, so that of two decisions at once the second sees the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alignment.models import Agreement, Team, User
from alignment.models.agreements import OTHER_SIDE, AgreementQuerySet
from alignment.rules.roles import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """What is decided on: `content` as it is now, and since when the side that wrote it stands by it."""

    team: Team
    subject: str
    key: str
    content: dict[str, Any]
    facts: dict[str, Any]
    side: Side
    """That which wrote it; the other decides."""
    by: User | None
    since: datetime

    @property
    def rows(self) -> AgreementQuerySet:
        return Agreement.objects.about(self.team, self.subject, self.key)

    @property
    def next_number(self) -> int:
        last = self.rows.order_by("-number").values_list("number", flat=True).first()
        return (last or 0) + 1


def record_yes(line: ItemLine, *, by: User, now: datetime, why: str = "") -> Agreement:
    """The line holds with both sides; what held before is replaced."""
    other = OTHER_SIDE[line.side]
    both = {f"{line.side}": line.by, f"{line.side}_at": min(line.since, now), f"{other}": by}
    return _record(line, Agreement.State.AGREED, why=why, **both, **{f"{other}_at": now})


def record_no(line: ItemLine, *, by: User, now: datetime, why: str) -> Agreement:
    """The line is declined; what held before holds no more, because it was a decision on the same item."""
    written = {f"{line.side}": line.by, f"{line.side}_at": min(line.since, now)}
    return _record(line, Agreement.State.DECLINED, why=why, closed_by=by, closed_at=now, **written)


def _record(line: ItemLine, state: Agreement.State, **fields: Any) -> Agreement:
    line.rows.agreed().update(state=Agreement.State.REPLACED)
    return Agreement.objects.create(
        team=line.team,
        subject=line.subject,
        key=line.key,
        number=line.next_number,
        content=line.content,
        facts=line.facts,
        proposed_by=line.by,
        proposed_at=fields[f"{line.side}_at"],
        state=state,
        **fields,
    )


def undo_last(decision: Agreement) -> Agreement | None:
    """The last decision on an item goes; answers the one before, which holds again if it was a yes."""
    rows = Agreement.objects.about(decision.team, decision.subject, decision.key)
    decision.delete()
    before = rows.first()
    if before is not None and before.state == Agreement.State.REPLACED:
        before.state = Agreement.State.AGREED
        before.save(update_fields=["state"])
    return before
