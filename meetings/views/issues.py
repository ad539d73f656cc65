"""Issues and questions: the list, a new one, the page of one, their order, how they are solved."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import Request, speaks
from alignment.asking import already, ask
from alignment.lists import Listing
from alignment.models import Team, User
from alignment.saving import allow, answer, back
from meetings.forms.items import IssueForm, SolveForm
from meetings.lists import FROM_ITEM, issue_line, issues_asked
from meetings.models import Commitment, Decision, Issue
from meetings.origin import Origin, origin_for

WHY_NOT = "An issue is changed by the side that raised it, or by the two. You can comment on it."
WHY_NOT_SOLVE = "Issues are ordered and solved by the CEO’s and the leader’s side."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, asked = timezone.now(), Listing.of(request)
    page = asked.page(issues_asked(asked))
    lines = [issue_line(row, asked.seat(row.team_id), now) for row in page.object_list]
    context = {"list": asked, "page": page, "lines": lines, "may_add": asked.may(speaks)}
    return render(request, "meetings/items/issues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    origin = origin_for(
        request, speaks, "Observers read; issues are raised by those who speak in the meeting."
    )
    if not isinstance(origin, Origin):
        return origin
    data = request.POST if request.method == "POST" else None
    form = IssueForm(data, team=origin.team, user=request.user, now=now, origin=origin)
    return answer(
        request, form, save=form.write, default=reverse("meetings:issues"), said="It is on the list of issues.",
        heading="Raise an issue or a question", about=origin.in_words, button="Raise it", hidden=origin.hidden,
    )  # fmt: skip


def _seen(request: Request, pk: int) -> Issue:
    rows = Issue.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("team__company", "created_by", "solved_by", *FROM_ITEM), pk=pk
    )


def _came(issue: Issue, reader: User) -> dict[str, QuerySet[Any]]:
    """What the reader may know that came of it."""
    return {
        "decisions": Decision.objects.visible_to(reader).filter(issue=issue),
        "commitments": Commitment.objects.visible_to(reader).filter(issue=issue).select_related("owner"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, issue = timezone.now(), _seen(request, pk)
    allow(request.method != "POST" or issue.can_edit(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = IssueForm(data, instance=issue, team=issue.team, user=request.user, now=now)
    return answer(
        request, form, save=form.write, default=reverse("meetings:issue_edit", args=[pk]), said="Saved.",
        heading=issue.title, template="meetings/items/issue.html", embedded=True, issue=issue,
        can_edit=issue.can_edit(request.user), can_solve=issue.can_solve(request.user), came=_came(issue, request.user),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: Request, pk: int) -> HttpResponse:
    now, issue = timezone.now(), _seen(request, pk)
    allow(issue.can_solve(request.user), WHY_NOT_SOLVE)
    form = SolveForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        resolution = form.cleaned_data["resolution"]
        issue.solve(by=request.user, now=now, resolution=resolution)
        Team.objects.stir(issue.team_id)
        return already(issue, "resolution", resolution, "Somebody solved it before you")

    return ask(
        request, form, step=step, default=reverse("meetings:issues"), said=f"Solved: {issue.title}.",
        heading=f"Solve “{issue.title}”", button="Solved",
    )  # fmt: skip


def _turned(request: Request, issue: Issue, said: str) -> HttpResponse:
    Team.objects.stir(issue.team_id)
    return back(request, reverse("meetings:issues"), said=said)


@require_POST
def first(request: Request, pk: int) -> HttpResponse:
    issue = _seen(request, pk)
    allow(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.put_first(now=timezone.now())
    return _turned(request, issue, f"First now: {issue.title}.")


@require_POST
def discuss(request: Request, pk: int) -> HttpResponse:
    issue = _seen(request, pk)
    allow(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.discuss(now=timezone.now())
    return _turned(request, issue, f"Discussed: {issue.title}.")


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    issue = _seen(request, pk)
    allow(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.reopen(now=timezone.now())
    return _turned(request, issue, f"Open again: {issue.title}.")
