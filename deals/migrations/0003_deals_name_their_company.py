"""Deals with an id of a CRM name their company. One that stands in two teams is named, and nothing changes."""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery

SHOWN = 20


class FoundTwiceError(Exception):
    """The same deal stands in two teams of a company, and only a person can say which one is right."""


def name_company(apps, schema_editor):
    imported = apps.get_model("deals", "Deal").objects.exclude(external_id="")
    twice = (
        imported.values("team__company__slug", "external_id")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .order_by("team__company__slug", "external_id")
    )
    found = [f"{row['team__company__slug']}: {row['external_id']}" for row in twice[:SHOWN]]
    if found:
        raise FoundTwiceError(
            "These ids are deals of two teams of one company. Delete the wrong ones, correct their revenue, and "
            f"migrate again: {'; '.join(found)}."
        )
    teams = apps.get_model("alignment", "Team").objects.filter(pk=OuterRef("team"))
    imported.update(company=Subquery(teams.values("company")[:1]))


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_company_and_source_of_a_deal")]

    operations = [migrations.RunPython(name_company, migrations.RunPython.noop)]
