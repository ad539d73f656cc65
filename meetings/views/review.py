"""A meeting's own page: the review, the record, and the recap as it was mailed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.models import ReadMark, User, mark_all_read
from alignment.web.requests import Request
from alignment.web.responses import back, require
from meetings.agenda import Agenda, build
from meetings.agenda.record import load_record
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import Score
from meetings.forecast.expectations import read_own_numbers
from meetings.mails.recap import mailed_plans, private_lines, recap_context
from meetings.models import HeadsUp, Meeting, Record
from meetings.models.initiatives import plan_reader
from meetings.pages.meeting_sidebar import MeetingSidebar, Version, around, page_of, recaps_of
from meetings.pages.reader_tasks import reader_tasks
from meetings.pages.unread import unread_sections
from meetings.transitions.participation import can_arrive
from meetings.views.present import ended_context
from meetings.views.section_context import section_context

FACTS_ONLY = (
    "You can see when this team meets and how the meetings went, but not what was said. "
    "Only members of the team can read that."
)
OVER_UNHELD = (Meeting.State.MISSED, Meeting.State.EXCUSED)


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """The meeting's agenda: live until it is closed, then its record; or that it did not take place."""
    now, meeting = timezone.now(), _get_readable_meeting(request.user, pk)
    beside = around(meeting, user=request.user)
    if meeting.state in OVER_UNHELD:
        agenda = build(meeting, request.user, meeting.missed_at or meeting.excused_at or now)
        prepared = _parts_with_updates(agenda)
        return _page(request, "not_held", meeting, agenda, beside, prepared=prepared)
    agenda = build(meeting, request.user, now)
    if meeting.is_held:
        can_rate = (
            meeting.can_run(request.user)
            and meeting.can_be_rated(now)
            and not beside.rated_by(request.user.pk)
        )
        context = _version(beside.latest) | ended_context(meeting, now)
        return _page(request, "record", meeting, agenda, beside, can_rate=can_rate, **context)
    context = _ahead(meeting, agenda, request.user, now, is_preview=beside.upcoming is not None)
    context |= _unread(request, meeting, agenda)
    return _page(request, "review", meeting, agenda, beside, **context)


@require_POST
def mark_read(request: Request, pk: int) -> HttpResponse:
    """Everything on the meeting's page is read. Only this moves the mark: opening the page does not."""
    meeting = _get_readable_meeting(request.user, pk)
    mark_all_read(request.user, meeting.team, timezone.now())
    return back(request, reverse("meetings:review", args=(pk,)))


@require_safe
def record(request: Request, pk: int, number: int) -> HttpResponse:
    """One version of the record; the latest is on the meeting's own page."""
    meeting = _get_readable_meeting(request.user, pk)
    beside = around(meeting, user=request.user)
    if meeting.is_held and beside.latest and beside.latest.number == number:
        return redirect("meetings:review", pk=pk)
    frozen = get_object_or_404(Record.objects.visible_to(request.user), meeting=meeting, number=number)
    version = next(version for version in beside.versions if version.number == number)
    return _page(
        request, "record", meeting, _frozen_agenda(frozen, meeting, request.user), beside, **_version(version)
    )


@require_safe
def recap(request: Request, pk: int) -> HttpResponse:
    """The recap as it is mailed to the reader, or as it would be if the meeting ended now."""
    meeting = _get_readable_meeting(request.user, pk)
    beside = around(meeting, user=request.user)
    whole = build(meeting, request.user, timezone.now())
    mailed = whole.readable_by(mailed_plans(meeting, request.user), is_mail=True)
    sent = recaps_of(beside.latest.id) if meeting.is_held and beside.latest else []
    context = recap_context(meeting, mailed)
    if not meeting.recap_has_plans:
        others = (person for person in (whole.ceo, whole.leader) if person and person.id != request.user.pk)
        context |= {"left_out": private_lines(whole), "other_principal": next(others, None)}
    return _page(request, "recap", meeting, mailed, beside, sent=sent, **context)


def _get_readable_meeting(user: User, pk: int) -> Meeting:
    meeting = page_of(pk, user=user)
    if meeting is None:
        raise Http404("This meeting does not exist.")
    require(meeting.can_read(user), FACTS_ONLY)
    return meeting


def _parts_with_updates(agenda: Agenda) -> list[AgendaSection | Row]:
    parts: Iterator[AgendaSection | Row] = chain(agenda.sections, agenda.items)
    return [part for part in parts if part.words]


def _page(
    request: Request, name: str, meeting: Meeting, agenda: Agenda, beside: MeetingSidebar, **context: Any
) -> HttpResponse:
    given = section_context(request, meeting, agenda, frozen=name != "review")
    given |= {"around": beside, "may_run": meeting.can_run(request.user)}
    given |= {"ratings": _ratings(meeting, beside, request.user)}
    return render(request, f"meetings/{name}.html", given | context)


def _ratings(meeting: Meeting, beside: MeetingSidebar, user: User) -> list[Score]:
    """The ratings that the reader may see."""
    roles = (score.person.role for score in beside.ratings)
    are_shown = meeting.ratings_are_shown(roles, now=timezone.now())
    return [score for score in beside.ratings if are_shown or score.person.id == user.pk]


def _ahead(
    meeting: Meeting, agenda: Agenda, user: User, now: datetime, *, is_preview: bool
) -> dict[str, Any]:
    """The reader's tasks, and the main action of the page. Only the team's next meeting can be started."""
    side, early = meeting.team.side_of(user), meeting.is_early(now)
    to_prepare = meeting.can_prepare(user) and meeting.submitted_at is None
    return {
        "tasks": reader_tasks(agenda, user=user.pk, side=side, approves=meeting.can_agree(user)),
        "early": early,
        "may_start": meeting.can_run(user) and not is_preview,
        "can_leave_heads_up": HeadsUp.can_be_left(meeting.team, user),
        "arriving": meeting.can_run(user) and can_arrive(meeting, now) and not _is_there(agenda, user),
        "main": "prepare" if to_prepare else "" if early or is_preview else "start",
        "preparation_late": now >= meeting.preparation_due,
        "own_numbers": read_own_numbers(meeting, user=user, now=now),
    }


def _unread(request: Request, meeting: Meeting, agenda: Agenda) -> dict[str, Any]:
    """What is new to the reader, and whether the page shows only that."""
    read = ReadMark.objects.state_of(request.user, meeting.team)
    unread = unread_sections(agenda, read, side=meeting.team.side_of(request.user))
    return {
        "unread": unread,
        "unread_count": sum(part.count for part in unread),
        "only_unread": request.GET.get("changed") == "1",
    }


def _is_there(agenda: Agenda, user: User) -> bool:
    return any(attendee.person.id == user.pk and attendee.present for attendee in agenda.attendance)


def _frozen_agenda(version: Record, meeting: Meeting, user: User) -> Agenda:
    return load_record(version.agenda).readable_by(plan_reader(meeting.team, user))


def _version(version: Version | None) -> dict[str, Any]:
    """This version of the record, and the recipients of its recap."""
    return {"displayed": version, "sent": recaps_of(version.id) if version else []}
