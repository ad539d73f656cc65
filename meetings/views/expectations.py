"""The CEO’s number before a meeting: in under a minute on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.rules.formatting import MoneyFormat
from alignment.rules.roles import Role
from alignment.web.create_once import param
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import refuse, require
from meetings.agenda.queries import pages
from meetings.forecast.expectations import (
    REVEALED,
    STARTED,
    ExpectationDraft,
    read_expectation,
    state_expectation,
)
from meetings.forms.expectations import ExpectationForm, field_of
from meetings.models import Expectation, Meeting, Struck, TransitionNotAllowed

NOT_YOURS = "Only the CEO of the team gives this number."


@require_http_methods(["GET", "HEAD", "POST"])
def expectation(request: Request, pk: int) -> HttpResponseBase:
    """Strike deals of the commit and see what is left, or type a number. The leader’s totals are not on the page."""
    now, user = timezone.now(), request.user
    visible = Meeting.objects.visible_to(user)
    meeting = get_object_or_404(pages().filter(pk__in=visible.values("pk")), pk=pk)
    require(meeting.team.role_of(user) == Role.CEO, NOT_YOURS)
    here = reverse("meetings:review", args=[pk])
    if not meeting.is_scheduled:
        return refuse(request, here, STARTED)
    draft = read_expectation(meeting, param(request, "period"), user=user, now=now)
    if draft is None:
        raise Http404("This period is not called now.")
    if draft.is_revealed:
        return refuse(request, here, REVEALED)
    m = MoneyFormat(meeting.team.currency, user.locale)
    context: dict[str, Any] = {"draft": draft, "m": m, "meeting": meeting}
    if request.method != "POST" and "sum" in request.GET:
        verdicts = _verdicts(request, draft)
        return render(request, "meetings/expectation_left.html", context | _left(draft, verdicts))
    start = draft.period.start.isoformat()
    sum_url = f"{request.path}?sum=1&period={start}"
    data = request.POST if request.method == "POST" else None
    form = ExpectationForm(data, draft=draft, m=m, sum_url=sum_url)

    def save() -> Expectation:
        return state_expectation(meeting, draft, form.terms, by=user, now=now, version=form.submitted_version)

    try:
        return edit_view(
            request,
            form,
            save=save,
            default=here,
            template="meetings/expectation.html",
            message="Your number is in. The sales leader sees it once both are in or the meeting starts.",
            heading=f"Your number for {draft.period.label}",
            button="Save my number",
            hidden={"period": start},
            **context,
            **_left(draft, draft.terms.verdicts),
        )
    except TransitionNotAllowed as why:
        return refuse(request, here, str(why))


def _left(draft: ExpectationDraft, verdicts: Mapping[int, str]) -> dict[str, Any]:
    """What is left with what is won, and of the deals named alone."""
    left = draft.left(verdicts)
    return {"left": left, "named_left": left - draft.won}


def _verdicts(request: Request, draft: ExpectationDraft) -> dict[int, str]:
    verdicts = {deal.id: request.GET.get(field_of(deal.id), "") for deal in draft.deals}
    return {deal: verdict for deal, verdict in verdicts.items() if verdict in Struck.Verdict.values}
