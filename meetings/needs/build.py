"""The rows that wait, as the reader sees them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from alignment.agreements.subjects import SUBJECTS
from alignment.models import Agreement, User
from alignment.rules.formatting import beginning, day, measured, spell_number
from meetings.models import Initiative
from meetings.needs.queries import SeatedTeam, WaitingRow, seated_teams, waiting_rows
from meetings.needs.values import Need, Needs

ORDER = ("approve", "answer", "confirm", "agree", "revise", "accept")
LONGEST_DETAIL = 240


def needs_you(user: User, now: datetime) -> Needs:
    """What waits for the user on all their teams: two queries."""
    teams = seated_teams(user)
    return needs_of(waiting_rows(user, now, teams), teams, user)


def needs_of(rows: Sequence[WaitingRow], teams: Sequence[SeatedTeam], user: User) -> Needs:
    """`rows` may hold commitments of others, which wait for nobody here."""
    by_pk, today = {team.pk: team for team in teams}, timezone.localdate()
    needs = [
        _need(row, by_pk[row.team], today) for row in rows if row.kind != "commitment" or row.owner == user.pk
    ]
    requests = [need for need in needs if need.kind != "do"]
    requests = list(_with_agreements_together(requests))
    requests.sort(key=lambda need: ORDER.index(need.kind))
    commitments = [need for need in needs if need.kind == "do"]
    return Needs(tuple(_with_next(requests)), tuple(_with_next(commitments)))


def _with_agreements_together(needs: Sequence[Need]) -> Iterator[Need]:
    """Several lines of one quarter's agreement are one row, which opens their page: there they are answered together.
    A single one is answered where it is.
    """
    pages = Counter(need.address for need in needs if need.is_of_quarter)
    pages_before: set[str] = set()
    for need in needs:
        if not need.is_of_quarter or pages[need.address] == 1:
            yield need
        elif need.address not in pages_before:
            pages_before.add(need.address)
            number = pages[need.address]
            lines = f"{spell_number(number).capitalize()} lines wait for your yes, together or one by one."
            yield replace(need, kind="confirm", title=need.page_title, detail=lines)


def _with_next(needs: Sequence[Need]) -> Iterator[Need]:
    keys = [need.key for need in needs[1:]]
    for need, next_key in zip(needs, [*keys, ""], strict=True) if needs else ():
        yield replace(need, next_key=next_key)


def _need(row: WaitingRow, team: SeatedTeam, today: date) -> Need:
    kind = _kind(row)
    is_agreement = kind == "agree"
    return Need(
        kind=kind,
        id=row.pk,
        team=team.name,
        title=SUBJECTS[row.title].label(row.why) if is_agreement else row.title,
        address=SUBJECTS[row.title].address(team.slug, row.why) if is_agreement else "",
        page_title=SUBJECTS[row.title].page_title(row.why) if is_agreement else "",
        detail=DETAILS[kind](row),
        version=row.version,
        meeting=team.meeting,
        due=row.due,
        due_in_words=_describe_due(row.due, today) if row.due and row.kind == "commitment" else "",
        is_overdue=row.kind == "commitment" and row.due is not None and row.due < today,
    )


def _kind(row: WaitingRow) -> str:
    if row.kind == "plan":
        return "revise" if row.state == Initiative.Approval.NOT_YET else "approve"
    if row.kind in ("question", "agreement"):
        return "answer" if row.kind == "question" else "agree"
    return "accept" if row.state == "new" else "do"


ASKED_ANEW: Mapping[str, str] = {
    Initiative.Approval.CHANGED: "The plan changed since the last decision.",
    Initiative.Approval.FORMER: "Approved before you took the seat.",
}


def _plan_in_words(row: WaitingRow) -> str:
    """ "Plan changed. Deals above $20k: from 4 to 10 by 31 Mar. What will be done." """
    return " ".join(
        filter(None, (ASKED_ANEW.get(row.state), _aim_in_words(row), beginning(row.detail, LONGEST_DETAIL)))
    )


def _aim_in_words(row: WaitingRow) -> str:
    if row.target is None:
        return ""
    start = f"from {measured(row.baseline, row.unit)} " if row.baseline is not None else ""
    measure = f"{row.measure}: " if row.measure else ""
    aim = f"{measure}{start}to {measured(row.target, row.unit)}{f' by {day(row.due)}' if row.due else ''}"
    return f"{aim[0].upper()}{aim[1:]}."


def _question_in_words(row: WaitingRow) -> str:
    by = row.by or "Former member"
    return f"{by} asks: {beginning(row.detail, LONGEST_DETAIL)}" if row.detail else f"{by} asks."


def _agreement_in_words(row: WaitingRow) -> str:
    """ "Joe Keller proposes: Small 20%, mid-size 50%, big 30%. “Mid-size pays the salaries.”" """
    line = beginning(SUBJECTS[row.title].describe(json.loads(row.detail)), LONGEST_DETAIL)
    if row.state == Agreement.State.AGREED:
        return f"Agreed before you took the seat: {line}"
    return f"{row.by or 'A former member'} proposes: {line}"


DETAILS: Mapping[str, Any] = {
    "approve": _plan_in_words,
    "answer": _question_in_words,
    "agree": _agreement_in_words,
    "revise": lambda row: f"{row.by or 'The CEO'} requested changes: {row.why}",
    "accept": lambda row: f"{row.by or 'Former member'} added it for you, due {day(row.due)}.",
    "do": lambda row: "",
}


def _describe_due(due: date, today: date) -> str:
    days_overdue = (today - due).days
    if days_overdue > 0:
        return f"{days_overdue} day{'' if days_overdue == 1 else 's'} overdue"
    return {0: "today", -1: "tomorrow"}.get(days_overdue) or day(due)
