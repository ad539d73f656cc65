"""What changed, and the pipeline, of a team with 8 quarters of 500 deals: queries, milliseconds and of them the
processor's own at p50.

`python -m tests.bench.movement`, in a database of its own: DATABASE_URL, or SQLite in a folder that goes afterwards.
The bar: at most 12 queries and 120 ms each. Every deal has a first sight and five changes.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-movement-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

QUARTERS, EACH, WEEKS = 8, 500, 104
TIMES = int(os.environ.get("BENCH_TIMES", "11"))
MOST_QUERIES, MOST_MS = 12, 120
PAGES = (
    ("changes, since the last meeting", "/teams/east/changes/"),
    ("changes, since the start of the quarter", "/teams/east/changes/?since=start"),
    ("changes, all of a line", "/teams/east/changes/?since=start&line=new"),
    ("changes, last quarter", "/teams/east/changes/?since=start&quarter=last"),
    ("changes, over two years", "/teams/east/changes/?since=%s"),
    ("pipeline", "/teams/east/pipeline/"),
    ("pipeline, what was created", "/teams/east/pipeline/?show=created"),
)
STAGES = ("Discovery", "Proposal", "Negotiation")


def fill(now: datetime) -> None:
    """In each quarter's 13 weeks as many deals begin, a fifth of the last one's are open, half of the others won."""
    from alignment.models import Company, Goal, Membership, Seat, Team, User
    from deals.models import Deal, DealChange, RevenueEntry
    from meetings.models import Meeting

    today = now.date()
    company = Company.objects.create(name="Movement", slug="movement", timezone="Europe/Paris")
    leader = User.objects.create_user(email="leader@movement.test", name="Leader", password="x")
    Membership.objects.create(company=company, user=leader)
    team = Team.objects.create(
        company=company,
        name="East",
        slug="east",
        timezone="Europe/Paris",
        starts_on=today - timedelta(weeks=WEEKS),
    )
    Seat.objects.create(team=team, user=leader, role="leader", since=today - timedelta(weeks=WEEKS))
    for month in range(1, 13):
        Goal.objects.create(team=team, month=today.replace(month=month, day=1), amount=Decimal(900_000))
    held = [now - timedelta(weeks=week) for week in range(1, WEEKS)]
    Meeting.objects.bulk_create(
        Meeting(team=team, planned_start=at, starts_at=at, state="held", started_at=at, closed_at=at)
        for at in held
    )
    number = QUARTERS * EACH
    deals, changes, entries = [], [], []
    for n in range(number):
        seen = now - timedelta(days=1 + n * QUARTERS * 91 / number)
        ended = min(seen + timedelta(days=20 + n % 90), now - timedelta(hours=n % 90))
        is_open = n < EACH * 2 and n % 5 == 0
        status = "open" if is_open else "won" if n % 2 else "lost"
        amount = Decimal(5_000 + n * 7 % 90_000)
        close = today + timedelta(days=n % 90 - 30) if is_open else ended.date()
        deal = Deal(
            team=team,
            name=f"Deal {n}",
            status=status,
            stage=STAGES[2] if is_open else "Closed",
            amount=amount,
            close_date=close,
            opened_on=seen.date(),
            next_step="Call" if n % 3 else "",
            created_at=seen,
            changed_at=ended,
        )
        deals.append(deal)
        moments = [seen + (ended - seen) * part / 4 for part in range(1, 5)]
        told = [
            ("stage", STAGES[0], STAGES[1], moments[0]),
            ("amount", str(amount + n % 3 * 1_000), str(amount), moments[1]),
            ("stage", STAGES[1], STAGES[2], moments[2]),
            ("close_date", (close - timedelta(days=n % 60)).isoformat(), close.isoformat(), moments[3]),
        ]
        told += [] if is_open else [("status", "open", status, ended), ("stage", STAGES[2], "Closed", ended)]
        changes += [
            DealChange(deal=deal, field=field, old=old, new=new, day=at.date(), at=at)
            for field, old, new, at in told
        ]
        changes.append(DealChange(deal=deal, field="seen", day=seen.date(), at=seen))
        if status == "won":
            entries.append(
                RevenueEntry(team=team, deal=deal, day=close, amount=amount, source="deal", created_at=ended)
            )
    Deal.objects.bulk_create(deals, batch_size=500)
    DealChange.objects.bulk_create(changes, batch_size=2000)
    RevenueEntry.objects.bulk_create(entries, batch_size=2000)


def measure() -> Iterator[tuple[str, int, float, float]]:
    from django.db import connection
    from django.test import Client

    from alignment.models import User
    from meetings.models import Meeting

    client = Client()
    client.force_login(User.objects.get(email="leader@movement.test"))
    oldest = Meeting.objects.earliest("starts_at")
    for name, page in PAGES:
        path = page.replace("%s", str(oldest.pk))
        client.get(path)
        queries = 0

        def count(execute: Any, *query: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*query)

        with connection.execute_wrapper(count):
            client.get(path)
        times, busy = [], []
        for _ in range(TIMES):
            began, worked = time.perf_counter(), time.process_time()
            assert client.get(path).status_code == 200
            times.append(1000 * (time.perf_counter() - began))
            busy.append(1000 * (time.process_time() - worked))
        yield name, queries, statistics.median(times), statistics.median(busy)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from alignment.models import Company

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Company.objects.filter(slug="movement").exists():
        fill(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    deals = QUARTERS * EACH
    print(f"{connection.vendor}, Python {platform.python_version()}, {deals:,} deals, median of {TIMES}\n")
    print("| page | queries | p50, ms | processor, ms |\n| --- | --- | --- | --- |")
    over = 0
    for name, queries, middle, busy in measure():
        missed = queries > MOST_QUERIES or middle > MOST_MS
        over += missed
        print(f"| {name} | {queries} | {middle:.0f}{' !' if missed else ''} | {busy:.0f} |", flush=True)
    print(f"\n{over or 'None'} over {MOST_QUERIES} queries or {MOST_MS} ms.")


if __name__ == "__main__":
    main()
