import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0020_what_the_leader_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Expectation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "is_typed",
                    models.BooleanField(default=False, help_text="Typed, not what the struck deals leave."),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("meeting", "starts_on"),
            },
        ),
        migrations.CreateModel(
            name="Struck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(choices=[("out", "Not at all"), ("later", "Later")], max_length=5),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Of the deal in the commit at that time.",
                        max_digits=18,
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "struck",
                "ordering": ("expectation", "pk"),
            },
        ),
        migrations.AddField(
            model_name="expectation",
            name="ceo",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="expectation",
            name="leader",
            field=models.ForeignKey(
                help_text="With whom it is compared.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="expectation",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="expectations",
                to="meetings.meeting",
            ),
        ),
        migrations.AddField(
            model_name="expectation",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="expectations", to="alignment.team"
            ),
        ),
        migrations.AddField(
            model_name="struck",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"
            ),
        ),
        migrations.AddField(
            model_name="struck",
            name="expectation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="struck", to="meetings.expectation"
            ),
        ),
        migrations.AddConstraint(
            model_name="expectation",
            constraint=models.UniqueConstraint(
                fields=("meeting", "starts_on"), name="one_expectation_a_meeting_and_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="expectation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="an_expectation_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="expectation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="an_expected_period_has_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="struck",
            constraint=models.UniqueConstraint(fields=("expectation", "deal"), name="a_deal_is_struck_once"),
        ),
        migrations.AddConstraint(
            model_name="struck",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("out", "later"))), name="verdict_is_known"
            ),
        ),
    ]
