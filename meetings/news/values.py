"""What is new, every sentence ready. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from alignment.models import ReadState
from meetings.needs import SeatedTeam

MOST_SHOWN = 5


class HeadsUpRow(NamedTuple):
    """A heads-up that waits for the reader, or one of theirs that was answered."""

    pk: int
    ceo: int
    leader: int
    words: str
    at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewsTeam:
    """A team on which the reader sits, and what they have read of it."""

    seat: SeatedTeam
    slug: str
    zone: str
    currency: str
    since: datetime | None
    """When the last meeting was closed: what happened before it was on its agenda."""
    names: Mapping[int, str]
    """Of everybody who sits or sat there."""
    read: ReadState
    submitted_at: datetime | None = None
    """When the preparation of the next meeting was submitted."""
    submitted_by: int | None = None
    heads_ups: tuple[HeadsUpRow, ...] = ()


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that somebody did: “Joe answered May renewals get 60 days?”."""

    about: str
    """Its anchor: “issue-7”."""
    team: str
    slug: str
    text: str
    """Who did what."""
    title: str
    then: str
    """What follows the title: “to 18 Dec”."""
    detail: str
    at: datetime
    at_in_words: str
    is_unread: bool
    heads_up: int | None = None
    """The heads-up that waits for the reader’s answer."""

    @property
    def item(self) -> str:
        """As the button that opens it names it."""
        return f"{self.slug}/{self.about}"


@dataclass(frozen=True, slots=True)
class News:
    """The newest first."""

    items: tuple[NewsItem, ...] = ()

    @property
    def unread(self) -> int:
        return sum(item.is_unread for item in self.items)

    @property
    def shown_items(self) -> tuple[NewsItem, ...]:
        return self.items[:MOST_SHOWN]

    @property
    def more_items(self) -> tuple[NewsItem, ...]:
        return self.items[MOST_SHOWN:]
