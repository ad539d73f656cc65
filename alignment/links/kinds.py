"""What a link may open. Each feature registers its kind from its registry; nothing else is reached through a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from alignment.models import Link


@dataclass(frozen=True, slots=True)
class LinkKind:
    """`url_name` is the one page that its links open, by the link's pk.
    `titles_of` names the things that are still there, by their ids; once its thing is
    gone a link opens nothing any more.
    """

    name: str
    label: str
    url_name: str
    titles_of: Callable[[Iterable[int]], Mapping[int, str]]


KINDS: dict[str, LinkKind] = {}


def register_link_kind(kind: LinkKind) -> None:
    KINDS[kind.name] = kind


def title_of(link: Link) -> str | None:
    """What the link is for; None when that is gone, and the link with it. Costs a query."""
    kind = KINDS.get(link.kind)
    return kind.titles_of([link.thing]).get(link.thing) if kind else None
