"""Leading measures that are off target often enough to talk about: each is one line among the exceptions of issues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from alignment.models import Team
from alignment.rules.formatting import spell_number
from meetings.agenda.section import ExceptionLine
from meetings.measures.queries import MeasuredWeeks, read_measures
from meetings.rules.measures import OFF_OF


def recent_measures(team: Team, *, today: date) -> list[MeasuredWeeks]:
    """One query."""
    return read_measures(team, today=today, weeks=OFF_OF + 1)


def measure_lines(team: Team, measures: Iterable[MeasuredWeeks]) -> tuple[ExceptionLine, ...]:
    """A measure is no longer told once an issue was raised of it: that is a row of its own."""
    path = reverse("meetings:measures", args=(team.slug,))
    return tuple(
        ExceptionLine(
            text=f"{row.measure.name}: off target in {spell_number(len(row.off))} of {spell_number(OFF_OF)} weeks",
            path=path,
            age=len(row.off),
        )
        for row in measures
        if row.off
    )
