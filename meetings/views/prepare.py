"""The prepare page: the sales leader's side edits the five sections in place, and submits them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from babel.numbers import get_currency_symbol
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.celery import nudge
from alignment.models import ReadMark, Team, User
from alignment.permissions import can_speak
from alignment.rules.formatting import MoneyFormat
from alignment.rules.roles import Role, Side
from alignment.web.create_once import create_once
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse, require
from deals.models import Deal
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.values import Person
from meetings.forecast.calls import submit_preparation
from meetings.models import Commitment, Issue, Meeting, Section, TransitionNotAllowed
from meetings.models.initiatives import plan_reader
from meetings.pages.preparation import SWAPPED, WEEK, Preparation
from meetings.updates import autosave as spoken
from meetings.updates.autosave import NO_NOTE
from meetings.updates.origin import Origin, origin_for
from meetings.views.section_context import section_context

MOST_BESIDE = 10
NOT_YOURS = "Only the sales leader’s side can write the preparation."


@require_safe
def prepare(request: Request, pk: int) -> HttpResponse:
    """The prepare page. The CEO's side gets the review, and everybody once the meeting is over."""
    now, meeting = timezone.now(), _meeting(request.user, pk)
    if meeting.team.side_of(request.user) == Side.CEO:
        return redirect("meetings:review", pk=pk)
    require(meeting.can_prepare(request.user), NOT_YOURS)
    if not meeting.is_ahead:
        messages.info(request, "This meeting is over. This is its record; you can prepare the next one.")
        return redirect("meetings:review", pk=pk)
    preparation = _preparation(request, meeting, build(meeting, request.user, now), now)
    context = _context(request, meeting, preparation)
    if not request.htmx:
        return render(request, "meetings/prepare.html", context)
    target, also = request.htmx.target, request.GET.get("also")
    sections = [
        (f"meetings/prepare/{name}.html", getattr(preparation.agenda, name), name != target)
        for name in SWAPPED
        if name in (target, also)
    ]
    return render(
        request,
        "meetings/prepare/fragment.html",
        context | {"swapped": sections, "needed_beside": target != "needed"},
    )


@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """The agenda exactly as the CEO reads it, as far as the reader may: without what can be done there, the CEO's
    notes, and, for a delegate, what is for the CEO and the sales leader alone.
    """
    now, meeting = timezone.now(), _meeting(request.user, pk)
    require(meeting.can_prepare(request.user), NOT_YOURS)
    ceo = meeting.team.holder(Role.CEO)
    if ceo is None or not meeting.is_ahead:
        return redirect("meetings:review", pk=pk)
    reader = request.user
    agenda = build(meeting, ceo, now).readable_by(plan_reader(meeting.team, reader), viewer=reader.pk)
    context = section_context(request, meeting, agenda, frozen=True) | {"ceo": ceo, "frozen": False}
    return render(request, "meetings/preview.html", context)


def _meeting(user: User, pk: int) -> Meeting:
    """The meeting with all that its page needs, including the reader's private note.

    Access is checked by the seats already loaded; only somebody without a seat costs another query.
    """
    meeting = get_object_or_404(spoken.with_note(pages().filter(pk=pk), user))
    if not meeting.can_read(user):
        get_object_or_404(Meeting.objects.visible_to(user), pk=pk)
    return meeting


def _preparation(request: Request, meeting: Meeting, agenda: Agenda, now: datetime) -> Preparation:
    team, user = meeting.team, request.user
    return Preparation(
        agenda,
        meeting.preparation_due,
        now,
        here=request.path,
        reader=user.pk,
        is_principal=team.is_principal(user),
        people=tuple(
            Person(seat.user_id, seat.user.name, seat.role) for seat in team.current_seats if seat.side
        ),
        read=ReadMark.objects.state_of(user, team),
        at=request.GET.get("row", ""),
        beside=_deals_beside(agenda, team),
        usual_due=team.today(max(meeting.starts_at, now)) + WEEK,
    )


