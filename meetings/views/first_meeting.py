"""The first meeting of a pair: prepared apart, opened together, taken line by line into the quarter's agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.agreements.answers import AgreementChangedError
from alignment.models import Team, User
from alignment.rules.formatting import day
from alignment.rules.periods import key_of_quarter
from alignment.web.edit import edit_view
from alignment.web.middleware import unlogged
from alignment.web.requests import Request
from alignment.web.responses import back, refuse
from alignment.web.team_access import principal_team
from deals.goals.agreement import SUBJECT as GOALS
from meetings.agreement.as_it_is import content_now
from meetings.agreement.proposals import TooManySentencesError, propose_right, propose_sentence
from meetings.agreement.queries import read_current
from meetings.agreement.subjects import address_of
from meetings.agreement.terms import MOST_SENTENCES, lines_in_words
from meetings.first_meeting.preparation import (
    decline,
    end_first_meeting,
    first_meeting_of,
    hold_in,
    is_meeting,
    offer_again,
    open_answers,
    own_answer,
    save_answer,
)
from meetings.forms.first_meeting import FirstMeetingForm, OutcomeForm
from meetings.models import FirstMeeting, FirstMeetingAnswer, Meeting, TransitionNotAllowed
from meetings.pages.first_meeting import build_page
from meetings.rules.decision_rights import RightKind
from meetings.rules.first_meeting import PART_BY_KEY, can_open, quarter_to_agree

NOT_YOURS = (
    "A first meeting is between the CEO and the sales leader of a team. Nobody else prepares or reads it."
)
ALONE = "A first meeting needs a CEO and a sales leader, and one of the two seats is empty."
CHANGED = "The agreement was changed in the meantime, so nothing was proposed. This is how it stands now."
OVER = "Your first meeting is over. Propose it in the agreement; nothing was changed here."
FULL = f"The agreement has {MOST_SENTENCES} sentences, and that is the most. Change or take out one of them first."


def _here(slug: str) -> str:
    return reverse("meetings:first_meeting", args=[slug])


@unlogged
@require_http_methods(["GET", "HEAD", "POST"])
def first_meeting(request: Request, slug: str) -> HttpResponseBase:
    """Prepare; once the answers are open, read both."""
    now, team = timezone.now(), principal_team(request, slug, why=NOT_YOURS)
    row = first_meeting_of(team, now)
    if row is None:
        return refuse(request, reverse("meetings:team", args=[slug]), ALONE)
    if row.is_open and request.method != "POST":
        page = build_page(row, request.user, now)
        context = {"page": page, "team": team, "m": page.agreement.m, "here": _here(slug)}
        return render(request, "meetings/first_meeting/both.html", context)
    return _prepare(request, team, row, now)


def _prepare(request: Request, team: Team, row: FirstMeeting, now: datetime) -> HttpResponseBase:
    user, other, here = request.user, row.other_than(request.user), _here(team.slug)
    answer = own_answer(row, user)
    data = request.POST if request.method == "POST" else None
    form = FirstMeetingForm(
        data, team=team, user=user, instance=answer, other=other.first_name, goals=_goals(team, user, now)
    )

    def save() -> FirstMeetingAnswer:
        values, version = form.values, form.submitted_version
        is_done = form.cleaned_data["is_done"]
        return save_answer(team, values, is_done=is_done, by=user, version=version, now=now)

    try:
        return edit_view(
            request,
            form,
            save=save,
            default=here,
            template="meetings/first_meeting/prepare.html",
            message="Saved. You can change it until the answers are open.",
            heading=f"Your first meeting with {other.first_name}",
            button="Save",
            **_state(team, row, user, now),
        )
    except TransitionNotAllowed as why:
        return refuse(request, here, str(why))


def _goals(team: Team, user: User, now: datetime) -> str:
    """As they are set for the quarter that is to be agreed; empty where none is."""
    quarter = quarter_to_agree(team.today(now), first_month=team.company.fiscal_year_start)
    content = content_now(GOALS, [], read_current(team, quarter), team, quarter)
    texts = lines_in_words(GOALS, content, locale=user.locale) if content else []
    return f"{quarter.label}: {'. '.join(texts)}" if texts else f"None are set for {quarter.label} yet."


def _state(team: Team, row: FirstMeeting, user: User, now: datetime) -> dict[str, Any]:
    """How far the two are, for the page on which it is prepared."""
    other = row.other_than(user)
    submitted = dict(row.answers.values_list("user", "done_at")) if row.pk else {}
    ahead = list(Meeting.objects.filter(team=team).ahead()[:2])
    return {
        "team": team,
        "row": row,
        "other": other.first_name,
        "is_done": submitted.get(user.pk) is not None,
        "other_is_done": submitted.get(other.pk) is not None,
        "opens_now": can_open([], is_meeting=is_meeting(team)),
        "ahead": ahead,
        "held_in": next((meeting for meeting in ahead if meeting.pk == row.meeting_id), None),
    }


@unlogged
@require_POST
def open_first_meeting(request: Request, slug: str) -> HttpResponse:
    """In the meeting, also where one of the two has not prepared."""
    team = principal_team(request, slug, why=NOT_YOURS)
    try:
        open_answers(team, now=timezone.now())
    except TransitionNotAllowed as why:
        return refuse(request, _here(slug), str(why))
    return back(request, _here(slug))


@unlogged
@require_POST
def take_into_agreement(request: Request, slug: str) -> HttpResponse:
    """A line, a right or a sentence of one's own becomes a proposal for the quarter's agreement."""
    now, team = timezone.now(), principal_team(request, slug, why=NOT_YOURS)
    row = first_meeting_of(team, now)
    if row is None or not row.is_open:
        return refuse(request, _here(slug), ALONE if row is None else "The answers are not open yet.")
    if row.has_ended:
        return refuse(request, _here(slug), OVER)
    quarter = quarter_to_agree(team.today(now), first_month=team.company.fiscal_year_start)
    key = request.POST.get("part", "")
    address = f"{_here(slug)}#{'rights' if key in set(RightKind) else key}"
    try:
        if key in set(RightKind):
            right = _answer_of(request, row).right(RightKind(key), team.currency)
            propose_right(team, quarter, right, by=request.user, now=now)
        else:
            propose_sentence(team, quarter, _sentence(request, row), by=request.user, now=now)
    except TooManySentencesError:
        return refuse(request, address, FULL)
    except AgreementChangedError:
        return refuse(request, address, CHANGED)
    except InvalidSentenceError as wrong:
        return refuse(request, address, str(wrong))
    return back(request, address, message=f"Proposed for the agreement of {quarter.label}.")


class InvalidSentenceError(Exception):
    """What was typed is no sentence; the message says why."""


def _sentence(request: Request, row: FirstMeeting) -> str:
    part = PART_BY_KEY.get(request.POST.get("part", ""))
    if part is None:
        raise Http404("There is no such part.")
    if "line" not in request.POST:
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            raise InvalidSentenceError(" ".join(str(error) for error in form.errors["text"]))
        return str(form.cleaned_data["text"])
    lines = _answer_of(request, row).lines(part.key)
    number = request.POST["line"]
    if not (number.isascii() and number.isdecimal() and len(number) < 3 and int(number) < len(lines)):
        raise Http404("There is no such line.")
    return part.as_sentence(lines[int(number)])


def _answer_of(request: Request, row: FirstMeeting) -> FirstMeetingAnswer:
    """That of the side which the button names."""
    people = {"ceo": row.ceo_id, "leader": row.leader_id}
    readable = FirstMeetingAnswer.objects.visible_to(request.user).filter(first_meeting=row)
    return get_object_or_404(readable, user=people.get(request.POST.get("side", "")))


@unlogged
@require_POST
def end(request: Request, slug: str) -> HttpResponse:
    """It took place: on to the agreement, which both sign once."""
    now, team = timezone.now(), principal_team(request, slug, why=NOT_YOURS)
    try:
        end_first_meeting(team, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _here(slug), str(why))
    quarter = quarter_to_agree(team.today(now), first_month=team.company.fiscal_year_start)
    message = "That was your first meeting. What you proposed holds once the other of you agrees to it here."
    return back(request, address_of(slug, key_of_quarter(quarter)), message=message)


@unlogged
@require_POST
def not_now(request: Request, slug: str) -> HttpResponse:
    """Decline the offer, or have it offered again."""
    now, team, answer = (
        timezone.now(),
        principal_team(request, slug, why=NOT_YOURS),
        request.POST.get("answer", ""),
    )
    try:
        if answer == "again":
            offer_again(team, now=now)
            return back(request, _here(slug), message="It is offered again.")
        decline(team, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _here(slug), str(why))
    message = "Not now. It is offered again when a seat changes and in the next fiscal year."
    return back(request, reverse("meetings:home"), message=message)


@unlogged
@require_POST
def plan(request: Request, slug: str) -> HttpResponse:
    """In which of the team's next meetings it is to be held; none where none is named."""
    now, team = timezone.now(), principal_team(request, slug, why=NOT_YOURS)
    key = request.POST.get("meeting", "")
    is_number = key.isascii() and key.isdecimal() and len(key) < 18
    meeting = Meeting.objects.filter(team=team).ahead().filter(pk=int(key)).first() if is_number else None
    if key and meeting is None:
        return refuse(request, _here(slug), "This meeting is no longer ahead. Choose another one.")
    try:
        hold_in(team, meeting, now=now)
    except TransitionNotAllowed as why:
        return refuse(request, _here(slug), str(why))
    when = (
        f"Planned for {day(timezone.localdate(meeting.starts_at))}." if meeting else "Planned for no meeting."
    )
    return back(request, _here(slug), message=when)
