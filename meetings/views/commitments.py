"""Commitments: the list, a new one, the page of one; mark as done, drop, reopen."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.models import Team
from alignment.permissions import can_act, seat_on
from alignment.rules.formatting import MoneyFormat, compact, day
from alignment.web.confirm import already_done, confirm_action
from alignment.web.create_once import param
from alignment.web.edit import edit_view
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse, require
from meetings.forms.items import BroughtForm, CommitmentForm, DropForm
from meetings.models import Commitment, Section, TransitionNotAllowed
from meetings.needs.undo import signed
from meetings.pages.lists import FROM_ITEM, commitment_line, list_commitments, owner_rates
from meetings.updates.origin import Origin, capture_origin
from meetings.views.in_row import InRow

WHY_NOT = "Only the owner, the CEO or the sales leader can update a commitment."
ALREADY_CLOSED = "This commitment was already done or dropped. Nothing was changed."
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
    origin = capture_origin(request, can_act, WHY_NOT_NEW)
    if not isinstance(origin, Origin):
        return origin
    data = request.POST if request.method == "POST" else None
    is_measure = param(request, "measure") == "1" and origin.section == Section.REVENUE and not origin.about
    form = CommitmentForm(
        data, team=origin.team, user=request.user, now=now, origin=origin, is_measure=is_measure
    )
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("meetings:commitments"),
        message="Commitment added.",
        heading="New measure for the gap" if is_measure else "New commitment",
        about=origin.in_words,
        button="Add measure" if is_measure else "Add commitment",
        hidden=origin.hidden | ({"measure": 1} if is_measure else {}),
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
    data, part = request.POST if request.method == "POST" else None, param(request, "part")
    form = CommitmentForm(
        data, instance=commitment, team=commitment.team, user=request.user, now=now, part=part
    )
    in_row, due = InRow.of(request), commitment.due

    def done(saved: Commitment) -> HttpResponse:
        assert in_row is not None
        token = signed("new day", saved, by=request.user, key=in_row.key, due=due.isoformat())
        return in_row.done(f"“{saved.text}” is now due {day(saved.due)}.", token)

    return edit_view(
        request,
        form,
        save=form.write,
        **(in_row.answers(done) if in_row else {}),
        default=reverse("meetings:commitment_edit", args=[pk]),
        message="Saved.",
        heading=commitment.text,
        template="meetings/items/commitment.html",
        embedded=True,
        commitment=commitment,
        m=MoneyFormat(commitment.team.currency, request.user.locale),
        can_settle=commitment.can_settle(request.user),
        line=commitment_line(commitment, seat_on(commitment.team, request.user), now),
    )


@require_POST
def done(request: Request, pk: int) -> HttpResponse:
    commitment = _get_commitment(request, pk)
    require(commitment.can_settle(request.user), WHY_NOT)
    if commitment.is_measure and commitment.is_open:
        return _ask_what_it_brought(request, commitment)
    commitment.do(by=request.user, now=timezone.now())
    if in_row := InRow.of(request):
        return _show_row(request, commitment, in_row, act="done", sentence=f"Done: {commitment.text}")
    return _show_line(request, commitment, f"Done: {commitment.text}")


def _ask_what_it_brought(request: Request, commitment: Commitment) -> HttpResponse:
    """A measure is done by saying what it brought: the page that asks, which leads back to where they were."""
    page = reverse("meetings:commitment_brought", args=[commitment.pk])
    page += f"?next={quote(next_page(request, reverse('meetings:commitments')))}"
    return HttpResponse(headers={"HX-Redirect": page}) if request.htmx else redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
def brought(request: Request, pk: int) -> HttpResponse:
    """Mark a measure of the plan for the gap as done, and say what it brought."""
    now, commitment = timezone.now(), _get_commitment(request, pk)
    require(commitment.can_settle(request.user), WHY_NOT)
    if not commitment.is_measure:
        raise Http404("This commitment is no measure for the gap.")
    m = MoneyFormat(commitment.team.currency, request.user.locale)
    data = request.POST if request.method == "POST" else None
    form = BroughtForm(data, locale=m.locale, currency=m.currency)

    def step() -> str:
        amount = form.cleaned_data["brought"]
        commitment.do(by=request.user, now=now, brought=amount)
        Team.objects.bump_revision(commitment.team_id)
        commitment.refresh_from_db(fields=["brought", "done_at"])
        return "" if commitment.done_at and commitment.brought == amount else ALREADY_CLOSED

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("meetings:commitments"),
        message=f"Done: {commitment.text}",
        heading="What did this measure bring?",
        about=f"{commitment.text}, planned: about {compact(commitment.amount, m)}",
        button="Done",
        label="Done",
    )


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Its owner takes on what somebody else gave them."""
    commitment = _get_commitment(request, pk)
    require(commitment.owner_id == request.user.pk, "Only its owner can accept a commitment.")
    commitment.accept(now=timezone.now())
    sentence = f"You accepted “{commitment.text}”."
    if in_row := InRow.of(request):
        return _show_row(request, commitment, in_row, act="accept", sentence=sentence)
    return _show_line(request, commitment, sentence)


def _show_row(
    request: Request, commitment: Commitment, in_row: InRow, *, act: str, sentence: str
) -> HttpResponse:
    Team.objects.bump_revision(commitment.team_id)
    commitment.refresh_from_db(fields=["version"])
    return in_row.done(sentence, signed(act, commitment, by=request.user, key=in_row.key))


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    commitment = _get_commitment(request, pk)
    require(commitment.can_settle(request.user), WHY_NOT)
    try:
        commitment.reopen(now=timezone.now())
    except TransitionNotAllowed as why:
        return refuse(request, reverse("meetings:commitments"), str(why))
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
