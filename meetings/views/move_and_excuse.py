"""Move, excuse or reopen a meeting: the CEO and the sales leader do so with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from alignment.models import Team
from alignment.rules.formatting import clock, longday
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from meetings.forms.move_and_excuse import MoveForm, WhyForm
from meetings.models import Meeting, TransitionNotAllowed
from meetings.transitions import closing, move_and_excuse

Form = TypeVar("Form", bound=WhyForm)
FOR_PRINCIPALS = "Only the CEO and the sales leader of the team can move, excuse or reopen its meetings."


def move(request: Request, pk: int) -> HttpResponse:
    """Move the meeting to another time."""
    now = timezone.now()

    def act(meeting: Meeting, form: MoveForm) -> str:
        if form.starts_at != meeting.starts_at:
            move_and_excuse.move_meeting(
                meeting, form.starts_at, by=request.user, now=now, why=form.cleaned_data["why"]
            )
        return f"The meeting is now on {longday(meeting.starts_at)} at {clock(meeting.starts_at)}."

    meeting = _get_own_meeting(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, meeting=meeting, now=now)
    return _change(
        request, meeting, form, template="meetings/move.html", expected_state=Meeting.State.SCHEDULED, act=act
    )


def excuse(request: Request, pk: int) -> HttpResponse:
    """Excuse the meeting in advance."""
    now = timezone.now()

    def act(meeting: Meeting, form: WhyForm) -> str:
        if meeting.state != Meeting.State.EXCUSED:
            move_and_excuse.excuse_meeting(meeting, by=request.user, now=now, why=form.cleaned_data["why"])
        return "Meeting excused. It does not count as held or missed."

    meeting = _get_own_meeting(request, pk)
    form = WhyForm(request.POST if request.method == "POST" else None, meeting=meeting, now=now)
    return _change(
        request,
        meeting,
        form,
        template="meetings/excuse.html",
        expected_state=Meeting.State.SCHEDULED,
        act=act,
    )


def reopen(request: Request, pk: int) -> HttpResponse:
    """Reopen a closed meeting to correct its record."""
    now = timezone.now()

    def act(meeting: Meeting, form: WhyForm) -> str:
        if not meeting.is_in_progress:
            closing.reopen_meeting(meeting, by=request.user, now=now, why=form.cleaned_data["why"])
        return "Meeting reopened. The current record is kept; ending it again creates the next version."

    meeting = _get_own_meeting(request, pk)
    form = WhyForm(request.POST if request.method == "POST" else None, meeting=meeting, now=now)
    return _change(
        request, meeting, form, template="meetings/reopen.html", expected_state=Meeting.State.HELD, act=act
    )


def _get_own_meeting(request: Request, pk: int) -> Meeting:
    visible = Meeting.objects.visible_to(request.user).select_related("team__company")
    meeting = get_object_or_404(visible, pk=pk)
    require(meeting.can_run(request.user), FOR_PRINCIPALS)
    return meeting


def _change(
    request: Request,
    meeting: Meeting,
    form: Form,
    *,
    template: str,
    expected_state: str,
    act: Callable[[Meeting, Form], str],
) -> HttpResponse:
    """The form (in a dialog for htmx), the form with its errors, or the redirect.
    A second submit changes nothing.
    """
    page = reverse("meetings:review", args=(meeting.pk,))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                Team.objects.select_for_update().get(pk=meeting.team_id)  # before its meeting, as everywhere
                locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
                message = act(locked, form)
        except TransitionNotAllowed as state:
            return refuse(request, page, str(state))
        return back(request, page, message=message)
    if request.method != "POST" and meeting.state != expected_state:
        return refuse(
            request,
            page,
            f"This meeting is {meeting.get_state_display().lower()}, so this is no longer possible.",
        )
    name = f"{template}#form" if request.htmx else template
    context = {
        "meeting": meeting,
        "form": form,
        "next": page,
        "action": request.path,
        "embedded": bool(request.htmx),
    }
    return render(request, name, context, status=422 if form.is_bound else 200)
