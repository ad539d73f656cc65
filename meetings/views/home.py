"""Home, and the list of meetings."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Seat, Team
from alignment.web.requests import Request
from meetings import home as first_page
from meetings.models import Meeting
from meetings.pages.team_history import list_meetings, meeting_line

PAGE = 50
KINDS = {"coming": "Upcoming", "over": "Past", "held": "Held", "missed": "Missed", "excused": "Excused"}


@require_safe
def home(request: Request) -> HttpResponse:
    """What needs the reader's attention now, according to their seats."""
    page = first_page.home(request.user, timezone.now(), query=request.GET.get("q", "").strip()[:100])
    return render(request, "meetings/home.html", {"home": page})


@require_safe
def listing(request: Request) -> HttpResponse:
    """The meetings of all the reader's teams, upcoming or past."""
    now, user = timezone.now(), request.user
    mine = Seat.objects.current().filter(user=user, team=OuterRef("pk"))
    teams = list(Team.objects.visible_to(user).annotate(reads=Exists(mine)).order_by("name_key", "pk"))
    team = next((team for team in teams if team.slug == request.GET.get("team")), None)
    kind = request.GET.get("show", "coming")
    kind = kind if kind in KINDS else "coming"
    selected = [team] if team else teams
    page = Paginator(_of_kind(kind, now).filter(team__in=selected), PAGE).get_page(request.GET.get("page"))
    reads = {team.pk: team.reads for team in teams}  # type: ignore[attr-defined]
    rows = [
        meeting_line(meeting, reads=reads[meeting.team_id], now=now, locale=user.locale) for meeting in page
    ]
    context = {"teams": teams, "team": team, "show": kind, "kinds": KINDS.items(), "page": page, "rows": rows}
    return render(request, "meetings/list.html", context)


def _of_kind(kind: str, now: datetime) -> QuerySet[Meeting]:
    """In a stable order: upcoming meetings by date, past ones the newest first."""
    meetings = list_meetings()
    if kind == "coming":
        return meetings.upcoming(now)
    return meetings.over(now) if kind == "over" else meetings.filter(state=kind).newest_first()
