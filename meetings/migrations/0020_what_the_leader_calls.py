import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0016_quarter_or_month_of_the_call"),
        ("deals", "0030_key_clients_and_what_they_said"),
        ("meetings", "0014_a_reopened_question_is_asked_anew"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(help_text="The period’s first day; its days stay as they were called."),
                ),
                ("ends_on", models.DateField()),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="1 for the first of this meeting and period."),
                ),
                ("commit", models.DecimalField(decimal_places=2, max_digits=18)),
                ("best_case", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "won",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="When it was stated, of the team’s revenue.",
                        max_digits=18,
                        verbose_name="won so far",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ceo", "CEO"),
                            ("leader", "Sales leader"),
                            ("delegate", "Delegate"),
                            ("facilitator", "Facilitator"),
                            ("observer", "Observer"),
                        ],
                        help_text="The leader, or a delegate.",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ("meeting", "starts_on", "number"),
            },
        ),
        migrations.CreateModel(
            name="CallDeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("close_date", models.DateField(null=True)),
            ],
            options={
                "ordering": ("call", "pk"),
            },
        ),
        migrations.AddField(
            model_name="call",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="alignment.team"
            ),
        ),
        migrations.AddField(
            model_name="calldeal",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deals", to="meetings.call"
            ),
        ),
        migrations.AddField(
            model_name="calldeal",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["team", "ends_on"], name="call_team_period"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("meeting", "starts_on", "number"), name="calls_of_a_period_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("best_case__gte", models.F("commit"))),
                name="best_case_is_at_least_the_commit",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="a_called_period_has_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ("leader", "delegate"))), name="a_leader_s_side_calls"
            ),
        ),
        migrations.AddConstraint(
            model_name="calldeal",
            constraint=models.UniqueConstraint(fields=("call", "deal"), name="a_deal_is_once_in_a_call"),
        ),
    ]
