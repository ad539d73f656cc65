import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from alignment.db.search_keys import SearchKeyField, write_keys
from alignment.db.table_changes import ChangeTables


def write_deal_keys(apps, schema_editor):
    """Back: a deal is found by its owner again."""
    write_keys(apps.get_model("deals", "Deal"))


class Migration(migrations.Migration):
    """Tables of who sells, who buys and how a CRM names its stages, of imports, of what was committed and why a deal will
    close, of key clients and of what a deal takes to deliver; more of what a deal, its changes, an account and
    revenue remember. From here to 0010 a change may name any field: 0009 rewrites the former names.
    """

    dependencies = [
        ("alignment", "0007_agreements_links_and_what_was_read"),
        ("deals", "0007_reps_from_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, write_deal_keys),
        ChangeTables(
            [
                migrations.CreateModel(
                    name="CapacityNeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="%(class)ss",
                                to="alignment.team",
                            ),
                        ),
                        ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("created_at", models.DateTimeField()),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="capacity_needs",
                                to="deals.deal",
                            ),
                        ),
                        ("what", models.CharField(max_length=300)),
                        ("needed_by", models.DateField(blank=True, null=True)),
                        ("who", models.CharField(blank=True, help_text="Who must know.", max_length=200)),
                        ("informed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "informed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("needed_by", "pk"),
                        "indexes": [
                            models.Index(fields=["deal", "needed_by"], name="capacity_needs_of_deals")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("what", ""), _negated=True),
                                name="capacity_need_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("what", "None needed"), _negated=True),
                                    models.Q(("informed_at", None), ("needed_by", None), ("who", "")),
                                    _connector="OR",
                                ),
                                name="nothing_needed_says_nothing_else",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="deals.account",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("name_key", SearchKeyField("name", default="", editable=False)),
                        ("title", models.CharField(blank=True, max_length=120)),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("c_level", "C-level"),
                                    ("director", "VP or director"),
                                    ("manager", "Manager"),
                                    ("specialist", "Specialist"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("decides", "Decides"),
                                    ("pays", "Pays"),
                                    ("champion", "Champion"),
                                    ("influences", "Influences"),
                                    ("against", "Against"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        (
                            "source",
                            models.CharField(blank=True, help_text="Which CRM it came from.", max_length=20),
                        ),
                        (
                            "external_id",
                            models.CharField(
                                blank=True, help_text="The contact's id in that CRM.", max_length=100
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name_key", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("account", "source", "external_id"),
                                name="one_contact_an_id_and_account",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("level__in", ("", "c_level", "director", "manager", "specialist"))
                                ),
                                name="contact_level_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role__in", ("", "decides", "pays", "champion", "influences", "against"))
                                ),
                                name="contact_role_is_known",
                            ),
                        ],
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
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="import_mappings",
                                to="alignment.company",
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
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "kind", "headers_key"),
                                name="one_mapping_for_a_set_of_headers",
                            )
                        ],
                    },
                ),
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
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="import_runs",
                                to="alignment.company",
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
                                default=uuid.uuid4,
                                editable=False,
                                help_text="The name of its file.",
                                unique=True,
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
                            models.JSONField(
                                default=dict, help_text="What people said of the file (deals.imports)."
                            ),
                        ),
                        (
                            "choices",
                            models.JSONField(
                                default=dict,
                                help_text="Whose deals are whose, and what to do with missing ones.",
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
                            models.JSONField(
                                default=dict, help_text="What was understood, as the page says it."
                            ),
                        ),
                        (
                            "summary",
                            models.JSONField(
                                default=dict, help_text="Counts, and revenue per month before and after."
                            ),
                        ),
                        (
                            "is_sent",
                            models.BooleanField(
                                default=False, help_text="Came to the team's upload address."
                            ),
                        ),
                        ("claimed_until", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "progress",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="Per cent of what is being done."
                            ),
                        ),
                        (
                            "error",
                            models.CharField(
                                blank=True, help_text="Why it stopped, for people.", max_length=600
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
                        ("started_at", models.DateTimeField()),
                        (
                            "applied_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField()),
                        (
                            "deleted_at",
                            models.DateTimeField(
                                blank=True, help_text="When its file and rows were deleted.", null=True
                            ),
                        ),
                        (
                            "seen_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="Of what came to an upload address: when somebody first looked.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-started_at", "-pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("uploaded", "comparing", "applying", "undoing"))
                                ),
                                fields=["started_at"],
                                name="import_work",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("applying", "undoing"))),
                                fields=("company",),
                                name="one_import_of_a_company_is_written",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("progress__lte", 100)), name="import_progress_is_per_cent"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ("deals", "revenue", "accounts", "contacts", "history"))
                                ),
                                name="import_kind_is_known",
                            ),
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("undone_at", None), ("applied_at__isnull", False), _connector="OR"
                                ),
                                name="an_undone_import_was_applied",
                            ),
                        ],
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
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="deals.importrun",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "thing",
                            models.CharField(
                                help_text="What it is about: a kind of import, or a rep.", max_length=8
                            ),
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
                        (
                            "name",
                            models.CharField(blank=True, help_text="What people call it.", max_length=300),
                        ),
                        ("target", models.BigIntegerField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=0)),
                        ("applied_version", models.PositiveIntegerField(blank=True, null=True)),
                        ("is_applied", models.BooleanField(default=False)),
                        ("is_undone", models.BooleanField(default=False)),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        (
                            "cells",
                            models.JSONField(
                                default=dict, help_text="Of a refused row: each header and its cell."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("run", "verdict", "number", "pk"),
                        "indexes": [
                            models.Index(fields=["run", "verdict", "number"], name="import_rows_of_a_verdict")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "verdict__in",
                                        ("new", "changed", "unchanged", "refused", "left_out", "missing"),
                                    )
                                ),
                                name="import_verdict_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pipeline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pipelines",
                                to="alignment.company",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True, help_text="Which CRM; empty: not known.", max_length=20
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("name_key", SearchKeyField("name", default="", editable=False)),
                    ],
                    options={
                        "ordering": ("name_key", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "source", "name_key"),
                                name="one_pipeline_a_name_and_source",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reps",
                                to="alignment.company",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("name_key", SearchKeyField("name", default="", editable=False)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                help_text="Their account, if any.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="reps",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "joined_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="joined",
                                to="deals.rep",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "joined_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name_key", "pk"),
                        "indexes": [models.Index(fields=["company", "name_key"], name="rep_name")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("joined_into", None), ("joined_at__isnull", False), _connector="OR"
                                ),
                                name="joined_rep_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("joined_into", None),
                                    models.Q(("joined_into", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="rep_is_not_joined_into_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CommittedDeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="committed",
                                to="deals.deal",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="committed_deals",
                                to="alignment.team",
                            ),
                        ),
                        ("period_start", models.DateField()),
                        ("period_end", models.DateField(help_text="The last day of the quarter or month.")),
                        (
                            "amount",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                        ),
                        ("close_date", models.DateField(blank=True, null=True)),
                        ("committed_at", models.DateTimeField()),
                        ("committed_on", models.DateField(help_text="The day of it in the team’s zone.")),
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
                            "rep",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="deals.rep",
                            ),
                        ),
                        (
                            "band",
                            models.CharField(
                                blank=True,
                                choices=[("small", "Small"), ("mid", "Mid-size"), ("big", "Big")],
                                help_text="Empty without an amount.",
                                max_length=5,
                            ),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("period_start", "committed_at", "pk"),
                        "indexes": [
                            models.Index(
                                fields=["team", "period_start", "period_end"], name="committed_of_period"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("deal", "team", "period_start", "period_end"),
                                name="one_committed_deal_a_team_and_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("period_end__gt", models.F("period_start"))),
                                name="committed_period_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                                name="committed_amount_is_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("band__in", ("", "small", "mid", "big"))),
                                name="committed_band_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("left_at__gte", models.F("committed_at")),
                                    _connector="OR",
                                ),
                                name="committed_deal_leaves_after_it_came",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "committed",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evidence",
                                to="deals.committeddeal",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("decided", "The person who decides has said yes"),
                                    ("budget", "The budget is confirmed"),
                                    ("paper", "Procurement or legal has the paper"),
                                    ("calendar", "The next step is in the buyer’s calendar"),
                                    ("why_date", "Why this date: what the buyer loses after it"),
                                    ("none_yet", "None yet"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who of the buyer said so.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="deals.contact",
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=200)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "evidence",
                        "ordering": ("committed", "day", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("committed", "kind"), name="one_evidence_a_kind"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        ["decided", "budget", "paper", "calendar", "why_date", "none_yet"],
                                    )
                                ),
                                name="evidence_kind_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvidenceRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "committed",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evidence_request",
                                to="deals.committeddeal",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FollowUp",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="%(class)ss",
                                to="alignment.team",
                            ),
                        ),
                        ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("created_at", models.DateTimeField()),
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
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_ups",
                                to="deals.account",
                            ),
                        ),
                        ("every_days", models.PositiveSmallIntegerField(default=90)),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="follow_ups",
                                to="deals.rep",
                            ),
                        ),
                        ("began_on", models.DateField()),
                        ("due_on", models.DateField(help_text="By when somebody speaks to them next.")),
                        (
                            "asked_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the owner was asked for the touch that is due.",
                                null=True,
                            ),
                        ),
                        ("reminded_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "key client",
                        "ordering": ("due_on", "pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["due_on", "team"],
                                name="follow_up_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "team"), name="one_follow_up_an_account_and_team"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("every_days__range", (1, 730))),
                                name="follow_up_days_are_up_to_two_years",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reminded_at", None), ("asked_at__isnull", False), _connector="OR"
                                ),
                                name="who_is_reminded_was_asked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RepSpelling",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rep_spellings",
                                to="alignment.company",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(blank=True, help_text="Which CRM; empty: any.", max_length=20),
                        ),
                        ("key", models.CharField(max_length=250)),
                        (
                            "rep",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="spellings",
                                to="deals.rep",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "source", "key"), name="one_rep_a_spelling_of_a_source"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RepTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rep",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="terms",
                                to="deals.rep",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rep_terms",
                                to="alignment.team",
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("since", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("rep", "team"),
                                name="one_open_term_a_rep_and_team",
                            ),
                            models.UniqueConstraint(
                                fields=("rep", "team", "since"), name="one_term_a_rep_team_and_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                                ),
                                name="rep_term_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Stage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "pipeline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stages",
                                to="deals.pipeline",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("name", models.CharField(max_length=120)),
                        ("name_key", SearchKeyField("name", default="", editable=False)),
                        (
                            "meaning",
                            models.CharField(
                                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")], max_length=8
                            ),
                        ),
                        (
                            "stated_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("stated_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("position", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pipeline", "name_key"), name="one_stage_a_name_and_pipeline"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("meaning__in", ("open", "won", "lost"))),
                                name="stage_meaning_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Touch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "follow_up",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="touches",
                                to="deals.followup",
                            ),
                        ),
                        ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("day", models.DateField()),
                        ("client_said", models.CharField(max_length=300)),
                        (
                            "colour",
                            models.CharField(
                                choices=[
                                    ("green", "All good"),
                                    ("amber", "Needs care"),
                                    ("red", "In danger"),
                                ],
                                max_length=5,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "by_name",
                            models.CharField(
                                help_text="Who said so; a rep may have no account.", max_length=120
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "touches",
                        "ordering": ("-day", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("colour__in", ("green", "amber", "red"))),
                                name="touch_colour_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "team",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="upload_address",
                                to="alignment.team",
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name_plural": "upload addresses",
                    },
                ),
                migrations.RemoveConstraint(
                    model_name="deal",
                    name="deal_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="dealchange",
                    name="deal_change_field_is_tracked",
                ),
                migrations.RemoveConstraint(
                    model_name="revenueentry",
                    name="revenue_below_zero_is_a_credit",
                ),
                migrations.RemoveIndex(
                    model_name="revenueentry",
                    name="revenue_sums",
                ),
                migrations.AddField(
                    model_name="account",
                    name="employees",
                    field=models.PositiveIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="account",
                    name="external_id",
                    field=models.CharField(
                        blank=True, help_text="The account's id in that CRM.", max_length=100
                    ),
                ),
                migrations.AddField(
                    model_name="account",
                    name="revenue_band",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("under_1", "Under 1 million"),
                            ("from_1", "1 to 10 million"),
                            ("from_10", "10 to 50 million"),
                            ("from_50", "50 to 250 million"),
                            ("from_250", "250 million to 1 billion"),
                            ("from_1000", "Over 1 billion"),
                        ],
                        max_length=10,
                        verbose_name="Annual revenue",
                    ),
                ),
                migrations.AddField(
                    model_name="account",
                    name="source",
                    field=models.CharField(blank=True, help_text="Which CRM it came from.", max_length=20),
                ),
                migrations.AddField(
                    model_name="account",
                    name="status",
                    field=models.CharField(
                        blank=True,
                        choices=[("prospect", "Prospect"), ("client", "Client"), ("former", "Former client")],
                        help_text="Empty: nobody said what it is.",
                        max_length=8,
                    ),
                ),
                migrations.AddField(
                    model_name="account",
                    name="version",
                    field=models.PositiveIntegerField(default=1, editable=False),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="contract_end",
                    field=models.DateField(
                        blank=True, help_text="When what was sold ends or renews.", null=True
                    ),
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
                    name="merge_moves",
                    field=models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Of a merged deal: what it was, and the rows that went with it.",
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
                        blank=True,
                        help_text="Why it was lost, in words; a win has its `won_line`.",
                        max_length=300,
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
                    model_name="deal",
                    name="won_by",
                    field=models.CharField(
                        blank=True, help_text="Of a won deal.", max_length=120, verbose_name="Who earned it"
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="won_line",
                    field=models.CharField(blank=True, max_length=300, verbose_name="What won it"),
                ),
                migrations.AddField(
                    model_name="dealchange",
                    name="from_team",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Of a change of team: the one it left.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alignment.team",
                    ),
                ),
                migrations.AddField(
                    model_name="dealchange",
                    name="is_undone",
                    field=models.BooleanField(
                        default=False, help_text="Taken back with its import, or what took it back."
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
                migrations.AddField(
                    model_name="revenueentry",
                    name="account",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Who paid, where no deal says it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="revenue",
                        to="deals.account",
                    ),
                ),
                migrations.AddField(
                    model_name="revenueentry",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("won", "Won (bookings)"),
                            ("invoiced", "Invoiced"),
                            ("recurring", "Recurring (new + expansion − lost, per year)"),
                        ],
                        default="won",
                        max_length=10,
                    ),
                ),
                migrations.AddField(
                    model_name="revenueentry",
                    name="original_amount",
                    field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                ),
                migrations.AddField(
                    model_name="revenueentry",
                    name="original_currency",
                    field=models.CharField(
                        blank=True, help_text="ISO 4217; empty: in the company's own currency.", max_length=3
                    ),
                ),
                migrations.AddField(
                    model_name="revenueentry",
                    name="rate",
                    field=models.DecimalField(
                        blank=True,
                        decimal_places=9,
                        help_text="What one unit of the original currency is worth, as somebody entered it.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                migrations.AlterField(
                    model_name="deal",
                    name="search_key",
                    field=SearchKeyField(
                        "stage", "won_by", "won_line", "next_step", default="", editable=False
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
                        choices=[
                            ("open", "Open"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("withdrawn", "Withdrawn"),
                        ],
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
                migrations.AddField(
                    model_name="dealchange",
                    name="run",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="The import.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="deals.importrun",
                    ),
                ),
                migrations.AddField(
                    model_name="revenueentry",
                    name="run",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="The import.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="deals.importrun",
                    ),
                ),
                migrations.AddIndex(
                    model_name="revenueentry",
                    index=models.Index(
                        fields=["team", "kind", "day", "amount", "source"], name="revenue_sums"
                    ),
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
                migrations.AddConstraint(
                    model_name="revenueentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 0), ("source", "credit"), ("kind", "recurring"), _connector="OR"
                        ),
                        name="revenue_below_zero_is_a_credit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="revenueentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", ["won", "invoiced", "recurring"])),
                        name="revenue_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="revenueentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("original_amount", None), ("original_currency", ""), ("rate", None)),
                            models.Q(
                                ("original_amount__isnull", False),
                                ("rate__gt", 0),
                                models.Q(("original_currency", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="revenue_in_another_currency_has_a_rate",
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
                    model_name="account",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="accounts",
                        to="deals.rep",
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
                    model_name="account",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("company", "source", "external_id"),
                        name="one_account_an_id_in_the_company",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("status__in", ("", "prospect", "client", "former"))),
                        name="account_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "revenue_band__in",
                                ("", "under_1", "from_1", "from_10", "from_50", "from_250", "from_1000"),
                            )
                        ),
                        name="account_revenue_band_is_known",
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
                        condition=models.Q(
                            ("forecast__in", ("", "commit", "best_case", "pipeline", "left_out"))
                        ),
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
        ),
    ]
