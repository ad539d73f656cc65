"""Comments on missed meetings and flags, and corrections by an admin. None of it can be deleted."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.models import Team
from alignment.rules.formatting import longday
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse, require
from meetings.discipline import corrections
from meetings.forms.misses import CommentForm, CorrectionForm
from meetings.models import Flag, Meeting, MissAnswer, TransitionNotAllowed
from meetings.models.meeting_queryset import MeetingQuerySet

FOR_PRINCIPALS = "Only the CEO and the sales leader of the team can comment on a missed meeting."
FOR_ADMINS = "Only a company admin can correct a missed meeting. You can add a comment."
FOR_PRINCIPALS_AND_ADMINS = "Only the CEO, the sales leader and the company’s admins can acknowledge this."


@require_POST
def respond(request: Request, pk: int) -> HttpResponse:
    """Comment on a missed meeting, as the CEO or the sales leader.
    A later comment replaces one's own; the meeting stays missed.
    """
    now, meeting = timezone.now(), get_object_or_404(_meetings_with_team().visible_to(request.user), pk=pk)
    require(meeting.can_run(request.user), FOR_PRINCIPALS)

    def act(form: CommentForm) -> str:
        if meeting.missed_at is None:
            raise TransitionNotAllowed("This meeting was not missed, so there is nothing to comment on.")
        fields = {"text": form.cleaned_data["comment"], "at": now}
        MissAnswer.objects.update_or_create(meeting=meeting, user=request.user, defaults=fields)
        return "Comment added."

    heading = f"Comment on the missed meeting of {longday(meeting.starts_at)}"
    page = reverse("meetings:review", args=(pk,))
    return _handle_form(request, CommentForm(request.POST), act, heading=heading, default=page)


def correct(request: Request, pk: int) -> HttpResponse:
    """Correct a meeting wrongly recorded as missed, or its cause.
    The original stays visible beside the correction.
    """
    now, user = timezone.now(), request.user
    visible = _meetings_with_team() if user.is_staff else _meetings_with_team().visible_to(user)
    meeting = get_object_or_404(visible, pk=pk)
    require(corrections.can_correct(meeting.team, user), FOR_ADMINS)

    def act(form: CorrectionForm) -> str:
        cleaned = form.cleaned_data
        corrections.correct_miss(meeting, cleaned["to"], by=user, now=now, why=cleaned["why"])
        return "Corrected. The previous reason stays on record."

    heading = f"Correct the missed meeting of {meeting.team}, {longday(meeting.starts_at)}"
    page = reverse("meetings:team", args=(meeting.team.slug,)) if _is_open(meeting.team, request) else "/"
    if meeting.state != Meeting.State.MISSED:
        return refuse(
            request, page, "This meeting is not recorded as missed, so there is nothing to correct."
        )
    form = CorrectionForm(request.POST if request.method == "POST" else None, meeting=meeting)
    return _handle_form(request, form, act, heading=heading, default=page)


@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """Acknowledge a flag with a comment on what happens now."""
    now, user = timezone.now(), request.user
    flag = get_object_or_404(Flag.objects.visible_to(user).select_related("team"), pk=pk)
    require(flag.can_acknowledge(user), FOR_PRINCIPALS_AND_ADMINS)

    def act(form: CommentForm) -> str:
        if flag.cleared_at:
            raise TransitionNotAllowed(
                "A meeting has been held since, so this is resolved. Nothing was changed."
            )
        if not flag.acknowledge(form.cleaned_data["comment"], by=user, now=now):
            raise TransitionNotAllowed("Someone already acknowledged this. Their comment is shown.")
        return "Acknowledged. This clears when you hold a meeting."

    page = f"{reverse('meetings:team', args=(flag.team.slug,))}#flag"
    return _handle_form(request, CommentForm(request.POST), act, heading=str(flag), default=page)


def _meetings_with_team() -> MeetingQuerySet:
    return Meeting.objects.select_related("team__company")


def _is_open(team: Team, request: Request) -> bool:
    return Team.objects.visible_to(request.user).filter(pk=team.pk).exists()


def _handle_form(
    request: Request, form: forms.Form, act: Callable[..., str], *, heading: str, default: str
) -> HttpResponse:
    """Act on a valid form and redirect, also when it is refused; otherwise show the form."""
    if form.is_valid():
        try:
            return back(request, default, message=act(form))
        except TransitionNotAllowed as why:
            return refuse(request, default, str(why))
    context = {
        "form": form,
        "heading": heading,
        "next": next_page(request, default),
        "action": request.path,
    }
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)
