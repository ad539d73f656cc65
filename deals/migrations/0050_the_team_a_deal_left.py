"""A change of team names the team that was left, not only its name: names change, and are given again.

What was recorded by a name is placed where a team of the company has that name now; the rest stays with its name.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def place_changes(apps, schema_editor):
    teams = apps.get_model("alignment", "Team").objects.order_by()
    named = teams.filter(company=OuterRef("company_of_deal"), name=OuterRef("old"))
    changes = apps.get_model("deals", "DealChange").objects.filter(field="team", from_team=None).order_by()
    placed = changes.annotate(company_of_deal=F("deal__team__company"))
    for pk, team in placed.annotate(placed=Subquery(named.values("pk")[:1])).values_list("pk", "placed"):
        if team is not None:
            changes.filter(pk=pk).update(from_team=team)


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0011_lines_that_both_agreed"),
        ("deals", "0048_no_texts_on_what_a_deal_takes"),
    ]

    operations = [
        migrations.AddField(
            model_name="dealchange",
            name="from_team",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a change of team: the one it left.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="alignment.team",
                db_index=False,
            ),
        ),
        migrations.AddIndex(
            model_name="dealchange",
            index=models.Index(
                condition=Q(from_team__isnull=False),
                fields=["from_team", "at"],
                name="deal_change_left_team",
            ),
        ),
        migrations.RunPython(place_changes, migrations.RunPython.noop),
    ]
