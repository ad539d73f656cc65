"""What was typed in the grid as edits of goals: only what differs from the goals its writer saw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from alignment.models import GoalEdit, Team
from alignment.models.goals import GoalKey
from alignment.rules.periods import month_of
from alignment.rules.text import typed
from deals.goals.grid import Reader, SubmittedGoals, field_name
from deals.tables.amounts_and_days import NO_NEGATIVE_GOAL, Reading
from deals.tables.cells import CellError

BASE, STORED = "seen-", "stored-"
LONGEST_WHY = 300
_KEY = re.compile(BASE + r"(\d{1,18})")
_FIRST = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])")
_PLAIN = re.compile(r"\d{1,16}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Submission:
    """The edits to make, and the content of the form in case the page has to show it again."""

    edits: list[GoalEdit]
    submitted: SubmittedGoals
    why: str
    sentences: list[str]


def submitted_teams(data: Mapping[str, str]) -> list[int]:
    """The ids of the teams whose rows were sent."""
    return [int(match[1]) for name in data if (match := _KEY.fullmatch(name))]


def read(data: Mapping[str, str], teams: Sequence[Team], *, reader: Reader) -> Submission:
    """Every field of these teams that differs from what its writer saw. A field that was not sent stays as it
    is.

    After a conflict the form also has the goals stored at that moment (STORED), and whose version to use
    where both set a goal (`keep`): "mine" is an edit of what was stored then, "theirs" is no edit.
    """
    texts: dict[GoalKey, str] = {}
    base: dict[GoalKey, Decimal | None] = {}
    why = typed(data.get("why", ""))
    submission = Submission([], SubmittedGoals(texts, base, problems := {}), why, [])
    if len(why) > LONGEST_WHY:
        submission.sentences.append(f"The reason has {len(why)} characters; the limit is {LONGEST_WHY}.")
    reading = Reading.typed(reader.locale, negative=NO_NEGATIVE_GOAL)
    for team in teams:
        for key, text, before in _changed_cells(data, team, reader):
            texts[key], base[key] = text, before
            try:
                new = reading.amount(text, currency=reader.currency)
            except CellError as error:
                problems[key] = f"{error}."
                submission.sentences.append(f"{team.name}, {month_of(key[1]).label}: {error}.")
                continue
            if new != before:
                submission.edits.append(GoalEdit(*key, before, new))
    return submission


def _changed_cells(
    data: Mapping[str, str], team: Team, reader: Reader
) -> Iterator[tuple[GoalKey, str, Decimal | None]]:
    base = _amounts(data.get(f"{BASE}{team.pk}", ""))
    stored = _amounts(data[f"{STORED}{team.pk}"]) if f"{STORED}{team.pk}" in data else base
    keep = data.get("keep", "")
    for month, before, now in zip(_months(data.get("first", "")), base, stored, strict=False):
        text = data.get(field_name((team.pk, month)))
        if text is None or text.strip() == reader.typed(before) or (keep == "theirs" and now != before):
            continue
        yield (team.pk, month), text[:40], now if keep == "mine" else before


def _amounts(text: str) -> list[Decimal | None]:
    return [_plain(amount) for amount in text.split("|")]


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
