"""Decisions of a meeting. Once the meeting is over they are final."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.models import Team
from alignment.permissions import is_principal_seat
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from meetings.forms.items import DecisionForm
from meetings.models import Decision, Meeting
from meetings.updates.origin import Origin, capture_origin

WHY_NOT = "Only the CEO and the sales leader can record decisions."
OVER = "This meeting has ended. Record the decision in the next one, or reopen this one with a reason."


def _page(meeting: Meeting) -> str:
    return reverse("meetings:review", args=[meeting.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    origin = capture_origin(request, is_principal_seat, WHY_NOT)
    if not isinstance(origin, Origin):
        return origin
    if origin.meeting is None:
        raise Http404("A decision belongs to a meeting.")
    if not origin.meeting.is_ahead:
        return refuse(request, _page(origin.meeting), OVER)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, team=origin.team, user=request.user, now=now, origin=origin)
    return edit_view(
        request,
        form,
        save=form.write,
        default=_page(origin.meeting),
        message="Decision added.",
        heading="New decision",
        about=origin.in_words,
        button="Add decision",
        hidden=origin.hidden,
    )


def _get_decision(request: Request, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("team__company", "meeting", "initiative"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, decision = timezone.now(), _get_decision(request, pk)
    require(decision.can_edit(request.user), WHY_NOT)
    if not decision.meeting.is_ahead:
        return refuse(request, _page(decision.meeting), OVER)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, instance=decision, team=decision.team, user=request.user, now=now)
    return edit_view(
        request,
        form,
        save=form.write,
        default=_page(decision.meeting),
        message="Saved.",
        heading="Decision",
    )


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete it while the meeting is not over. A second click changes nothing (404)."""
    decision = (
        Decision.objects.visible_to(request.user).select_related("team", "meeting").filter(pk=pk).first()
    )
    if decision is None:
        raise Http404("This decision no longer exists.")
    require(decision.can_edit(request.user), WHY_NOT)
    if not decision.meeting.is_ahead:
        return refuse(request, _page(decision.meeting), OVER)
    decision.delete()
    Team.objects.bump_revision(decision.team_id)
    return back(request, _page(decision.meeting), message=f"Removed: {decision.text}")
