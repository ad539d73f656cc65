import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Next step, forecast, type, source, contract end, reason; where a withdrawn deal went; its rep and pipeline.

    Between this and 0014 a change may name any field: 0013 rewrites the former names.
    """

    dependencies = [
        ("deals", "0011_reps_contacts_and_pipelines"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="deal",
            name="deal_status_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="dealchange",
            name="deal_change_field_is_tracked",
        ),
        migrations.AddField(
            model_name="deal",
            name="contract_end",
            field=models.DateField(blank=True, help_text="When what was sold ends or renews.", null=True),
        ),
        migrations.AddField(
            model_name="deal",
            name="deal_type",
            field=models.CharField(
                blank=True,
                choices=[("new", "New business"), ("expansion", "Expansion"), ("renewal", "Renewal")],
                max_length=12,
                verbose_name="Type",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="forecast",
            field=models.CharField(
                blank=True,
                choices=[
                    ("commit", "Commit"),
                    ("best_case", "Best case"),
                    ("pipeline", "Pipeline"),
                    ("left_out", "Left out"),
                ],
                max_length=12,
                verbose_name="Forecast category",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="lead_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("prospecting", "Own prospecting"),
                    ("marketing", "Marketing"),
                    ("referral", "Referral"),
                    ("client", "Existing client"),
                    ("partner", "Partner"),
                    ("other", "Other"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a withdrawn deal: where it went.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged",
                to="deals.deal",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="next_step",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="deal",
            name="next_step_on",
            field=models.DateField(blank=True, null=True, verbose_name="On"),
        ),
        migrations.AddField(
            model_name="deal",
            name="reason",
            field=models.CharField(
                blank=True, help_text="Why it was lost, in words; a win has its `won_line`.", max_length=300
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="reason_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("date", "The date was a guess"),
                    ("budget", "Budget"),
                    ("legal", "Legal or procurement"),
                    ("priorities", "Priorities or people"),
                    ("no_decision", "No decision"),
                    ("delay", "Delay"),
                    ("offer", "Offer"),
                    ("people", "People"),
                ],
                help_text="Why it was won or lost.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="dealchange",
            name="reason_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("date", "The date was a guess"),
                    ("budget", "Budget"),
                    ("legal", "Legal or procurement"),
                    ("priorities", "Priorities or people"),
                    ("no_decision", "No decision"),
                    ("delay", "Delay"),
                    ("offer", "Offer"),
                    ("people", "People"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="stage",
            field=models.CharField(
                blank=True,
                help_text="As the CRM names it; what it means: deals.models.pipelines.",
                max_length=80,
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="status",
            field=models.CharField(
                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost"), ("withdrawn", "Withdrawn")],
                default="open",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="dealchange",
            name="new",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="dealchange",
            name="old",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="dealchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason_kind__in",
                        (
                            "",
                            "date",
                            "budget",
                            "legal",
                            "priorities",
                            "no_decision",
                            "delay",
                            "offer",
                            "people",
                        ),
                    )
                ),
                name="deal_change_reason_is_known",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="pipeline",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deals",
                to="deals.pipeline",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="rep",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deals",
                to="deals.rep",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("open", "won", "lost", "withdrawn"))),
                name="deal_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), ("status", "withdrawn"), _connector="OR"),
                name="merged_deal_is_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("deal_type__in", ("", "new", "expansion", "renewal"))),
                name="deal_type_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "lead_source__in",
                        ("", "prospecting", "marketing", "referral", "client", "partner", "other"),
                    )
                ),
                name="deal_lead_source_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("forecast__in", ("", "commit", "best_case", "pipeline", "left_out"))),
                name="deal_forecast_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason_kind__in",
                        (
                            "",
                            "date",
                            "budget",
                            "legal",
                            "priorities",
                            "no_decision",
                            "delay",
                            "offer",
                            "people",
                        ),
                    )
                ),
                name="deal_reason_is_known",
            ),
        ),
    ]
