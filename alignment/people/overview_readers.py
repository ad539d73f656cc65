"""Giving the overview of a company to a person, and ending it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from alignment.audit import note
from alignment.models import Company, Membership, OverviewReader, User
from alignment.people.directory import present
from alignment.rules.zones import zone_named


@transaction.atomic
def give_overview(person: User, company: Company, *, by: User, now: datetime) -> bool:
    """Whether they can read it now: not somebody who was deactivated. Again changes nothing."""
    User.objects.select_for_update().get(pk=person.pk)
    if not present(company).filter(pk=person.pk).exists():
        return False
    if not OverviewReader.objects.current().filter(company=company, user=person).exists():
        Membership.objects.get_or_create(company=company, user=person)
        OverviewReader.objects.create(company=company, user=person, since=_today(company, now))
        note("overview.given", by=by, now=now, company=company, about=person.name)
    return True


@transaction.atomic
def end_overview(person: User, company: Company, *, by: User, now: datetime) -> bool:
    """Whether they could read it until now. It is closed to them at once."""
    User.objects.select_for_update().get(pk=person.pk)
    row = OverviewReader.objects.current().filter(company=company, user=person).first()
    if row is None:
        return False
    row.until = max(row.since, _today(company, now))
    row.save(update_fields=("until",))
    note("overview.ended", by=by, now=now, company=company, about=person.name)
    return True


def _today(company: Company, now: datetime) -> date:
    return now.astimezone(zone_named(company.timezone)).date()
