from django.db import migrations, models

from alignment.db.search_keys import SearchKeyField, refuse_duplicates, write_keys


def fill(apps, schema_editor):
    for name in ("Company", "User", "Team", "Entry"):
        write_keys(apps.get_model("alignment", name))
    team = apps.get_model("alignment", "Team")
    refuse_duplicates(
        team, "company", "name_key", what="Rename one of each: two teams of a company have one name."
    )


class Migration(migrations.Migration):
    """A key beside each name and text: both databases compare, order and search by it alike.

    Stops where two rows of a company have the same name: a person decides which of them is renamed.
    """

    dependencies = [
        ("alignment", "0004_version_of_teams_and_people"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="company",
            options={"ordering": ("name_key", "pk"), "verbose_name_plural": "companies"},
        ),
        migrations.AlterModelOptions(
            name="team",
            options={"ordering": ("name_key", "pk")},
        ),
        migrations.AlterModelOptions(
            name="user",
            options={"ordering": ("name_key", "pk")},
        ),
        migrations.RemoveConstraint(
            model_name="team",
            name="team_name_is_unique_in_company",
        ),
        migrations.AddField(
            model_name="company",
            name="name_key",
            field=SearchKeyField("name", default="", editable=False),
        ),
        migrations.AddField(
            model_name="entry",
            name="search_key",
            field=SearchKeyField("about", "old", "new", "why", default="", editable=False),
        ),
        migrations.AddField(
            model_name="team",
            name="name_key",
            field=SearchKeyField("name", default="", editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="name_key",
            field=SearchKeyField("name", default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                fields=("company", "name_key"), name="team_name_is_unique_in_company"
            ),
        ),
    ]
