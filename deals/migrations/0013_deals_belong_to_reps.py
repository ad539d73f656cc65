"""Each deal gets the rep its owner's text names, its first sight becomes a change, and what a CRM deleted is withdrawn.

One rep a spelling and team: two teams that name the same person get two, which a person can join. An owner's text
on a deal of a team is never ambiguous, so nothing is left unplaced but deals without one.
"""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Count, F, Min, OuterRef, Subquery
from django.db.models.functions import TruncDate

from alignment.rules.folding import search_key

AT_ONCE = 2000
DELETED = "Deleted in the CRM"


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


class Migration(migrations.Migration):
    dependencies = [("deals", "0012_what_a_deal_remembers")]

    operations = [
        migrations.RunPython(place_deals, name_owners),
        migrations.RunPython(record_first_sights, forget_first_sights),
        migrations.RunPython(withdraw_deleted, lose_withdrawn),
        migrations.RunPython(explain_losses, migrations.RunPython.noop),
    ]
