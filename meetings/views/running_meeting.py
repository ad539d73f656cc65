"""How the CEO and the sales leader run a meeting, and what a facilitator does in it.
Every action responds with the current page of the meeting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.models import Team, User
from alignment.rules.roles import PRINCIPAL_ROLES
from alignment.web.edit import is_autosave
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from meetings.forms.rating import RatingForm
from meetings.models import Meeting, TransitionNotAllowed
from meetings.models.sections import CLOSING
from meetings.pages.present import STATIONS
from meetings.transitions import closing, participation
from meetings.transitions.move_and_excuse import start_meeting
from meetings.transitions.participation import RATING_CLOSED, usual_recap_readers
from meetings.views.present import show

FOR_PRINCIPALS = "Only the CEO and the sales leader of the team can run its meetings. You can follow along."
FOR_STEERING = (
    "Only the CEO, the sales leader and the facilitator can move the meeting. You can follow along."
)
ACTS = ("pause", "resume", "suspend", "shorten")


@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Start the meeting; a confirmation is needed if it is early."""
    now, meeting = timezone.now(), _get_own_meeting(request.user, pk)
    if meeting.is_early(now) and "confirmed" not in request.POST:
        return render(request, "meetings/present/early.html", {"meeting": meeting})
    try:
        with transaction.atomic():
            start_meeting(meeting, by=request.user, now=now)
            participation.record_attendance(meeting, request.user, present=True, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, reverse("meetings:review", args=(pk,)), str(why))
    return back(request, _present(pk))


@require_POST
def section(request: Request, pk: int) -> HttpResponse:
    """Move the meeting to a section, or to the closing."""
    now, meeting, to = timezone.now(), _get_steered_meeting(request.user, pk), request.POST.get("section", "")
    if to not in STATIONS:
        return _reject(request, meeting, "This section does not exist. Nothing was changed.")
    return _apply(request, meeting, lambda: meeting.go_to(to, now=now))


@require_POST
def timer(request: Request, pk: int) -> HttpResponse:
    """Pause, resume or suspend the meeting, or go on in its short version."""
    now, meeting, act = timezone.now(), _get_steered_meeting(request.user, pk), request.POST.get("act", "")
    if act not in ACTS:
        return _reject(
            request, meeting, "You can pause or resume the timer, or continue later. Nothing was changed."
        )
    return _apply(request, meeting, lambda: getattr(meeting, act)(now=now))


@require_POST
def attend(request: Request, pk: int) -> HttpResponse:
    """Record whether the CEO or the sales leader is there: oneself, or the other."""
    now, meeting = timezone.now(), _get_steered_meeting(request.user, pk)
    presence, user_pk = request.POST.get("present", ""), request.POST.get("user", "")
    two = {
        str(seat.user_id): seat.user for seat in meeting.team.current_seats if seat.role in PRINCIPAL_ROLES
    }
    if presence not in ("0", "1") or user_pk not in two:
        return _reject(
            request, meeting, "Mark the CEO or the sales leader as present or absent. Nothing was changed."
        )
    if meeting.is_scheduled and user_pk != str(request.user.pk):
        return _reject(
            request, meeting, "Before the start you can only mark yourself as present. Nothing was changed."
        )
    return _apply(
        request,
        meeting,
        lambda: participation.record_attendance(meeting, two[user_pk], present=presence == "1", now=now),
    )


def rate(request: Request, pk: int) -> HttpResponse:
    """Rate the meeting: at the closing, or on a separate page within a week after it."""
    now, meeting = timezone.now(), _get_own_meeting(request.user, pk)
    if not meeting.can_be_rated(now):
        return refuse(request, _review(pk), RATING_CLOSED)
    form = RatingForm(
        request.POST if request.method == "POST" else None, initial=_rating_of(meeting, request.user)
    )
    if not form.is_valid():
        return _rating(request, meeting, form, status=422 if form.is_bound else 200)
    participation.rate_meeting(meeting, request.user, now=now, **form.cleaned_data)
    if is_autosave(request):
        return HttpResponse(status=204, headers={"X-Saved-At": timezone.localtime(now).strftime("%H:%M")})
    page = _present(pk) if meeting.is_in_progress else _review(pk)
    return back(request, page, message="Rating saved.")


def _rating_of(meeting: Meeting, user: User) -> dict[str, Any]:
    """This person's earlier rating."""
    rating = meeting.ratings.filter(user=user).first()
    return {"score": rating.score, "why": rating.why} if rating else {}


def _rating(request: Request, meeting: Meeting, form: RatingForm, *, status: int) -> HttpResponse:
    if is_autosave(request):
        return render(request, "components/autosave_errors.html", {"form": form}, status=status)
    if meeting.is_in_progress:
        fragment = request.htmx.target == "stage"
        return show(request, meeting.pk, fragment=fragment, rating=form, at=CLOSING, status=status)
    return render(request, "meetings/present/rate.html", {"meeting": meeting, "rating": form}, status=status)


@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """Close the meeting and create its record.
    The recap goes to the CEO, the sales leader and the others selected.
    """
    now, meeting = timezone.now(), _get_own_meeting(request.user, pk)
    listed = "recap_readers_listed" in request.POST
    readers = request.POST.getlist("recap_to") if listed else usual_recap_readers(meeting)
    try:
        with transaction.atomic():
            participation.choose_recap_readers(meeting, map(str, readers))
            meeting.recap_has_plans = "recap_has_plans" in request.POST
            meeting.save(update_fields=("recap_has_plans",))
            closing.close_meeting(meeting, by=request.user, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _review(pk), str(why))
    return back(request, _review(pk))


@require_POST
def undo_end(request: Request, pk: int) -> HttpResponse:
    """Take the end back within a minute; the meeting goes on at its wrap-up."""
    now, meeting = timezone.now(), _get_own_meeting(request.user, pk)
    try:
        with transaction.atomic():
            Team.objects.select_for_update().get(pk=meeting.team_id)  # before its meeting, as everywhere
            locked = (
                Meeting.objects.select_for_update(of=("self",)).select_related("team__company").get(pk=pk)
            )
            closing.undo_end(locked, by=request.user, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _review(pk), str(why))
    return back(request, _present(pk), message="The meeting goes on. No recap was sent.")


def _get_own_meeting(user: User, pk: int) -> Meeting:
    meeting = get_object_or_404(Meeting.objects.visible_to(user).select_related("team__company"), pk=pk)
    require(meeting.can_run(user), FOR_PRINCIPALS)
    return meeting


def _get_steered_meeting(user: User, pk: int) -> Meeting:
    meeting = get_object_or_404(Meeting.objects.visible_to(user).select_related("team__company"), pk=pk)
    require(meeting.can_steer(user), FOR_STEERING)
    return meeting


def _apply(request: Request, meeting: Meeting, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except TransitionNotAllowed as why:
        return refuse(request, _present(meeting.pk), str(why))
    return back(request, _present(meeting.pk))


def _reject(request: Request, meeting: Meeting, sentence: str) -> HttpResponse:
    """An error for input that the page itself never sends."""
    context = {"meeting": meeting, "sentence": sentence}
    return render(request, "meetings/present/sentence.html", context, status=422)


def _present(pk: int) -> str:
    return reverse("meetings:present", args=(pk,))


def _review(pk: int) -> str:
    return reverse("meetings:review", args=(pk,))
