"""The roles on a team, and the side each speaks for."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    CEO = "ceo", "CEO"
    LEADER = "leader", "Sales leader"
    DELEGATE = "delegate", "Delegate"
    FACILITATOR = "facilitator", "Facilitator"
    OBSERVER = "observer", "Observer"


PRINCIPAL_ROLES = (Role.CEO, Role.LEADER)


class Side(models.TextChoices):
    """The side a text speaks for. A delegate writes for the side they act for."""

    CEO = "ceo", "CEO"
    LEADER = "leader", "Sales leader"
    FACILITATOR = "facilitator", "Facilitator"


PRINCIPAL_SIDES = (Side.CEO, Side.LEADER)
"""The sides of the principals. Their delegates speak for these too."""

NAMES = {Role.CEO: "CEO", Role.LEADER: "sales leader"}
