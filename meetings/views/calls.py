"""Stating the forecast call while preparing a meeting."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.rules.formatting import MoneyFormat, compact
from alignment.web.create_once import param
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import refuse, require
from meetings.agenda.queries import pages
from meetings.forecast.calls import STARTED, state_call
from meetings.forecast.queries import read_draft
from meetings.forms.calls import CallForm
from meetings.models import Call, Meeting, TransitionNotAllowed

NOT_YOURS = "Only the sales leader’s side states the forecast call."


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Request, pk: int) -> HttpResponseBase:
    """The call of one period: commit, best case and the deals of the commit."""
    now, user = timezone.now(), request.user
    visible = Meeting.objects.visible_to(user)
    meeting = get_object_or_404(pages().filter(pk__in=visible.values("pk")), pk=pk)
    require(meeting.can_prepare(user), NOT_YOURS)
    here = f"{reverse('meetings:prepare', args=[pk])}#call"
    if not meeting.is_scheduled:
        return refuse(request, reverse("meetings:review", args=[pk]), STARTED)
    draft = read_draft(meeting, param(request, "period"), now=now)
    if draft is None:
        raise Http404("This period is not called now.")
    m = MoneyFormat(meeting.team.currency, user.locale)
    form = CallForm(request.POST if request.method == "POST" else None, draft=draft, m=m)

    def save() -> Call:
        return state_call(meeting, draft.period, form.terms, by=user, now=now, version=form.submitted_version)

    try:
        return edit_view(
            request,
            form,
            save=save,
            default=here,
            message="Forecast call stated.",
            heading=f"Forecast call, {draft.period.label}",
            about=f"{meeting.team}. {draft.participle.capitalize()} so far: {compact(draft.won, m)}.",
            label=f"Call {draft.period.label}",
            button="State this call",
            hidden={"period": draft.period.start.isoformat(), "without": draft.fallen_key},
        )
    except TransitionNotAllowed as why:
        return refuse(request, reverse("meetings:review", args=[pk]), str(why))
