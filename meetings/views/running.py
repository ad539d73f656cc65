"""What the two do to a running meeting. Each answers with the page, which shows where the meeting stands by now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.access import Request
from alignment.models import User
from alignment.saving import allow, back, refuse
from meetings.changes import begin
from meetings.closing import close as close_meeting
from meetings.forms.rating import RatingForm
from meetings.models import Meeting, NotNow
from meetings.models.sections import CLOSING
from meetings.running import RATED_IN, choose_readers, may_rate, usual_readers
from meetings.running import attend as put_down
from meetings.running import rate as rate_meeting
from meetings.stage import STATIONS
from meetings.views.present import show

FOR_THE_TWO = "Only the CEO and the leader of the team run its meetings. You may read along."
ACTS = ("pause", "resume", "suspend")


@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Begin; long before its time only after asking once more."""
    now, meeting = timezone.now(), _run_by(request.user, pk)
    if meeting.is_early(now) and "confirmed" not in request.POST:
        return render(request, "meetings/present/early.html", {"meeting": meeting})
    try:
        with transaction.atomic():
            begin(meeting, by=request.user, now=now)
            put_down(meeting, request.user, present=True, now=now)
    except NotNow as why:
        return refuse(request, reverse("meetings:review", args=(pk,)), str(why))
    return back(request, _present(pk))


@require_POST
def section(request: Request, pk: int) -> HttpResponse:
    """Move both to a section, or to the closing."""
    now, meeting, to = timezone.now(), _run_by(request.user, pk), request.POST.get("section", "")
    if to not in STATIONS:
        return _sentence(request, meeting, "There is no such section. Nothing was moved.")
    return _done(request, meeting, lambda: meeting.go_to(to, now=now))


@require_POST
def clock(request: Request, pk: int) -> HttpResponse:
    """Pause, go on, or leave for later."""
    now, meeting, act = timezone.now(), _run_by(request.user, pk), request.POST.get("act", "")
    if act not in ACTS:
        return _sentence(
            request, meeting, "The clock can be paused, resumed or suspended. Nothing was changed."
        )
    return _done(request, meeting, lambda: getattr(meeting, act)(now=now))


@require_POST
def attend(request: Request, pk: int) -> HttpResponse:
    """Say that one of the two is there or is not: oneself, or the other."""
    now, meeting = timezone.now(), _run_by(request.user, pk)
    told, whom = request.POST.get("present", ""), request.POST.get("user", "")
    two = {
        str(seat.user_id): seat.user for seat in meeting.team.current_seats if seat.role in ("ceo", "leader")
    }
    if told not in ("0", "1") or whom not in two:
        return _sentence(
            request, meeting, "Say of the CEO or the leader whether they are there. Nothing was changed."
        )
    if meeting.is_scheduled and whom != str(request.user.pk):
        return _sentence(
            request, meeting, "Before the start each says it for themselves. Nothing was changed."
        )
    return _done(request, meeting, lambda: put_down(meeting, two[whom], present=told == "1", now=now))


def rate(request: Request, pk: int) -> HttpResponse:
    """Each of the two says how good the meeting was: at the closing, or within a week after it on a page of its own."""
    now, meeting = timezone.now(), _run_by(request.user, pk)
    if not may_rate(meeting, now):
        return refuse(request, _review(pk), RATED_IN)
    form = RatingForm(
        request.POST if request.method == "POST" else None, initial=_told(meeting, request.user)
    )
    if not form.is_valid():
        return _rating(request, meeting, form, status=422 if form.is_bound else 200)
    rate_meeting(meeting, request.user, now=now, **form.cleaned_data)
    if meeting.is_in_progress:
        return back(request, _present(pk))
    return back(request, _review(pk), said="Your rating is kept with the meeting.")


def _told(meeting: Meeting, user: User) -> dict[str, Any]:
    """What this person rated before."""
    told = meeting.ratings.filter(user=user).first()
    return {"score": told.score, "why": told.why} if told else {}


def _rating(request: Request, meeting: Meeting, form: RatingForm, *, status: int) -> HttpResponse:
    if meeting.is_in_progress:
        fragment = request.htmx.target == "stage"
        return show(request, meeting.pk, fragment=fragment, rating=form, at=CLOSING, status=status)
    return render(request, "meetings/present/rate.html", {"meeting": meeting, "rating": form}, status=status)


@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """End the meeting into its record; the recap goes to the two and to the others chosen."""
    now, meeting = timezone.now(), _run_by(request.user, pk)
    chosen = request.POST.getlist("recap_to") if "asked" in request.POST else usual_readers(meeting)
    try:
        with transaction.atomic():
            choose_readers(meeting, map(str, chosen))
            close_meeting(meeting, by=request.user, now=now)
    except NotNow as why:
        return refuse(request, _review(pk), str(why))
    return back(request, _review(pk), said="The meeting is closed. The recap is on its way.")


def _run_by(user: User, pk: int) -> Meeting:
    meeting = get_object_or_404(Meeting.objects.visible_to(user).select_related("team__company"), pk=pk)
    allow(meeting.can_run(user), FOR_THE_TWO)
    return meeting


def _done(request: Request, meeting: Meeting, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except NotNow as why:
        return refuse(request, _present(meeting.pk), str(why))
    return back(request, _present(meeting.pk))


def _sentence(request: Request, meeting: Meeting, sentence: str) -> HttpResponse:
    """What the page itself never sends: said on a page of its own."""
    context = {"meeting": meeting, "sentence": sentence}
    return render(request, "meetings/present/sentence.html", context, status=422)


def _present(pk: int) -> str:
    return reverse("meetings:present", args=(pk,))


def _review(pk: int) -> str:
    return reverse("meetings:review", args=(pk,))
