"""Asking somebody without an account for the number of the week that has ended, by a personal link, once a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.db.models import Q

from alignment.links.sending import refused_addresses, send_link
from alignment.rules.roles import Role
from meetings.models import Measure
from meetings.rules.measures import last_ended_week

MEASURE = "measure"
"""The kind of link."""
ASKED_AT = time(8)
"""On Monday morning, in the team's zone."""
NOTHING: Mapping[str, int] = {}


def find_missing(now: datetime) -> Iterable[Measure]:
    """Typed ones somebody is asked for, who was not asked within the week."""
    lately = (now - timedelta(days=13)).date()  # the last ended week began at most so long ago, in any zone
    not_asked = Q(asked_for=None) | Q(asked_for__lte=lately + timedelta(days=6))
    running = Q(team__ends_on=None) | Q(team__ends_on__gte=now.date())
    rows = Measure.objects.current().filter(not_asked, running).exclude(rep=None)
    return rows.select_related("team", "rep").order_by("pk")


def is_due(row: Measure, now: datetime) -> bool:
    local = now.astimezone(row.team.zone)
    week = last_ended_week(local.date())
    is_morning = local.weekday() > 0 or local.time() >= ASKED_AT
    began = row.team.today(row.created_at) <= week.end
    return is_morning and began and (row.asked_for is None or row.asked_for < week.start)


def ask_for_value(row: Measure, now: datetime) -> Mapping[str, int]:
    """Send the link, in the name of whoever leads the team, unless the value is there already."""
    locked = Measure.objects.select_for_update(of=("self",)).select_related(
        "team__company", "rep__joined_into"
    )
    row = locked.get(pk=row.pk)
    asker = row.team.holder(Role.LEADER) or row.team.holder(Role.CEO)
    if row.rep is None or asker is None or row.ended_at is not None or not is_due(row, now):
        return NOTHING
    week = last_ended_week(row.team.today(now))
    Measure.objects.filter(pk=row.pk).update(asked_for=week.start)
    rep = row.rep.known_as
    is_there = row.points.filter(period=week.start).exists()
    if is_there or not rep.email or refused_addresses([rep.email.lower()]):
        return NOTHING
    send_link(
        MEASURE,
        row.pk,
        name=rep.name,
        email=rep.email,
        company=row.team.company,
        by=asker,
        notice="measure",
        about=f"{week.start}",
        payload={"week": f"{week.start}"},
        now=now,
    )
    return {"measures asked for": 1}
