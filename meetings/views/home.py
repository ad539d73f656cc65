"""The first page of everybody, and the list of meetings."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import Request
from alignment.models import Seat, Team
from meetings import home as first_page
from meetings.history import listed, told
from meetings.models import Meeting

PAGE = 50
KINDS = {"coming": "To come", "over": "Over", "held": "Held", "missed": "Missed", "excused": "Excused"}


@require_safe
def home(request: Request) -> HttpResponse:
    """What needs the reader now, by the seats they hold."""
    page = first_page.home(request.user, timezone.now(), query=request.GET.get("q", "").strip()[:100])
    return render(request, "meetings/home.html", {"home": page})


@require_safe
def listing(request: Request) -> HttpResponse:
    """The meetings of all the reader's teams: those to come, or those that are over."""
    now, user = timezone.now(), request.user
    mine = Seat.objects.current().filter(user=user, team=OuterRef("pk"))
    teams = list(Team.objects.visible_to(user).annotate(reads=Exists(mine)).order_by("name", "pk"))
    team = next((each for each in teams if each.slug == request.GET.get("team")), None)
    kind = request.GET.get("show", "coming")
    kind = kind if kind in KINDS else "coming"
    wanted = [team] if team else teams
    page = Paginator(_of_kind(kind).filter(team__in=wanted), PAGE).get_page(request.GET.get("page"))
    reads = {each.pk: each.reads for each in teams}  # type: ignore[attr-defined]
    rows = [told(meeting, reads=reads[meeting.team_id], now=now, locale=user.locale) for meeting in page]
    context = {"teams": teams, "team": team, "show": kind, "kinds": KINDS.items(), "page": page, "rows": rows}
    return render(request, "meetings/list.html", context)


def _of_kind(kind: str) -> QuerySet[Meeting]:
    """In a stable order: those to come the nearest first, those over the newest first."""
    if kind == "coming":
        return (
            listed()
            .filter(state__in=(Meeting.State.SCHEDULED, Meeting.State.IN_PROGRESS))
            .order_by("starts_at", "pk")
        )
    over = (Meeting.State.HELD, Meeting.State.MISSED, Meeting.State.EXCUSED)
    states = over if kind == "over" else (kind,)
    return listed().filter(state__in=states).order_by("-planned_start", "pk")
