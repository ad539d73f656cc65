"""The five sections of a meeting."""

from __future__ import annotations

from django.db import models


class Section(models.TextChoices):
    """The five sections of the agenda, in their fixed order."""

    REVENUE = "revenue", "Revenue vs goal"
    DEALS = "deals", "Big deals"
    RISKS = "risks", "Risks"
    INITIATIVES = "initiatives", "Initiatives"
    ISSUES = "issues", "Issues"


#: The station of the present page after the last section, where everyone rates the meeting.
CLOSING = "closing"
