import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0007_second_factor"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                        max_length=12,
                    ),
                ),
                (
                    "acts_for",
                    models.CharField(
                        blank=True,
                        choices=[("ceo", "CEO"), ("leader", "Sales leader"), ("facilitator", "Facilitator")],
                        max_length=12,
                    ),
                ),
                ("day", models.DateField(help_text="The first day on which it holds.")),
                ("why", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ends_seat",
                    models.ForeignKey(
                        blank=True,
                        help_text="It ends the day before.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned_ends",
                        to="alignment.seat",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned_seats",
                        to="alignment.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nobody: a seat only ends.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("day", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at", None), ("done_at", None)),
                        fields=["day"],
                        name="planned_seat_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False), ("ends_seat__isnull", False), _connector="OR"
                        ),
                        name="a_planned_seat_changes_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("cancelled_at", None), _connector="OR"),
                        name="a_planned_seat_is_done_or_cancelled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["ceo", "leader", "delegate", "facilitator", "observer"])
                        ),
                        name="planned_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acts_for__in", ("ceo", "leader")), ("role", "delegate")),
                            models.Q(models.Q(("role", "delegate"), _negated=True), ("acts_for", "")),
                            _connector="OR",
                        ),
                        name="only_a_planned_delegate_acts_for_somebody",
                    ),
                ],
            },
        ),
    ]
