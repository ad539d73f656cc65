"""A new cadence from a chosen day on: what becomes of the meetings that are already planned.

No meeting before that day changes. From that day, meetings nobody has touched take the new slots in order; no
slot gets two meetings, and no meeting of the old cadence remains. One that somebody prepared, moved or
excused takes the nearest new slot and either moves to its time or stays at its own; whoever changes the
cadence decides which. Nothing else changes the slot of a meeting (`planned_start`): the meeting is not moved
but planned again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from alignment.audit import note
from alignment.models import Team, User, VersionConflict
from alignment.rules.formatting import clock, longday
from meetings.calendars import calendar_invites
from meetings.models import Meeting, Move, TransitionNotAllowed
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import Cadence, slots
from meetings.rules.cadence_text import spell_cadence
from meetings.schedule.slots import AHEAD, plan_meetings
from meetings.transitions.due_times import keep_due_times_from_past

ASIDE = timedelta(days=365 * 200)
"""Added to slots and starts while they are exchanged: no two meetings of a team may share one, not even for a
moment."""
STAYED = "Kept at its time when the schedule changed"


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """An upcoming meeting. `is_touched`: somebody prepared, moved or excused it."""

    id: int
    slot: datetime
    starts_at: datetime
    is_touched: bool = False
    is_excused: bool = False

    @property
    def is_moved(self) -> bool:
        return self.starts_at != self.slot


@dataclass(frozen=True, slots=True)
class SlotAssignment:
    """The new slot of each meeting (None: none is left for it), and the slots that need a new meeting."""

    slots: dict[int, datetime | None]
    new_slots: tuple[datetime, ...]


def assign_slots(planned: Sequence[PlannedMeeting], free: Iterable[datetime]) -> SlotAssignment:
    """Assign the free slots to the meetings, which come in the order of their slots. Pure.

    Touched meetings go first, each to the slot nearest to its own (the earlier of two); the others follow in
    order.
    """
    left, assigned = sorted(free), dict[int, datetime | None]()
    for meeting in (meeting for meeting in planned if meeting.is_touched):
        nearest = min(left, key=lambda slot: (abs(slot - meeting.slot), slot), default=None)
        assigned[meeting.id] = nearest
        if nearest is not None:
            left.remove(nearest)
    for meeting in (meeting for meeting in planned if not meeting.is_touched):
        assigned[meeting.id] = left.pop(0) if left else None
    return SlotAssignment(assigned, tuple(left))


@dataclass(frozen=True, slots=True)
class CadencePreview:
    """What a change would do: the dates of the new cadence, and each meeting with its new slot."""

    team: Team
    dates: tuple[datetime, ...]
    planned: tuple[PlannedMeeting, ...]
    assignment: SlotAssignment

    @property
    def to_confirm(self) -> list[PlannedMeeting]:
        """Touched meetings that get another slot: somebody has to decide whether they stay at their time."""
        return [
            meeting
            for meeting in self.planned
            if meeting.is_touched and self.assignment.slots[meeting.id] not in (None, meeting.slot)
        ]

    @property
    def to_delete(self) -> list[PlannedMeeting]:
        """Untouched meetings for which no slot is left."""
        return [
            meeting
            for meeting in self.planned
            if not meeting.is_touched and self.assignment.slots[meeting.id] is None
        ]


def preview_cadence_change(team: Team, to: Cadence, now: datetime) -> CadencePreview:
    """What `change_cadence` would do; `to.starts_on` is the first day of the new cadence."""
    begin = _begin(to)
    planned = tuple(_planned(team, begin))
    until = max([now + AHEAD, *(meeting.slot for meeting in planned)])
    dates = slots(to, after=begin - timedelta(seconds=1), until=until)
    return CadencePreview(team, dates, planned, assign_slots(planned, dates))


@transaction.atomic
def change_cadence(
    team: Team,
    to: Cadence,
    *,
    by: User,
    now: datetime,
    stay: Collection[int],
    go: Collection[int],
    why: str = "",
    version: int | None = None,
) -> CadencePreview:
    """Switch to the cadence `to` from its first day on. `stay` and `go` are the decisions on touched
    meetings.

    `version` is the version of the team that was previewed; None skips the check. Raises
    TransitionNotAllowed when the day is past, or when a meeting was touched meanwhile and needs a decision,
    and VersionConflict when the team's settings were changed since the preview.
    """
    team = Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)
    old = cadence_of(team)
    _refuse_past_day(team, to, now)
    if old == to:
        return preview_cadence_change(team, to, now)  # a second click
    if version not in (None, team.version):
        raise VersionConflict(team)
    plan_meetings(team, now, until=_begin(to) - timedelta(seconds=1))
    preview = preview_cadence_change(team, to, now)
    _refuse_undecided(preview, decided={*stay, *go})
    _refuse_disorder(preview, _begin(to), stay=set(stay))
    with keep_due_times_from_past(team, now):
        _write(team, to)
        _replan(preview, stay=set(stay), by=by, now=now)
    calendar_invites.renew_calendar_invites(team, now, since=to.starts_on)
    _note_change(team, old, to, by=by, now=now, why=why)
    Team.objects.bump_revision(team.pk)
    return preview


def _refuse_past_day(team: Team, to: Cadence, now: datetime) -> None:
    if to.starts_on <= now.astimezone(to.zone).date() or to.starts_on <= team.today(now):
        raise TransitionNotAllowed("Choose a day from tomorrow on: meetings planned for today do not change.")


def _refuse_undecided(preview: CadencePreview, *, decided: set[int]) -> None:
    if {meeting.id for meeting in preview.to_confirm} - decided:
        raise TransitionNotAllowed(
            "Somebody has just prepared or moved one of these meetings. Check the list again."
        )


def _note_change(team: Team, old: Cadence, to: Cadence, *, by: User, now: datetime, why: str) -> None:
    note(
        "cadence.changed",
        by=by,
        now=now,
        company=team.company,
        about=team.name,
        old=spell_cadence(old),
        new=f"{spell_cadence(to)}, from {to.starts_on}",
        why=why,
    )


def _begin(to: Cadence) -> datetime:
    return datetime.combine(to.starts_on, time(), to.zone)


def _planned(team: Team, begin: datetime) -> list[PlannedMeeting]:
    ahead = Meeting.objects.filter(
        team=team, planned_start__gte=begin, state__in=(Meeting.State.SCHEDULED, Meeting.State.EXCUSED)
    )
    rows = ahead.annotate(touched=is_touched()).order_by("planned_start")
    return [
        PlannedMeeting(
            row.pk,
            row.planned_start,
            row.starts_at,
            is_touched=row.touched,  # type: ignore[attr-defined]
            is_excused=row.state == Meeting.State.EXCUSED,
        )
        for row in rows
    ]


def is_touched() -> Q:
    """Submitted, excused, or referred to by any row: an update, a note, a move, a decision, a commitment."""
    touched = Q(submitted_at__isnull=False) | Q(state=Meeting.State.EXCUSED)
    for relation in Meeting._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's public API
        if relation.auto_created and not relation.concrete and relation.one_to_many:
            rows = relation.related_model._base_manager  # type: ignore[union-attr]  # noqa: SLF001
            touched |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))  # type: ignore[union-attr]
    return touched


def _refuse_disorder(preview: CadencePreview, begin: datetime, *, stay: set[int]) -> None:
    """Raises TransitionNotAllowed when a meeting that stays at its time would meet or pass another one."""
    earlier = Meeting.objects.ahead().filter(team=preview.team, planned_start__lt=begin)
    by_slot = [*earlier.values_list("planned_start", "starts_at")]
    by_slot += [(slot, slot) for slot in preview.assignment.new_slots]
    for meeting in preview.planned:
        slot = preview.assignment.slots[meeting.id]
        keeps = slot in (None, meeting.slot) or meeting.id in stay
        if not meeting.is_excused and (slot or meeting.is_touched):
            by_slot.append((slot or meeting.slot, meeting.starts_at if keeps else slot or meeting.slot))
    for (_, before), (_, after) in pairwise(sorted(by_slot)):
        if after <= before:
            raise TransitionNotAllowed(
                f"A meeting stays on {longday(before)} at {clock(before)}, and the one after it would start on "
                f"{longday(after)} at {clock(after)}. Let it take its new time, move it first, or excuse it."
            )


def _write(team: Team, to: Cadence) -> None:
    team.rhythm, team.weekday, team.nth = to.kind.value, to.weekday, to.nth
    team.local_time, team.timezone, team.starts_on = to.time, to.zone.key, to.starts_on
    team.version += 1
    team.save(update_fields=("rhythm", "weekday", "nth", "local_time", "timezone", "starts_on", "version"))


def _replan(preview: CadencePreview, *, stay: set[int], by: User, now: datetime) -> None:
    """Give every meeting its new slot; those that stay keep their time, as a move of the new slot."""
    slots_by_meeting = {pk: slot for pk, slot in preview.assignment.slots.items() if slot is not None}
    meetings = Meeting.objects.filter(pk__in=slots_by_meeting)
    rows = [row for row in meetings if row.planned_start != slots_by_meeting[row.pk]]
    Meeting.objects.filter(pk__in=[meeting.id for meeting in preview.to_delete]).delete()
    Meeting.objects.filter(pk__in=[row.pk for row in rows]).update(
        planned_start=F("planned_start") + ASIDE, starts_at=F("starts_at") + ASIDE
    )
    for row in rows:
        slot, stays = slots_by_meeting[row.pk], row.pk in stay
        row.planned_start, row.starts_at = slot, row.starts_at if stays else slot
        row.sequence += 1
        row.revision += 1
    Meeting.objects.bulk_update(rows, ("planned_start", "starts_at", "sequence", "revision"))
    Move.objects.bulk_create(
        Move(meeting=row, old=row.planned_start, new=row.starts_at, by=by, at=now, why=STAYED)
        for row in rows
        if row.starts_at != row.planned_start
    )
    new_slots = preview.assignment.new_slots
    new = [Meeting(team=preview.team, planned_start=slot, starts_at=slot) for slot in new_slots]
    Meeting.objects.bulk_create(new)
