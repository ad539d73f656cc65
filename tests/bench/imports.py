"""Imports of deals: seconds to understand and compare, to apply and to undo, the peak of memory, and how long the first
look at what was imported takes.

`python -m tests.bench.imports` measures 8,800, 50,000 and 200,000 made-up rows, each in a process and a database of
its own (SQLite in a folder that goes afterwards; with DATABASE_URL in that database, which must be empty each time).
`python -m tests.bench.imports 8800` measures one. The bars: 8,800 rows understood and compared within 3 s, applied
within 8 s, under 200 MB; 200,000 within 3 minutes on PostgreSQL, 50,000 on SQLite; the same peak at both sizes.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SIZES = (8_800, 50_000, 200_000)
REPS, ACCOUNTS = 30, 400
STAGES = ("Won", "Lost", "Proposal", "Negotiation")
FIRST = date(2024, 1, 1)


def rows(number: int) -> Iterator[bytes]:
    """Half of them are decided, spread over two years; the reps' team is the company's only one."""
    yield b"id,name,account,owner,stage,amount,close date,created date\n"
    for index in range(number):
        opened = FIRST + timedelta(days=index % 600)
        closed = opened + timedelta(days=20 + index % 70)
        yield (
            f"D{index},Deal {index},Account {index % ACCOUNTS},Rep {index % REPS},{STAGES[index % 4]},"
            f"{1000 + index % 9000}.50,{closed},{opened}\n"
        ).encode()


def measure(number: int) -> None:
    """One import from the upload to the undo, in this process."""
    folder = tempfile.mkdtemp(prefix="alignment-imports-")
    os.environ["DATA_DIR"], os.environ["DJANGO_SETTINGS_MODULE"] = folder, "tests.bench.settings"
    try:
        # In a process of its own, so that the peak is that of the import.
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], check=True)
        import django

        django.setup()
        print(f"| {number:,} | {' | '.join(_steps(number))} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _steps(number: int) -> Iterator[str]:
    from django.utils import timezone

    from deals.import_runs.scopes import scopes_of
    from deals.import_runs.uploads import start_run
    from deals.models import Deal, ImportRun

    leader = _leader()
    (scope,) = scopes_of(leader)
    run = start_run(
        scope, kind="deals", file_name="deals.csv", chunks=rows(number), by=leader, now=timezone.now()
    )
    understood = _seconds()
    run.refresh_from_db()
    run.move(ImportRun.State.COMPARING, of=(ImportRun.State.UNDERSTOOD,))  # a part of the deals, as proposed
    yield f"{understood + _seconds():.1f} s"
    run.refresh_from_db()
    assert run.state == ImportRun.State.PREVIEWED, (run.state, run.error)
    run.start_writing(by=leader, now=timezone.now())
    yield f"{_seconds():.1f} s"
    assert Deal.objects.count() == number
    yield f"{_peak()} MB"
    yield _first_look(scope.team)
    run.refresh_from_db()
    run.start_undoing(by=leader, now=timezone.now())
    yield f"{_seconds():.1f} s"
    assert not Deal.objects.exists()


def _first_look(team: Any) -> str:
    """What the team's deals show by themselves, with the page's own queries."""
    from deals.first_look.queries import read_first_look

    began = time.perf_counter()
    read_first_look(team, today=date.today())
    return f"{(time.perf_counter() - began) * 1000:.0f} ms"


def _peak() -> int:
    """The most memory this process has held, in MB; asked of Linux, because getrusage counts that of the parent too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _seconds() -> float:
    from django.utils import timezone

    from deals.import_runs.jobs import run_jobs

    began = time.perf_counter()
    run_jobs(timezone.now())
    return time.perf_counter() - began


def _leader() -> Any:
    from alignment.models import Company, Membership, Seat, Team, User

    company = Company.objects.create(name="Imports", slug="imports", timezone="Europe/Paris")
    leader = User.objects.create_user(email="leader@imports.test", name="Leader", password="x")
    Membership.objects.create(company=company, user=leader)
    team = Team.objects.create(
        company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=FIRST
    )
    Seat.objects.create(team=team, user=leader, role="leader", since=FIRST)
    return leader


def main() -> None:
    if len(sys.argv) > 1:
        measure(int(sys.argv[1].replace(",", "")))
        return
    print(f"Imports of deals, {os.cpu_count()} cores, Python {platform.python_version()}.\n")
    print(
        "| rows | understood and compared | applied | peak of memory | first look | undone |\n"
        "| --- | --- | --- | --- | --- | --- |"
    )
    sys.stdout.flush()
    for number in SIZES if "DATABASE_URL" in os.environ else SIZES[:2]:
        subprocess.run([sys.executable, "-m", "tests.bench.imports", str(number)], check=True)


if __name__ == "__main__":
    main()
