"""The list of personal links that somebody sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alignment.links.kinds import KINDS
from alignment.links.sending import refused_addresses
from alignment.models import Link


@dataclass(frozen=True, slots=True)
class Line:
    """One link. `title` is what it opens; None when that is gone. `is_refused`: no mail gets to its address."""

    link: Link
    label: str
    title: str | None
    is_open: bool
    is_refused: bool


def lines(links: Iterable[Link], now: datetime) -> list[Line]:
    rows = list(links)
    titles = {
        (kind.name, thing): title
        for kind in KINDS.values()
        for thing, title in kind.titles_of([row.thing for row in rows if row.kind == kind.name]).items()
    }
    refused = refused_addresses(row.email for row in rows)
    return [
        Line(
            row,
            KINDS[row.kind].label if row.kind in KINDS else row.kind,
            titles.get((row.kind, row.thing)),
            row.is_open(now) and (row.kind, row.thing) in titles,
            row.email in refused,
        )
        for row in rows
    ]
