"""The check-in of a CEO and a sales leader: one tap or five statements, then what both answered, for them alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team, User
from alignment.web.edit import edit_view
from alignment.web.middleware import unlogged
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from alignment.web.team_access import principal_team
from meetings.check_in.answers import give_answer, refusal
from meetings.check_in.questions import raise_question
from meetings.check_in.rounds import round_of
from meetings.forms.check_in import CheckInForm, QuestionForm
from meetings.models import CheckIn, CheckInAnswer, Meeting, TransitionNotAllowed
from meetings.pages.check_in import Round, build_pair_page, build_round_page, read_round

NOT_YOURS = (
    "A check-in is between the CEO and the sales leader of that meeting. Nobody else answers or reads it. "
    "Nothing was changed."
)
NOT_SHOWN = "Questions are proposed once both answers are in. Nothing was put on the agenda."
NO_SEAT = (
    "You are not the CEO or the sales leader of this team now, so you cannot put anything on its agenda."
)


@unlogged
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: Request, pk: int) -> HttpResponseBase:
    """Answer, and read what both answered once both have."""
    now, user, meeting = timezone.now(), request.user, _get_meeting(request.user, pk)
    stored = round_of(meeting)
    require(stored.names(user) if stored else meeting.team.is_principal(user), NOT_YOURS)
    here = reverse("meetings:check_in", args=[pk])
    row = read_round(stored, user, now) if stored else None
    why = refusal(meeting, stored, now)
    form = _form(request, row) if row is not None else None
    if request.method == "POST" and why and (form is None or not form.is_valid()):
        return refuse(request, here, why)
    if row is None or form is None or (why and request.method != "POST"):
        page = build_round_page(row, user, now) if row else None
        return render(request, "meetings/check_in/round.html", {"meeting": meeting, "page": page, "row": row})

    def save() -> CheckInAnswer:
        return give_answer(meeting, form.terms, by=user, version=form.submitted_version)

    try:
        return edit_view(
            request,
            form,
            save=save,
            default=here,
            template="meetings/check_in/answer.html",
            message=f"Your answer is in. You both see both once {row.other} has answered too.",
            heading="Check-in",
            button="Save my answer",
            done=_back_to_stage(request, here),
            meeting=meeting,
            row=row,
        )
    except TransitionNotAllowed as changed:
        return refuse(request, here, str(changed))


@unlogged
@require_POST
def raise_issue(request: Request, pk: int) -> HttpResponseBase:
    """Put a proposed question on the agenda, as it stands in the form: from then on the team reads it."""
    now, user, meeting = timezone.now(), request.user, _get_meeting(request.user, pk)
    stored = round_of(meeting)
    require(stored.names(user) if stored else False, NOT_YOURS)
    assert stored is not None
    require(meeting.team.is_principal(user), NO_SEAT)
    here = reverse("meetings:check_in", args=[pk])
    if not stored.is_revealed:
        return refuse(request, here, NOT_SHOWN)
    form = QuestionForm(request.POST)
    if form.is_valid():
        issue = raise_question(stored, form.cleaned_data["key"], form.cleaned_data["text"], by=user, now=now)
        return back(request, here, message=f"On the agenda: {issue.title}")
    if "key" in form.errors:
        raise Http404("There is no such question.")
    page = build_round_page(read_round(stored, user, now), user, now)
    context = {"meeting": meeting, "page": page, "row": page.round, "refused": form}
    return render(request, "meetings/check_in/round.html", context, status=422)


@unlogged
@require_safe
def over_time(request: Request, slug: str) -> HttpResponse:
    """The check-ins of the reader on a team, with one other person at a time."""
    now, user = timezone.now(), request.user
    own = CheckIn.objects.visible_to(user).over()
    team = Team.objects.select_related("company").filter(slug=slug, meetings__check_in__in=own).first()
    if team is None:
        team = principal_team(request, slug, why=NOT_YOURS)
    page = build_pair_page(
        team, user, now, partner=request.GET.get("with", ""), number=request.GET.get("page", "")
    )
    return render(request, "meetings/check_in/over_time.html", {"team": team, "pair": page})


def _back_to_stage(request: Request, here: str) -> Callable[[CheckInAnswer], HttpResponse] | None:
    """The wrap-up of a running meeting shows itself that the answer is in."""
    if request.htmx.target != "stage":
        return None
    return lambda row: back(request, here)


def _get_meeting(user: User, pk: int) -> Meeting:
    """One whose facts the reader may see, or whose check-in names them."""
    meetings = Meeting.objects.select_related("team__company")
    named = CheckIn.objects.visible_to(user).settled().filter(meeting=pk)
    visible = Meeting.objects.visible_to(user).order_by().values("pk")
    meeting = meetings.filter(pk=pk, pk__in=visible).first() or meetings.filter(check_in__in=named).first()
    if meeting is None:
        raise Http404("This meeting does not exist.")
    return meeting


def _form(request: Request, row: Round) -> CheckInForm:
    data: Any = request.POST if request.method == "POST" else None
    instance = row.mine or CheckInAnswer(check_in=row.check_in, user=request.user, version=0)
    return CheckInForm(data, check_in=row.check_in, instance=instance, other=row.other)
