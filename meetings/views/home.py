"""Home, and the list of meetings."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.models import Seat, Team, User, mark_all_read, mark_item_read
from alignment.registry.menus import takes_part
from alignment.web.requests import Request
from alignment.web.responses import back
from deals.rules.spans import DaySpan
from meetings import home as first_page
from meetings.models import Meeting
from meetings.pages.team_history import list_meetings, meeting_line

PAGE = 50
DAY = timedelta(days=1)
ABOUT = re.compile(r"[a-z]{1,12}(-[0-9]{1,18})?")
PAGES = {
    "meeting": "meetings:review",
    "commitment": "meetings:commitment_edit",
    "decision": "meetings:decision_edit",
}
"""What does not stand at an anchor of the agenda."""
QUESTIONS_OFF = "No more questions are proposed. You can turn them on again under Notifications."
KINDS = {"coming": "Upcoming", "over": "Past", "held": "Held", "missed": "Missed", "excused": "Excused"}


@require_safe
def home(request: Request) -> HttpResponse:
    """What needs the reader's attention now, according to their seats. Who reads an overview and nothing else, lands
    there."""
    if not takes_part(request.user):
        return redirect("meetings:overview")
    page = first_page.home(request.user, timezone.now(), query=request.GET.get("q", "").strip()[:100])
    return render(request, "meetings/home.html", {"home": page, "former": _former_teams(request.user)})


def _former_teams(user: User) -> QuerySet[Team]:
    """Teams on which the reader sits no more, which keep the records of their time; read where it is shown."""
    return Team.objects.remembered_by(user).order_by("name_key", "pk")


@require_POST
def read(request: Request) -> HttpResponse:
    """Mark one piece of news as read and open it at its place, or mark everything as read."""
    now, user = timezone.now(), request.user
    slug, _, about = request.POST.get("item", "").partition("/")
    teams = Team.objects.read_by(user)
    if not slug:
        for team in teams:
            mark_all_read(user, team, now)
        return redirect("meetings:home")
    if not ABOUT.fullmatch(about):
        raise Http404("There is no such item.")
    team = get_object_or_404(teams, slug=slug)
    mark_item_read(user, team, about, now)
    return redirect(_address_of(team, about))


def _address_of(team: Team, about: str) -> str:
    """Where the item stands: on the agenda of the next meeting, or on its own page."""
    kind, _, pk = about.partition("-")
    if kind == "headsup":
        return f"{reverse('meetings:heads_ups', args=[team.slug])}#{about}"
    if kind in PAGES:
        return reverse(PAGES[kind], args=[pk])
    meeting = team.meetings.ahead().first()
    if meeting is None:
        return reverse("meetings:team", args=[team.slug])
    return f"{reverse('meetings:review', args=[meeting.pk])}#{about}"


@require_POST
def worth_asking(request: Request) -> HttpResponse:
    """Propose no more questions; the notifications page turns them on again."""
    request.user.propose_questions(on=False)
    return back(request, reverse("meetings:home"), message=QUESTIONS_OFF)


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
    days = DaySpan.parse(request.GET.get("days", "")) if team and kind != "coming" else None
    meetings = _of_kind(kind, now).filter(team__in=selected)
    if team and days:
        meetings = meetings.filter(_in_days(team, days))
    page = Paginator(meetings, PAGE).get_page(request.GET.get("page"))
    reads = {team.pk: team.reads for team in teams}  # type: ignore[attr-defined]
    rows = [
        meeting_line(meeting, reads=reads[meeting.team_id], now=now, locale=user.locale) for meeting in page
    ]
    context = {
        "teams": teams,
        "team": team,
        "show": kind,
        "kinds": KINDS.items(),
        "days": days,
        "page": page,
        "rows": rows,
        "former": _former_teams(user),
    }
    return render(request, "meetings/list.html", context)


def _in_days(team: Team, days: DaySpan) -> Q:
    """Which took place, or would have, on these days of the team's zone."""
    start = datetime.combine(days.first, time(), team.zone)
    return Q(starts_at__gte=start, starts_at__lt=datetime.combine(days.last, time(), team.zone) + DAY)


def _of_kind(kind: str, now: datetime) -> QuerySet[Meeting]:
    """In a stable order: upcoming meetings by date, past ones the newest first."""
    meetings = list_meetings()
    if kind == "coming":
        return meetings.prefetch_related("team__company__holidays").upcoming(now)
    return meetings.over(now) if kind == "over" else meetings.filter(state=kind).newest_first()
