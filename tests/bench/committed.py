"""The page of committed deals with 8 quarters of 500 each: queries and milliseconds at p50; and the rules alone.

`python -m tests.bench.committed`, in a database of its own: DATABASE_URL, or SQLite in a folder that goes afterwards.
The bar: at most 12 queries and 120 ms a page, and the rules on 50,000 changes under one second.
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
from datetime import time as clock
from decimal import Decimal
from typing import Any

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-committed-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

QUARTERS, DEALS, CHANGES = 8, 500, 50_000
TIMES = int(os.environ.get("BENCH_TIMES", "21"))
MOST_QUERIES, MOST_MS, MOST_SECONDS = 12, 120, 1
QUERIES = ("", "show=won", "show=outside", "period=%s", "period=%s&show=slipped&page=2", "q=account+7")
STATES = ("won", "won", "lost", "open", "won", "withdrawn", "open", "lost")


def fill(now: datetime) -> None:
    """In each quarter 500 committed deals and 250 that were won without; every deal was pushed twice."""
    from alignment.models import Company, Membership, Seat, Team, User
    from alignment.rules.periods import Period, quarter_of
    from deals.models import Account, CommittedDeal, Deal, DealChange, Rep

    company = Company.objects.create(name="Committed", slug="committed", timezone="Europe/Paris")
    leader = User.objects.create_user(email="leader@committed.test", name="Leader", password="x")
    Membership.objects.create(company=company, user=leader)
    team = Team.objects.create(
        company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=now.date()
    )
    Seat.objects.create(team=team, user=leader, role="leader", since=now.date())
    reps = Rep.objects.bulk_create(Rep(company=company, name=f"Rep {n}") for n in range(12))
    accounts = Account.objects.bulk_create(
        (Account(company=company, name=f"Account {n}") for n in range(800)), batch_size=500
    )

    def deal(number: int, period: Period, status: str) -> Deal:
        day = period.start + timedelta(days=20 + number % 100)
        return Deal(
            team=team,
            name=f"Deal {period.start} {number}",
            account=accounts[number % 800],
            rep=reps[number % 12],
            status=status,
            amount=Decimal(1_000 + number * 7 % 150_000),
            close_date=min(day, now.date()),
            created_at=now,
            changed_at=now,
        )

    period = quarter_of(now.date(), first_month=1)
    for _ in range(QUARTERS):
        committed = [deal(n, period, STATES[n % len(STATES)]) for n in range(DEALS)]
        outside = [deal(n, period, "won") for n in range(DEALS // 2)]
        deals = Deal.objects.bulk_create([*committed, *outside], batch_size=500)
        CommittedDeal.objects.bulk_create(
            (
                CommittedDeal(
                    deal=row,
                    team=team,
                    period_start=period.start,
                    period_end=period.end,
                    amount=row.amount,
                    close_date=row.close_date,
                    committed_on=period.start + timedelta(days=n % 30),
                    committed_at=datetime.combine(period.start, clock(8), tzinfo=now.tzinfo),
                    rep=row.rep,
                )
                for n, row in enumerate(deals[:DEALS])
            ),
            batch_size=500,
        )
        DealChange.objects.bulk_create(
            (
                DealChange(deal=row, field=field, old=old, new=new, day=period.start, at=now)
                for row in deals
                for field, old, new in (
                    ("close_date", "2026-01-10", "2026-02-20"),
                    ("close_date", "2026-02-20", "2026-05-20"),
                    ("status", "open", row.status),
                )
            ),
            batch_size=2000,
        )
        period = quarter_of(period.start - timedelta(days=1), first_month=1)


def measure() -> Iterator[tuple[str, int, float]]:
    from django.db import connection
    from django.test import Client

    from alignment.models import User
    from deals.models import CommittedDeal

    client = Client()
    client.force_login(User.objects.get(email="leader@committed.test"))
    start, end = CommittedDeal.objects.values_list("period_start", "period_end").order_by("period_start")[600]
    for query in QUERIES:
        path = f"/deals/committed/?{query.replace('%s', f'{start}_{end}')}"
        client.get(path)
        number = 0

        def count(execute: Any, *query: Any) -> Any:
            nonlocal number
            number += 1
            return execute(*query)

        with connection.execute_wrapper(count):
            client.get(path)
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            assert client.get(path).status_code == 200
            times.append(1000 * (time.perf_counter() - began))
        yield query or "as it opens", number, statistics.median(times)


def seconds_of_rules() -> float:
    """The outcome of 4,000 commits, both rates, and the pushes in 50,000 changes of these deals."""
    from alignment.rules.periods import quarter_of
    from deals.rules.changes import Change
    from deals.rules.commits import Commit, Win, from_outside, hit_rate, judge
    from deals.rules.slips import pushes

    period, total = quarter_of(date(2026, 1, 1), first_month=1), QUARTERS * DEALS
    days = [period.start + timedelta(days=n) for n in range(90)]
    commits = [
        Commit(n, period, Decimal(n), days[n % 90], days[n % 40], STATES[n % 8], days[n * 7 % 90])
        for n in range(total)
    ]
    wins = [Win(n, Decimal(n), days[n * 7 % 90]) for n in range(2 * total)]
    changes = [
        [
            Change("close_date", days[n % 80].isoformat(), days[n % 80 + 9].isoformat(), days[n])
            for n in range(CHANGES // total)
        ]
        for _ in range(total)
    ]
    began = time.perf_counter()
    judged = judge(commits, today=date(2026, 5, 1))
    hit_rate(judged)
    from_outside(wins, commits, period, began_on=date(2025, 1, 1))
    counted = sum(push.counts for rows in changes for push in pushes(rows, first_month=1))
    took = time.perf_counter() - began
    assert counted > total
    return took


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from alignment.models import Company

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Company.objects.filter(slug="committed").exists():
        fill(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(
        f"{connection.vendor}, Python {platform.python_version()}, {QUARTERS} quarters of {DEALS} committed deals, "
        f"median of {TIMES}\n"
    )
    print("| filter | queries | p50, ms |\n| --- | --- | --- |")
    over = 0
    for name, queries, middle in measure():
        missed = queries > MOST_QUERIES or middle > MOST_MS
        over += missed
        print(f"| {name} | {queries} | {middle:.0f}{' !' if missed else ''} |", flush=True)
    print(f"\n{over or 'None'} over {MOST_QUERIES} queries or {MOST_MS} ms.")
    took = seconds_of_rules()
    print(f"The rules on {CHANGES:,} changes: {took:.2f} s{' !' if took > MOST_SECONDS else ''}.")


if __name__ == "__main__":
    main()
