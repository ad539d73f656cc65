import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0008_questions_worth_asking"),
        ("deals", "0014_reps_instead_of_owners"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deals", "Deals"),
                            ("revenue", "Revenue"),
                            ("accounts", "Accounts"),
                            ("contacts", "Contacts"),
                            ("history", "History of deals"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, help_text="The name of its file.", unique=True
                    ),
                ),
                (
                    "token",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="Of the form: sent twice, it is one run.",
                        unique=True,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Being read"),
                            ("understood", "Waiting for answers"),
                            ("comparing", "Being compared"),
                            ("previewed", "Ready to apply"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("failed", "Could not be imported"),
                            ("expired", "Deleted"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "answers",
                    models.JSONField(default=dict, help_text="What people said of the file (deals.imports)."),
                ),
                (
                    "choices",
                    models.JSONField(
                        default=dict, help_text="Whose deals are whose, and what to do with missing ones."
                    ),
                ),
                (
                    "is_answered",
                    models.BooleanField(
                        default=False, help_text="Somebody has looked at what was understood."
                    ),
                ),
                (
                    "headers_key",
                    models.CharField(
                        blank=True, help_text="Names the set of headers of the file.", max_length=64
                    ),
                ),
                (
                    "understanding",
                    models.JSONField(default=dict, help_text="What was understood, as the page says it."),
                ),
                (
                    "summary",
                    models.JSONField(
                        default=dict, help_text="Counts, and revenue per month before and after."
                    ),
                ),
                (
                    "is_sent",
                    models.BooleanField(default=False, help_text="Came to the team's upload address."),
                ),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "progress",
                    models.PositiveSmallIntegerField(default=0, help_text="Per cent of what is being done."),
                ),
                (
                    "error",
                    models.CharField(blank=True, help_text="Why it stopped, for people.", max_length=600),
                ),
                ("started_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "deleted_at",
                    models.DateTimeField(
                        blank=True, help_text="When its file and rows were deleted.", null=True
                    ),
                ),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_runs",
                        to="alignment.company",
                    ),
                ),
                (
                    "started_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_runs",
                        to="alignment.team",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-started_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "thing",
                    models.CharField(help_text="What it is about: a kind of import, or a rep.", max_length=8),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                            ("left_out", "Left out"),
                            ("missing", "Missing from the file"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("name", models.CharField(blank=True, help_text="What people call it.", max_length=300)),
                ("target", models.BigIntegerField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("applied_version", models.PositiveIntegerField(blank=True, null=True)),
                ("is_applied", models.BooleanField(default=False)),
                ("is_undone", models.BooleanField(default=False)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                (
                    "cells",
                    models.JSONField(default=dict, help_text="Of a refused row: each header and its cell."),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="deals.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ("run", "verdict", "number", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deals", "Deals"),
                            ("revenue", "Revenue"),
                            ("accounts", "Accounts"),
                            ("contacts", "Contacts"),
                            ("history", "History of deals"),
                        ],
                        max_length=8,
                    ),
                ),
                ("headers_key", models.CharField(max_length=64)),
                ("answers", models.JSONField(default=dict)),
                ("confirmed_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_mappings",
                        to="alignment.company",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "kind", "headers_key"), name="one_mapping_for_a_set_of_headers"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(
                condition=models.Q(("state__in", ("uploaded", "comparing", "applying", "undoing"))),
                fields=["started_at"],
                name="import_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("applying", "undoing"))),
                fields=("company",),
                name="one_import_of_a_company_is_written",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress__lte", 100)), name="import_progress_is_per_cent"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("deals", "revenue", "accounts", "contacts", "history"))),
                name="import_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "uploaded",
                            "understood",
                            "comparing",
                            "previewed",
                            "applying",
                            "applied",
                            "undoing",
                            "undone",
                            "failed",
                            "expired",
                        ),
                    )
                ),
                name="import_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("applied_at__isnull", False), _connector="OR"),
                name="an_undone_import_was_applied",
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["run", "verdict", "number"], name="import_rows_of_a_verdict"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict__in", ("new", "changed", "unchanged", "refused", "left_out", "missing"))
                ),
                name="import_verdict_is_known",
            ),
        ),
    ]
