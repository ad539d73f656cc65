"""A meeting's own page: read it before, follow it, read its record; and the recap as it is mailed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import Request
from alignment.models import User
from alignment.saving import allow
from meetings.agenda import Agenda, build
from meetings.agenda.chapters import Chapter, Score
from meetings.agenda.frozen import thaw
from meetings.agenda.values import Row
from meetings.around import Around, Version, around, page_of, recaps_of
from meetings.mails import recap_parts
from meetings.models import Meeting, Record
from meetings.running import may_arrive, may_rate, ratings_are_shown
from meetings.views.chapters import chapters
from meetings.waiting import waits_for

FACTS_ONLY = (
    "You see when the meetings of this team take place and how they went, not what is said in them: "
    "that is for those who have a seat on the team."
)
OVER_UNHELD = (Meeting.State.MISSED, Meeting.State.EXCUSED)


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """What the meeting is about: live until it is closed, then its record; or that it was not held."""
    now, meeting = timezone.now(), _read_by(request.user, pk)
    beside = around(meeting)
    if meeting.state in OVER_UNHELD:
        agenda = build(meeting, request.user, meeting.missed_at or meeting.excused_at or now)
        prepared = _written(agenda)
        return _page(request, "not_held", meeting, agenda, beside, prepared=prepared)
    agenda = build(meeting, request.user, now)
    if meeting.is_held:
        asked = (
            meeting.can_run(request.user) and may_rate(meeting, now) and not beside.rated_by(request.user.pk)
        )
        return _page(
            request, "record", meeting, agenda, beside, asked_to_rate=asked, **_version(beside.latest)
        )
    return _page(request, "review", meeting, agenda, beside, **_ahead(meeting, agenda, request.user, now))


@require_safe
def record(request: Request, pk: int, number: int) -> HttpResponse:
    """One version of the record; the latest is the meeting's own page."""
    meeting = _read_by(request.user, pk)
    beside = around(meeting)
    if meeting.is_held and beside.latest and beside.latest.number == number:
        return redirect("meetings:review", pk=pk)
    frozen = get_object_or_404(Record, meeting=meeting, number=number)
    shown = next(version for version in beside.versions if version.number == number)
    return _page(
        request, "record", meeting, _thawed(frozen, meeting, request.user), beside, **_version(shown)
    )


@require_safe
def recap(request: Request, pk: int) -> HttpResponse:
    """What the recap says: as it was mailed, or as it would be if the meeting were closed now."""
    meeting = _read_by(request.user, pk)
    beside = around(meeting)
    agenda = build(meeting, request.user, timezone.now())
    sent = recaps_of(beside.latest.id) if meeting.is_held and beside.latest else []
    return _page(request, "recap", meeting, agenda, beside, sent=sent, **recap_parts(agenda))


def _read_by(user: User, pk: int) -> Meeting:
    meeting = page_of(pk, user=user)
    if meeting is None:
        raise Http404("There is no such meeting.")
    allow(meeting.can_read(user), FACTS_ONLY)
    return meeting


def _written(agenda: Agenda) -> list[Chapter | Row]:
    places: Iterator[Chapter | Row] = chain(agenda.chapters, agenda.items)
    return [place for place in places if place.words]


def _page(
    request: Request, name: str, meeting: Meeting, agenda: Agenda, beside: Around, **context: Any
) -> HttpResponse:
    given = chapters(request, meeting, agenda, frozen=name != "review")
    given |= {"around": beside, "may_run": meeting.can_run(request.user)}
    given |= {"ratings": _ratings(meeting, beside, request.user)}
    return render(request, f"meetings/{name}.html", given | context)


def _ratings(meeting: Meeting, beside: Around, user: User) -> list[Score]:
    """What the reader may know of how good it was."""
    shown = ratings_are_shown(meeting, (score.person.role for score in beside.ratings), timezone.now())
    return [score for score in beside.ratings if shown or score.person.id == user.pk]


def _ahead(meeting: Meeting, agenda: Agenda, user: User, now: datetime) -> dict[str, Any]:
    """What waits for the reader, and what is the main thing to do."""
    side, early = meeting.team.side_of(user), meeting.is_early(now)
    to_prepare = meeting.can_prepare(user) and meeting.handed_in_at is None
    return {
        "waits": waits_for(agenda, user=user.pk, side=side, agrees=meeting.can_agree(user)),
        "early": early,
        "arriving": meeting.can_run(user) and may_arrive(meeting, now) and not _is_there(agenda, user),
        "main": "prepare" if to_prepare else "" if early else "start",
        "preparation_late": now >= meeting.preparation_due,
    }


def _is_there(agenda: Agenda, user: User) -> bool:
    return any(told.person.id == user.pk and told.present for told in agenda.attendance)


def _thawed(version: Record, meeting: Meeting, user: User) -> Agenda:
    return thaw(version.agenda).for_one_of_the_two(user.pk if meeting.team.is_pair(user) else 0)


def _version(shown: Version | None) -> dict[str, Any]:
    """Which version of the record this is, and to whom its recap went."""
    return {"shown": shown, "sent": recaps_of(shown.id) if shown else []}
