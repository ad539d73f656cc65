"""A change of a goal names its team and month, so that it is still known once the goal is taken away."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def name_team_and_month(apps, schema_editor):
    goals = apps.get_model("alignment", "Goal").objects.filter(pk=OuterRef("goal"))
    changes = apps.get_model("alignment", "GoalChange").objects
    changes.update(team=Subquery(goals.values("team")), month=Subquery(goals.values("month")))
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table with checks still waiting


def name_the_goal(apps, schema_editor):
    goals = apps.get_model("alignment", "Goal").objects.filter(team=OuterRef("team"), month=OuterRef("month"))
    changes = apps.get_model("alignment", "GoalChange").objects
    changes.update(goal=Subquery(goals.values("pk")))
    changes.filter(Q(goal=None) | Q(new=None)).delete()  # of goals that are gone
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("alignment", "0009_archives")]

    operations = [
        migrations.AddField(
            "goalchange",
            "team",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="goal_changes",
                to="alignment.team",
            ),
        ),
        migrations.AddField(
            "goalchange", "month", models.DateField(help_text="First day of the month.", null=True)
        ),
        migrations.AlterField(
            "goalchange",
            "goal",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="alignment.goal",
            ),
        ),
        migrations.AlterField(
            "goalchange", "new", models.DecimalField(decimal_places=2, max_digits=18, null=True)
        ),
        migrations.RunPython(name_team_and_month, name_the_goal),
        migrations.RemoveField("goalchange", "goal"),
        migrations.AlterField(
            "goalchange",
            "team",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="goal_changes", to="alignment.team"
            ),
        ),
        migrations.AlterField("goalchange", "month", models.DateField(help_text="First day of the month.")),
        migrations.AddConstraint(
            "goalchange",
            models.CheckConstraint(
                condition=Q(old__isnull=False) | Q(new__isnull=False), name="goal_change_has_a_value"
            ),
        ),
        migrations.AddIndex(
            "goalchange", models.Index(fields=["team", "month"], name="goal_changes_of_a_month")
        ),
    ]
