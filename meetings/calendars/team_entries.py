"""What the entries of many teams show now, read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from alignment.db.named_rows import named_rows
from alignment.models import Seat, Team
from alignment.rules.roles import PRINCIPAL_ROLES
from meetings.calendars.entry_digests import EntryDigests, digest, slot_key, slot_value
from meetings.calendars.feed import meeting_title, spell_note
from meetings.models import Meeting
from meetings.models.team_cadence import due_rule_of
from meetings.rules.cadence_text import spell_due
from meetings.rules.preparation import preparation_due
from meetings.schedule.days_off import DaysOff, find_days_off_for

LATELY = timedelta(days=1)


class NearMeeting(NamedTuple):
    """A meeting of which the slot or the start is not long past."""

    team: int
    slot: datetime
    starts_at: datetime
    due_not_before: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class TeamEntries:
    """Of one team. What it shows is worked out when asked, because it may fail for a single team."""

    team: Team
    meetings: Sequence[NearMeeting]
    days_off: DaysOff

    @property
    def digests(self) -> EntryDigests:
        team, seats = self.team, self.team.current_seats
        held = {seat.role: seat.user.name for seat in seats}
        title = meeting_title(team.name, [held[role] for role in PRINCIPAL_ROLES if role in held])
        return EntryDigests(
            head=digest([title, team.minutes, _due_value(team), team.slug]),
            people={digest([seat.user_id]): digest([seat.user.name, seat.user.email]) for seat in seats},
            slots={slot_key(row.slot): value for row in self.meetings if (value := self._value(row))},
        )

    def _value(self, row: NearMeeting) -> str:
        is_scheduled = row.state == Meeting.State.SCHEDULED
        off = self.days_off.on(row.team, row.starts_at, self.team.timezone) if is_scheduled else ()
        rule = due_rule_of(self.team)
        due = preparation_due(
            row.starts_at,
            rule,
            self.days_off.holidays.get(row.team, ()),
            not_before=row.due_not_before,
        )
        return slot_value(
            slot=row.slot,
            starts_at=row.starts_at,
            is_cancelled=row.state == Meeting.State.EXCUSED,
            note=spell_note(off),
            due=due if rule.hours is None else None,
        )


def _due_value(team: Team) -> object:
    """Where hours decide it is their number, as it was sent before there was another rule."""
    rule = due_rule_of(team)
    return spell_due(rule) if rule.hours is None else rule.hours


def read_team_entries(teams: QuerySet[Team], now: datetime) -> list[TeamEntries]:
    """Five queries."""
    teams_by_pk = {team.pk: team for team in teams.select_related("company", "calendar")}
    meetings = _read_meetings(teams_by_pk, now)
    days_off = find_days_off_for((row.team, row.starts_at) for row in meetings)
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.current().filter(team__in=teams_by_pk).select_related("user"):
        seats[seat.team_id].append(seat)
    of_team: dict[int, list[NearMeeting]] = defaultdict(list)
    for row in meetings:
        of_team[row.team].append(row)
    return [
        TeamEntries(team.with_seats(seats[pk]), of_team[pk], days_off) for pk, team in teams_by_pk.items()
    ]


def _read_meetings(teams: Iterable[int], now: datetime) -> list[NearMeeting]:
    near = Q(starts_at__gt=now - LATELY) | Q(planned_start__gt=now - LATELY)
    rows = Meeting.objects.filter(near, team__in=teams).in_order()
    return list(named_rows(rows, into=NearMeeting, slot="planned_start"))
