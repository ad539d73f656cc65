import uuid

from django.db import migrations
from django.db.models import Q

NOTHING = "None needed"
UNSAID = "What is needed was not entered"


def make_needs(apps, schema_editor):
    """A deal had one need in three columns. Where only the day or who must know was entered, the need says that what is
    needed was not; “None needed” stands alone, and a day or a name beside it is stated, because it is left out.
    """
    deal_model, need_model = apps.get_model("deals", "Deal"), apps.get_model("deals", "CapacityNeed")
    said = ~Q(capacity_what="") | Q(capacity_by__isnull=False) | ~Q(capacity_who="")
    needs, left_out = [], []
    for deal in deal_model.objects.filter(said).order_by("pk").iterator():
        is_nothing = deal.capacity_what == NOTHING
        if is_nothing and (deal.capacity_by or deal.capacity_who):
            left_out.append(f"{deal.pk} ({deal.capacity_by or 'no day'}, {deal.capacity_who or 'nobody'})")
        needs.append(
            need_model(
                deal=deal,
                team_id=deal.team_id,
                token=uuid.uuid4(),
                created_at=deal.changed_at,
                what=deal.capacity_what or UNSAID,
                needed_by=None if is_nothing else deal.capacity_by,
                who="" if is_nothing else deal.capacity_who,
            )
        )
    need_model.objects.bulk_create(needs, batch_size=500)
    if left_out:
        print(f"  Nothing is needed, so the day and who must know are left out: deals {', '.join(left_out)}")


def write_texts(apps, schema_editor):
    """Back: the first need of each deal, as far as three columns hold it."""
    deal_model, need_model = apps.get_model("deals", "Deal"), apps.get_model("deals", "CapacityNeed")
    left_out, seen = [], set()
    for need in need_model.objects.order_by("deal", "pk").iterator():
        if need.deal_id in seen:
            left_out.append(str(need.pk))
            continue
        seen.add(need.deal_id)
        what = "" if need.what == UNSAID else need.what
        deal_model.objects.filter(pk=need.deal_id).update(
            capacity_what=what, capacity_by=need.needed_by, capacity_who=need.who
        )
    if left_out:
        print(f"  Deals have room for one need each; left out: needs {', '.join(left_out)}")
    need_model.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("deals", "0046_what_a_deal_takes_to_deliver")]

    operations = [migrations.RunPython(make_needs, write_texts)]
