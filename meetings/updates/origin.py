"""Where a new issue, commitment or decision comes from:
a team, and perhaps a meeting, a section and an item.

Addresses and forms name it as team=north, meeting=12, section=risks, about=risk-7.
All but the team are optional.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from alignment.models import Team
from alignment.permissions import Permission, has_permission
from alignment.rules.roles import Role
from alignment.web.create_once import param, requested_team
from alignment.web.requests import Request
from alignment.web.responses import require
from deals.models import Deal, Risk
from meetings.models import Initiative, Issue, Meeting, Section
from meetings.models.sections import CLOSING
from meetings.updates.autosave import ITEMS

ABOUT = re.compile(r"(deal|risk|initiative|issue)-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Origin:
    team: Team
    meeting: Meeting | None = None
    section: str = ""
    about: str = ""
    item: Deal | Risk | Initiative | Issue | None = None

    @property
    def plan(self) -> Initiative | None:
        """The rep plan it comes from, if any: what comes of one is only for the CEO and the sales leader."""
        plan = self.item if isinstance(self.item, Initiative) else getattr(self.item, "initiative", None)
        return plan if plan is not None and plan.is_for_principals else None

    def fields(self, section: str) -> dict[str, Any]:
        """Fields for the new row. `section` is what the form says if the address named none."""
        fields: dict[str, Any] = {"team": self.team, "section": self.section or section or Section.ISSUES}
        if self.item is not None:
            fields[self.about.partition("-")[0]] = self.item
        if self.plan is not None:
            fields["initiative"] = self.plan
        return fields

    @property
    def hidden(self) -> dict[str, Any]:
        """Hidden fields that the form sends back."""
        fields = {
            "team": self.team.slug,
            "meeting": self.meeting.pk if self.meeting else "",
            "section": self.section,
            "about": self.about,
        }
        return {name: value for name, value in fields.items() if value}

    @property
    def in_words(self) -> str:
        """For display: “North · Risks · Hollis Foods”."""
        section = Section(self.section).label if self.section else ""
        return " · ".join(filter(None, (self.team.name, section, str(self.item or ""))))


def origin_for(request: Request, what: Permission, why: str) -> Origin | HttpResponse:
    """The requested origin, or a page that asks for the team.

    Raises Http404 for what the person may not see or what belongs to another team, and PermissionDenied for
    what they may not do.
    """
    meeting = _meeting(request)
    if meeting is not None and not param(request, "team"):
        team: Team | HttpResponse = meeting.team
        require((seat := meeting.team.seat_of(request.user)) is not None and what(seat), why)
    else:
        team = requested_team(request, what, why)
    if not isinstance(team, Team):
        return team
    if meeting is not None and meeting.team_id != team.pk:
        raise Http404("This meeting is another team's.")
    return _about(request, team, meeting)


def capture_origin(request: Request, what: Permission, why: str) -> Origin | HttpResponse:
    """Like `origin_for`; a facilitator too may write down what is agreed while the meeting runs."""
    origin = origin_for(request, lambda seat: what(seat) or seat.role == Role.FACILITATOR, why)
    if isinstance(origin, Origin) and not has_permission(request.user, origin.team, what):
        require(origin.meeting is not None and origin.meeting.is_in_progress, why)
    return origin


def _meeting(request: Request) -> Meeting | None:
    pk = param(request, "meeting")
    if not pk:
        return None
    if not re.fullmatch("[0-9]{1,18}", pk):
        raise Http404("There is no such meeting.")
    visible = Meeting.objects.visible_to(request.user).select_related("team__company")
    return get_object_or_404(visible, pk=int(pk))


def _about(request: Request, team: Team, meeting: Meeting | None) -> Origin:
    about, section = param(request, "about"), param(request, "section")
    if not about:
        # The present page ends with the closing; what is captured there belongs to the issues.
        section = Section.ISSUES if section == CLOSING else section
        return Origin(team, meeting, section if section in Section.values else "")
    named = ABOUT.fullmatch(about)
    if named is None:
        raise Http404("There is no such item.")
    model, section = ITEMS[named[1]]
    rows = model.objects.visible_to(request.user)
    rows = rows.select_related("initiative") if model is Issue else rows
    return Origin(team, meeting, section, about, get_object_or_404(rows, team=team, pk=int(named[2])))
