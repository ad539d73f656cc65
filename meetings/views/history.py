"""A team's page: its meetings, its habit, its people, and the search over its records."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import Request
from alignment.models import Team
from meetings.history import habit, listed, seats, states, told
from meetings.models import Meeting
from meetings.search import LONGEST, search

PAGE = 26


@require_safe
def team(request: Request, slug: str) -> HttpResponse:
    """Every meeting of the team, newest first; with `q` the records in which the words stand."""
    now, user = timezone.now(), request.user
    shown = get_object_or_404(Team.objects.visible_to(user).select_related("company"), slug=slug)
    people = seats(shown)
    shown.__dict__["current_seats"] = people["seats"]
    reads = shown.seat_of(user) is not None
    over = states(shown)
    query = request.GET.get("q", "").strip()[:LONGEST] if reads else ""
    context: dict[str, Any] = {
        "team": shown, "reads": reads, "query": query, "habit": habit(shown, over, reads=reads, now=now),
        "ceo": shown.holder("ceo"), "leader": shown.holder("leader"),
        "next": Meeting.objects.ahead().filter(team=shown).first(), **people,
    }  # fmt: skip
    if query:
        context["hits"] = search(shown, user, query)
    else:
        page = Paginator(over, PAGE).get_page(request.GET.get("page"))
        rows = [told(each, reads=reads, now=now, locale=user.locale) for each in _of(page)]
        context |= {"page": page, "rows": rows}
    return render(request, "meetings/team.html", context)


def _of(page: Page[Any]) -> list[Meeting]:
    pks = [pk for pk, _, _ in page]
    return list(listed().filter(pk__in=pks).order_by("-planned_start", "pk"))
