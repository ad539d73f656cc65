from django.db import migrations, models

from alignment.db.search_keys import SearchKeyField, refuse_duplicates, write_keys


def fill(apps, schema_editor):
    for name in ("Account", "Deal", "RevenueEntry", "Risk"):
        write_keys(apps.get_model("deals", name))
    account = apps.get_model("deals", "Account")
    refuse_duplicates(
        account, "company", "name_key", what="Rename one of each: two accounts of a company have one name."
    )


class Migration(migrations.Migration):
    """A key beside each name and text: both databases compare, order and search by it alike.

    Stops where two rows of a company have the same name: a person decides which of them is renamed.
    """

    dependencies = [
        ("alignment", "0005_names_and_texts_are_searched_by_a_key"),
        ("deals", "0004_one_deal_an_id_and_several_entries_a_deal"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="account",
            options={"ordering": ("name_key", "pk")},
        ),
        migrations.AlterModelOptions(
            name="deal",
            options={"ordering": ("close_date", "name_key", "pk")},
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="account_name_is_unique_in_company",
        ),
        migrations.AddField(
            model_name="account",
            name="name_key",
            field=SearchKeyField("name", default="", editable=False),
        ),
        migrations.AddField(
            model_name="deal",
            name="name_key",
            field=SearchKeyField("name", default="", editable=False),
        ),
        migrations.AddField(
            model_name="deal",
            name="search_key",
            field=SearchKeyField("owner", "stage", default="", editable=False),
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="search_key",
            field=SearchKeyField("note", default="", editable=False),
        ),
        migrations.AddField(
            model_name="risk",
            name="search_key",
            field=SearchKeyField("name", "what_is_wrong", "action", default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("company", "name_key"), name="account_name_is_unique_in_company"
            ),
        ),
    ]
