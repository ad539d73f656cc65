"""A team's page: its meetings, its habit, its people, and the search over its records."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import Request
from alignment.models import Seat, Team, User
from alignment.rows import JsonRows, as_time, rows
from meetings.ahead import coming
from meetings.cadence_words import words_of
from meetings.escalation import may_correct
from meetings.first_days import Tenure, newest
from meetings.history import habit, listed, seats, told
from meetings.models import Flag, Meeting
from meetings.models.flags import administers
from meetings.search import LONGEST, search
from meetings.tenure import lines, past_of

PAGE = 26


@require_safe
def team(request: Request, slug: str) -> HttpResponse:
    """Every meeting of the team, newest first; with `q` the records in which the words stand."""
    now, user = timezone.now(), request.user
    flags = Flag.objects.open().filter(team=OuterRef("pk"))[:1]
    seen = Team.objects.visible_to(user).select_related("company").annotate(
        flag_rows=JsonRows(flags, "pk", "step", "acknowledged_at", "acknowledged_by__name", "word")
    )  # fmt: skip
    shown = get_object_or_404(seen, slug=slug)
    people = seats(shown)
    shown.__dict__["current_seats"] = people["seats"]
    reads = shown.seat_of(user) is not None
    over = past_of(Meeting.objects.filter(team=shown))[shown.pk]
    query = request.GET.get("q", "").strip()[:LONGEST] if reads else ""
    context: dict[str, Any] = {
        "team": shown, "cadence": words_of(shown), "reads": reads, "query": query, "habit": habit(shown, over, reads=reads, now=now),
        "ceo": shown.holder("ceo"), "leader": shown.holder("leader"),
        "lines": lines(shown, people["seats"], over, now), "flag": _flag(shown, user),
        "corrects": may_correct(shown, user), "coming": coming(shown, now), "configures": administers(user, shown), **people,
    }  # fmt: skip
    context["next"] = next((each for each in context["coming"] if "excused" not in each.marks), None)
    if shown.is_pair(user):
        context |= _newcomer(people["seats"], people["seats_before"], user, shown.today(now))
    if query:
        context["hits"] = search(shown, user, query)
    else:
        page = Paginator(over, PAGE).get_page(request.GET.get("page"))
        listed_rows = [told(each, reads=reads, now=now, locale=user.locale) for each in _of(page)]
        context |= {"page": page, "rows": listed_rows}
    return render(request, "meetings/team.html", context)


def _newcomer(seats: list[Seat], before: list[Seat], reader: User, today: date) -> dict[str, Any]:
    """Whose first 90 days in a seat these are, when somebody had it before."""
    taken = {seat.role for seat in before}
    seat = newest([seat for seat in seats if seat.role in taken], reader.pk, today)
    tenure = Tenure(seat.since, today) if seat else None
    return {"newcomer": seat, "newcomer_day": tenure.day} if seat and tenure and tenure.is_new else {}


def _flag(team: Team, user: User) -> Flag | None:
    """The highest step the team has reached; whether the reader may acknowledge it comes with it."""
    for pk, step, at, by, word in rows(vars(team)["flag_rows"]):
        name = User(name=by) if by else None
        flag = Flag(pk=pk, team=team, step=step, acknowledged_at=as_time(at), acknowledged_by=name, word=word)
        flag.may_acknowledge = flag.can_acknowledge(user)
        return flag
    return None


def _of(page: Page[Any]) -> list[Meeting]:
    pks = [past.id for past in page]
    return list(listed().filter(pk__in=pks).order_by("-planned_start", "pk"))
