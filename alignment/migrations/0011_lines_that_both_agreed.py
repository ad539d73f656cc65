import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0010_personal_links_of_people_without_an_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                (
                    "content",
                    models.JSONField(help_text="As it was proposed; the subject says what is in it."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("agreed", "Agreed"), ("replaced", "Replaced")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("ceo_at", models.DateTimeField(blank=True, null=True)),
                ("leader_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ceo",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who said yes as the CEO.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="alignment.team",
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "subject", "key", "number"), name="agreements_are_numbered"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("team", "subject", "key"),
                        name="one_agreement_is_proposed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "agreed")),
                        fields=("team", "subject", "key"),
                        name="one_agreement_holds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True),
                            models.Q(("ceo_at__isnull", False), ("leader_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_agreement_needs_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("proposed", "agreed", "replaced"))),
                        name="agreement_state_is_known",
                    ),
                ],
            },
        ),
    ]
