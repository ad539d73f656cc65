"""Columns are called what they hold: when a preparation was submitted, the CEO's approval, the comment on a flag."""

import django.db.models.deletion
from django.db import migrations, models

APPROVALS = ("", "agreed", "not_yet", "changed")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_submitted_preparations_say_when_they_were_due")]

    operations = [
        # Constraints and indexes name the columns, so those that do go first and come back.
        migrations.RemoveIndex("meeting", "meeting_handed_in"),
        migrations.RemoveConstraint("initiative", "initiative_word_is_known"),
        migrations.RemoveConstraint("initiative", "not_yet_says_why"),
        migrations.RemoveConstraint("flag", "a_flag_is_acknowledged_with_a_word"),
        migrations.RenameField("meeting", "handed_in_at", "submitted_at"),
        migrations.RenameField("meeting", "handed_in_by", "submitted_by"),
        migrations.RenameField("meeting", "due_at_hand_in", "due_when_submitted"),
        migrations.RenameField("meeting", "missing_at_hand_in", "missing_when_submitted"),
        migrations.RenameField("initiative", "ceo_word", "approval"),
        migrations.RenameField("initiative", "ceo_why", "approval_why"),
        migrations.RenameField("initiative", "ceo_word_at", "approval_at"),
        migrations.RenameField("initiative", "ceo_word_by", "approval_by"),
        migrations.RenameField("flag", "word", "comment"),
        migrations.AddIndex(
            "meeting",
            models.Index(
                condition=models.Q(("state", "scheduled")), fields=["submitted_at"], name="meeting_submitted"
            ),
        ),
        migrations.AddConstraint(
            "initiative",
            models.CheckConstraint(
                condition=models.Q(("approval__in", APPROVALS)), name="initiative_approval_is_known"
            ),
        ),
        migrations.AddConstraint(
            "initiative",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval", "not_yet"), _negated=True),
                    models.Q(("approval_why", ""), _negated=True),
                    _connector="OR",
                ),
                name="not_yet_says_why",
            ),
        ),
        migrations.AddConstraint(
            "flag",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at", None), ("comment", "")),
                    models.Q(("acknowledged_at__isnull", False), models.Q(("comment", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_flag_is_acknowledged_with_a_comment",
            ),
        ),
        # An entry in a calendar is no invitation to the company. Its table keeps its name.
        migrations.AlterModelTable("invitation", "meetings_invitation"),
        migrations.RenameModel("Invitation", "CalendarInvite"),
        migrations.AlterField(
            "calendarinvite",
            "seat",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calendar_invites",
                to="alignment.seat",
            ),
        ),
    ]
