"""A rep's plan is read by the two who began it: name them, also in what the search reads."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_them(apps, schema_editor):
    every_seat = apps.get_model("alignment", "Seat").objects
    for plan in apps.get_model("meetings", "Initiative").objects.filter(kind="rep"):
        day = plan.created_at.date()
        for role in ("ceo", "leader"):
            seats = every_seat.filter(team=plan.team_id, role=role, since__lte=day).order_by("-since", "-pk")
            held = next((seat for seat in seats if seat.until is None or seat.until >= day), None)
            setattr(plan, f"pair_{role}_id", held.user_id if held else None)
        plan.save(update_fields=("pair_ceo", "pair_leader"))
    for record in apps.get_model("meetings", "Record").objects.exclude(pair_text="").iterator():
        two = [record.agenda.get(role) for role in ("ceo", "leader")]
        record.pair_texts = {f"user-{person['id']}": record.pair_text for person in two if person}
        record.save(update_fields=("pair_texts",))


def name_nobody(apps, schema_editor):
    for record in apps.get_model("meetings", "Record").objects.exclude(pair_texts={}).iterator():
        record.pair_text = max(record.pair_texts.values(), key=len)
        record.save(update_fields=("pair_text",))


def person(text):
    return models.ForeignKey(
        blank=True,
        editable=False,
        help_text=text,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0008_planned_seats"),
        ("meetings", "0005_whose_miss_and_flags"),
    ]

    operations = [
        migrations.AddField(
            "initiative",
            "pair_ceo",
            person(
                "Of a rep's plan: the CEO with whom it was begun. Who follows in the seat does not read it."
            ),
        ),
        migrations.AddField(
            "initiative", "pair_leader", person("Of a rep's plan: the leader with whom it was begun.")
        ),
        migrations.AddField(
            "record",
            "pair_texts",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="By each of the two who reads more (a rep's plan): every word they may see.",
            ),
        ),
        migrations.RunPython(name_them, name_nobody),
        migrations.RemoveField("record", "pair_text"),
    ]
