"""Commitments: the list, a new one, the page of one; mark as done, drop, reopen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team
from alignment.permissions import can_act, seat_on
from alignment.web.confirm import already_done, confirm_action
from alignment.web.edit import edit_view
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, require
from meetings.forms.items import CommitmentForm, DropForm
from meetings.models import Commitment
from meetings.pages.lists import FROM_ITEM, commitment_line, list_commitments, owner_rates
from meetings.updates.origin import Origin, origin_for

WHY_NOT = "Only the owner, the CEO or the sales leader can update a commitment."
WHY_NOT_NEW = "Only the CEO’s or the sales leader’s side can add commitments."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, filters = timezone.now(), Listing.of(request)
    page = filters.page(list_commitments(filters, now))
    context = {
        "list": filters,
        "page": page,
        "lines": [commitment_line(row, filters.seat(row.team_id), now) for row in page.object_list],
        "may_add": filters.may(can_act),
        "owner_rates": owner_rates(filters, now),
    }
    return render(request, "meetings/items/commitments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    origin = origin_for(request, can_act, WHY_NOT_NEW)
    if not isinstance(origin, Origin):
        return origin
    data = request.POST if request.method == "POST" else None
    form = CommitmentForm(data, team=origin.team, user=request.user, now=now, origin=origin)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("meetings:commitments"),
        message="Commitment added.",
        heading="New commitment",
        about=origin.in_words,
        button="Add commitment",
        hidden=origin.hidden,
    )


def _get_commitment(request: Request, pk: int) -> Commitment:
    rows = Commitment.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("team__company", "owner", "done_by", "dropped_by", *FROM_ITEM), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, commitment = timezone.now(), _get_commitment(request, pk)
    require(request.method != "POST" or commitment.can_settle(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = CommitmentForm(data, instance=commitment, team=commitment.team, user=request.user, now=now)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("meetings:commitment_edit", args=[pk]),
        message="Saved.",
        heading=commitment.text,
        template="meetings/items/commitment.html",
        embedded=True,
        commitment=commitment,
        can_settle=commitment.can_settle(request.user),
        line=commitment_line(commitment, seat_on(commitment.team, request.user), now),
    )


@require_POST
def done(request: Request, pk: int) -> HttpResponse:
    commitment = _get_commitment(request, pk)
    require(commitment.can_settle(request.user), WHY_NOT)
    commitment.do(by=request.user, now=timezone.now())
    return _show_line(request, commitment, f"Done: {commitment.text}")


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    commitment = _get_commitment(request, pk)
    require(commitment.can_settle(request.user), WHY_NOT)
    commitment.reopen(now=timezone.now())
    return _show_line(request, commitment, f"Reopened: {commitment.text}")


def _show_line(request: Request, commitment: Commitment, message: str) -> HttpResponse:
    """Back to the page; on the list only the updated row."""
    Team.objects.bump_revision(commitment.team_id)
    if request.htmx.target == f"commitment-line-{commitment.pk}":
        messages.success(request, message)
        seat = seat_on(commitment.team, request.user)
        line = commitment_line(_get_commitment(request, commitment.pk), seat, timezone.now())
        context = {"line": line, "several": request.POST.get("several"), "here": next_page(request, "")}
        return render(request, "meetings/items/settled.html", context)
    return back(request, reverse("meetings:commitments"), message=message)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: Request, pk: int) -> HttpResponse:
    now, commitment = timezone.now(), _get_commitment(request, pk)
    require(commitment.can_settle(request.user), WHY_NOT)
    form = DropForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        why = form.cleaned_data["why"]
        commitment.drop(by=request.user, now=now, why=why)
        Team.objects.bump_revision(commitment.team_id)
        return already_done(commitment, "dropped_why", why, "This commitment was already done or dropped")

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("meetings:commitments"),
        message=f"Dropped: {commitment.text}",
        heading="Drop this commitment?",
        about=commitment.text,
        button="Drop commitment",
    )
