"""A new cadence from a chosen day on: what becomes of the meetings that are planned already.

No meeting before that day changes. From it on, those nobody has touched take the new slots, in order; there is neither a
second meeting for a slot nor one left of the old cadence. One that somebody prepared, moved or excused takes the new slot
nearest to its own and either goes along to its time or stays where it was; who changes the cadence is asked which.
This alone changes the slot of a meeting (`planned_start`): it was not moved, it was planned anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from alignment.audit import note
from alignment.models import Team, User
from meetings import invitations
from meetings.cadence import Cadence, slots
from meetings.cadence_words import in_words
from meetings.models import Meeting, Move, NotNow
from meetings.planning import AHEAD, cadence_of, plan

ASIDE = timedelta(days=365 * 200)
"""Where slots wait while they change places: no two meetings of a team may have one, not even for a moment."""
STAYED = "It stayed at its time when the cadence changed"


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting ahead. `is_touched`: somebody prepared, moved or excused it."""

    id: int
    slot: datetime
    starts_at: datetime
    is_touched: bool = False
    is_excused: bool = False

    @property
    def is_moved(self) -> bool:
        return self.starts_at != self.slot


@dataclass(frozen=True, slots=True)
class Fit:
    """The new slot of each meeting (None: none is left for it), and the slots that are new altogether."""

    places: dict[int, datetime | None]
    new: tuple[datetime, ...]


def fit(planned: Sequence[Planned], free: Iterable[datetime]) -> Fit:
    """Give the meetings, in the order of their slots, the free slots. Pure.

    The touched choose first, each the one nearest to its own (of two the earlier); the others take what is left in order.
    """
    left, places = sorted(free), dict[int, datetime | None]()
    for meeting in (each for each in planned if each.is_touched):
        nearest = min(left, key=lambda slot: (abs(slot - meeting.slot), slot), default=None)
        places[meeting.id] = nearest
        if nearest is not None:
            left.remove(nearest)
    for meeting in (each for each in planned if not each.is_touched):
        places[meeting.id] = left.pop(0) if left else None
    return Fit(places, tuple(left))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change would do: the dates of the new cadence, and each meeting with its new slot."""

    team: Team
    dates: tuple[datetime, ...]
    planned: tuple[Planned, ...]
    fit: Fit

    @property
    def asked(self) -> list[Planned]:
        """Those that somebody touched and that get another slot: whether they stay must be said."""
        return [
            each
            for each in self.planned
            if each.is_touched and self.fit.places[each.id] not in (None, each.slot)
        ]

    @property
    def gone(self) -> list[Planned]:
        return [each for each in self.planned if not each.is_touched and self.fit.places[each.id] is None]


def outlook(team: Team, to: Cadence, now: datetime) -> Outlook:
    """What `change` would do; `to.starts_on` is the first day of the new cadence."""
    begin = _begin(to)
    planned = tuple(_planned(team, begin))
    until = max([now + AHEAD, *(each.slot for each in planned)])
    dates = slots(to, after=begin - timedelta(seconds=1), until=until)
    return Outlook(team, dates, planned, fit(planned, dates))


@transaction.atomic
def change(
    team: Team, to: Cadence, *, by: User, now: datetime, stay: Collection[int], go: Collection[int], why: str = ""
) -> Outlook:  # fmt: skip
    """Let the cadence `to` hold from its first day on. `stay` and `go` answer for the meetings that are asked about.

    Raises NotNow when the day is past or one was not asked about because somebody touched it just now.
    """
    team = Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)
    was = cadence_of(team)
    if to.starts_on <= now.astimezone(to.zone).date() or to.starts_on <= team.today(now):
        raise NotNow("Choose a day from tomorrow on: what is planned for today stays as it is.")
    if was == to:
        return outlook(team, to, now)  # a second click
    plan(team, now, until=_begin(to) - timedelta(seconds=1))
    found = outlook(team, to, now)
    if {each.id for each in found.asked} - {*stay, *go}:
        raise NotNow("Somebody has just prepared or moved one of these meetings. Look at the list again.")
    _write(team, to)
    _replan(found, stay=set(stay), by=by, now=now)
    invitations.renew(team, now, since=to.starts_on)
    note(
        "cadence.changed", by=by, now=now, company=team.company, about=team.name, old=in_words(was),
        new=f"{in_words(to)}, from {to.starts_on}", why=why,
    )  # fmt: skip
    Team.objects.stir(team.pk)
    return found


def _begin(to: Cadence) -> datetime:
    return datetime.combine(to.starts_on, time(), to.zone)


def _planned(team: Team, begin: datetime) -> list[Planned]:
    ahead = Meeting.objects.filter(
        team=team, planned_start__gte=begin, state__in=(Meeting.State.SCHEDULED, Meeting.State.EXCUSED)
    )
    rows = ahead.annotate(touched=is_touched()).order_by("planned_start")
    return [
        Planned(
            row.pk, row.planned_start, row.starts_at, is_touched=row.touched,  # type: ignore[attr-defined]
            is_excused=row.state == Meeting.State.EXCUSED,
        )
        for row in rows
    ]  # fmt: skip


def is_touched() -> Q:
    """Handed in, excused, or named by any row: words, a note, a move, a decision, a commitment."""
    touched = Q(handed_in_at__isnull=False) | Q(state=Meeting.State.EXCUSED)
    for relation in Meeting._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's public API
        if relation.auto_created and not relation.concrete and relation.one_to_many:
            rows = relation.related_model._base_manager  # type: ignore[union-attr]  # noqa: SLF001
            touched |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))  # type: ignore[union-attr]
    return touched


def _write(team: Team, to: Cadence) -> None:
    team.rhythm, team.weekday, team.nth = to.kind.value, to.weekday, to.nth
    team.local_time, team.timezone, team.starts_on = to.time, to.zone.key, to.starts_on
    team.save(update_fields=("rhythm", "weekday", "nth", "local_time", "timezone", "starts_on"))


def _replan(found: Outlook, *, stay: set[int], by: User, now: datetime) -> None:
    """Give every meeting its new slot; those that stay keep their time, as a move of the new slot."""
    places = {pk: slot for pk, slot in found.fit.places.items() if slot is not None}
    rows = [row for row in Meeting.objects.filter(pk__in=places) if row.planned_start != places[row.pk]]
    Meeting.objects.filter(pk__in=[each.id for each in found.gone]).delete()
    Meeting.objects.filter(pk__in=[row.pk for row in rows]).update(planned_start=F("planned_start") + ASIDE)
    for row in rows:
        slot, kept = places[row.pk], row.pk in stay
        row.planned_start, row.starts_at = slot, row.starts_at if kept else slot
        row.asked_at = row.asked_at if kept else None
        row.sequence += 1
        row.revision += 1
    Meeting.objects.bulk_update(rows, ("planned_start", "starts_at", "asked_at", "sequence", "revision"))
    Move.objects.bulk_create(
        Move(meeting=row, old=row.planned_start, new=row.starts_at, by=by, at=now, why=STAYED)
        for row in rows
        if row.starts_at != row.planned_start
    )
    new = [Meeting(team=found.team, planned_start=slot, starts_at=slot) for slot in found.fit.new]
    Meeting.objects.bulk_create(new)
