"""Changing a team's cadence from a certain day:
first a preview of the effect on planned meetings, then the change.
"""

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

from alignment.models import Team, VersionConflict
from alignment.rules.formatting import longday
from alignment.web.company_access import company_for
from alignment.web.requests import Request
from alignment.web.responses import back
from meetings.forms.cadence import GO, STAY, CadenceChangeForm
from meetings.models import TransitionNotAllowed
from meetings.rules.cadence_text import spell_cadence, spell_team_cadence
from meetings.schedule.days_off import find_days_off_for
from meetings.transitions.cadence_change import CadencePreview, change_cadence, preview_cadence_change

DATES_SHOWN = 8
CHANGED_MEANWHILE = (
    "Someone else changed this team in the meantime. Current schedule: {}. Check the preview again."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A planned meeting, and what will happen to it."""

    id: int
    was: str
    becomes: str
    needs_choice: bool = False
    stays: bool = False
    why: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def cadence(request: Request, company: str, slug: str) -> HttpResponse:
    firm = company_for(request, company)
    team = get_object_or_404(Team.objects.filter(company=firm), slug=slug)
    now, posted = timezone.now(), request.method == "POST"
    form = CadenceChangeForm(request.POST if posted else None, team=team, now=now)
    context: dict[str, Any] = {
        "company": firm,
        "team": team,
        "form": form,
        "heading": f"Schedule of {team}",
        "about": spell_team_cadence(team),
    }
    if not posted:
        return render(request, "setup/cadence.html", context)
    page = "setup/cadence.html#outlook" if request.htmx else "setup/cadence.html"
    if not form.is_valid():
        return render(request, page, context, status=422)
    if request.POST.get("looked_at") == form.mark and not request.htmx:
        try:
            return _apply(request, team, form, now)
        except TransitionNotAllowed as state:
            context["refusal"] = str(state)
        except VersionConflict as conflict:
            team = conflict.current
            context |= {
                "refusal": CHANGED_MEANWHILE.format(spell_team_cadence(team)),
                "about": spell_team_cadence(team),
            }
    context |= _preview(team, form, now)
    return render(request, page, context, status=409 if "refusal" in context else 200)


def _apply(request: Request, team: Team, form: CadenceChangeForm, now: datetime) -> HttpResponse:
    change_cadence(
        team,
        form.cadence,
        version=form.cleaned_data["version"],
        by=request.user,
        now=now,
        stay=form.meetings_to(STAY),
        go=form.meetings_to(GO),
        why=form.cleaned_data["why"],
    )
    message = (
        f"Schedule changed from {longday(form.cadence.starts_on)}: {spell_cadence(form.cadence)}. "
        "Everyone on the team gets a new invitation."
    )
    return back(request, reverse("meetings:team", args=(team.slug,)), message=message)


def _preview(team: Team, form: CadenceChangeForm, now: datetime) -> dict[str, Any]:
    preview = preview_cadence_change(team, form.cadence, now)
    zone, coming = form.cadence.zone, preview.dates[:DATES_SHOWN]
    off = find_days_off_for((team.pk, start) for start in coming)
    dates = [
        (
            _spell_start(start, zone),
            [day_off.label for day_off in off.on(team.pk, start, zone.key)],
        )
        for start in coming
    ]
    return {
        "schedule": spell_cadence(form.cadence),
        "dates": dates,
        "mark": form.mark,
        "version": team.version,
        "since": form.cadence.starts_on,
        "lines": list(_lines(preview, team.zone, zone, form.meetings_to(STAY), form.meetings_to(GO))),
        "same": sum(meeting.slot == preview.assignment.slots[meeting.id] for meeting in preview.planned),
    }


def _lines(
    preview: CadencePreview, old: ZoneInfo, new: ZoneInfo, stay: set[int], go: set[int]
) -> Iterator[Line]:
    to_confirm = {meeting.id for meeting in preview.to_confirm}
    for meeting in preview.planned:
        slot = preview.assignment.slots[meeting.id]
        if slot == meeting.slot or (slot is None and meeting.is_touched):
            continue
        becomes = _spell_start(slot, new) if slot else ""
        why = "excused" if meeting.is_excused else "moved to this time" if meeting.is_moved else "prepared"
        stays = meeting.id in stay or (meeting.is_moved and meeting.id not in go)
        yield Line(
            meeting.id, _spell_start(meeting.starts_at, old), becomes, meeting.id in to_confirm, stays, why
        )


def _spell_start(start: datetime, zone: ZoneInfo) -> str:
    local = start.astimezone(zone)
    return f"{local:%A} {longday(local.date()).split(' ', 1)[1]}, {local:%H:%M}"
