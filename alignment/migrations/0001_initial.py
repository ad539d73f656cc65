"""Every table as it was when the first history was squashed.

A database made before goes on: it holds the rows named in `replaces`, and so this counts as applied.
"""

import datetime
import uuid
from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import alignment.models.company
import alignment.models.preferences
import alignment.models.teams


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("alignment", "0001_the_first_model"),
        ("alignment", "0002_calendar_of_a_person"),
        ("alignment", "0003_notices_and_preferences"),
        ("alignment", "0004_audit"),
        ("alignment", "0005_rhythm_policy_absence"),
        ("alignment", "0006_invites"),
        ("alignment", "0007_second_factor"),
        ("alignment", "0008_planned_seats"),
        ("alignment", "0009_archives"),
        ("alignment", "0010_goal_changes_outlive_goals"),
        ("alignment", "0011_company_version"),
        ("alignment", "0012_audit_newest_first"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "timezone",
                    models.CharField(
                        blank=True,
                        help_text="Blank: times are shown in UTC.",
                        max_length=64,
                        validators=[alignment.models.company.known_zone],
                    ),
                ),
                (
                    "locale",
                    models.CharField(
                        default="en-US",
                        help_text="How amounts are written, such as en-GB or de-DE.",
                        max_length=12,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False, help_text="May open the emergency admin.")),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "calendar_token",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Opens the private calendar feed to whoever knows it; none until the person asks for it.",
                        max_length=43,
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "calendar_mail",
                    models.BooleanField(
                        default=True,
                        help_text="Whether invitations come by mail; the feed is there either way.",
                    ),
                ),
                (
                    "invited_as",
                    models.EmailField(
                        blank=True,
                        default="",
                        help_text="The address an invitation went to, until it is accepted. `email` is a stand-in until then: nobody learns from an invitation whether the address has an account elsewhere.",
                        max_length=254,
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="email_is_unique_in_any_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("invited_as", ""), ("is_active", False), _connector="OR"),
                        name="who_is_only_invited_does_not_sign_in",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.DateField(verbose_name="first day")),
                ("last", models.DateField(verbose_name="last day")),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("first", "pk"),
                "indexes": [models.Index(fields=["last", "first"], name="absence_days")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))),
                        name="absence_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "first", "last"), name="an_absence_is_entered_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_change",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                        name="a_new_address_waits_after_it_was_asked",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "currency",
                    models.CharField(default="USD", help_text="ISO 4217 code of every amount.", max_length=3),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="UTC", max_length=64, validators=[alignment.models.company.known_zone]
                    ),
                ),
                (
                    "fiscal_year_start",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="Month in which the fiscal year starts, 1 to 12."
                    ),
                ),
                (
                    "second_factor_required",
                    models.BooleanField(
                        default=False,
                        help_text="Whether its people sign in with a second factor, or set one up first.",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "companies",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fiscal_year_start__range", (1, 12))),
                        name="company_fiscal_month_is_a_month",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Archive",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("progress", models.PositiveSmallIntegerField(default=0, help_text="Per cent of its rows.")),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "error",
                    models.CharField(
                        blank=True, help_text="Why it was given up, for people.", max_length=300
                    ),
                ),
                (
                    "file_name",
                    models.CharField(
                        blank=True, help_text="As it is called when downloaded.", max_length=120
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "gone_at",
                    models.DateTimeField(blank=True, help_text="When its file was deleted.", null=True),
                ),
                (
                    "asked_by",
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
                        related_name="archives",
                        to="alignment.company",
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None), ("failed_at", None)),
                        fields=("company",),
                        name="one_archive_in_the_making",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)), name="archive_progress_is_per_cent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("failed_at", None), _connector="OR"),
                        name="archive_is_made_or_given_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("expires_at__isnull", False), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_made_archive_expires",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("what", models.CharField(help_text="A key of alignment.audit.WHAT.", max_length=40)),
                (
                    "about",
                    models.CharField(blank=True, help_text="The thing by its name then.", max_length=200),
                ),
                ("old", models.CharField(blank=True, max_length=500)),
                ("new", models.CharField(blank=True, max_length=500)),
                ("why", models.CharField(blank=True, max_length=300)),
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
                    "company",
                    models.ForeignKey(
                        help_text="None: a person's own, such as a sign-in.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alignment.company",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_newest"),
                    models.Index(fields=["company", "-at"], name="audit_of_company"),
                    models.Index(
                        condition=models.Q(("company", None)), fields=["by", "-at"], name="audit_of_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(max_length=80)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="alignment.company",
                    ),
                ),
            ],
            options={
                "ordering": ("day",),
                "constraints": [models.UniqueConstraint(fields=("company", "day"), name="one_holiday_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Invite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="Grows when it is sent again: older links stop working."
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invites",
                        to="alignment.company",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-invited_at", "-pk"),
                "indexes": [models.Index(fields=["company", "invited_at"], name="invite_of_company")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("company", "email"),
                        name="one_open_invite_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                        name="an_invite_is_accepted_or_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("invited_at"))),
                        name="an_invite_expires_after_it_was_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_admin", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="alignment.company",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "user"), name="one_membership_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), ("is_admin", False), _connector="OR"),
                        name="who_was_deactivated_is_no_admin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=40)),
                (
                    "via",
                    models.CharField(
                        choices=[("mail", "Mail"), ("chat", "Chat")], default="mail", max_length=4
                    ),
                ),
                (
                    "payload",
                    models.JSONField(
                        default=dict, help_text="What the message of this kind is written from."
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "claim_id",
                    models.UUIDField(blank=True, help_text="Which run of which process holds it.", null=True),
                ),
                (
                    "claimed_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Nobody takes it before: held, put off, or its reader's quiet hours.",
                        null=True,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "goes_as",
                    models.CharField(
                        blank=True,
                        help_text="Message-ID of the mail in which several go together.",
                        max_length=120,
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, help_text="Its reason was gone: closed unsent.", null=True
                    ),
                ),
                (
                    "failed_at",
                    models.DateTimeField(blank=True, help_text="Given up after the last attempt.", null=True),
                ),
                (
                    "refused",
                    models.BooleanField(
                        default=False,
                        help_text="The mail server said for good that this address will not do.",
                    ),
                ),
                (
                    "error",
                    models.CharField(
                        blank=True,
                        help_text="Why it was put off, closed or given up, for people.",
                        max_length=500,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose admins see it.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alignment.company",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None), ("failed_at", None), ("sent_at", None)),
                        fields=["due_at"],
                        name="notice_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None), ("failed_at", None), ("sent_at", None)),
                        fields=["to"],
                        name="notice_waiting_person",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "overdue")),
                        fields=["to", "due_at"],
                        name="notice_overdue",
                    ),
                    models.Index(condition=models.Q(("refused", True)), fields=["to"], name="notice_refused"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("via__in", ["mail", "chat"])), name="notice_way_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "no_mail",
                    models.JSONField(blank=True, default=list, help_text="Groups that do not come by mail."),
                ),
                (
                    "no_chat",
                    models.JSONField(
                        blank=True, default=list, help_text="Groups that do not go to the chat."
                    ),
                ),
                (
                    "chat_url",
                    models.CharField(
                        blank=True,
                        help_text="Incoming webhook: whoever knows it can write there.",
                        max_length=500,
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                ("quiet_until", models.TimeField(blank=True, null=True)),
                (
                    "days",
                    models.JSONField(
                        default=alignment.models.preferences.every_day,
                        help_text="Weekdays on which messages come, Monday 0.",
                    ),
                ),
                (
                    "one_by_one",
                    models.BooleanField(default=False, help_text="Several at once do not become one mail."),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from", None), ("quiet_until", None)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="quiet_hours_have_both_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "timezone",
                    models.CharField(
                        help_text="The zone the meeting is planned in.",
                        max_length=64,
                        validators=[alignment.models.company.known_zone],
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("weekly", "Every week"),
                            ("fortnightly", "Every two weeks"),
                            ("monthly", "Once a month"),
                        ],
                        default="weekly",
                        max_length=12,
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                    ),
                ),
                (
                    "nth",
                    models.SmallIntegerField(
                        choices=[(1, "First"), (2, "Second"), (3, "Third"), (4, "Fourth"), (-1, "Last")],
                        default=1,
                        help_text="Which such weekday of the month; for “once a month” alone.",
                    ),
                ),
                ("local_time", models.TimeField(default=datetime.time(9, 0))),
                (
                    "starts_on",
                    models.DateField(
                        help_text="The cadence holds from this day on; two-week steps are counted from its first weekday."
                    ),
                ),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("minutes_revenue", models.PositiveSmallIntegerField(default=7)),
                ("minutes_deals", models.PositiveSmallIntegerField(default=5)),
                ("minutes_risks", models.PositiveSmallIntegerField(default=6)),
                ("minutes_initiatives", models.PositiveSmallIntegerField(default=5)),
                ("minutes_issues", models.PositiveSmallIntegerField(default=7)),
                (
                    "mid_deal_from",
                    models.DecimalField(decimal_places=2, default=Decimal("20000"), max_digits=18),
                ),
                (
                    "big_deal_from",
                    models.DecimalField(decimal_places=2, default=Decimal("80000"), max_digits=18),
                ),
                (
                    "preparation_hours",
                    models.PositiveSmallIntegerField(
                        default=24, help_text="Preparation is due this long before the start."
                    ),
                ),
                ("missed_after_hours", models.PositiveSmallIntegerField(default=24)),
                (
                    "closes_after_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="A meeting left open closes itself this long after its planned end.",
                    ),
                ),
                (
                    "reminder_hours",
                    models.JSONField(
                        default=alignment.models.teams.reminder_hours,
                        help_text="Hours before the preparation is due, the longest first.",
                    ),
                ),
                (
                    "admins_told_after",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="So many meetings missed in a row, and the company's admins are told.",
                    ),
                ),
                (
                    "red_after",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="So many missed in a row, and the team is red on every screen until one is held.",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Grows with every change of the team's items, so that open pages notice.",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="alignment.company",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "name"), name="team_name_is_unique_in_company"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (0, 6))), name="team_weekday_is_a_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rhythm__in", ["weekly", "fortnightly", "monthly"])),
                        name="team_rhythm_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nth__in", [1, 2, 3, 4, -1])), name="team_nth_is_of_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("admins_told_after__gte", 1), ("red_after__gte", models.F("admins_told_after"))
                        ),
                        name="team_escalation_ascends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("big_deal_from__gte", models.F("mid_deal_from"))),
                        name="team_bands_ascend",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mid_deal_from__gte", 0)), name="team_bands_are_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes_revenue__gte", 1),
                            ("minutes_deals__gte", 1),
                            ("minutes_risks__gte", 1),
                            ("minutes_initiatives__gte", 1),
                            ("minutes_issues__gte", 1),
                        ),
                        name="team_sections_have_minutes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
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
                        help_text="For a delegate: whose work they do.",
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="alignment.team"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("team", "user"),
                        name="one_current_seat_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("role__in", ("ceo", "leader")), ("until", None)),
                        fields=("team", "role"),
                        name="one_current_ceo_and_leader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="seat_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["ceo", "leader", "delegate", "facilitator", "observer"])
                        ),
                        name="seat_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acts_for__in", ("ceo", "leader")), ("role", "delegate")),
                            models.Q(models.Q(("role", "delegate"), _negated=True), ("acts_for", "")),
                            _connector="OR",
                        ),
                        name="only_a_delegate_acts_for_somebody",
                    ),
                ],
            },
        ),
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
        migrations.CreateModel(
            name="GoalChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="First day of the month.")),
                ("old", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("new", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=300)),
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
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goal_changes",
                        to="alignment.team",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "indexes": [models.Index(fields=["team", "month"], name="goal_changes_of_a_month")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("old__isnull", False), ("new__isnull", False), _connector="OR"),
                        name="goal_change_has_a_value",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="First day of the month.")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="goals", to="alignment.team"
                    ),
                ),
            ],
            options={
                "ordering": ("month",),
                "constraints": [
                    models.UniqueConstraint(fields=("team", "month"), name="one_goal_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="goal_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="goal_month_is_its_first_day"
                    ),
                ],
            },
        ),
    ]
