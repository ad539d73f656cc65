"""What an agreement may be about. Each app declares its subjects in its registry; nothing here knows one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from alignment.models import Team
from alignment.models.agreements import WITH_THEIR_ITEM
from alignment.permissions import Permission, is_principal_seat

Facts = dict[str, Any]
"""What an agreement was based on, as plain JSON: goals, targets, owners and sentences that people set."""


def no_facts(team: Team, key: str) -> Facts:
    return {}


def no_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


def no_content_changes(team: Team, key: str, content: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


def no_end(team: Team, key: str) -> date | None:
    return None


def no_page(key: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSubject:
    """`name` is stored with each agreement; `label` leads its sentences: "Deal mix of 2026"."""

    name: str
    label: Callable[[str], str]
    """Of a key."""
    describe: Callable[[Mapping[str, Any]], str]
    """The content of an agreement in one line."""
    address: Callable[[str, str], str]
    """Where the line of a team's slug and this key is read and answered."""
    can_propose: Permission = is_principal_seat
    read_facts: Callable[[Team, str], Facts] = no_facts
    """What it rests on, as it is now. Never a figure that an import moves."""
    changes: Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[str, ...]] = no_changes
    """What was changed between two readings of the facts: whole sentences, none if nothing was."""
    content_changes: Callable[[Team, str, Mapping[str, Any]], tuple[str, ...]] = no_content_changes
    """What of a content is no longer as it says, where the facts do not hold it."""
    ends_on: Callable[[Team, str], date | None] = no_end
    """The last day on which it is asked about."""
    is_about_item: bool = False
    """Whether it is read and decided with an item, by the rules of that item, and has no page of its own."""
    page_title: Callable[[str], str] = no_page
    """Of a line that is answered together with others: what the page of all of them is called."""


SUBJECTS: dict[str, AgreementSubject] = {}


def register(subject: AgreementSubject) -> None:
    SUBJECTS[subject.name] = subject
    if subject.is_about_item:
        WITH_THEIR_ITEM.add(subject.name)
