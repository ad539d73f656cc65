"""Issues and questions: the list, a new one, the page of one, their order, resolving them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team, User
from alignment.permissions import can_speak
from alignment.rules.roles import Side
from alignment.web.confirm import already_done, confirm_action
from alignment.web.edit import edit_view, saved_response
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from meetings.agreement.rights import rights_in_words, yours_to_decide
from meetings.forms.items import IssueForm, SolveForm
from meetings.models import Commitment, Decision, Issue
from meetings.needs.undo import signed
from meetings.pages.lists import FROM_ITEM, issue_line, list_issues
from meetings.updates.origin import Origin, origin_for
from meetings.views.in_row import InRow

WHY_NOT = (
    "Only the side that raised it, the CEO and the sales leader can edit an issue. You can comment on it."
)
WHY_NOT_WITHDRAW = "Only the sales leader’s side withdraws what it may decide itself."
NOT_YOURS = "No decision right covers this any more, or it is resolved. Nothing was changed."
ADDED = "Added to issues."
WHY_NOT_SOLVE = "Only the CEO’s or the sales leader’s side can sort and resolve issues."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, filters = timezone.now(), Listing.of(request)
    page = filters.page(list_issues(filters))
    lines = [issue_line(row, filters.seat(row.team_id), now) for row in page.object_list]
    context = {"list": filters, "page": page, "lines": lines, "may_add": filters.may(can_speak)}
    return render(request, "meetings/items/issues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    origin = origin_for(
        request, can_speak, "Observers cannot raise issues. Ask someone who takes part in the meeting."
    )
    if not isinstance(origin, Origin):
        return origin
    data = request.POST if request.method == "POST" else None
    form = IssueForm(data, team=origin.team, user=request.user, now=now, origin=origin)
    in_row = InRow.of(request)

    def raised(issue: Issue) -> HttpResponse:
        answer = yours_to_decide(issue, request.user, now)
        sentence = (
            f"Added to issues. It is yours to decide ({answer}): you can withdraw it there." if answer else ""
        )
        return saved_response(
            request, issue.version, reverse("meetings:issues"), message=sentence or ADDED, row=issue.anchor
        )

    def done(issue: Issue) -> HttpResponse:
        assert in_row is not None
        token = signed("raise", issue, by=request.user, key=in_row.key)
        return in_row.done(f"On the agenda: {issue.title}", token)

    return edit_view(
        request,
        form,
        save=form.write,
        **(in_row.answers(done) if in_row else {"done": raised}),
        default=reverse("meetings:issues"),
        template="meetings/items/issue_new.html",
        rights=rights_in_words(origin.team, request.user, now),
        heading="Raise an issue or question",
        about=origin.in_words,
        button="Raise issue",
        hidden=origin.hidden,
    )


def _get_issue(request: Request, pk: int) -> Issue:
    rows = Issue.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("team__company", "created_by", "solved_by", *FROM_ITEM), pk=pk
    )


def _follow_ups(issue: Issue, reader: User) -> dict[str, QuerySet[Any]]:
    """The decisions and commitments that came of it, as far as the reader may see them."""
    return {
        "decisions": Decision.objects.visible_to(reader).filter(issue=issue),
        "commitments": Commitment.objects.visible_to(reader).filter(issue=issue).select_related("owner"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, issue = timezone.now(), _get_issue(request, pk)
    require(request.method != "POST" or issue.can_edit(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = IssueForm(data, instance=issue, team=issue.team, user=request.user, now=now)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("meetings:issue_edit", args=[pk]),
        message="Saved.",
        heading=issue.title,
        template="meetings/items/issue.html",
        embedded=True,
        issue=issue,
        yours_to_decide=yours_to_decide(issue, request.user, now),
        can_edit=issue.can_edit(request.user),
        can_solve=issue.can_solve(request.user),
        follow_ups=_follow_ups(issue, request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: Request, pk: int) -> HttpResponse:
    now, issue = timezone.now(), _get_issue(request, pk)
    require(issue.can_solve(request.user), WHY_NOT_SOLVE)
    form = SolveForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        resolution = form.cleaned_data["resolution"]
        issue.solve(by=request.user, now=now, resolution=resolution)
        Team.objects.bump_revision(issue.team_id)
        return already_done(issue, "resolution", resolution, "Someone already resolved it")

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("meetings:issues"),
        message=f"Resolved: {issue.title}.",
        heading=f"Resolve “{issue.title}”",
        button="Resolve",
    )


def _return_to_list(request: Request, issue: Issue, message: str) -> HttpResponse:
    Team.objects.bump_revision(issue.team_id)
    return back(request, reverse("meetings:issues"), message=message)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """What the sales leader may decide alone is answered by that, and no longer asked."""
    now, issue = timezone.now(), _get_issue(request, pk)
    require(issue.team.side_of(request.user) == Side.LEADER, WHY_NOT_WITHDRAW)
    answer = yours_to_decide(issue, request.user, now)
    here = reverse("meetings:issue_edit", args=[pk])
    if not answer:
        return refuse(request, here, NOT_YOURS)
    issue.solve(by=request.user, now=now, resolution=f"The sales leader’s to decide: {answer}.")
    return _return_to_list(request, issue, f"Withdrawn: {issue.title}. It is yours to decide.")


@require_POST
def first(request: Request, pk: int) -> HttpResponse:
    issue = _get_issue(request, pk)
    require(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.put_first(now=timezone.now())
    return _return_to_list(request, issue, f"Moved to the top: {issue.title}.")


@require_POST
def discuss(request: Request, pk: int) -> HttpResponse:
    issue = _get_issue(request, pk)
    require(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.discuss(now=timezone.now())
    return _return_to_list(request, issue, f"Discussed: {issue.title}.")


@require_POST
def defer(request: Request, pk: int) -> HttpResponse:
    """Leave it for the next meeting."""
    issue = _get_issue(request, pk)
    require(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.defer(now=timezone.now())
    return _return_to_list(request, issue, f"Next time: {issue.title}.")


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    issue = _get_issue(request, pk)
    require(issue.can_solve(request.user), WHY_NOT_SOLVE)
    issue.reopen(now=timezone.now())
    return _return_to_list(request, issue, f"Reopened: {issue.title}.")
