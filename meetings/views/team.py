"""A team's page: its history in charts, its meetings and people, and the search in its records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Seat, Team, User
from alignment.permissions import can_act, has_permission
from alignment.web.requests import Request
from deals.tables.writer import as_file
from meetings.discipline.corrections import can_correct
from meetings.history.build import weeks_of
from meetings.models import Commitment, Flag, Meeting
from meetings.models.misses import administers
from meetings.pages.handover import newest
from meetings.pages.record_search import MAX_QUERY_LENGTH, search
from meetings.pages.team import build_page, read_history
from meetings.pages.team_history import list_meetings, meeting_line
from meetings.rules.cadence_text import spell_team_cadence
from meetings.rules.first_days import Tenure

PAGE = 26


@require_safe
def team_page(request: Request, slug: str) -> HttpResponse:
    """The history of the team over 13 or 52 weeks and all its meetings; with `q` the records that match it. Who sat on
    it once finds here the records of that time."""
    now, user = timezone.now(), request.user
    team = Team.objects.visible_to(user).select_related("company").filter(slug=slug).first()
    if team is None:
        return _records_of_former_member(request, slug, now)
    weeks = weeks_of(request.GET.get("weeks", ""))
    page = build_page(team, user, weeks=weeks, number=_page_number(request), now=now)
    query = _query(request) if page.reads else ""
    context: dict[str, Any] = {
        "team": team,
        "team_page": page,
        "history": page.history,
        "cadence": spell_team_cadence(team),
        "reads": page.reads,
        "is_principal": team.is_principal(user),
        "looks": has_permission(user, team, can_act),
        "query": query,
        "ceo": team.holder("ceo"),
        "leader": team.holder("leader"),
        "flag": _flag(team, user),
        "corrects": can_correct(team, user),
        "configures": administers(user, team),
    }
    if team.is_principal(user):
        context |= _newcomer(page.seats, page.seats_before, user, team.today(now))
    if query:
        context["hits"] = search(team, user, query, page=_page_number(request))
    return render(request, "meetings/team.html", context)


@require_safe
def history_file(request: Request, slug: str) -> HttpResponseBase:
    """The table behind one of the charts, as CSV."""
    now = timezone.now()
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("company"), slug=slug)
    history = read_history(team, request.user, weeks=weeks_of(request.GET.get("weeks", "")), now=now)
    chart = history.chart(request.GET.get("chart") or "revenue")
    if chart is None:
        raise Http404("There is no such chart.")
    name = f"{team.slug}-{chart.key}-{history.weeks}-weeks-{history.scope.today:%Y-%m-%d}"
    return as_file(chart.table.lines, name=name, kind="csv")


def _records_of_former_member(request: Request, slug: str, now: datetime) -> HttpResponse:
    """The meetings that took place while the user sat on the team, and the commitments of a team that has ended."""
    user = request.user
    teams = Team.objects.remembered_by(user).select_related("company")
    team, query = get_object_or_404(teams, slug=slug), _query(request)
    context: dict[str, Any] = {"team": team, "query": query, "has_ended": team.has_ended(now)}
    if query:
        context["hits"] = search(team, user, query, page=_page_number(request))
    else:
        meetings = list_meetings().filter(
            team=team, pk__in=Meeting.objects.read_by(user).order_by().values("pk")
        )
        page = Paginator(meetings.newest_first(), PAGE).get_page(request.GET.get("page"))
        rows = [meeting_line(meeting, reads=True, now=now, locale=user.locale) for meeting in page]
        context |= {"page": page, "rows": rows}
    open_ones = Commitment.objects.visible_to(user).open().filter(team=team).select_related("owner", "team")
    context["commitments"] = [(row, row.can_settle(user), row.is_late(team.today(now))) for row in open_ones]
    return render(request, "meetings/team_records.html", context)


def _query(request: Request) -> str:
    return request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]


def _page_number(request: Request) -> int:
    number = request.GET.get("page", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 1


def _newcomer(seats: Sequence[Seat], before: Sequence[Seat], reader: User, today: date) -> dict[str, Any]:
    """The person in their first 90 days in a seat that somebody had before."""
    taken = {seat.role for seat in before}
    seat = newest([seat for seat in seats if seat.role in taken], reader.pk, today)
    tenure = Tenure(seat.since, today) if seat else None
    return {"newcomer": seat, "newcomer_day": tenure.day} if seat and tenure and tenure.is_new else {}


def _flag(team: Team, user: User) -> Flag | None:
    """The highest escalation step the team has reached, with whether the reader may acknowledge it."""
    flag = Flag.objects.open().filter(team=team).select_related("acknowledged_by").first()
    if flag is not None:
        flag.team = team  # its seats are loaded already
        flag.may_acknowledge = flag.can_acknowledge(user)
    return flag
