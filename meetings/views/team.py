"""A team's page: its meetings, its attendance, its people, and the search in its records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Seat, Team, User
from alignment.permissions import can_act, has_permission
from alignment.web.requests import Request
from meetings.discipline.corrections import can_correct
from meetings.discipline.tenure_report import build_lines, read_past_meetings
from meetings.models import Commitment, Flag, Meeting
from meetings.models.misses import administers
from meetings.pages.handover import newest
from meetings.pages.record_search import MAX_QUERY_LENGTH, search
from meetings.pages.team_history import habit, list_meetings, meeting_line, seats
from meetings.rules.cadence_text import spell_team_cadence
from meetings.rules.first_days import Tenure
from meetings.schedule.upcoming import list_upcoming

PAGE = 26


@require_safe
def team_page(request: Request, slug: str) -> HttpResponse:
    """All meetings of the team, newest first; with `q` the records that match it. Who sat on it once finds here the
    records of that time."""
    now, user = timezone.now(), request.user
    team = Team.objects.visible_to(user).select_related("company").filter(slug=slug).first()
    if team is None:
        return _records_of_former_member(request, slug, now)
    people = seats(team)
    team.with_seats(people["seats"])
    reads = team.seat_of(user) is not None
    over = read_past_meetings(Meeting.objects.filter(team=team), now)[team.pk]
    query = _query(request) if reads else ""
    context: dict[str, Any] = {
        "team": team,
        "cadence": spell_team_cadence(team),
        "reads": reads,
        "is_principal": team.is_principal(user),
        "looks": has_permission(user, team, can_act),
        "query": query,
        "habit": habit(team, over, reads=reads, now=now),
        "ceo": team.holder("ceo"),
        "leader": team.holder("leader"),
        "lines": build_lines(team, people["seats"], over, now),
        "flag": _flag(team, user),
        "corrects": can_correct(team, user),
        "coming": list_upcoming(team, now),
        "configures": administers(user, team),
        **people,
    }
    context["next"] = next((meeting for meeting in context["coming"] if "excused" not in meeting.marks), None)
    if team.is_principal(user):
        context |= _newcomer(people["seats"], people["seats_before"], user, team.today(now))
    if query:
        context["hits"] = search(team, user, query, page=_page_number(request))
    else:
        page = Paginator(over, PAGE).get_page(request.GET.get("page"))
        lines_of_page = [
            meeting_line(meeting, reads=reads, now=now, locale=user.locale) for meeting in _of(page)
        ]
        context |= {"page": page, "rows": lines_of_page}
    return render(request, "meetings/team.html", context)


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


def _newcomer(seats: list[Seat], before: list[Seat], reader: User, today: date) -> dict[str, Any]:
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


def _of(page: Page[Any]) -> list[Meeting]:
    pks = [past.id for past in page]
    return list(list_meetings().filter(pk__in=pks).newest_first())
