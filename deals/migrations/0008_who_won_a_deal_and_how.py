from django.db import migrations, models

from alignment.db.search_keys import SearchKeyField, write_keys


def fill(apps, schema_editor):
    write_keys(apps.get_model("deals", "Deal"))


class Migration(migrations.Migration):
    """Who earned a won deal, and in one line what won it; both are found by search."""

    dependencies = [
        ("deals", "0007_reps_from_an_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="won_by",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of a won deal.",
                max_length=120,
                verbose_name="Who earned it",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deal",
            name="won_line",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="What won it"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="deal",
            name="search_key",
            field=SearchKeyField("owner", "stage", "won_by", "won_line", default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