def _deals_beside(agenda: Agenda, team: Team) -> tuple[Deal, ...]:
    """Open deals that somebody entered since the last meeting and that are not on the agenda, the newest first."""
    entered = Deal.objects.open().filter(team=team, external_id="").select_related("account")
    if agenda.since:
        entered = entered.filter(created_at__gt=agenda.since)
    listed = [row.id for row in agenda.deals.rows]
    return tuple(entered.exclude(pk__in=listed).order_by("-created_at", "-pk")[:MOST_BESIDE])


def _context(request: Request, meeting: Meeting, preparation: Preparation) -> dict[str, Any]:
    agenda, user = preparation.agenda, request.user
    return {
        "p": preparation,
        "agenda": agenda,
        "meeting": meeting,
        "here": request.path,
        "note": next(iter(meeting.note_rows), NO_NOTE),  # type: ignore[attr-defined]  # annotated
        "m": MoneyFormat(agenda.currency, user.locale),
        "unit": get_currency_symbol(agenda.currency, locale=user.locale.replace("-", "_")),
        "token": uuid4(),
        "next": quote(request.path, safe="/"),
        "origin": f"?team={agenda.team_slug}&meeting={meeting.pk}&next={quote(request.path)}%23new",
        "update_url": reverse("meetings:update", args=[meeting.pk]),
        "note_url": reverse("meetings:note", args=[meeting.pk]),
    }


@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Submit the preparation; what is still missing is counted and recorded."""
    now, meeting = timezone.now(), _meeting(request.user, pk)
    require(meeting.can_prepare(request.user), NOT_YOURS)
    here = reverse("meetings:prepare", args=[pk])
    missing = len(build(meeting, request.user, now).still_needed) if meeting.is_ahead else 0
    try:
        submit_preparation(meeting, by=request.user, now=now, missing=missing)
    except TransitionNotAllowed as why:
        return refuse(request, reverse("meetings:review", args=[pk]), str(why))
    nudge("alignment.tasks.sweep")  # the CEO hears of it in seconds
    return back(request, here, message="Submitted. You can still make changes until the meeting ends.")


@require_POST
def raise_issue(request: Request) -> HttpResponse:
    """Raise a row of another section, or the section itself, as an issue with its title.

    A second click changes nothing.
    """
    now, user = timezone.now(), request.user
    origin = origin_for(request, can_speak, "Only the CEO’s or the sales leader’s side can raise issues.")
    if not isinstance(origin, Origin):
        return origin
    if isinstance(origin.item, Issue) or not (origin.about or origin.section):
        raise Http404("Only a section, a deal, a risk or an initiative can be added to issues.")
    side, meeting = origin.team.side_of(user), origin.meeting.pk if origin.meeting else 0
    anchor = origin.about or origin.section
    issue = Issue(
        token=uuid5(NAMESPACE_URL, f"issue:{meeting}:{side}:{user.pk}:{anchor}"),
        side=side,
        title=str(origin.item or Section(origin.section).label)[:200],
        created_by=user,
        created_at=now,
        changed_at=now,
        **origin.fields(""),
    )
    create_once(issue)
    default = reverse("meetings:prepare", args=[meeting]) if meeting else reverse("meetings:issues")
    messages.success(request, f"Added to issues: “{issue}”.")
    return redirect(f"{next_page(request, default)}#{anchor}")


@require_POST
def carry(request: Request, pk: int) -> HttpResponse:
    """Carry a commitment over: it stays open, with its due date."""
    commitment = get_object_or_404(Commitment.objects.visible_to(request.user).select_related("team"), pk=pk)
    require(
        commitment.can_settle(request.user),
        "Only the owner, the CEO and the sales leader can update a commitment.",
    )
    commitment.carry(now=timezone.now())
    Team.objects.bump_revision(commitment.team_id)
    return back(request, reverse("meetings:commitments"), message=f"Carried over: “{commitment}”.")
