import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from alignment.db.table_changes import ChangeTables


class Migration(migrations.Migration):
    """What both agreed, personal links of people without an account, what a person has read, what counts as revenue and
    the period of the forecast call.
    """

    dependencies = [("alignment", "0006_when_a_preparation_is_due")]

    operations = [
        ChangeTables(
            [
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ("subject", models.CharField(max_length=40)),
                        ("key", models.CharField(max_length=40)),
                        ("number", models.PositiveIntegerField()),
                        (
                            "content",
                            models.JSONField(help_text="As it was proposed; the subject says what is in it."),
                        ),
                        (
                            "facts",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="What it rests on, as it was when it was proposed.",
                            ),
                        ),
                        (
                            "ends_on",
                            models.DateField(
                                blank=True, help_text="The last day on which it is asked about.", null=True
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("agreed", "Agreed"),
                                    ("replaced", "Replaced"),
                                    ("declined", "Declined"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="proposed",
                                max_length=10,
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
                        ("proposed_at", models.DateTimeField()),
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
                        ("ceo_at", models.DateTimeField(blank=True, null=True)),
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
                        ("leader_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "why",
                            models.CharField(
                                blank=True,
                                help_text="Why it was declined: for the CEO and the sales leader alone.",
                                max_length=500,
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who declined or withdrew it.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                                condition=models.Q(
                                    ("state__in", ("proposed", "agreed", "replaced", "declined", "withdrawn"))
                                ),
                                name="agreement_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "declined"), _negated=True),
                                    models.Q(("why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_declined_agreement_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False), ("state__in", ("declined", "withdrawn"))
                                    ),
                                    models.Q(
                                        models.Q(("state__in", ("declined", "withdrawn")), _negated=True),
                                        ("closed_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_closed_agreement_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
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
                                related_name="+",
                                to="alignment.company",
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("thing", models.PositiveBigIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="Person")),
                        ("email", models.EmailField(max_length=254)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        (
                            "seed",
                            models.UUIDField(
                                default=uuid.uuid4,
                                help_text="What its token is made from, with the site's key; renewed, it has another.",
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("until", models.DateTimeField()),
                        (
                            "opened_at",
                            models.DateTimeField(
                                blank=True, help_text="When the person first opened it.", null=True
                            ),
                        ),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-asked_at", "-pk"),
                        "indexes": [models.Index(fields=["asked_by", "asked_at"], name="link_of_sender")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("kind", "thing", "email"),
                                name="one_open_link_a_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("asked_at"))),
                                name="a_link_ends_after_it_was_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_marks",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_marks",
                                to="alignment.team",
                            ),
                        ),
                        ("up_to", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "team"), name="one_read_mark_a_person_and_team"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemRead",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mark",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="alignment.readmark",
                            ),
                        ),
                        (
                            "about",
                            models.CharField(
                                help_text="The item's anchor on the page: “issue-7”.", max_length=40
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name_plural": "items read",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("mark", "about"), name="an_item_is_read_once_a_mark"
                            )
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="company",
                    name="call_period",
                    field=models.CharField(
                        choices=[("quarter", "Quarter"), ("month", "Month")],
                        default="quarter",
                        help_text="Of its teams, unless they say otherwise.",
                        max_length=10,
                        verbose_name="Period of the forecast call",
                    ),
                ),
                migrations.AddField(
                    model_name="company",
                    name="revenue_kind",
                    field=models.CharField(
                        choices=[
                            ("won", "Won (bookings)"),
                            ("invoiced", "Invoiced"),
                            ("recurring", "Recurring (new + expansion − lost, per year)"),
                        ],
                        default="won",
                        help_text="Of its teams, unless they say otherwise: alignment.models.policy.",
                        max_length=10,
                        verbose_name="What counts as revenue",
                    ),
                ),
                migrations.AddField(
                    model_name="team",
                    name="call_period",
                    field=models.CharField(
                        choices=[("quarter", "Quarter"), ("month", "Month")],
                        default="quarter",
                        help_text="For which period the sales leader states commit and best case.",
                        max_length=10,
                    ),
                ),
                migrations.AddField(
                    model_name="team",
                    name="own_policies",
                    field=models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Settings it says itself instead of following the company: alignment.models.policy.",
                    ),
                ),
                migrations.AddField(
                    model_name="team",
                    name="revenue_kind",
                    field=models.CharField(
                        choices=[
                            ("won", "Won (bookings)"),
                            ("invoiced", "Invoiced"),
                            ("recurring", "Recurring (new + expansion − lost, per year)"),
                        ],
                        default="won",
                        help_text="What its goal is made of: only revenue of this kind counts.",
                        max_length=10,
                    ),
                ),
                migrations.AddField(
                    model_name="user",
                    name="worth_asking",
                    field=models.BooleanField(
                        default=True,
                        help_text="Whether questions worth asking are proposed to them as a CEO.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="company",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("revenue_kind__in", ["won", "invoiced", "recurring"])),
                        name="company_revenue_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="company",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("call_period__in", ["quarter", "month"])),
                        name="company_call_period_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="team",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("revenue_kind__in", ["won", "invoiced", "recurring"])),
                        name="team_revenue_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="team",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("call_period__in", ["quarter", "month"])),
                        name="team_call_period_is_known",
                    ),
                ),
                migrations.AddField(
                    model_name="notice",
                    name="link",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Sent in the name of `to` to the person of this link, who has no account.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="alignment.link",
                    ),
                ),
            ]
        ),
    ]
