"""The page of a running meeting: looked at by everyone seated, moved by the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alignment.access import Request
from alignment.saving import allow
from meetings import poll as polling
from meetings.agenda import build, read
from meetings.forms.rating import RatingForm
from meetings.models import Meeting
from meetings.running import next_start, usual_readers, watchers
from meetings.stage import Stage
from meetings.stage import stage as stage_of
from meetings.views.chapters import Can, chapters

ONLY_FACTS = "You see the facts of this meeting, not its words."
NOT_STARTED = "This meeting has not started yet. Its page in session opens when one of the two starts it."


@require_safe
def present(request: Request, pk: int) -> HttpResponse:
    """The whole page; to htmx the stage alone, wherever a form or link asked for it."""
    return show(request, pk, fragment=request.htmx.target == "stage")


@require_safe
def stage(request: Request, pk: int) -> HttpResponse:
    """What the page fetches when the poll says that something is new."""
    if request.htmx:
        return show(request, pk, fragment=True)
    return redirect(_here(pk, request.GET.get("at", "")))


@login_not_required  # the token says whose page it is
@require_safe
@never_cache
def poll(request: Request, pk: int, token: str) -> HttpResponse:
    """204 and nothing when what the page shows is still the newest."""
    newest = polling.newest(pk, token)
    if newest is None:
        raise Http404
    if request.GET.get("seen") == newest:
        return HttpResponse(status=204)
    return JsonResponse({"seen": newest})


def show(
    request: Request,
    pk: int,
    *,
    fragment: bool,
    at: str = "",
    rating: RatingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The meeting where it stands, or where this browser looks (`at`); one that does not run has its review."""
    now, at = timezone.now(), at or request.GET.get("at", "")
    visible = Meeting.objects.visible_to(request.user)
    pages = read.pages().annotate(next_start=next_start()).filter(pk__in=visible.values("pk"))
    meeting = get_object_or_404(pages, pk=pk)
    allow(meeting.can_read(request.user), ONLY_FACTS)
    if not meeting.is_in_progress:
        return _not_running(request, meeting)
    agenda = build(meeting, request.user, now)
    shown = stage_of(meeting, agenda, at=at, now=now)
    context = _context(request, meeting, shown, rating)
    template = "meetings/present/stage.html" if fragment else "meetings/present.html"
    response = render(request, template, context, status=status)
    if fragment:
        response.headers["HX-Replace-Url"] = context["here"]
    return response


def _context(request: Request, meeting: Meeting, shown: Stage, rating: RatingForm | None) -> dict[str, Any]:
    here = _here(meeting.pk, "" if shown.is_following else shown.at)
    context = chapters(request, meeting, shown.agenda)
    run, mine = meeting.can_run(request.user), shown.rating_of(request.user.pk)
    told = {"score": mine.score, "why": mine.why} if mine else {}
    context |= {
        "stage": shown, "chapter": shown.chapter and replace(shown.chapter, spent=0), "here": here, "run": run,
        "seen": polling.seen(meeting),
        "can": replace(context["can"], prepare=False) if run else Can(),
        "to": replace(context["to"], here=here),
        "poll_token": polling.token_for(request.user, meeting),
        "mine": mine, "rating": rating or RatingForm(initial=told),
        "arriving": run and any(told.person.id == request.user.pk and told.present is None for told in shown.agenda.attendance),
    }  # fmt: skip
    if shown.is_closing and run:
        chosen = usual_readers(meeting)
        context["readers"] = [(seat, seat.user_id in chosen) for seat in watchers(meeting)]
    if run:
        context["owners"] = [seat for seat in meeting.team.current_seats if seat.side in ("ceo", "leader")]
        start: datetime | None = meeting.next_start  # type: ignore[attr-defined]  # annotated
        context["due"] = meeting.team.today(start) if start else None
    return context


def _here(pk: int, at: str) -> str:
    return reverse("meetings:present", args=(pk,)) + (f"?at={at}" if at else "")


def _not_running(request: Request, meeting: Meeting) -> HttpResponse:
    """To the review, and htmx too as a whole page."""
    if meeting.is_scheduled:
        messages.info(request, NOT_STARTED)
    review = reverse("meetings:review", args=(meeting.pk,))
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": review})
    return redirect(review)
