"""Each deal gets the rep its owner's text names, its first sight becomes a change, what a CRM deleted is withdrawn, why
it was lost stands on it, and what it takes to deliver becomes a need.

One rep a spelling and team: two teams that name the same person get two, which a person can join. An owner's text
on a deal of a team is never ambiguous, so nothing is left unplaced but deals without one.
"""

import uuid
from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from alignment.db.search_keys import write_keys
from alignment.rules.folding import search_key

AT_ONCE = 2000
DELETED = "Deleted in the CRM"
NOTHING = "None needed"
UNSAID = "What is needed was not entered"


def place_deals(apps, schema_editor):
    deals = apps.get_model("deals", "Deal").objects.order_by()
    spellings = (
        deals.exclude(owner="")
        .values("team", "owner", company_of_team=F("team__company"))
        .annotate(number=Count("pk"), since=Min(TruncDate("created_at")), opened=Min("opened_on"))
        .order_by("team", "owner")
    )
    same = defaultdict(list)
    for row in spellings:
        same[row["company_of_team"], row["team"], search_key(row["owner"])].append(row)
    rep_model, term_model = apps.get_model("deals", "Rep"), apps.get_model("deals", "RepTerm")
    for (company, team, key), rows in same.items():
        usual = max(rows, key=lambda row: (row["number"], not row["owner"].isupper()))["owner"]
        rep = rep_model.objects.create(company_id=company, name=" ".join(usual.split()), name_key=key)
        since = min(day for row in rows for day in (row["since"], row["opened"]) if day)
        term_model.objects.create(rep=rep, team_id=team, since=since)
        deals.filter(team=team, owner__in=[row["owner"] for row in rows]).update(rep=rep)
    apps.get_model("deals", "DealChange").objects.filter(field="owner").update(field="rep")


def name_owners(apps, schema_editor):
    reps = apps.get_model("deals", "Rep").objects.all()
    for rep in reps.iterator():
        apps.get_model("deals", "Deal").objects.filter(rep=rep).update(owner=rep.name)
    changes = apps.get_model("deals", "DealChange").objects
    changes.filter(field="rep").update(field="owner")
    changes.filter(field__in=("pipeline", "team", "next_step")).delete()


def record_first_sights(apps, schema_editor):
    change = apps.get_model("deals", "DealChange")
    rows = apps.get_model("deals", "Deal").objects.order_by("pk")
    known = rows.values_list("pk", "created_at", "created_by", "team__timezone")
    waiting = []
    for pk, at, by, zone in known.iterator(chunk_size=AT_ONCE):
        day = at.astimezone(ZoneInfo(zone)).date()
        waiting.append(change(deal_id=pk, field="seen", day=day, at=at, by_id=by))
        if len(waiting) == AT_ONCE:
            change.objects.bulk_create(waiting)
            waiting = []
    change.objects.bulk_create(waiting)


def forget_first_sights(apps, schema_editor):
    apps.get_model("deals", "DealChange").objects.filter(field="seen").delete()


def withdraw_deleted(apps, schema_editor):
    deals = apps.get_model("deals", "Deal").objects.filter(status="lost", stage=DELETED)
    changes = apps.get_model("deals", "DealChange").objects
    changes.filter(deal__in=deals.values("pk"), field="status", new="lost").update(new="withdrawn")
    deals.update(status="withdrawn")


def lose_withdrawn(apps, schema_editor):
    apps.get_model("deals", "DealChange").objects.filter(field="status", new="withdrawn").update(new="lost")
    apps.get_model("deals", "DealChange").objects.filter(field="status", old="withdrawn").update(old="lost")
    apps.get_model("deals", "Deal").objects.filter(status="withdrawn").update(status="lost", merged_into=None)


def explain_losses(apps, schema_editor):
    changes = apps.get_model("deals", "DealChange").objects.filter(field="status", new="lost")
    last = changes.filter(deal=OuterRef("pk")).order_by("-at", "-pk").values("reason")[:1]
    lost = apps.get_model("deals", "Deal").objects.filter(status="lost", pk__in=changes.values("deal"))
    lost.update(reason=Subquery(last))


def write_deal_keys(apps, schema_editor):
    write_keys(apps.get_model("deals", "Deal"))


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
        print(
            f"\n  Nothing is needed, so the day and who must know are left out: deals {', '.join(left_out)}"
        )


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
        print(f"\n  Deals have room for one need each; left out: needs {', '.join(left_out)}")
    need_model.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("deals", "0008_reps_contacts_imports_and_what_was_committed")]

    operations = [
        migrations.RunPython(place_deals, name_owners),
        migrations.RunPython(record_first_sights, forget_first_sights),
        migrations.RunPython(withdraw_deleted, lose_withdrawn),
        migrations.RunPython(explain_losses, migrations.RunPython.noop),
        migrations.RunPython(write_deal_keys, migrations.RunPython.noop),
        migrations.RunPython(make_needs, write_texts),
    ]
