"""How the lines of a quarter are proposed together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from alignment.agreements.answers import AgreementChangedError, propose, withdraw
from alignment.models import Agreement, Team, User
from alignment.rules.periods import Period, key_of_quarter
from alignment.rules.roles import Side
from meetings.agreement.queries import read_current, read_lines
from meetings.agreement.subjects import own_part
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    MOST_SENTENCES,
    RIGHT,
    SENTENCE,
    Current,
    InitiativeTerms,
    initiatives_content,
    initiatives_of,
    measures_content,
    right_content,
    sentence_content,
)
from meetings.rules.decision_rights import Right


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the form asks for. `sentences` are all that are to hold; `rights` also those that are the CEO's."""

    with_measures: bool
    initiatives: tuple[int, ...]
    rights: tuple[Right, ...]
    sentences: tuple[str, ...]


class ProposedChangedError(AgreementChangedError):
    """What was to be proposed was changed in the meantime: `what` of it. Nothing was proposed."""

    def __init__(self, *what: str) -> None:
        super().__init__()
        self.what = what


def state_of(rows: Iterable[Agreement], current: Current) -> str:
    """What a form was based on: another text once a line was proposed or answered, or once the measures or the
    initiatives that it offers were changed. Of each a part of its own.
    """
    lines = [f"{row.pk}{row.state}{row.ceo_id}{row.leader_id}" for row in rows]
    measures = measures_content(current.measures.values())
    initiatives = initiatives_content(current.initiatives.values())
    return ".".join(_digest(part) for part in (lines, measures, initiatives))


def _digest(part: Any) -> str:
    return sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def _require_unchanged(state: str, now: str, proposal: Proposal) -> None:
    """Of the initiatives only where some are proposed, and so of the measures."""
    (lines, *before), (lines_now, *after) = f"{state}..".split(".")[:3], now.split(".")
    if lines != lines_now:
        raise AgreementChangedError
    is_proposed = (("leading measures", proposal.with_measures), ("initiatives", bool(proposal.initiatives)))
    what = [
        name
        for (name, matters), one, other in zip(is_proposed, before, after, strict=True)
        if matters and one != other
    ]
    if what:
        raise ProposedChangedError(*what)


