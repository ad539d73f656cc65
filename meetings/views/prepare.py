"""The leader prepares a meeting: five chapters on one page, editable in place, and handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from babel.numbers import get_currency_symbol
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from alignment.access import Request, speaks
from alignment.celery import nudge
from alignment.creating import made_once
from alignment.models import Team, User
from alignment.models.teams import Side
from alignment.rows import rows
from alignment.saving import allow, back, refuse
from alignment.templatetags.figures import MoneyFormat
from meetings import words as spoken
from meetings.agenda import build, read
from meetings.agenda.chapters import Agenda
from meetings.agenda.values import Person
from meetings.models import Commitment, Initiative, Issue, Meeting, NotNow
from meetings.origin import Origin, origin_for
from meetings.preparing import WEEK, Preparation

NOT_YOURS = "The preparation is written by the sales leader’s side."


@require_safe
def prepare(request: Request, pk: int) -> HttpResponse:
    """The page. The CEO's side reads the review instead; so does everybody once the meeting is over."""
    now, meeting = timezone.now(), _meeting(request.user, pk)
    if meeting.team.side_of(request.user) == Side.CEO:
        return redirect("meetings:review", pk=pk)
    allow(meeting.can_prepare(request.user), NOT_YOURS)
    if not meeting.is_ahead:
        messages.info(
            request, "This meeting is over. Here is what stands of it; the next one can be prepared."
        )
        return redirect("meetings:review", pk=pk)
    preparation = _preparation(request, meeting, build(meeting, request.user, now), now)
    page = "prepare/fragment" if request.htmx.target == "needed" else "prepare"
    return render(request, f"meetings/{page}.html", _context(request, meeting, preparation))


def _meeting(user: User, pk: int) -> Meeting:
    """With all that its page shows, the reader's private note too. Whom it concerns is in its seats: only somebody
    without one costs another question.
    """
    meeting = get_object_or_404(spoken.with_note(read.pages().filter(pk=pk), user))
    if not meeting.can_read(user):
        get_object_or_404(Meeting.objects.visible_to(user), pk=pk)
    return meeting


def _preparation(request: Request, meeting: Meeting, agenda: Agenda, now: datetime) -> Preparation:
    team, user = meeting.team, request.user
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
    return Preparation(
        agenda, meeting.preparation_due, now, here=request.path, csrf=SafeString(token), reader=user.pk, pair=team.is_pair(user),
        people=tuple(Person(seat.user_id, seat.user.name, seat.role) for seat in team.current_seats if seat.side),
        usual_due=team.today(max(meeting.starts_at, now)) + WEEK,
    )  # fmt: skip


def _context(request: Request, meeting: Meeting, preparation: Preparation) -> dict[str, Any]:
    agenda, user = preparation.agenda, request.user
    return {
        "p": preparation, "agenda": agenda, "meeting": meeting, "here": request.path, "csrf": preparation.csrf,
        "note": next(iter(rows(meeting.note_rows)), [0, ""]), "m": MoneyFormat(agenda.currency, user.locale),  # type: ignore[attr-defined]
        "unit": get_currency_symbol(agenda.currency, locale=user.locale.replace("-", "_")),
        "tokens": {name: uuid4() for name in ("deal", "risk", "initiative", "issue", "commitment", "other")},
        "words_url": reverse("meetings:words", args=[meeting.pk]), "note_url": reverse("meetings:note", args=[meeting.pk]),
        "kinds": Initiative.Kind.choices, "healths": Initiative.Health.choices,
    }  # fmt: skip


@require_POST
def hand_in(request: Request, pk: int) -> HttpResponse:
    """The preparation is ready to be read; what is still missing is counted and said."""
    now, meeting = timezone.now(), _meeting(request.user, pk)
    allow(meeting.can_prepare(request.user), NOT_YOURS)
    here = reverse("meetings:prepare", args=[pk])
    missing = len(build(meeting, request.user, now).still_needed) if meeting.is_ahead else 0
    try:
        meeting.hand_in(by=request.user, now=now, missing=missing)
    except NotNow as why:
        return refuse(request, reverse("meetings:review", args=[pk]), str(why))
    nudge("meetings.tasks.sweep")  # the CEO hears of it in seconds
    return back(request, here, said="Handed in. You can still change it until the meeting is closed.")


@require_POST
def raise_issue(request: Request) -> HttpResponse:
    """Make a row of another section an issue, titled after it: one click, and a second one changes nothing."""
    now, user = timezone.now(), request.user
    origin = origin_for(request, speaks, "Issues are raised by those who speak for a side.")
    if not isinstance(origin, Origin):
        return origin
    if origin.item is None or isinstance(origin.item, Issue):
        raise Http404("Only a deal, a risk or an initiative can be made an issue.")
    side, meeting = origin.team.side_of(user), origin.meeting.pk if origin.meeting else 0
    token = uuid5(NAMESPACE_URL, f"issue:{meeting}:{side}:{user.pk}:{origin.about}")
    issue = Issue(
        token=token, side=side, title=str(origin.item)[:200], created_by=user, created_at=now, changed_at=now, **origin.fields("")
    )  # fmt: skip
    made_once(issue)
    here = reverse("meetings:prepare", args=[meeting]) if meeting else reverse("meetings:issues")
    return back(request, f"{here}#{origin.about}", said=f"“{issue}” is among the issues now.")


@require_POST
def carry(request: Request, pk: int) -> HttpResponse:
    """Say of a commitment that it is still open: it goes on, late as it is."""
    commitment = get_object_or_404(Commitment.objects.visible_to(request.user).select_related("team"), pk=pk)
    allow(
        commitment.can_settle(request.user),
        "Only its owner, the CEO and the leader say how a commitment stands.",
    )
    commitment.carry(now=timezone.now())
    Team.objects.stir(commitment.team_id)
    return back(request, reverse("meetings:commitments"), said=f"“{commitment}” goes on.")
