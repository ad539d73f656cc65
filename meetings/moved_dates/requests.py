"""Asking reps by a personal link why a date moved: at most three deals a rep and week, the largest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from alignment.links.sending import refused_addresses, send_link
from alignment.models import Link, Team, User
from meetings.moved_dates.queries import MovedDeal

MOVED_DATE = "date"
"""The kind of link."""
MOST_A_REP = 3
A_WEEK = timedelta(days=7)


def ask_reps(team: Team, moved: Iterable[MovedDeal], *, by: User, now: datetime) -> int:
    """Send the links; returns how many. Whoever was asked about a deal within a week is not asked again."""
    rows = [row for row in moved if row.deal.rep and row.deal.rep.email]
    refused = refused_addresses({row.deal.rep.email.lower() for row in rows if row.deal.rep})
    asked_lately = _asked_lately(team, now)
    sent = 0
    for row in rows:
        rep = row.deal.rep
        assert rep is not None
        email, deals = rep.email.lower(), asked_lately[rep.email.lower()]
        if email in refused or row.deal.pk in deals or len(deals) >= MOST_A_REP:
            continue
        deals.add(row.deal.pk)
        _send(row, name=rep.name, email=email, team=team, by=by, now=now)
        sent += 1
    return sent


def deals_asked_about(team: Team, now: datetime) -> set[int]:
    """Those whose rep has a link to say why."""
    return set().union(*_asked_lately(team, now).values())


def _asked_lately(team: Team, now: datetime) -> dict[str, set[int]]:
    links = Link.objects.open(now).filter(kind=MOVED_DATE, company=team.company_id, asked_at__gt=now - A_WEEK)
    by_address: dict[str, set[int]] = defaultdict(set)
    for email, deal in links.values_list("email", "thing"):
        by_address[email].add(deal)
    return by_address


def _send(row: MovedDeal, *, name: str, email: str, team: Team, by: User, now: datetime) -> None:
    send_link(
        MOVED_DATE,
        row.deal.pk,
        name=name,
        email=email,
        company=team.company,
        by=by,
        notice="moved_date",
        about=f"{row.push.new}-{now:%Y%m%d}",
        payload={"old": f"{row.push.old}", "new": f"{row.push.new}"},
        now=now,
    )
