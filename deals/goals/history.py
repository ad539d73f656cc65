"""Who set the goals that two people set at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from alignment.models import GoalChange, GoalClash, Team
from alignment.models.goals import Place
from alignment.periods import month_of
from alignment.templatetags.figures import when
from deals.goals.grid import Reader, Typed


def last_changes(places: Iterable[Place]) -> dict[Place, GoalChange]:
    """The newest change of each of these goals, in one query."""
    wanted = set(places)
    rows: QuerySet[GoalChange] = GoalChange.objects.select_related("by").filter(
        team__in={team for team, _ in wanted}, month__in={month for _, month in wanted}
    )
    return {place: row for row in rows.order_by("at", "pk") if (place := (row.team_id, row.month)) in wanted}


def clashes(
    clash: GoalClash, said: Typed, teams: Mapping[int, Team], reader: Reader
) -> tuple[Typed, list[str]]:
    """The form as it was typed, starting from what is stored now, and a sentence for each goal that both set."""
    changes = last_changes(clash.stored)
    problems: dict[Place, str] = {}
    sentences = []
    for place, stored in sorted(clash.stored.items()):
        change = changes.get(place)
        who = str(change.by) if change and change.by else "Somebody"
        at = f" ({when(change.at)})" if change else ""
        did = f"set it to {reader.money(stored)}" if stored is not None else "took it away"
        problems[place] = f"{who} {did}{at}."
        sentences.append(f"{_name(teams, place)}: {who} {did}{at}; you wrote {_typed(said, place)}.")
    return Typed(said.texts, {**said.seen, **clash.stored}, problems), sentences


def _name(teams: Mapping[int, Team], place: tuple[int, date]) -> str:
    return f"{teams[place[0]].name}, {month_of(place[1]).label}"


def _typed(said: Typed, place: Place) -> str:
    text = said.texts.get(place, "").strip()
    return f"“{text}”" if text else "nothing"
