"""Who last changed goals, also when two people change them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import QuerySet

from alignment.forms.edit_conflicts import Conflict, FieldConflict
from alignment.models import GoalChange, Team
from alignment.models.goals import GoalKey
from alignment.rules.formatting import when
from alignment.rules.periods import month_of
from deals.goals.grid import Reader, SubmittedGoals, field_name

EDITORS = 3
"""At most this many are named."""


def last_changes(keys: Iterable[GoalKey]) -> dict[GoalKey, GoalChange]:
    """The newest change of each of these goals, in one query."""
    goals = set(keys)
    rows: QuerySet[GoalChange] = GoalChange.objects.select_related("by").filter(
        team__in={team for team, _ in goals}, month__in={month for _, month in goals}
    )
    return {key: row for row in rows.order_by("at", "pk") if (key := (row.team_id, row.month)) in goals}


def editors(changes: Iterable[GoalChange]) -> str:
    """Who made these changes, as far as known; at most EDITORS names."""
    return " and ".join(sorted({str(change.by) for change in changes if change.by})[:EDITORS])


def conflict_of(
    stored: Mapping[GoalKey, Decimal | None],
    submitted: SubmittedGoals,
    teams: Mapping[int, Team],
    reader: Reader,
) -> tuple[SubmittedGoals, Conflict]:
    """The form as it was typed, with a note at each goal that both set; and both versions of those goals."""
    changes = last_changes(stored)
    problems = {key: _what_happened(stored[key], changes.get(key), reader) for key in stored}
    fields = (
        FieldConflict(
            name=field_name(key),
            label=f"{teams[key[0]].name}, {month_of(key[1]).label}",
            mine=submitted.texts.get(key, ""),
            theirs=reader.typed(stored[key]),
            mine_shown=submitted.texts.get(key, "").strip() or "nothing",
            theirs_shown=reader.money(stored[key]),
        )
        for key in sorted(stored)
    )
    at = max((change.at for change in changes.values()), default=None)
    conflict = Conflict(version=0, who=editors(changes.values()), at=at, fields=tuple(fields))
    return SubmittedGoals(submitted.texts, submitted.base, problems), conflict


def _what_happened(stored: Decimal | None, change: GoalChange | None, reader: Reader) -> str:
    who = str(change.by) if change and change.by else "Somebody"
    at = f" ({when(change.at)})" if change else ""
    return f"{who} {f'set it to {reader.money(stored)}' if stored is not None else 'removed it'}{at}."
