"""The steps of the sweep for this app."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from alignment.sweep.steps import Step, register_step
from deals.import_runs import expiry, files
from deals.models import ImportRun


def find_expired(now: datetime) -> Iterable[ImportRun]:
    files.delete_leftovers(now)
    return ImportRun.objects.expired(now)


def delete_expired(run: ImportRun, now: datetime) -> Mapping[str, int]:
    return {"imports deleted": int(expiry.delete_data(run, now=now))}


register_step(
    Step(
        name="old imports",
        unit="import",
        counts=("imports deleted",),
        find=find_expired,
        do=delete_expired,
    )
)
