"""Where a new issue, commitment or decision comes from: a team, perhaps its meeting, a section, perhaps an item.

An address or a form says it as team=north, meeting=12, section=risks, about=risk-7; all but the team may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from alignment.access import May, Request
from alignment.creating import asked, team_for
from alignment.models import Team
from alignment.saving import allow
from deals.models import Deal, Risk
from meetings.models import Initiative, Issue, Meeting, Section
from meetings.models.sections import CLOSING
from meetings.words import ITEMS

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
        """The rep's plan that what comes of this belongs to: then it is for the two alone."""
        plan = self.item if isinstance(self.item, Initiative) else getattr(self.item, "initiative", None)
        return plan if plan is not None and plan.is_for_the_two else None

    def fields(self, section: str) -> dict[str, Any]:
        """For the new row. `section` is what the form says where the address did not."""
        told: dict[str, Any] = {"team": self.team, "section": self.section or section or Section.ISSUES}
        if self.item is not None:
            told[self.about.partition("-")[0]] = self.item
        if self.plan is not None:
            told["initiative"] = self.plan
        return told

    @property
    def hidden(self) -> dict[str, Any]:
        """What the form says again when it is sent."""
        told = {
            "team": self.team.slug, "meeting": self.meeting.pk if self.meeting else "", "section": self.section, "about": self.about
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    @property
    def in_words(self) -> str:
        """For the page: “North · Risks · Hollis Foods”."""
        section = Section(self.section).label if self.section else ""
        return " · ".join(filter(None, (self.team.name, section, str(self.item or ""))))


def origin_for(request: Request, what: May, why: str) -> Origin | HttpResponse:
    """As asked: 404 for what the person may not see or what is another team's, 403 for what they may not do; or the
    page that asks for the team."""
    meeting = _meeting(request)
    if meeting is not None and not asked(request, "team"):
        team: Team | HttpResponse = meeting.team
        allow((seat := meeting.team.seat_of(request.user)) is not None and what(seat), why)
    else:
        team = team_for(request, what, why)
    if not isinstance(team, Team):
        return team
    if meeting is not None and meeting.team_id != team.pk:
        raise Http404("This meeting is another team's.")
    return _about(request, team, meeting)


def _meeting(request: Request) -> Meeting | None:
    pk = asked(request, "meeting")
    if not pk:
        return None
    if not re.fullmatch("[0-9]{1,18}", pk):
        raise Http404("There is no such meeting.")
    seen = Meeting.objects.visible_to(request.user).select_related("team__company")
    return get_object_or_404(seen, pk=int(pk))


def _about(request: Request, team: Team, meeting: Meeting | None) -> Origin:
    about, section = asked(request, "about"), asked(request, "section")
    if not about:
        # The present page ends on a sheet of its own; what is caught there belongs to the issues.
        section = Section.ISSUES if section == CLOSING else section
        return Origin(team, meeting, section if section in Section.values else "")
    named = ABOUT.fullmatch(about)
    if named is None:
        raise Http404("There is no such item.")
    model, section, _ = ITEMS[named[1]]
    rows = model.objects.visible_to(request.user)
    rows = rows.select_related("initiative") if model is Issue else rows
    return Origin(team, meeting, section, about, get_object_or_404(rows, team=team, pk=int(named[2])))
