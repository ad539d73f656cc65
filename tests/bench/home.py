"""A CEO's home and the overview with 50 teams, after two years of history and after five: queries, milliseconds at p50
and p95, and what is sent.

`python -m tests.bench.home`, in a database of its own: DATABASE_URL, or SQLite in a folder that goes afterwards.
The bar: at most 15 queries, 50 ms at p50, 90 at p95 and 10 KB gzip, the same number of queries with five years as with
two.
"""

from __future__ import annotations

import gzip
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
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-home-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

TEAMS, YEARS, TIMES = 50, (2, 5), int(os.environ.get("BENCH_TIMES", "21"))
MOST_QUERIES, MOST_MS, MOST_MS_P95, MOST_KB = 15, 50, 90, 10
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def fill(years: int, now: datetime) -> None:
    """A meeting a week with a call, three wins a week, goals; of today five committed deals, pushed and due, a plan
    that waits for the CEO and three commitments, of which two are overdue."""
    from tests.bench.data import many_teams
    from tests.factories import make_overview_reader

    ceo = many_teams(now, TEAMS, f"years{years}")
    teams = list(ceo.seats.select_related("team__company").order_by("pk"))
    for seat in teams:
        fill_team(seat.team, years, now)
    make_overview_reader(company=teams[0].team.company)


def fill_team(team: Any, years: int, now: datetime) -> None:
    from alignment.rules.periods import quarter_of
    from deals.models import DealChange, RevenueEntry
    from meetings.models import Call, Meeting
    from tests.factories import make_commitment, make_committed, make_deal, make_initiative

    quarter = quarter_of(now.date(), first_month=1)
    lately = list(team.meetings.filter(state="held"))
    meetings = Meeting.objects.bulk_create(
        Meeting(
            team=team,
            planned_start=now - back * WEEK,
            starts_at=now - back * WEEK,
            state="held",
            started_at=now - back * WEEK,
            closed_at=now - back * WEEK + timedelta(minutes=30),
            submitted_at=now - back * WEEK - DAY,
            gap=Decimal(-1_000 * back),
        )
        for back in range(14, 52 * years)  # the last 13 are there
    )
    Call.objects.bulk_create(
        Call(
            meeting=row,
            team=team,
            starts_on=(period := quarter_of(row.starts_at.date(), first_month=1)).start,
            ends_on=period.end,
            number=1,
            commit=Decimal(500_000),
            best_case=Decimal(700_000),
            won=Decimal(0),
            at=row.starts_at - DAY,
            role="leader",
        )
        for row in (*meetings, *lately)
    )
    RevenueEntry.objects.bulk_create(
        RevenueEntry(
            team=team, day=(now - back * WEEK - number * DAY).date(), amount=Decimal(7_000), created_at=now
        )
        for back in range(43, 52 * years)  # 300 days are there
        for number in range(3)
    )
    for number in range(5):
        deal = make_deal(
            team=team, name=f"Deal {number}", close_date=now.date() + number * DAY, amount=Decimal(90_000)
        )
        make_committed(deal=deal, quarter=quarter.start.isoformat())
        DealChange.objects.create(
            deal=deal,
            field="close_date",
            old=str(now.date() - 30 * DAY),
            new=str(deal.close_date),
            day=now.date(),
            at=now,
        )
    make_initiative(team=team, title="Hire two more reps")
    for number in range(3):
        due = now.date() + (number - 2) * DAY
        make_commitment(team=team, owner=team.holder("leader"), text=f"Call {number}", due=due)


def measure(years: int) -> Iterator[tuple[str, int, list[float], float, float]]:
    from django.db import connection
    from django.test import Client

    from alignment.models import OverviewReader, User

    ceo = User.objects.get(email=f"years{years}@bench.test")
    reader = OverviewReader.objects.get(company__slug=f"years{years}").user
    for user, path in ((ceo, "/"), (reader, "/overview/"), (reader, "/overview/overview.csv")):
        client, number = Client(), 0
        client.force_login(user)
        client.get(path)

        def count(execute: Any, *query: Any) -> Any:
            nonlocal number
            number += 1
            return execute(*query)

        with connection.execute_wrapper(count):
            client.get(path)
        times, cpu, body = [], [], b""
        for _ in range(TIMES):
            began, busy = time.perf_counter(), time.process_time()
            answer = client.get(path)
            assert answer.status_code == 200
            body = b"".join(answer) if answer.streaming else answer.content
            times.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - busy))
        yield (
            f"{path}, {TEAMS} teams, {years} years",
            number,
            times,
            statistics.median(cpu),
            len(gzip.compress(body)) / 1024,
        )


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(
        f"{platform.python_version()}, {connection.vendor}; bar {MOST_QUERIES} queries, {MOST_MS} and {MOST_MS_P95} ms"
    )
    for years in YEARS:
        fill(years, timezone.now())
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, queries, times, cpu, kilobytes in measure(years):
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            is_over = queries > MOST_QUERIES or p50 > MOST_MS or p95 > MOST_MS_P95 or kilobytes > MOST_KB
            print(
                f"{name:45} {queries:3} queries {p50:6.1f} ms, p95 {p95:6.1f}, CPU {cpu:6.1f}, {kilobytes:4.1f} KB gzip"
                f"{'  !' if is_over else ''}"
            )


if __name__ == "__main__":
    main()
