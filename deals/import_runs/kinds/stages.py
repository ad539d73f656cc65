"""The stages of a company's pipelines, what each means and who said so, as an import has shown them."""

from __future__ import annotations

from datetime import datetime

from alignment.rules.folding import search_key
from deals.models import Deal, ImportRun, Stage

ORDER = {Stage.Meaning.OPEN: 0, Stage.Meaning.WON: 1, Stage.Meaning.LOST: 2}


def record_stages(run: ImportRun, *, now: datetime) -> None:
    """Every stage that a deal of the import has in its pipeline. Three queries.

    What somebody said of a stage replaces what was known; what the CRM's own list says replaces nothing.
    """
    meanings = {stage["name"]: stage for stage in run.understanding.get("stages", ())}
    targets = run.rows.filter(thing=run.kind).exclude(target=None).values("target")
    deals = Deal.objects.filter(pk__in=targets).exclude(pipeline=None).order_by()
    pairs = sorted(
        (pipeline, name)
        for pipeline, name in deals.values_list("pipeline", "stage").distinct()
        if name in meanings and meanings[name]["meaning"] in ORDER
    )
    known = {
        (stage.pipeline_id, stage.name_key): stage
        for stage in Stage.objects.filter(pipeline__in={pipeline for pipeline, _ in pairs})
    }
    new, changed = [], []
    for pipeline, name in pairs:
        meaning, is_stated = meanings[name]["meaning"], meanings[name]["said_by"] == "company"
        stage = known.get((pipeline, search_key(name)))
        if stage is None:
            new.append(Stage(pipeline_id=pipeline, name=name, meaning=meaning, position=ORDER[meaning]))
            stage = new[-1]
        elif is_stated and stage.meaning != meaning:
            stage.meaning = meaning
            changed.append(stage)
        else:
            continue
        if is_stated:
            stage.stated_by, stage.stated_at = run.applied_by or run.started_by, now
    Stage.objects.bulk_create(new, ignore_conflicts=True)
    Stage.objects.bulk_update(changed, ("meaning", "stated_by", "stated_at"))
