"""Decisions, in the record of a meeting. Once it is over they stand."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.access import Request, is_of_the_two
from alignment.models import Team
from alignment.saving import allow, answer, back, refuse
from meetings.forms.items import DecisionForm
from meetings.models import Decision, Meeting
from meetings.origin import Origin, origin_for

WHY_NOT = "Decisions are written down by the CEO or the leader."
OVER = "This meeting is over and its record stands. Decide in the next one, or open this one again with a reason."


def _page(meeting: Meeting) -> str:
    return reverse("meetings:review", args=[meeting.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    origin = origin_for(request, is_of_the_two, WHY_NOT)
    if not isinstance(origin, Origin):
        return origin
    if origin.meeting is None:
        raise Http404("A decision belongs to a meeting.")
    if not origin.meeting.is_ahead:
        return refuse(request, _page(origin.meeting), OVER)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, team=origin.team, user=request.user, now=now, origin=origin)
    return answer(
        request, form, save=form.write, default=_page(origin.meeting), said="The decision is written down.",
        heading="Write down a decision", about=origin.in_words, button="Decide", hidden=origin.hidden,
    )  # fmt: skip


def _seen(request: Request, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("team__company", "meeting", "initiative"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, decision = timezone.now(), _seen(request, pk)
    allow(decision.can_edit(request.user), WHY_NOT)
    if not decision.meeting.is_ahead:
        return refuse(request, _page(decision.meeting), OVER)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, instance=decision, team=decision.team, user=request.user, now=now)
    return answer(
        request, form, save=form.write, default=_page(decision.meeting), said="Saved.", heading="A decision",
    )  # fmt: skip


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    """Take it back while the meeting is not over. A second click finds nothing and changes nothing."""
    decision = (
        Decision.objects.visible_to(request.user).select_related("team", "meeting").filter(pk=pk).first()
    )
    if decision is None:
        raise Http404("This decision is no longer there.")
    allow(decision.can_edit(request.user), WHY_NOT)
    if not decision.meeting.is_ahead:
        return refuse(request, _page(decision.meeting), OVER)
    decision.delete()
    Team.objects.stir(decision.team_id)
    return back(request, _page(decision.meeting), said=f"Taken back: {decision.text}")
