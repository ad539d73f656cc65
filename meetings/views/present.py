"""The page of a meeting in progress: everyone with a seat watches it, the CEO and the sales leader run it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alignment.models import User
from alignment.rules.roles import PRINCIPAL_SIDES
from alignment.web.requests import Request
from alignment.web.responses import require
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.check_in.rounds import round_of
from meetings.forms.rating import RatingForm
from meetings.models import Meeting
from meetings.pages import present_poll as polling
from meetings.pages.check_in import Round, read_round
from meetings.pages.present import Stage
from meetings.pages.present import stage as stage_of
from meetings.pages.wrap_up import wrap_up
from meetings.transitions.participation import next_start, usual_recap_readers, watchers
from meetings.views.section_context import Permissions, section_context

ONLY_FACTS = "You can see the facts of this meeting, but not what was written."
NOT_STARTED = "This meeting has not started yet. This page opens when the CEO or the sales leader starts it."


@require_safe
def present(request: Request, pk: int) -> HttpResponse:
    """The whole page; for htmx only the stage, wherever the request came from."""
    return show(request, pk, fragment=request.htmx.target == "stage")


@require_safe
def stage(request: Request, pk: int) -> HttpResponse:
    """The stage, which the page fetches when the poll reports a change."""
    if request.htmx:
        return show(request, pk, fragment=True)
    return redirect(_here(pk, request.GET.get("at", "")))


@login_not_required  # the token identifies the person and the meeting
@require_safe
@never_cache
def poll(request: Request, pk: int, token: str) -> HttpResponse:
    """204 if the page is up to date."""
    newest = polling.current_revision(pk, token)
    if newest is None:
        raise Http404
    if request.GET.get("revision") == newest:
        return HttpResponse(status=204)
    return JsonResponse({"revision": newest})


@require_safe
def ended(request: Request, pk: int) -> HttpResponse:
    """For a minute after the end: that it can be undone. Whoever was sent out comes back when it was."""
    now = timezone.now()
    meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("team__company"), pk=pk
    )
    require(meeting.can_read(request.user), ONLY_FACTS)
    if request.htmx and meeting.is_in_progress:
        return HttpResponse(status=204, headers={"HX-Redirect": _here(pk, "")})
    if not request.htmx:
        return redirect("meetings:review", pk=pk)
    context = {"meeting": meeting, "may_run": meeting.can_run(request.user), **ended_context(meeting, now)}
    return render(request, "meetings/present/ended.html", context)


def show(
    request: Request,
    pk: int,
    *,
    fragment: bool,
    at: str = "",
    rating: RatingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The section where the meeting is, or the one this browser looks at (`at`). A meeting not in progress
    redirects to its review.
    """
    now, at = timezone.now(), at or request.GET.get("at", "")
    visible = Meeting.objects.visible_to(request.user)
    meetings = pages().annotate(next_start=next_start()).filter(pk__in=visible.values("pk"))
    meeting = get_object_or_404(meetings, pk=pk)
    require(meeting.can_read(request.user), ONLY_FACTS)
    if not meeting.is_in_progress:
        return _not_running(request, meeting)
    agenda = build(meeting, request.user, now)
    current = stage_of(meeting, agenda, at=at, now=now)
    context = _context(request, meeting, current, rating)
    template = "meetings/present/stage.html" if fragment else "meetings/present.html"
    response = render(request, template, context, status=status)
    if fragment:
        response.headers["HX-Replace-Url"] = context["here"]
    return response


def _context(request: Request, meeting: Meeting, current: Stage, rating: RatingForm | None) -> dict[str, Any]:
    here = _here(meeting.pk, "" if current.is_following else current.at)
    context = section_context(request, meeting, current.agenda, here=here)
    run, steer = meeting.can_run(request.user), meeting.can_steer(request.user)
    start: datetime | None = meeting.next_start  # type: ignore[attr-defined]  # annotated
    due = meeting.team.today(start) if start else None
    context |= {
        "stage": current,
        "section": current.section and replace(current.section, spent=0),
        "here": here,
        "run": run,
        "steer": steer,
        "revision": polling.revision_of(meeting),
        "can": replace(context["can"], prepare=False) if steer else Permissions(),
        "poll_token": polling.token_for(request.user, meeting),
        "arriving": run and _has_to_arrive(current.agenda, request.user),
        "due": due,
    }
    if steer:
        context["owners"] = [seat for seat in meeting.team.current_seats if seat.side in PRINCIPAL_SIDES]
    if current.is_closing:
        context |= _wrap_up(request.user, meeting, current, rating, due)
    return context


def _wrap_up(
    user: User, meeting: Meeting, current: Stage, rating: RatingForm | None, due: date | None
) -> dict[str, Any]:
    """The step that ends the meeting; only the CEO and the sales leader rate it and choose who gets the recap."""
    page = wrap_up(
        current.agenda,
        reader=user.pk,
        side=meeting.team.side_of(user),
        since=current.started_at,
        next_day=due,
        ratings_are_shown=current.ratings_are_shown,
        now=current.now,
    )
    rated = {"score": page.mine.score, "why": page.mine.why} if page.mine else {}
    context = {"page": page, "rating": rating or RatingForm(initial=rated)}
    if meeting.can_run(user):
        context["check_in"] = _check_in(user, meeting, current.now)
        usual = usual_recap_readers(meeting)
        context["readers"] = [(seat, seat.user_id in usual) for seat in watchers(meeting)]
    return context


def _check_in(user: User, meeting: Meeting, now: datetime) -> Round | None:
    """The reader’s own, if they are one of the two it is for."""
    stored = round_of(meeting)
    return read_round(stored, user, now) if stored and stored.names(user) else None


def _has_to_arrive(agenda: Agenda, user: User) -> bool:
    """Whether this person's attendance is not recorded yet."""
    return any(attendee.person.id == user.pk and attendee.present is None for attendee in agenda.attendance)


def _here(pk: int, at: str) -> str:
    return reverse("meetings:present", args=(pk,)) + (f"?at={at}" if at else "")


def ended_context(meeting: Meeting, now: datetime) -> dict[str, Any]:
    """Until when its end can be undone; nothing once that is over."""
    return {"undo_until": meeting.recap_due_at} if meeting.can_be_undone(now) else {}


def _not_running(request: Request, meeting: Meeting) -> HttpResponse:
    """Redirect to the review; for htmx as a whole page."""
    if meeting.is_scheduled:
        messages.info(request, NOT_STARTED)
    review = reverse("meetings:review", args=(meeting.pk,))
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": review})
    return redirect(review)
