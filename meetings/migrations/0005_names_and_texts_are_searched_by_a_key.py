from django.db import migrations

from alignment.db.search_keys import SearchKeyField, write_keys


def fill(apps, schema_editor):
    for name in ("Commitment", "Initiative", "Issue"):
        write_keys(apps.get_model("meetings", name))


class Migration(migrations.Migration):
    """A key beside each name and text: both databases compare, order and search by it alike."""

    dependencies = [
        ("meetings", "0004_what_lies_in_calendars"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="search_key",
            field=SearchKeyField("text", default="", editable=False),
        ),
        migrations.AddField(
            model_name="initiative",
            name="search_key",
            field=SearchKeyField("title", "plan", "measure", default="", editable=False),
        ),
        migrations.AddField(
            model_name="issue",
            name="search_key",
            field=SearchKeyField("title", "detail", "resolution", default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
