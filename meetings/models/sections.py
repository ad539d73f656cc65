"""The five chapters of a meeting, and the refusal to do something that its state does not allow."""

from __future__ import annotations

from django.db import models


class Section(models.TextChoices):
    """The five chapters of the agenda, in their fixed order."""

    REVENUE = "revenue", "Revenue vs goal"
    DEALS = "deals", "Big deals"
    RISKS = "risks", "Risks"
    INITIATIVES = "initiatives", "Initiatives"
    ISSUES = "issues", "Issues"


#: Where the present page stands after the last section, while each rates the meeting.
CLOSING = "closing"


class NotNow(Exception):  # noqa: N818 - a state, not an error
    """The meeting is in a state that does not allow this. The message is a sentence for the person."""
