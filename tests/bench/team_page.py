"""A team's page over 13 and 52 weeks with one year of history and with five: queries and milliseconds at p50.

`python -m tests.bench.team_page`, in a database of its own: DATABASE_URL, or SQLite in a folder that goes afterwards.
The bar: at most 15 queries and 120 ms a page, the same number of queries with five years as with one.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-team-page-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

YEARS, TIMES = (1, 5), int(os.environ.get("BENCH_TIMES", "21"))
MOST_QUERIES, MOST_MS = 15, 120
PATHS = ("", "?weeks=52", "history.csv?chart=calls&weeks=52")
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def fill(years: int, now: datetime) -> str:
    """A meeting a week with a call, two ratings, ten commitments and 20 wins; every fourth meeting was moved. 20 deals
    a quarter were committed. Returns the team's slug."""
    from alignment.models import Company, Goal, Membership, Seat, Team, User
    from alignment.rules.periods import quarter_of
    from deals.models import CommittedDeal, Deal, RevenueEntry
    from meetings.models import Call, Commitment, Meeting, Rating
    from meetings.models.records import Move

    company = Company.objects.create(name=f"{years} years", slug=f"years-{years}", timezone="Europe/Paris")
    since = now.date() - timedelta(days=366 * years)
    team = Team.objects.create(
        company=company, name="East", slug=f"east-{years}", timezone="Europe/Paris", starts_on=since
    )
    people = {}
    for role in ("ceo", "leader"):
        people[role] = User.objects.create_user(email=f"{role}{years}@bench.test", name=role, password="x")
        Membership.objects.create(company=company, user=people[role])
        Seat.objects.create(team=team, user=people[role], role=role, since=since)
    weeks = range(1, 52 * years + 1)
    meetings = Meeting.objects.bulk_create(
        Meeting(
            team=team,
            planned_start=now - back * WEEK - (DAY if back % 4 == 0 else timedelta()),
            starts_at=now - back * WEEK,
            state="held",
            started_at=now - back * WEEK,
            closed_at=now - back * WEEK + timedelta(minutes=30),
            closed_by=people["ceo"],
            submitted_at=now - back * WEEK - DAY,
            gap=Decimal(-1_000 * back),
        )
        for back in weeks
    )
    Move.objects.bulk_create(
        Move(meeting=row, old=row.planned_start, new=row.starts_at, by=people["ceo"], at=row.planned_start)
        for row in meetings
        if row.planned_start != row.starts_at
    )
    Rating.objects.bulk_create(
        Rating(meeting=row, user=user, role=role, score=8, at=row.starts_at)
        for row in meetings
        for role, user in people.items()
    )
    quarters = {row.pk: quarter_of(row.starts_at.date(), first_month=1) for row in meetings}
    Call.objects.bulk_create(
        Call(
            meeting=row,
            team=team,
            starts_on=quarters[row.pk].start,
            ends_on=quarters[row.pk].end,
            number=1,
            commit=Decimal(900_000),
            best_case=Decimal(1_100_000),
            won=Decimal(0),
            at=row.starts_at - DAY,
            by=people["leader"],
            role="leader",
        )
        for row in meetings
    )
    Commitment.objects.bulk_create(
        Commitment(
            team=team,
            owner=people["ceo" if number % 3 else "leader"],
            text=f"Commitment {number}",
            due=(now - back * WEEK).date(),
            done_at=now - back * WEEK - DAY if number % 5 else None,
            changed_at=now,
            created_at=now,
        )
        for back in weeks
        for number in range(10)
    )
    RevenueEntry.objects.bulk_create(
        (
            RevenueEntry(
                team=team,
                day=(now - back * WEEK - number % 5 * DAY).date(),
                amount=Decimal(2_500),
                created_at=now,
            )
            for back in weeks
            for number in range(20)
        ),
        batch_size=1000,
    )
    first = since.year * 12 + since.month - 1
    Goal.objects.bulk_create(
        Goal(team=team, month=date(index // 12, index % 12 + 1, 1), amount=Decimal(200_000))
        for index in range(first, first + 12 * years + 3)
    )
    for period in set(quarters.values()):
        deals = Deal.objects.bulk_create(
            Deal(
                team=team,
                name=f"Deal {period.start} {number}",
                status="won" if number % 3 else "lost",
                amount=Decimal(40_000),
                close_date=min(period.start + timedelta(days=40 + number), now.date()),
                created_at=now,
                changed_at=now,
            )
            for number in range(20)
        )
        CommittedDeal.objects.bulk_create(
            CommittedDeal(
                deal=row,
                team=team,
                period_start=period.start,
                period_end=period.end,
                amount=row.amount,
                close_date=row.close_date,
                committed_on=period.start,
                committed_at=now,
            )
            for row in deals
        )
    return team.slug


def measure(slug: str, years: int) -> Iterator[tuple[str, int, float, float]]:
    from django.db import connection
    from django.test import Client

    from alignment.models import User

    client = Client()
    client.force_login(User.objects.get(email=f"ceo{years}@bench.test"))
    for ending in PATHS:
        path = f"/teams/{slug}/{ending}"
        client.get(path)
        number = 0

        def count(execute: Any, *query: Any) -> Any:
            nonlocal number
            number += 1
            return execute(*query)

        with connection.execute_wrapper(count):
            client.get(path)
        times, cpu = [], []
        for _ in range(TIMES):
            began, busy = time.perf_counter(), time.process_time()
            answer = client.get(path)
            assert answer.status_code == 200
            b"".join(answer) if answer.streaming else answer.content
            times.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - busy))
        yield (
            f"{years} years, {ending or 'as it opens'}",
            number,
            statistics.median(times),
            statistics.median(cpu),
        )


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(f"{platform.python_version()}, {connection.vendor}; bar {MOST_QUERIES} queries, {MOST_MS} ms")
    for years in YEARS:
        slug = fill(years, timezone.now())
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, queries, milliseconds, cpu in measure(slug, years):
            is_over = queries > MOST_QUERIES or milliseconds > MOST_MS
            mark = "  !" if is_over else ""
            print(f"{name:45} {queries:3} queries {milliseconds:6.1f} ms, of it CPU {cpu:6.1f}{mark}")


if __name__ == "__main__":
    main()
