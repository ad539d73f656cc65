from django.db import migrations, models

from alignment.db.table_changes import ChangeTables


class Migration(migrations.Migration):
    """The rep is the only way to who sells, needs alone say what a deal takes; indexes for how deals are read now."""

    dependencies = [("deals", "0009_reps_first_sights_and_needs_from_deals")]

    operations = [
        ChangeTables(
            [
                migrations.RemoveIndex(
                    model_name="deal",
                    name="deal_reps",
                ),
                migrations.RemoveField(
                    model_name="deal",
                    name="capacity_by",
                ),
                migrations.RemoveField(
                    model_name="deal",
                    name="capacity_what",
                ),
                migrations.RemoveField(
                    model_name="deal",
                    name="capacity_who",
                ),
                migrations.RemoveField(
                    model_name="deal",
                    name="owner",
                ),
                migrations.AddIndex(
                    model_name="dealchange",
                    index=models.Index(fields=["deal", "at"], name="deal_change_of_deal"),
                ),
                migrations.AddIndex(
                    model_name="dealchange",
                    index=models.Index(fields=["field", "at"], name="deal_change_of_field"),
                ),
                migrations.AddIndex(
                    model_name="dealchange",
                    index=models.Index(
                        condition=models.Q(("from_team__isnull", False)),
                        fields=["from_team", "at"],
                        name="deal_change_left_team",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dealchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                (
                                    "seen",
                                    "status",
                                    "stage",
                                    "pipeline",
                                    "amount",
                                    "close_date",
                                    "rep",
                                    "team",
                                    "next_step",
                                ),
                            )
                        ),
                        name="deal_change_field_is_tracked",
                    ),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["team", "changed_at"], name="deal_changed"),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["team", "rep"], name="deal_reps"),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["team", "status", "stage"], name="deal_stages"),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(
                        condition=models.Q(("contract_end__isnull", False), ("status", "won")),
                        fields=["team", "contract_end"],
                        name="deal_contract_ends",
                    ),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(
                        fields=["account", "team", "status", "deal_type", "contract_end"],
                        name="deal_renewals",
                    ),
                ),
            ]
        ),
    ]
