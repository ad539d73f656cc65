import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from alignment.db.search_keys import SearchKeyField, write_keys
from alignment.db.table_changes import ChangeTables


def write_initiative_keys(apps, schema_editor):
    """Back: an initiative is found by its measure's name again."""
    write_keys(apps.get_model("meetings", "Initiative"))


class Migration(migrations.Migration):
    """What the sales leader calls, what the CEO expects, measures and their values, what a team thinks of a contact,
    congratulations; more of what commitments, issues and meetings remember.
    """

    dependencies = [
        ("alignment", "0007_agreements_links_and_what_was_read"),
        ("deals", "0008_reps_contacts_imports_and_what_was_committed"),
        ("meetings", "0009_preparation_not_late_because_a_meeting_came_early"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, write_initiative_keys),
        ChangeTables(
            [
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
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="meetings.meeting",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="alignment.team",
                            ),
                        ),
                        (
                            "starts_on",
                            models.DateField(
                                help_text="The period’s first day; its days stay as they were called."
                            ),
                        ),
                        ("ends_on", models.DateField()),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                help_text="1 for the first of this meeting and period."
                            ),
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
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                help_text="The leader, or a delegate.",
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("meeting", "starts_on", "number"),
                        "indexes": [models.Index(fields=["team", "ends_on"], name="call_team_period")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "starts_on", "number"),
                                name="calls_of_a_period_are_numbered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("best_case__gte", models.F("commit"))),
                                name="best_case_is_at_least_the_commit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                                name="a_called_period_has_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ("leader", "delegate"))),
                                name="a_leader_s_side_calls",
                            ),
                        ],
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
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deals",
                                to="meetings.call",
                            ),
                        ),
                        (
                            "deal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                        ("close_date", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ("call", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("call", "deal"), name="a_deal_is_once_in_a_call")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Congratulation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="congratulation",
                                to="deals.deal",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("to_name", models.CharField(max_length=120)),
                        ("to_address", models.EmailField(max_length=254)),
                        ("text", models.TextField(max_length=1000)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="deals.contact",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contact_notes",
                                to="alignment.team",
                            ),
                        ),
                        (
                            "stance",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("supporter", "Supporter"),
                                    ("neutral", "Neutral"),
                                    ("against", "Against"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("what_matters", models.CharField(blank=True, max_length=300)),
                        (
                            "politics",
                            models.CharField(
                                blank=True, help_text="Who they work with, and against.", max_length=300
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contact", "team"), name="one_note_a_contact_and_team"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stance__in", ("", "supporter", "neutral", "against"))),
                                name="contact_stance_is_known",
                            ),
                        ],
                    },
                ),
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
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="expectations",
                                to="meetings.meeting",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="expectations",
                                to="alignment.team",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        (
                            "ceo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "leader",
                            models.ForeignKey(
                                help_text="With whom it is compared.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                        (
                            "is_typed",
                            models.BooleanField(
                                default=False, help_text="Typed, not what the struck deals leave."
                            ),
                        ),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("meeting", "starts_on"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "starts_on"), name="one_expectation_a_meeting_and_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                                name="an_expected_period_has_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0), ("is_typed", False), _connector="OR"),
                                name="a_typed_expectation_is_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Measure",
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
                            "initiative",
                            models.OneToOneField(
                                blank=True,
                                help_text="None: a leading one.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="measured_by",
                                to="meetings.initiative",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("unit", models.CharField(blank=True, max_length=20)),
                        (
                            "direction",
                            models.CharField(
                                choices=[("up", "At least"), ("down", "At most")], default="up", max_length=8
                            ),
                        ),
                        (
                            "baseline",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                        ),
                        (
                            "target",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("new_deals", "New deals"),
                                    ("stage", "Deals that entered a stage"),
                                    ("typed", "Typed in each week"),
                                ],
                                default="typed",
                                max_length=12,
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(blank=True, help_text="As the CRM names it.", max_length=80),
                        ),
                        (
                            "rep",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who is asked for the value each week by a personal link.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="deals.rep",
                            ),
                        ),
                        (
                            "asked_for",
                            models.DateField(
                                blank=True,
                                editable=False,
                                help_text="The Monday of the last week they were asked for.",
                                null=True,
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                editable=False, help_text="1 to 5; none once ended.", null=True
                            ),
                        ),
                        (
                            "issue",
                            models.ForeignKey(
                                editable=False,
                                help_text="The last issue raised because it was off.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="meetings.issue",
                            ),
                        ),
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
                        ("search_key", SearchKeyField("name", default="", editable=False)),
                    ],
                    options={
                        "ordering": ("position", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "position"), name="one_measure_a_place"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", False), ("position", None)),
                                    models.Q(
                                        ("ended_at", None), ("initiative", None), ("position__range", (1, 5))
                                    ),
                                    models.Q(
                                        ("ended_at", None), ("initiative__isnull", False), ("position", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="at_most_five_leading_measures",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("initiative__isnull", False),
                                    models.Q(
                                        models.Q(("name", ""), _negated=True), ("target__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="leading_measure_has_name_and_target",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("initiative", None), ("source", "typed"), _connector="OR"
                                ),
                                name="initiative_measure_is_typed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("direction__in", ("up", "down"))),
                                name="direction_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source__in", ("new_deals", "typed")), ("stage", "")),
                                    models.Q(("source", "stage"), models.Q(("stage", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="measure_source_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rep", None), ("source", "typed"), _connector="OR"),
                                name="only_typed_ones_are_asked_for",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasurePoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="points",
                                to="meetings.measure",
                            ),
                        ),
                        (
                            "period",
                            models.DateField(
                                help_text="The Monday of the week; none of an initiative's measure.",
                                null=True,
                            ),
                        ),
                        (
                            "value",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="None: it is not known any more.",
                                max_digits=18,
                                null=True,
                            ),
                        ),
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
                            "rep",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who answered by a personal link.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="deals.rep",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("measure", "period"), name="one_value_a_period"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("period", None), ("value__isnull", False), _connector="OR"
                                ),
                                name="a_week_with_a_point_has_a_value",
                            ),
                        ],
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
                            "expectation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="struck",
                                to="meetings.expectation",
                            ),
                        ),
                        (
                            "deal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[("out", "Not at all"), ("later", "Later")], max_length=5
                            ),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("expectation", "deal"), name="a_deal_is_struck_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("verdict__in", ("out", "later"))), name="verdict_is_known"
                            ),
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="commitment",
                    name="accepted_at",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="When its owner accepted what somebody else gave them outside a meeting.",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="commitment",
                    name="amount",
                    field=models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="What it is meant to bring, about: of a measure against the gap between commit and goal.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="commitment",
                    name="brought",
                    field=models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="What it brought, once it is done.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="commitment",
                    name="capacity_need",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Of a commitment to tell somebody what a deal takes to deliver.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="commitments",
                        to="deals.capacityneed",
                    ),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="deferred_at",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="When it was left for the next meeting: no answer given before settles it.",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="reopened_at",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="When it was last reopened: no answer given before counts.",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="meeting",
                    name="recap_has_plans",
                    field=models.BooleanField(
                        default=False,
                        help_text="The CEO’s and the sales leader’s own recaps hold what only they may read.",
                    ),
                ),
                migrations.AddField(
                    model_name="meeting",
                    name="shortened_at",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="Since then only exceptions and issues are discussed.",
                        null=True,
                    ),
                ),
                migrations.AlterField(
                    model_name="initiative",
                    name="search_key",
                    field=SearchKeyField("title", "plan", default="", editable=False),
                ),
                migrations.AddConstraint(
                    model_name="commitment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("brought", None),
                            models.Q(("amount__isnull", False), ("done_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_a_done_measure_brought_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="commitment",
                    constraint=models.UniqueConstraint(
                        fields=("capacity_need",), name="one_commitment_to_tell_a_need"
                    ),
                ),
            ]
        ),
    ]
