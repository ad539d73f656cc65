import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import alignment.db.search_keys


class Migration(migrations.Migration):
    """Tables of who sells, who buys and how a CRM names its stages; what kind of company an account is."""

    dependencies = [
        ("alignment", "0008_questions_worth_asking"),
        ("deals", "0010_kinds_of_revenue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ("name", models.CharField(max_length=120)),
                ("name_key", alignment.db.search_keys.SearchKeyField("name", default="", editable=False)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reps",
                        to="alignment.company",
                    ),
                ),
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
            name="RepTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "rep",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="deals.rep"
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
            name="RepSpelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, help_text="Which CRM; empty: any.", max_length=20)),
                ("key", models.CharField(max_length=250)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rep_spellings",
                        to="alignment.company",
                    ),
                ),
                (
                    "rep",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spellings", to="deals.rep"
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
        migrations.AddField(
            model_name="account",
            name="employees",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="external_id",
            field=models.CharField(blank=True, help_text="The account's id in that CRM.", max_length=100),
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
                    "source",
                    models.CharField(blank=True, help_text="Which CRM; empty: not known.", max_length=20),
                ),
                ("name", models.CharField(max_length=120)),
                ("name_key", alignment.db.search_keys.SearchKeyField("name", default="", editable=False)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pipelines",
                        to="alignment.company",
                    ),
                ),
            ],
            options={
                "ordering": ("name_key", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "source", "name_key"), name="one_pipeline_a_name_and_source"
                    )
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
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=120)),
                ("name_key", alignment.db.search_keys.SearchKeyField("name", default="", editable=False)),
                (
                    "meaning",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")], max_length=8
                    ),
                ),
                ("stated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="deals.pipeline",
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
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=120)),
                ("name_key", alignment.db.search_keys.SearchKeyField("name", default="", editable=False)),
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
                ("source", models.CharField(blank=True, help_text="Which CRM it came from.", max_length=20)),
                (
                    "external_id",
                    models.CharField(blank=True, help_text="The contact's id in that CRM.", max_length=100),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="deals.account",
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
    ]
