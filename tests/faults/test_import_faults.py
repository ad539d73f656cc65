"""The real worker killed while it applies an import: all or nothing, and another finishes it."""

from __future__ import annotations

import time

import pytest

from deals.models import Deal, ImportRun
from tests.cast import Cast
from tests.factories import make_import_run
from tests.faults.outcome import wait_for
from tests.faults.site import Site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
ROWS = 3000
TASK = "deals.tasks.work_on_imports"


def applying(cast: Cast) -> ImportRun:
    """An import large enough to be killed in the middle."""
    run = make_import_run(team=cast.north, by=cast.leader, rows=ROWS)
    run.start_writing(by=cast.leader, now=run.started_at)
    return run


def is_claimed(run: ImportRun) -> bool:
    return ImportRun.objects.filter(pk=run.pk, state="applying").exclude(claimed_until=None).exists()


def test_a_worker_killed_while_applying_leaves_all_or_nothing_and_another_finishes(
    site: Site, cast: Cast
) -> None:
    run = applying(cast)
    for pause in (0.1, 0.4, 0.8):
        worker = site.worker()
        site.ask(TASK)
        wait_for(lambda: is_claimed(run) or not is_open(run))
        time.sleep(pause)
        site.kill(worker)
        assert Deal.objects.filter(external_id__startswith="I").count() in (0, ROWS)
        ImportRun.objects.filter(pk=run.pk, state="applying").update(claimed_until=None, attempts=0)
    site.worker()
    site.ask(TASK)
    wait_for(lambda: not is_open(run))
    run.refresh_from_db()
    assert run.state == "applied"
    assert Deal.objects.filter(external_id__startswith="I").count() == ROWS


def is_open(run: ImportRun) -> bool:
    return ImportRun.objects.filter(pk=run.pk, state="applying").exists()
