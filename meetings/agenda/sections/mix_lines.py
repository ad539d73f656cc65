"""What the deal mix adds to the exceptions of the big deals."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from alignment.models import Team
from alignment.rules.percentages import ALL
from deals.mix.attention import MixAttention
from deals.rules.mix import CREATED_WEEKS
from meetings.agenda.section import ExceptionLine


def mix_lines(team: Team, attention: MixAttention) -> Iterator[ExceptionLine]:
    """A deal on which the quarter hangs ranks by its amount, the size that is furthest off by the amount it is off."""
    for hanging in attention.hanging:
        yield ExceptionLine(
            text=f"The quarter hangs on {hanging.deal.name}: {{{hanging.deal.amount}}}, {hanging.share}% of its goal",
            path=reverse("deals:edit", args=[hanging.deal.pk]),
            money=hanging.deal.amount,
            is_bad=hanging.is_red,
        )
    for off in attention.off[:1]:  # where one size is over, another is under
        yield ExceptionLine(
            text=(
                f"{off.band.label} deals are {off.share}% of what was created in {CREATED_WEEKS} weeks, "
                f"{off.target}% agreed"
            ),
            path=reverse("deals:mix", args=[team.slug]),
            money=attention.created * abs(off.share - off.target) / ALL,
        )
