from django.db import migrations, models

from alignment.db.search_keys import SearchKeyField, write_keys


def write_deal_keys(apps, schema_editor):
    write_keys(apps.get_model("deals", "Deal"))


class Migration(migrations.Migration):
    """The rep is the only way to who sells: the owner's text goes, and searches find the rep's name."""

    dependencies = [("deals", "0013_deals_belong_to_reps")]

    operations = [
        migrations.RemoveIndex("deal", "deal_reps"),
        migrations.AlterField(
            "deal",
            "search_key",
            SearchKeyField("stage", "won_by", "won_line", "next_step", default="", editable=False),
        ),
        migrations.RunPython(write_deal_keys, migrations.RunPython.noop),
        migrations.RemoveField("deal", "owner"),
        migrations.AddIndex("deal", models.Index(fields=["team", "rep"], name="deal_reps")),
        migrations.AddIndex("deal", models.Index(fields=["team", "status", "stage"], name="deal_stages")),
        migrations.AddIndex(
            "deal",
            models.Index(
                condition=models.Q(contract_end__isnull=False, status="won"),
                fields=["team", "contract_end"],
                name="deal_contract_ends",
            ),
        ),
        migrations.AddIndex(
            "deal",
            models.Index(
                fields=["account", "team", "status", "deal_type", "contract_end"], name="deal_renewals"
            ),
        ),
        migrations.AddIndex("dealchange", models.Index(fields=["deal", "at"], name="deal_change_of_deal")),
        migrations.AddIndex("dealchange", models.Index(fields=["field", "at"], name="deal_change_of_field")),
        migrations.AddConstraint(
            "dealchange",
            models.CheckConstraint(
                condition=models.Q(
                    field__in=(
                        *("seen", "status", "stage", "pipeline", "amount"),
                        *("close_date", "rep", "team", "next_step"),
                    )
                ),
                name="deal_change_field_is_tracked",
            ),
        ),
    ]
