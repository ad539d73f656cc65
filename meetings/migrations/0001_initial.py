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
        ("meetings", "0001_the_first_model"),
        ("meetings", "0002_invitations_and_sequence"),
        ("meetings", "0003_what_reminders_ask_for"),
        ("meetings", "0004_find_meetings_by_state"),
        ("meetings", "0005_whose_miss_and_flags"),
        ("meetings", "0006_readers_of_a_reps_plan"),
        ("meetings", "0007_when_the_preparation_was_due"),
    ]

    dependencies = [
        ("alignment", "0001_initial"),
        ("deals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Initiative",
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
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("skills", "Skills"),
                            ("product", "New product"),
                            ("market", "New market"),
                            ("rep", "Rep development"),
                            ("referrals", "Referrals"),
                            ("marketing", "Marketing"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                (
                    "plan",
                    models.TextField(blank=True, help_text="What is done, why, by whom.", max_length=4000),
                ),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        help_text="What is counted, such as “deals above $20k a month”.",
                        max_length=200,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("baseline", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("target", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("current", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("due", models.DateField(blank=True, null=True)),
                (
                    "health",
                    models.CharField(
                        choices=[("on_track", "On track"), ("behind", "Behind"), ("stuck", "Blocked")],
                        default="on_track",
                        max_length=10,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "ceo_word",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Needs CEO approval"),
                            ("agreed", "Approved"),
                            ("not_yet", "Changes requested"),
                            ("changed", "Plan changed"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("ceo_why", models.CharField(blank=True, max_length=500)),
                ("ceo_word_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=500)),
                (
                    "ceo_word_by",
                    models.ForeignKey(
                        blank=True,
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
                    "finished_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pair_ceo",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Of a rep's plan: the CEO with whom it was begun. Who follows in the seat does not read it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pair_leader",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Of a rep's plan: the leader with whom it was begun.",
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
                "ordering": ("created_at", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None)), fields=["team"], name="initiative_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ceo_word__in", ("", "agreed", "not_yet", "changed"))),
                        name="initiative_word_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ceo_word", "not_yet"), _negated=True),
                            models.Q(("ceo_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="not_yet_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InitiativePoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="meetings.initiative",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "sequence",
                    models.PositiveIntegerField(
                        default=0, help_text="How often the whole entry was sent again."
                    ),
                ),
                ("kind", models.CharField(default="weekly", max_length=12)),
                ("weekday", models.PositiveSmallIntegerField()),
                ("nth", models.SmallIntegerField(default=1)),
                ("local_time", models.TimeField()),
                ("timezone", models.CharField(max_length=64)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, help_text="Taken out of the calendar, or followed by another.", null=True
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="alignment.seat",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("seat",),
                        name="one_live_invitation_a_seat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["weekly", "fortnightly", "monthly"])),
                        name="invitation_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Issue",
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
                    "section",
                    models.CharField(
                        choices=[
                            ("revenue", "Revenue vs goal"),
                            ("deals", "Big deals"),
                            ("risks", "Risks"),
                            ("initiatives", "Initiatives"),
                            ("issues", "Issues"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("issue", "Issue"), ("question", "Question")], default="issue", max_length=8
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("ceo", "CEO"), ("leader", "Sales leader"), ("facilitator", "Facilitator")],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("detail", models.TextField(blank=True, max_length=4000)),
                ("position", models.IntegerField(default=0, help_text="Lower is discussed earlier.")),
                ("changed_at", models.DateTimeField()),
                ("discussed_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("resolution", models.TextField(blank=True, max_length=2000)),
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
                        related_name="%(class)ss",
                        to="deals.deal",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="meetings.initiative",
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="deals.risk",
                    ),
                ),
                (
                    "solved_by",
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
                "ordering": ("position", "created_at", "pk"),
                "indexes": [
                    models.Index(condition=models.Q(("solved_at", None)), fields=["team"], name="issue_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("solved_at", None), models.Q(("resolution", ""), _negated=True), _connector="OR"
                        ),
                        name="a_solved_issue_says_how",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("planned_start", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("in_progress", "In progress"),
                            ("held", "Held"),
                            ("missed", "Missed"),
                            ("excused", "Excused"),
                        ],
                        default="scheduled",
                        max_length=12,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="preparation last asked for"),
                ),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                (
                    "due_at_hand_in",
                    models.DateTimeField(
                        blank=True,
                        help_text="As it stood when it was submitted: a fact that stays.",
                        null=True,
                        verbose_name="preparation was due",
                    ),
                ),
                (
                    "missing_at_hand_in",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How much of the checklist was still open when it was submitted."
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "missed_by",
                    models.CharField(
                        blank=True,
                        help_text="Whose miss it was (meetings.rules.misses.Fault).",
                        max_length=20,
                    ),
                ),
                ("excused_at", models.DateTimeField(blank=True, null=True)),
                ("excused_why", models.CharField(blank=True, max_length=300)),
                (
                    "section",
                    models.CharField(
                        blank=True,
                        help_text="Where the meeting stands while it is in progress.",
                        max_length=12,
                    ),
                ),
                (
                    "running_since",
                    models.DateTimeField(blank=True, help_text="None while paused or suspended.", null=True),
                ),
                ("suspended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seconds",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Seconds spent in each section up to running_since.",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=0, help_text="Grows whenever the present page shows something new."
                    ),
                ),
                (
                    "sequence",
                    models.PositiveIntegerField(
                        default=0, help_text="Calendars: how often its time was changed."
                    ),
                ),
                (
                    "gap",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Quarter-to-date gap when it was closed.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nobody: it was left open and closed itself.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "excused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recap_to",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Others who get the recap.",
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="alignment.team",
                    ),
                ),
            ],
            options={
                "ordering": ("-planned_start", "pk"),
                "indexes": [
                    models.Index(fields=["state", "starts_at"], name="meeting_state_start"),
                    models.Index(
                        condition=models.Q(("state", "scheduled")),
                        fields=["handed_in_at"],
                        name="meeting_handed_in",
                    ),
                    models.Index(
                        condition=models.Q(("state", "missed")), fields=["missed_at"], name="meeting_missed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("team", "planned_start"), name="one_meeting_a_slot"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_progress")),
                        fields=("team",),
                        name="one_meeting_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("scheduled", "in_progress", "held", "missed", "excused"))
                        ),
                        name="meeting_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("in_progress", "held")), _negated=True),
                            ("started_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_held_meeting_was_started",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_held_meeting_was_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "excused"), _negated=True),
                            models.Q(
                                ("excused_at__isnull", False), models.Q(("excused_why", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="an_excuse_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("missed_by", ""),
                            models.Q(
                                ("missed_at__isnull", False),
                                (
                                    "missed_by__in",
                                    [
                                        "leader_unprepared",
                                        "leader_absent",
                                        "ceo_absent",
                                        "both",
                                        "cancelled_by_ceo",
                                        "cancelled_by_leader",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_miss_is_somebodys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
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
                        choices=[("missed", "Meetings missed in a row")], default="missed", max_length=12
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        help_text="How many were missed in a row: 1, 2, 3 or more."
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("word", models.CharField(blank=True, max_length=300)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="flags", to="alignment.team"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("raised_at", "step", "pk"),
                "indexes": [
                    models.Index(condition=models.Q(("cleared_at", None)), fields=["team"], name="flag_open")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "kind", "step"), name="a_step_is_raised_once"),
                    models.CheckConstraint(condition=models.Q(("kind", "missed")), name="flag_kind_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(("step__range", (1, 3))), name="flag_step_is_on_the_ladder"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at", None), ("word", "")),
                            models.Q(
                                ("acknowledged_at__isnull", False), models.Q(("word", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_flag_is_acknowledged_with_a_word",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                    "section",
                    models.CharField(
                        choices=[
                            ("revenue", "Revenue vs goal"),
                            ("deals", "Big deals"),
                            ("risks", "Risks"),
                            ("initiatives", "Initiatives"),
                            ("issues", "Issues"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
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
                        related_name="%(class)ss",
                        to="deals.deal",
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="deals.risk",
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
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="meetings.initiative",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="meetings.issue",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "old_state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("in_progress", "In progress"),
                            ("held", "Held"),
                            ("missed", "Missed"),
                            ("excused", "Excused"),
                        ],
                        max_length=12,
                    ),
                ),
                ("old_fault", models.CharField(blank=True, max_length=20)),
                (
                    "new_state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("in_progress", "In progress"),
                            ("held", "Held"),
                            ("missed", "Missed"),
                            ("excused", "Excused"),
                        ],
                        max_length=12,
                    ),
                ),
                ("new_fault", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True), name="a_correction_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
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
                    "section",
                    models.CharField(
                        choices=[
                            ("revenue", "Revenue vs goal"),
                            ("deals", "Big deals"),
                            ("risks", "Risks"),
                            ("initiatives", "Initiatives"),
                            ("issues", "Issues"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("due", models.DateField()),
                ("changed_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_why", models.CharField(blank=True, max_length=300)),
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
                        related_name="%(class)ss",
                        to="deals.deal",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dropped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="deals.risk",
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
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="meetings.initiative",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="commitments",
                        to="meetings.issue",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        help_text="The one it was made for or in.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="commitments",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("due", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("dropped_at", None)),
                        fields=["team"],
                        name="commitment_open",
                    ),
                    models.Index(fields=["team", "due"], name="commitment_team_due"),
                    models.Index(
                        condition=models.Q(("done_at", None), ("dropped_at", None)),
                        fields=["due", "owner"],
                        name="commitment_open_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("dropped_at", None), _connector="OR"),
                        name="commitment_is_done_or_dropped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropped_at", None),
                            models.Q(("dropped_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_dropped_commitment_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
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
                ("present", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "user"), name="one_attendance_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="MissAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "user"), name="one_answer_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="an_answer_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old", models.DateTimeField()),
                ("new", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="PrivateNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", models.TextField(blank=True, max_length=10000)),
                ("changed_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="private_notes",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "author"), name="one_private_note_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
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
                ("score", models.PositiveSmallIntegerField()),
                ("why", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "user"), name="one_rating_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(("score__range", (1, 10))), name="rating_is_1_to_10"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("agenda", models.JSONField()),
                (
                    "text",
                    models.TextField(help_text="Every word in it that each reader may see, for the search."),
                ),
                (
                    "pair_texts",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="By each of the two who reads more (a rep's plan): every word they may see.",
                    ),
                ),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("meeting", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="records_are_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reopenings",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("revenue", "Revenue vs goal"),
                            ("deals", "Big deals"),
                            ("risks", "Risks"),
                            ("initiatives", "Initiatives"),
                            ("issues", "Issues"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("ceo", "CEO"), ("leader", "Sales leader"), ("facilitator", "Facilitator")],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=4000)),
                ("changed_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
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
                        related_name="%(class)ss",
                        to="deals.deal",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="meetings.initiative",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="updates",
                        to="meetings.issue",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="updates",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="%(class)ss",
                        to="deals.risk",
                    ),
                ),
            ],
            options={
                "ordering": ("changed_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("deal", None), ("initiative", None), ("issue", None), ("risk", None)
                        ),
                        fields=("meeting", "side", "section"),
                        name="one_update_a_side_and_section",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deal", None), _negated=True),
                        fields=("meeting", "side", "deal"),
                        name="one_update_a_side_and_deal",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("risk", None), _negated=True),
                        fields=("meeting", "side", "risk"),
                        name="one_update_a_side_and_risk",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("initiative", None), _negated=True),
                        fields=("meeting", "side", "initiative"),
                        name="one_update_a_side_and_initiative",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("issue", None), _negated=True),
                        fields=("meeting", "side", "issue"),
                        name="one_update_a_side_and_issue",
                    ),
                ],
            },
        ),
    ]
