"""What was made of a line of a page: an issue, a commitment. The app that has them registers how to look them up."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from alignment.models import Team, User


@dataclass(frozen=True, slots=True)
class CaptureKind:
    """`url_name` takes a POST with `team`, `token` and the text as `field`. `existing` answers which of the tokens
    were used on the team, in one query."""

    name: str
    button: str
    done: str
    url_name: str
    field: str
    longest: int
    existing: Callable[[Team, User, Collection[UUID]], set[UUID]]


CAPTURES: dict[str, CaptureKind] = {}


def register_capture(kind: CaptureKind) -> None:
    CAPTURES[kind.name] = kind
