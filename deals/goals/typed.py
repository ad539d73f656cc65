"""What was typed in the grid, as edits of goals: only what differs from what its writer had seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from alignment.forms.fields import is_blank
from alignment.models import GoalEdit, Team
from alignment.models.goals import Place
from alignment.periods import month_of
from deals.goals.grid import Reader, Typed, key
from deals.imports.cells import BadCell
from deals.sheets.amounts import goal

BASIS = "seen-"
LONGEST_WHY = 300
_KEY = re.compile(BASIS + r"(\d{1,18})")
_FIRST = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])")
_PLAIN = re.compile(r"\d{1,16}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Reading:
    """The edits that can be made, and what stands in the form for the page to show again."""

    edits: list[GoalEdit]
    said: Typed
    why: str
    sentences: list[str]


def asked_teams(data: Mapping[str, str]) -> list[int]:
    """The keys of the teams whose rows were sent."""
    return [int(match[1]) for name in data if (match := _KEY.fullmatch(name))]


def read(data: Mapping[str, str], teams: Sequence[Team], *, reader: Reader) -> Reading:
    """Every field of these teams that differs from what was seen; a field not sent stays as it is."""
    texts: dict[Place, str] = {}
    seen: dict[Place, Decimal | None] = {}
    why = data.get("why", "").strip()
    reading = Reading([], Typed(texts, seen, problems := {}), "" if is_blank(why) else why, [])
    if len(why) > LONGEST_WHY:
        reading.sentences.append(f"The reason has {len(why)} characters, and at most {LONGEST_WHY} fit.")
    for team in teams:
        for place, text, before in _changed(data, team, reader):
            texts[place], seen[place] = text, before
            try:
                new = goal(text, locale=reader.locale, currency=reader.currency)
            except BadCell as wrong:
                problems[place] = f"{wrong}."
                reading.sentences.append(f"{team.name}, {month_of(place[1]).label}: {wrong}.")
                continue
            if new != before:
                reading.edits.append(GoalEdit(*place, before, new))
    return reading


def _changed(
    data: Mapping[str, str], team: Team, reader: Reader
) -> Iterator[tuple[Place, str, Decimal | None]]:
    months = _months(data.get("first", ""))
    seen = [_plain(text) for text in data.get(f"{BASIS}{team.pk}", "").split("|")]
    for month, before in zip(months, seen, strict=False):
        text = data.get(key((team.pk, month)))
        if text is not None and text.strip() != reader.typed(before):
            yield (team.pk, month), text[:40], before


def _months(first: str) -> list[date]:
    if not _FIRST.fullmatch(first):
        return []
    start = int(first[:4]) * 12 + int(first[4:]) - 1
    return [date(index // 12, index % 12 + 1, 1) for index in range(start, start + 12)]


def _plain(text: str) -> Decimal | None:
    try:
        return Decimal(text) if _PLAIN.fullmatch(text) else None
    except InvalidOperation:
        return None
