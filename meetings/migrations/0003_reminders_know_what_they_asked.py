"""What was asked for is read from the outbox, where each notice names it; the mark on the meeting goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_order_in_time")]

    operations = [migrations.RemoveField(model_name="meeting", name="asked_at")]
