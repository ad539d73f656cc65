"""What people say to a miss and to a flag; an admin puts a wrong miss right. Nothing of it can be taken away."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.access import Request
from alignment.models import Team
from alignment.saving import allow, back, next_page, refuse
from alignment.templatetags.figures import longday
from meetings import escalation
from meetings.forms.discipline import CorrectionForm, WordForm
from meetings.models import Flag, Meeting, MissAnswer, NotNow
from meetings.models.meetings import MeetingQuerySet

FOR_THE_TWO = "Only the CEO and the leader of the team answer a missed meeting."
FOR_ADMINS = "Only an admin of the company can correct a missed meeting. You can answer it with a word."
FOR_THOSE_TOLD = "The CEO, the leader and the company’s admins acknowledge this."


@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """One of the two says a word to a miss; the last one said counts, and the miss stays."""
    now, meeting = timezone.now(), get_object_or_404(_seen().visible_to(request.user), pk=pk)
    allow(meeting.can_run(request.user), FOR_THE_TWO)

    def act(form: WordForm) -> str:
        if meeting.missed_at is None:
            raise NotNow("This meeting was not missed, so there is nothing to answer.")
        said = {"text": form.cleaned_data["word"], "at": now}
        MissAnswer.objects.update_or_create(meeting=meeting, user=request.user, defaults=said)
        return "Your word stands beside the miss."

    heading = f"Answer the miss of {longday(meeting.starts_at)}"
    page = reverse("meetings:review", args=(pk,))
    return _said(request, WordForm(request.POST), act, heading=heading, default=page)


def correct(request: Request, pk: int) -> HttpResponse:
    """A miss that was none, or was another's: what was stated stays beside it as a correction."""
    now, user = timezone.now(), request.user
    seen = _seen() if user.is_staff else _seen().visible_to(user)
    meeting = get_object_or_404(seen, pk=pk)
    allow(escalation.may_correct(meeting.team, user), FOR_ADMINS)

    def act(form: CorrectionForm) -> str:
        told = form.cleaned_data
        escalation.correct(meeting, told["to"], by=user, now=now, why=told["why"])
        return "Corrected. What was stated before stays beside it."

    heading = f"Correct the miss of {meeting.team}, {longday(meeting.starts_at)}"
    page = reverse("meetings:team", args=(meeting.team.slug,)) if _is_open(meeting.team, request) else "/"
    if meeting.state != Meeting.State.MISSED:
        return refuse(request, page, "This meeting is not stated as missed, so there is nothing to correct.")
    form = CorrectionForm(request.POST if request.method == "POST" else None, meeting=meeting)
    return _said(request, form, act, heading=heading, default=page)


@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """Say a word to a flag: that one has seen it and what happens now."""
    now, user = timezone.now(), request.user
    flag = get_object_or_404(Flag.objects.visible_to(user).select_related("team"), pk=pk)
    allow(flag.can_acknowledge(user), FOR_THOSE_TOLD)

    def act(form: WordForm) -> str:
        if flag.cleared_at:
            raise NotNow("A meeting was held since, so this is settled. Nothing was changed.")
        if not flag.acknowledge(form.cleaned_data["word"], by=user, now=now):
            raise NotNow("Somebody else acknowledged it before you; their word stands.")
        return "Acknowledged. It stays until a meeting is held."

    page = f"{reverse('meetings:team', args=(flag.team.slug,))}#flag"
    return _said(request, WordForm(request.POST), act, heading=f"{flag.team}: {flag.in_words}", default=page)


def _seen() -> MeetingQuerySet:
    return Meeting.objects.select_related("team__company")


def _is_open(team: Team, request: Request) -> bool:
    return Team.objects.visible_to(request.user).filter(pk=team.pk).exists()


def _said(
    request: Request, form: forms.Form, act: Callable[..., str], *, heading: str, default: str
) -> HttpResponse:
    """Do it, say why not, or show the form (again)."""
    if form.is_valid():
        try:
            return back(request, default, said=act(form))
        except NotNow as why:
            return refuse(request, default, str(why))
    context = {
        "form": form,
        "heading": heading,
        "next": next_page(request, default),
        "action": request.path,
    }
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)
