"""What the pages of a team say of imports."""

from __future__ import annotations

from typing import Any

from django import template

from alignment.models import Team
from deals.models import ImportRun

register = template.Library()


@register.inclusion_tag("deals/imports/applying.html")
def import_notice(team: Team) -> dict[str, Any]:
    """A line on a team's page while an import that may change its figures is being written. One query."""
    rows = ImportRun.objects.being_written(team=team, company=team.company_id)
    return {"applying": rows.exists()}


@register.inclusion_tag("deals/imports/as_of.html")
def import_date(team: Team) -> dict[str, Any]:
    """The day of the newest import of the team's deals or revenue, where there is one. One query."""
    runs = ImportRun.objects.applied_for(team=team, company=team.company_id)
    applied_at = runs.values_list("applied_at", flat=True).first()
    return {"as_of": applied_at.astimezone(team.zone).date() if applied_at else None}
