"""Whether the sales leader knows where they stand: asked of each of the two once a quarter, answered by one tap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.rules.formatting import day
from alignment.web.middleware import unlogged
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse
from alignment.web.team_access import principal_team
from meetings.feedback_talk.answers import (
    add_note,
    facts_before,
    quarter_now,
    read_talk,
    say_not_yet,
    say_talked,
)
from meetings.forms.feedback_talk import AnswerForm, TalkedForm
from meetings.models import FeedbackTalk, TransitionNotAllowed
from meetings.needs.undo import signed
from meetings.pages.feedback_talk import build_page
from meetings.rules.feedback_talk import NOTE_AFTER
from meetings.views.in_row import UNDO_TAG

NOT_YOURS = "Only the CEO and the sales leader of a team are asked this, each alone."
ALONE = "This is between the CEO and the sales leader, and one of the two seats is empty."
NO_MEETING = "No meeting is planned to which a private note could be added."


@unlogged
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_talk(request: Request, slug: str) -> HttpResponse:
    """The question with one's own answer; a POST says on which day they talked."""
    now, user, team = timezone.now(), request.user, principal_team(request, slug, why=NOT_YOURS)
    page = build_page(team, user, now)
    if page is None:
        return refuse(request, reverse("meetings:team", args=[slug]), ALONE)
    before = page.answer
    data = request.POST if request.method == "POST" else None
    initial = {"version": before.version, "on": before.talked_on or page.today}
    form = TalkedForm(data, quarter=quarter_now(team, now), today=page.today, initial=initial)
    context: dict[str, Any] = {"team": team, "page": page, "form": form, "action": request.path}
    context |= {"button": "Save this day", "embedded": True, "quiet": True, "next": _here(slug)}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "meetings/feedback_talk.html", context, status=status)
    facts, version = facts_before(before), form.cleaned_data["version"]
    try:
        row = say_talked(team, form.cleaned_data["on"], by=user, version=version, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _here(slug), str(why))
    assert row.talked_on is not None
    return _answered(request, row, facts, f"You talked on {day(row.talked_on)}. Only you read that.")


@unlogged
@require_POST
def feedback_not_yet(request: Request, slug: str) -> HttpResponse:
    """It comes back in two weeks; the second time with a note for the next meeting."""
    now, user, team = timezone.now(), request.user, principal_team(request, slug, why=NOT_YOURS)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return refuse(request, _here(slug), "Nothing was changed. Try again on this page.")
    facts = facts_before(read_talk(team, user, now))
    try:
        row = say_not_yet(team, by=user, version=form.cleaned_data["version"], now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _here(slug), str(why))
    comes_back = row.ask_on is not None and row.ask_on <= row.ends_on
    when = f"It comes back on {day(row.ask_on)}." if comes_back else "It comes back next quarter."
    return _answered(request, row, facts, f"Not yet. {when}")


@unlogged
@require_POST
def feedback_note(request: Request, slug: str) -> HttpResponse:
    """A line in one's own private notes for the next meeting."""
    now, user, team = timezone.now(), request.user, principal_team(request, slug, why=NOT_YOURS)
    page = build_page(team, user, now)
    if page is None or page.meeting is None:
        return refuse(request, _here(slug), ALONE if page is None else NO_MEETING)
    add_note(team, page.meeting, by=user, now=now)
    message = f"In your private notes for {day(timezone.localdate(page.meeting.starts_at))}: {page.note}"
    return back(request, _here(slug), message=message)


def _here(slug: str) -> str:
    return reverse("meetings:feedback_talk", args=[slug])


def _answered(request: Request, row: FeedbackTalk, before: dict[str, Any], sentence: str) -> HttpResponse:
    """Back to where it was answered; after the second “not yet” to the page, which proposes a note."""
    token = signed("feedback talk", row, by=request.user, key="", **before)
    messages.success(request, sentence, extra_tags=f"{UNDO_TAG}{token}")
    here = _here(row.team.slug)
    proposes_note = row.talked_on is None and row.not_yet >= NOTE_AFTER
    return redirect(here if proposes_note else next_page(request, here))
