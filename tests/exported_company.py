"""A company with a row of every kind, taken out and put in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from alignment.exports.importer import import_company
from alignment.exports.manifest import WHOLE, Contents
from alignment.exports.reader import open_export
from alignment.exports.schema import SHAPES, exported_models
from alignment.exports.writer import write_export
from alignment.models import Absence, Company, Preference, Seat, Team
from meetings.agenda import build
from meetings.demo import seed
from meetings.models import CalendarInvite, Meeting
from tests.factories import NOW

TODAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def stage() -> Company:
    """The demo, and what it lacks: rows of kinds that only time and people make."""
    seed.seed(TODAY, weeks=8)
    company = Team.objects.get(slug="north").company
    leader = Team.objects.get(slug="north").holder("leader")
    Preference.objects.update_or_create(
        user=leader, defaults={"chat_url": "https://hooks.slack.com/x", "days": [0, 1]}
    )
    Absence.objects.create(user=leader, first=TODAY, last=TODAY, entered_at=NOW)
    leader.renew_calendar_token()
    Meeting.objects.filter(team__slug="north").latest("planned_start").recap_to.add(leader)
    CalendarInvite.objects.create(
        seat=Seat.objects.get(user=leader),
        weekday=0,
        local_time="09:00",
        timezone="Europe/Paris",
        starts_on=TODAY,
        created_at=NOW,
    )
    return company


def taken(company: Company, file: Path, contents: Contents = WHOLE) -> Path:
    write_export(company, file, contents=contents, now=timezone.now())
    return file


def put(file: Path) -> Company:
    with open_export(file) as archive:
        return import_company(archive, now=NOW).company


def content(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row with its place in the list instead of its number; addresses, slugs and audit as they were on
    the way.
    """
    with open_export(file) as archive:
        rows = {exported.label: list(archive.rows(exported.label)) for exported in exported_models()}
    place = {label: {row["id"]: at for at, row in enumerate(found)} for label, found in rows.items()}
    slugs = {row["slug"]: f"team {at}" for at, row in enumerate(rows["alignment.Team"])}

    def new(label: str, old: Any) -> Any:
        return slugs.get(old, old) if label.endswith(".slug") else place[label].get(old, -1)

    for exported in exported_models():
        for row in rows[exported.label]:
            row["id"] = place[exported.label][row["id"]]
            for field in exported.fields:
                if field.is_relation and row[field.attname] is not None:
                    row[field.attname] = place[field.related_model._meta.label][row[field.attname]]
                elif (exported.label, field.name) in SHAPES:
                    row[field.attname] = SHAPES[exported.label, field.name].moved(row[field.attname], new)
            if "slug" in row:
                row["slug"] = new("alignment.Team.slug", row["slug"])
    return rows


def ordered(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {label: [json.dumps(row, sort_keys=True) for row in found] for label, found in rows.items()}


def shown(team: Team) -> list[Any]:
    """What the coming meeting and the last record show, in words and figures."""
    coming, last = team.meetings.ahead().first(), team.meetings.filter(state="held").first()
    told = []
    for meeting in (coming, last):
        agenda = build(meeting, team.holder("leader"), NINE)
        told.append(
            [
                agenda.headline,
                str(agenda.revenue.figures),
                str(agenda.revenue.pipeline),
                agenda.outcomes,
                [row.title for row in agenda.items],
                [each.text for each in agenda.commitments],
            ]
        )
    return json.loads(json.dumps(told))
