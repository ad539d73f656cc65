"""A rep changes team: the term there ends, one here begins, and open deals come along only where a person says so.

The old team keeps its history and its revenue; what it wrote about a deal that left stays with it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from alignment import audit
from alignment.models import Team, User
from deals.models import Deal, Rep, RepTerm
from deals.rules.reps import Term, overlapping

DAY = timedelta(days=1)


class TeamChangeError(Exception):
    """The rep cannot change team so. Nothing was changed; the text says why, for the person."""


@transaction.atomic
def move_rep(
    rep: Rep,
    *,
    from_team: Team,
    to_team: Team | None,
    day: date,
    takes_deals: bool,
    by: User,
    now: datetime,
) -> int:
    """From that day on the rep is on the other team, or on none. Returns how many open deals went along.

    Raises TeamChangeError.
    """
    # Locked: of two who move the rep at once, the second learns that it is done.
    term = rep.terms.select_for_update().filter(team=from_team, until=None).first()
    if term is None:
        raise TeamChangeError(f"{rep} is not on {from_team} any more.")
    if day <= term.since:
        raise TeamChangeError(f"{rep} joined {from_team} on {term.since.isoformat()}. Choose a later day.")
    RepTerm.objects.filter(pk=term.pk).update(until=day - DAY)
    if to_team is not None:
        _begin(rep, to_team, day)
    moved = _take_deals(rep, from_team, to_team, by=by, now=now) if takes_deals and to_team else 0
    new = f"{to_team or 'no team'}, {moved} open deals with them"
    audit.note("rep.moved", by=by, now=now, company=rep.company, about=rep.name, old=from_team.name, new=new)
    return moved


def _begin(rep: Rep, team: Team, day: date) -> None:
    terms = [Term(row.team_id, row.since, row.until) for row in rep.terms.all()]
    if overlapping(terms, Term(team.pk, day, None)):
        raise TeamChangeError(f"{rep} is on {team} at that time already.")
    RepTerm.objects.create(rep=rep, team=team, since=day)


def _take_deals(rep: Rep, from_team: Team, to_team: Team, *, by: User, now: datetime) -> int:
    deals = list(Deal.objects.select_for_update().filter(rep=rep, team=from_team).open())
    for deal in deals:
        deal.record_change(version=deal.version, day=to_team.today(now), now=now, by=by, team=to_team)
    for team in (from_team, to_team) if deals else ():
        Team.objects.bump_revision(team.pk)
    return len(deals)
