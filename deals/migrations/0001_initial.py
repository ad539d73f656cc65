"""Every table as it was when the first history was squashed.

A database made before goes on: it holds the rows named in `replaces`, and so this counts as applied.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("deals", "0001_the_first_model"),
        ("deals", "0002_where_revenue_comes_from"),
    ]

    dependencies = [
        ("alignment", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accounts",
                        to="alignment.company",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "name"), name="account_name_is_unique_in_company"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                (
                    "external_id",
                    models.CharField(
                        blank=True, help_text="The deal's id in the CRM it came from.", max_length=100
                    ),
                ),
                (
                    "owner",
                    models.CharField(blank=True, help_text="The rep, as the CRM names them.", max_length=120),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=80)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("opened_on", models.DateField(blank=True, null=True)),
                (
                    "close_date",
                    models.DateField(
                        blank=True, help_text="Expected close date, or the day it was won or lost.", null=True
                    ),
                ),
                (
                    "pinned_at",
                    models.DateTimeField(
                        blank=True, help_text="Shown as a big deal whatever its size.", null=True
                    ),
                ),
                (
                    "capacity_what",
                    models.CharField(blank=True, max_length=300, verbose_name="Capacity needed to deliver"),
                ),
                ("capacity_by", models.DateField(blank=True, null=True, verbose_name="Needed by")),
                ("capacity_who", models.CharField(blank=True, max_length=200, verbose_name="Who to inform")),
                ("changed_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deals",
                        to="deals.account",
                    ),
                ),
                (
                    "created_by",
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
                        related_name="%(class)ss",
                        to="alignment.team",
                    ),
                ),
            ],
            options={
                "ordering": ("close_date", "name", "pk"),
                "indexes": [
                    models.Index(fields=["team", "status", "close_date"], name="deal_team_status_close")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("team", "external_id"),
                        name="one_deal_an_external_id",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                        name="deal_amount_is_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("open", "won", "lost"))),
                        name="deal_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DealChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=12)),
                ("old", models.CharField(blank=True, max_length=120)),
                ("new", models.CharField(blank=True, max_length=120)),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=300)),
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
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="deals.deal"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("field__in", ("status", "stage", "amount", "close_date", "owner"))
                        ),
                        name="deal_change_field_is_tracked",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RevenueEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("typed", "Typed"),
                            ("pasted", "Pasted"),
                            ("file", "From a file"),
                            ("deal", "From a won deal"),
                            ("crm", "From a CRM import"),
                        ],
                        default="typed",
                        max_length=8,
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="deals.revenueentry",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="revenue",
                        to="deals.deal",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="alignment.team",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "revenue entries",
                "ordering": ("day", "pk"),
                "indexes": [models.Index(fields=["team", "day"], name="revenue_team_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="revenue_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ("typed", "pasted", "file", "deal", "crm"))),
                        name="revenue_source_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects", None)),
                        fields=("deal",),
                        name="one_first_entry_a_deal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "name",
                    models.CharField(
                        help_text="The deal's or the account's name, kept when that goes away.",
                        max_length=200,
                    ),
                ),
                ("exposure", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("what_is_wrong", models.TextField(max_length=2000)),
                ("action", models.TextField(blank=True, max_length=2000)),
                ("due", models.DateField(blank=True, null=True)),
                (
                    "changed_at",
                    models.DateTimeField(
                        help_text="When what it says last changed; ageing counts from here."
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, help_text="How it ended.", max_length=300)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="risks",
                        to="deals.account",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="risks",
                        to="deals.deal",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
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
                        related_name="%(class)ss",
                        to="alignment.team",
                    ),
                ),
            ],
            options={
                "ordering": ("-exposure", "pk"),
                "indexes": [
                    models.Index(condition=models.Q(("closed_at", None)), fields=["team"], name="risk_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("exposure", None), ("exposure__gte", 0), _connector="OR"),
                        name="risk_exposure_is_not_negative",
                    )
                ],
            },
        ),
    ]
