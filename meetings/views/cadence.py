"""A team's cadence changed from a chosen day: first what that would do to the meetings planned, then done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.access import Request
from alignment.models import Team
from alignment.saving import back
from alignment.setup import company_for
from alignment.templatetags.figures import longday
from meetings.cadence_words import in_words, words_of
from meetings.days_off import days_off_of
from meetings.forms.cadence import GO, STAY, CadenceChangeForm
from meetings.models import NotNow
from meetings.replanning import Outlook, change, outlook

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting that is planned, and what becomes of it."""

    id: int
    was: str
    becomes: str
    is_asked: bool = False
    stays: bool = False
    why: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def cadence(request: Request, company: str, slug: str) -> HttpResponse:
    firm = company_for(request, company)
    team = get_object_or_404(Team.objects.filter(company=firm), slug=slug)
    now, posted = timezone.now(), request.method == "POST"
    form = CadenceChangeForm(request.POST if posted else None, team=team, now=now)
    context: dict[str, Any] = {
        "company": firm, "team": team, "form": form, "heading": f"When {team} meets", "about": words_of(team),
    }  # fmt: skip
    if not posted:
        return render(request, "setup/cadence.html", context)
    page = "setup/cadence.html#outlook" if request.htmx else "setup/cadence.html"
    if not form.is_valid():
        return render(request, page, context, status=422)
    if request.POST.get("looked_at") == form.mark and not request.htmx:
        try:
            return _changed(request, team, form, now)
        except NotNow as state:
            context["refused"] = str(state)
    context |= _shown(team, form, now)
    return render(request, page, context, status=409 if "refused" in context else 200)


def _changed(request: Request, team: Team, form: CadenceChangeForm, now: datetime) -> HttpResponse:
    change(
        team, form.cadence, by=request.user, now=now, stay=form.answers(STAY), go=form.answers(GO),
        why=form.cleaned_data["why"],
    )  # fmt: skip
    said = f"From {longday(form.cadence.starts_on)} on: {in_words(form.cadence)}. Everyone on the team gets the new invitation."
    return back(request, reverse("meetings:team", args=(team.slug,)), said=said)


def _shown(team: Team, form: CadenceChangeForm, now: datetime) -> dict[str, Any]:
    found = outlook(team, form.cadence, now)
    zone, coming = form.cadence.zone, found.dates[:SHOWN]
    off = days_off_of((team.pk, start) for start in coming)
    dates = [
        (_spelled(start, zone), [each.words for each in off.on(team.pk, start.astimezone(zone).date())])
        for start in coming
    ]
    return {
        "words": in_words(form.cadence), "dates": dates, "mark": form.mark, "since": form.cadence.starts_on,
        "lines": list(_lines(found, team.zone, zone, form.answers(STAY), form.answers(GO))),
        "same": sum(each.slot == found.fit.places[each.id] for each in found.planned),
    }  # fmt: skip


def _lines(found: Outlook, old: ZoneInfo, new: ZoneInfo, stay: set[int], go: set[int]) -> Iterator[Line]:
    asked = {each.id for each in found.asked}
    for each in found.planned:
        place = found.fit.places[each.id]
        if place == each.slot or (place is None and each.is_touched):
            continue
        becomes = _spelled(place, new) if place else ""
        why = "excused" if each.is_excused else "moved to this time" if each.is_moved else "prepared"
        stays = each.id in stay or (each.is_moved and each.id not in go)
        yield Line(each.id, _spelled(each.starts_at, old), becomes, each.id in asked, stays, why)


def _spelled(start: datetime, zone: ZoneInfo) -> str:
    local = start.astimezone(zone)
    return f"{local:%A} {longday(local.date()).split(' ', 1)[1]}, {local:%H:%M}"