@transaction.atomic
def propose_lines(
    team: Team, quarter: Period, proposal: Proposal, *, state: str, by: User, now: datetime
) -> int:
    """Propose each line that is to say something else; how many that were.

    Raises AgreementChangedError, and changes nothing, when a line was proposed or answered since `state`, and
    ProposedChangedError when the measures or initiatives are no longer those that were read; the same proposal sent
    twice is one.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    rows, current = read_lines(team, quarter), read_current(team, quarter)
    requested = list(_requested(proposal, rows, quarter, current))
    changes = [
        (subject, key, content)
        for subject, key, content in requested
        if not _says(rows, subject, key, content)
    ]
    if changes:
        _require_unchanged(state, state_of(rows, current), proposal)
    for subject, key, content in changes:
        _propose(team, rows, subject, key, content, by=by, now=now)
    return len(changes)


class TooManySentencesError(AgreementChangedError):
    """The quarter has as many sentences as it can have. Nothing was proposed."""


@transaction.atomic
def propose_right(team: Team, quarter: Period, right: Right, *, by: User, now: datetime) -> None:
    """One right alone; what is proposed or agreed already is not proposed anew."""
    rows = _locked_lines(team, quarter)
    key, content = f"{key_of_quarter(quarter)}-{right.kind}", right_content(right)
    if not _says(rows, RIGHT, key, content):
        _propose(team, rows, RIGHT, key, content, by=by, now=now)


@transaction.atomic
def propose_sentence(team: Team, quarter: Period, text: str, *, by: User, now: datetime) -> None:
    """One sentence beside those that are there; one that is there is not proposed anew.

    Raises TooManySentencesError.
    """
    rows = _locked_lines(team, quarter)
    before = sentences_of(rows)
    if text in before.values():
        return
    if len(before) >= MOST_SENTENCES:
        raise TooManySentencesError
    for number, sentence in place_sentences(before, [*before.values(), text]).items():
        key = f"{key_of_quarter(quarter)}-{number}"
        _propose(team, rows, SENTENCE, key, sentence_content(sentence), by=by, now=now)


def _locked_lines(team: Team, quarter: Period) -> list[Agreement]:
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    return read_lines(team, quarter)


def _requested(
    proposal: Proposal, rows: Sequence[Agreement], quarter: Period, current: Current
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    key = key_of_quarter(quarter)
    if proposal.with_measures and current.measures:
        yield MEASURES, key, measures_content(current.measures.values())
    initiatives = _initiatives(proposal, rows, key, current)
    if initiatives or _newest(rows, INITIATIVES, key):
        yield INITIATIVES, key, initiatives_content(initiatives)
    for right in proposal.rights:
        name = f"{key}-{right.kind}"
        if right.is_leaders or _newest(rows, RIGHT, name):
            yield RIGHT, name, right_content(right)
    before = sentences_of(rows)
    for number, text in place_sentences(before, proposal.sentences).items():
        yield SENTENCE, f"{key}-{number}", sentence_content(text, was=before.get(number, ""))


def _initiatives(
    proposal: Proposal, rows: Sequence[Agreement], key: str, current: Current
) -> list[InitiativeTerms]:
    """Those that are proposed. One that is there and no longer open stays as it was: nobody proposes it away."""
    newest = _newest(rows, INITIATIVES, key)
    before = [terms.id for terms in initiatives_of(newest.content)] if newest else []
    closed = {terms.id: terms for terms in closed_initiatives(rows, key, current)}
    proposed = {pk: current.initiatives[pk] for pk in proposal.initiatives if pk in current.initiatives}
    together = closed | proposed
    in_order = dict.fromkeys((*(pk for pk in before if pk in together), *proposed))
    return [together[pk] for pk in in_order]


def closed_initiatives(rows: Sequence[Agreement], key: str, current: Current) -> list[InitiativeTerms]:
    """Those of the agreement that are no longer open."""
    newest = _newest(rows, INITIATIVES, key)
    before = initiatives_of(newest.content) if newest else []
    return [terms for terms in before if terms.id not in current.initiatives]


def newest_rows(rows: Sequence[Agreement]) -> list[Agreement]:
    """Of each line what is proposed, else what holds."""
    lines = dict.fromkeys((row.subject, row.key) for row in rows)
    return [row for subject, key in lines if (row := _newest(rows, subject, key)) is not None]


def sentences_of(rows: Sequence[Agreement]) -> dict[int, str]:
    """The sentence in each of the places, as it would be with everything proposed agreed."""
    keys = {row.key for row in rows if row.subject == SENTENCE}
    newest = {int(own_part(key)): _newest(rows, SENTENCE, key) for key in sorted(keys)}
    return {number: row.content["text"] for number, row in newest.items() if row and row.content["text"]}


def place_sentences(before: Mapping[int, str], sentences: Sequence[str]) -> dict[int, str]:
    """The places that change and what is to stand there; an empty text takes a sentence out. A sentence that is there
    already keeps its place; the others take the places of those that go, then free ones.
    """
    new = [text for text in dict.fromkeys(sentences) if text not in before.values()]
    gone = [number for number, text in before.items() if text not in sentences]
    free = [number for number in range(1, MOST_SENTENCES + 1) if number not in before]
    placed = dict(zip([*gone, *free], new, strict=False))
    return dict.fromkeys(gone, "") | placed


def _newest(rows: Sequence[Agreement], subject: str, key: str) -> Agreement | None:
    """What is proposed of a line, else what holds."""
    line = [row for row in rows if (row.subject, row.key) == (subject, key)]
    states = (Agreement.State.PROPOSED, Agreement.State.AGREED)
    return next((row for state in states for row in line if row.state == state), None)


def _says(rows: Sequence[Agreement], subject: str, key: str, content: dict[str, Any]) -> bool:
    newest = _newest(rows, subject, key)
    return newest is not None and newest.content == content


def _propose(
    team: Team,
    rows: Sequence[Agreement],
    subject: str,
    key: str,
    content: dict[str, Any],
    *,
    by: User,
    now: datetime,
) -> None:
    """What is to say again what holds takes one's own proposal back."""
    side = Side(team.role_of(by))
    line = [row for row in rows if (row.subject, row.key) == (subject, key)]
    proposed = next((row for row in line if row.state == Agreement.State.PROPOSED), None)
    agreed = next((row for row in line if row.state == Agreement.State.AGREED), None)
    is_back = proposed is not None and proposed.proposed_side == side
    if proposed is not None and is_back and agreed is not None and agreed.content == content:
        withdraw(proposed, by=by, now=now)
    else:
        propose(team, subject=subject, key=key, content=content, side=side, by=by, now=now)
