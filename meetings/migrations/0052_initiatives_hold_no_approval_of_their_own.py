from django.db import migrations


class Migration(migrations.Migration):
    """It is read from the CEO's last decision, the plan and the seat."""

    dependencies = [("meetings", "0051_approvals_are_agreements")]

    operations = [
        migrations.RemoveConstraint(model_name="initiative", name="initiative_approval_is_known"),
        migrations.RemoveConstraint(model_name="initiative", name="not_yet_says_why"),
        migrations.RemoveField(model_name="initiative", name="approval"),
        migrations.RemoveField(model_name="initiative", name="approval_why"),
        migrations.RemoveField(model_name="initiative", name="approval_at"),
        migrations.RemoveField(model_name="initiative", name="approval_by"),
    ]
