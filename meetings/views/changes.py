"""Move, excuse, reopen: what the two may do with the meeting itself, each with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from alignment.access import Request
from alignment.saving import allow, back, refuse
from alignment.templatetags.figures import clock, longday
from meetings import changes
from meetings.closing import reopen as open_again
from meetings.forms.changes import MoveForm, WhyForm
from meetings.models import Meeting, NotNow

Form = TypeVar("Form", bound=WhyForm)
FOR_THE_TWO = "Only the CEO and the leader of the team may move, excuse or reopen its meetings."


def move(request: Request, pk: int) -> HttpResponse:
    """Hold it at another time."""
    now = timezone.now()

    def act(meeting: Meeting, form: MoveForm) -> str:
        if form.starts_at != meeting.starts_at:
            changes.move(meeting, form.starts_at, by=request.user, now=now, why=form.cleaned_data["why"])
        return f"The meeting is now on {longday(meeting.starts_at)} at {clock(meeting.starts_at)}."

    meeting = _run_by(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, meeting=meeting, now=now)
    return _changed(
        request, meeting, form, template="meetings/move.html", while_=Meeting.State.SCHEDULED, act=act
    )


def excuse(request: Request, pk: int) -> HttpResponse:
    """Say beforehand that it will not be held."""
    now = timezone.now()

    def act(meeting: Meeting, form: WhyForm) -> str:
        if meeting.state != Meeting.State.EXCUSED:
            changes.excuse(meeting, by=request.user, now=now, why=form.cleaned_data["why"])
        return "The meeting is excused. It counts neither as held nor as missed."

    meeting = _run_by(request, pk)
    form = WhyForm(request.POST if request.method == "POST" else None, meeting=meeting, now=now)
    return _changed(
        request, meeting, form, template="meetings/excuse.html", while_=Meeting.State.SCHEDULED, act=act
    )


def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a closed meeting again, to put right what its record says."""
    now = timezone.now()

    def act(meeting: Meeting, form: WhyForm) -> str:
        if not meeting.is_in_progress:
            open_again(meeting, by=request.user, now=now, why=form.cleaned_data["why"])
        return "The meeting is open again. Its record so far is kept; closing makes the next version."

    meeting = _run_by(request, pk)
    form = WhyForm(request.POST if request.method == "POST" else None, meeting=meeting, now=now)
    return _changed(
        request, meeting, form, template="meetings/reopen.html", while_=Meeting.State.HELD, act=act
    )


def _run_by(request: Request, pk: int) -> Meeting:
    seen = Meeting.objects.visible_to(request.user).select_related("team__company")
    meeting = get_object_or_404(seen, pk=pk)
    allow(meeting.can_run(request.user), FOR_THE_TWO)
    return meeting


def _changed(
    request: Request,
    meeting: Meeting,
    form: Form,
    *,
    template: str,
    while_: str,
    act: Callable[[Meeting, Form], str],
) -> HttpResponse:
    """The form (in a dialog for htmx), the form again with what is wrong, or done. Twice does nothing more."""
    page = reverse("meetings:review", args=(meeting.pk,))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
                said = act(locked, form)
        except NotNow as state:
            return refuse(request, page, str(state))
        return back(request, page, said=said)
    if request.method != "POST" and meeting.state != while_:
        return refuse(
            request,
            page,
            f"This meeting is {meeting.get_state_display().lower()}, so that cannot be done now.",
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
