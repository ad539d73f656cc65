"""For how long a sales leader calls ahead."""

from __future__ import annotations

from django.db import models


class CallPeriod(models.TextChoices):
    """The period of a team's forecast call."""

    QUARTER = "quarter", "Quarter"
    MONTH = "month", "Month"
