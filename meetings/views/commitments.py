"""Commitments: the list, a new one, the page of one, done, dropped, opened again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import Request, acts, seat_on
from alignment.asking import already, ask
from alignment.lists import Listing
from alignment.models import Team
from alignment.saving import allow, answer, back, next_page
from meetings.forms.items import CommitmentForm, DropForm
from meetings.lists import FROM_ITEM, commitment_line, commitments_asked, keepers
from meetings.models import Commitment
from meetings.origin import Origin, origin_for

WHY_NOT = "A commitment is settled by the one who made it, or by the CEO or the leader."
WHY_NOT_NEW = "Commitments are made by the CEO’s and the leader’s side."


@require_safe
def listing(request: Request) -> HttpResponse:
    now, asked = timezone.now(), Listing.of(request)
    page = asked.page(commitments_asked(asked, now))
    context = {
        "list": asked, "page": page, "lines": [commitment_line(row, asked.seat(row.team_id), now) for row in page.object_list],
        "may_add": asked.may(acts), "keepers": keepers(asked, now),
    }  # fmt: skip
    return render(request, "meetings/items/commitments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    origin = origin_for(request, acts, WHY_NOT_NEW)
    if not isinstance(origin, Origin):
        return origin
    data = request.POST if request.method == "POST" else None
    form = CommitmentForm(data, team=origin.team, user=request.user, now=now, origin=origin)
    return answer(
        request, form, save=form.write, default=reverse("meetings:commitments"), said="The commitment is made.",
        heading="Who does what by when?", about=origin.in_words, button="Commit", hidden=origin.hidden,
    )  # fmt: skip


def _seen(request: Request, pk: int) -> Commitment:
    rows = Commitment.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("team__company", "owner", "done_by", "dropped_by", *FROM_ITEM), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    now, commitment = timezone.now(), _seen(request, pk)
    allow(request.method != "POST" or commitment.can_settle(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = CommitmentForm(data, instance=commitment, team=commitment.team, user=request.user, now=now)
    return answer(
        request, form, save=form.write, default=reverse("meetings:commitment_edit", args=[pk]), said="Saved.",
        heading=commitment.text, template="meetings/items/commitment.html", embedded=True, commitment=commitment,
        can_settle=commitment.can_settle(request.user), line=commitment_line(commitment, seat_on(commitment.team, request.user), now),
    )  # fmt: skip


@require_POST
def done(request: Request, pk: int) -> HttpResponse:
    commitment = _seen(request, pk)
    allow(commitment.can_settle(request.user), WHY_NOT)
    commitment.do(by=request.user, now=timezone.now())
    return _turned(request, commitment, f"Done: {commitment.text}")


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    commitment = _seen(request, pk)
    allow(commitment.can_settle(request.user), WHY_NOT)
    commitment.reopen(now=timezone.now())
    return _turned(request, commitment, f"Open again: {commitment.text}")


def _turned(request: Request, commitment: Commitment, said: str) -> HttpResponse:
    """Back to the page, or on the list the row as it is now."""
    Team.objects.stir(commitment.team_id)
    if request.htmx.target == f"commitment-line-{commitment.pk}":
        messages.success(request, said)
        seat = seat_on(commitment.team, request.user)
        line = commitment_line(_seen(request, commitment.pk), seat, timezone.now())
        context = {"line": line, "several": request.POST.get("several"), "here": next_page(request, "")}
        return render(request, "meetings/items/settled.html", context)
    return back(request, reverse("meetings:commitments"), said=said)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: Request, pk: int) -> HttpResponse:
    now, commitment = timezone.now(), _seen(request, pk)
    allow(commitment.can_settle(request.user), WHY_NOT)
    form = DropForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        why = form.cleaned_data["why"]
        commitment.drop(by=request.user, now=now, why=why)
        Team.objects.stir(commitment.team_id)
        return already(commitment, "dropped_why", why, "It is done or dropped already")

    return ask(
        request, form, step=step, default=reverse("meetings:commitments"), said=f"Dropped: {commitment.text}",
        heading="Drop this commitment?", about=commitment.text, button="Drop it",
    )  # fmt: skip
