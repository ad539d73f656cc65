from collections.abc import Iterator
from typing import Any

from django.db import migrations

SUBJECT = "initiative"
AT_ONCE = 500
PLAN = ("title", "kind", "plan")
MEASURE = {"measure": "name", "unit": "unit", "baseline": "baseline", "target": "target"}


def move_to_agreements(apps: Any, schema_editor: Any) -> None:
    """Each approval becomes the first row of its initiative. Of a plan that was changed since nobody knows what it
    said; it was sent back if there is a reason, else approved.
    """
    agreement_model, initiative_model = (
        apps.get_model(*name) for name in (("alignment", "Agreement"), ("meetings", "Initiative"))
    )
    leaders = dict(
        apps.get_model("alignment", "Seat")
        .objects.filter(until=None, role="leader")
        .values_list("team", "user")
    )
    decided = initiative_model.objects.exclude(approval="").select_related("measured_by").order_by("pk")
    for initiatives in in_batches(decided):
        rows = agreement_model.objects.bulk_create(
            agreement_of(agreement_model, initiative, leaders.get(initiative.team_id))
            for initiative in initiatives
        )
        for initiative, row in zip(initiatives, rows, strict=True):
            initiative.decision = row
            initiative.plan_number = 2 if initiative.approval == "changed" else 1
        initiative_model.objects.bulk_update(initiatives, ["decision", "plan_number"], batch_size=100)


def in_batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def agreement_of(model: Any, initiative: Any, leader: int | None) -> Any:
    at = initiative.approval_at or initiative.changed_at
    since = initiative.changed_at if initiative.changed_at <= at else min(initiative.created_at, at)
    is_no = initiative.approval == "not_yet" or (
        initiative.approval == "changed" and bool(initiative.approval_why)
    )
    by = initiative.approval_by_id
    answer = {"closed_by_id": by, "closed_at": at} if is_no else {"ceo_id": by, "ceo_at": at}
    return model(
        team_id=initiative.team_id,
        subject=SUBJECT,
        key=initiative.token.hex,
        number=1,
        content={} if initiative.approval == "changed" else content_of(initiative),
        facts={"plan_number": 1},
        state="declined" if is_no else "agreed",
        proposed_by_id=leader,
        proposed_at=since,
        leader_id=leader,
        leader_at=since,
        why=initiative.approval_why,
        **answer,
    )


def content_of(initiative: Any) -> dict[str, Any]:
    content = {name: getattr(initiative, name) for name in PLAN}
    measure = getattr(initiative, "measured_by", None)
    for name, column in MEASURE.items() if measure else ():
        value = getattr(measure, column)
        content[name] = value if value is None else str(value)
    return content


def move_back(apps: Any, schema_editor: Any) -> None:
    """The last decision stands on the initiative again; those before it are gone."""
    initiative_model = apps.get_model("meetings", "Initiative")
    decided = initiative_model.objects.exclude(decision=None).select_related("decision").order_by("pk")
    for initiatives in in_batches(decided):
        for initiative in initiatives:
            decision = initiative.decision
            is_no = decision.state == "declined"
            is_current = decision.facts.get("plan_number") == initiative.plan_number
            initiative.approval = ("not_yet" if is_no else "agreed") if is_current else "changed"
            initiative.approval_why = decision.why
            initiative.approval_at = decision.closed_at if is_no else decision.ceo_at
            initiative.approval_by_id = decision.closed_by_id if is_no else decision.ceo_id
        columns = ["approval", "approval_why", "approval_at", "approval_by"]
        initiative_model.objects.bulk_update(initiatives, columns, batch_size=100)
    apps.get_model("alignment", "Agreement").objects.filter(subject=SUBJECT).delete()


class Migration(migrations.Migration):
    dependencies = [("meetings", "0050_decisions_on_initiatives")]

    operations = [migrations.RunPython(move_to_agreements, move_back)]
