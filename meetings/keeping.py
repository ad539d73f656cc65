"""How the meetings of many teams are kept: by team, by CEO over all their teams, by sales leader."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.models import Seat, Team, User
from alignment.models.teams import THE_TWO, Role
from meetings.discipline import Past, kept
from meetings.models import Meeting
from meetings.tenure import Line, begins, line, past_of

YEAR = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Lines, those that held the least lately first."""

    teams: list[Line]
    ceos: list[Line]
    leaders: list[Line]


def keeping(user: User, now: datetime, *, query: str = "") -> Keeping:
    """Of every team the user may see, over the last 52 weeks: three queries. `query` narrows by team or person."""
    teams = {team.pk: team for team in Team.objects.visible_to(user)}
    past = past_of(Meeting.objects.filter(team__in=teams, planned_start__gt=now - YEAR))
    seats = Seat.objects.current().filter(team__in=teams, role__in=THE_TWO).select_related("user")
    by_person: dict[tuple[str, int], list[Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.role, seat.user_id].append(seat)
    people = {role: [] for role in THE_TWO}  # type: dict[Role, list[Line]]
    for (role, _), held in by_person.items():
        people[Role(role)].append(_person(held, teams, past, now))
    of_teams = [line(team.name, kept(past[pk], now=now), slug=team.slug) for pk, team in teams.items()]
    wanted = query.casefold()
    found = [
        sorted((each for each in told if wanted in f"{each.who} {each.what}".casefold()), key=_least_first)
        for told in (of_teams, people[Role.CEO], people[Role.LEADER])
    ]
    return Keeping(*found)


def _person(held: list[Seat], teams: dict[int, Team], past: dict[int, list[Past]], now: datetime) -> Line:
    """Over all the teams on which a person holds this seat, each since they do."""
    theirs = [
        each
        for seat in held
        for each in past[seat.team_id]
        if each.planned >= begins(seat, teams[seat.team_id])
    ]
    newest_first = sorted(theirs, key=lambda each: (each.planned, each.id), reverse=True)
    names = ", ".join(sorted(teams[seat.team_id].name for seat in held))
    return line(
        held[0].user.name,
        kept(newest_first, now=now, side=held[0].role),
        what=names,
        since=min(seat.since for seat in held),
    )


def _least_first(each: Line) -> tuple[float, str]:
    return (2.0 if each.quarter is None else each.quarter, each.who)
