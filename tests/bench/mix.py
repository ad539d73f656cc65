"""The pages of the deal mix, capacity, wins, pipeline and of a meeting, with 8 quarters of 500 deals: queries,
p50 in milliseconds, and of it what the processor takes.

`python -m tests.bench.mix`, in a database of its own: DATABASE_URL, or SQLite in a folder that goes afterwards.
The bar: at most 12 queries (16 in a meeting) and 120 ms each.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-mix-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

DEALS, DAYS, NEEDS = 4_000, 728, 200
TIMES = int(os.environ.get("BENCH_TIMES", "15"))
MOST_QUERIES, MOST_MS = 12, 120
IN_A_MEETING = 16


def fill(now: Any) -> None:
    """One deal in eight is open; of the others two in three are won."""
    from alignment.agreements.answers import accept, propose
    from alignment.models import Company, Goal, Membership, Seat, Team, User
    from alignment.rules.periods import months_in, year_of
    from alignment.rules.roles import Side
    from deals.mix.queries import key_of
    from deals.mix.terms import SUBJECT, MixTerms
    from deals.models import CapacityNeed, Deal
    from deals.rules.mix import Band, Bands
    from meetings.models import Meeting

    today = now.date()
    company = Company.objects.create(name="Mix", slug="mix", timezone="UTC")
    team = Team.objects.create(company=company, name="East", slug="east", timezone="UTC", starts_on=today)
    people = {}
    for role in ("leader", "ceo"):
        people[role] = User.objects.create_user(email=f"{role}@mix.test", name=role, password="x")
        Membership.objects.create(company=company, user=people[role])
        Seat.objects.create(team=team, user=people[role], role=role, since=today)
    year = year_of(today, first_month=1)
    Goal.objects.bulk_create(Goal(team=team, month=month, amount=900_000) for month in months_in(year))
    deals = Deal.objects.bulk_create(
        (
            Deal(
                team=team,
                name=f"Deal {n}",
                status="open" if n % 8 == 0 else ("lost" if n % 3 == 1 else "won"),
                lead_source=("", "referral", "marketing", "partner")[n % 4],
                reason_kind="budget" if n % 8 and n % 3 == 1 and n % 2 else "",
                amount=Decimal(1_000 + n * 37 % 150_000),
                opened_on=today - timedelta(days=n % DAYS + (0 if n % 8 == 0 else 30)),
                close_date=today + timedelta(days=n % 60 if n % 8 == 0 else -(n % DAYS)),
                created_at=now - timedelta(days=n % DAYS),
                changed_at=now,
            )
            for n in range(DEALS)
        ),
        batch_size=500,
    )
    CapacityNeed.objects.bulk_create(
        CapacityNeed(
            deal=deal, team=team, what="Two weeks", needed_by=deal.close_date, who="Support", created_at=now
        )
        for deal in [deal for deal in deals if deal.status == "won"][:NEEDS]
    )
    terms = MixTerms(
        {Band.SMALL: 20, Band.MID: 60, Band.BIG: 20}, "Why", Bands(team.mid_deal_from, team.big_deal_from)
    )
    key, content = key_of(team, today=today), terms.as_content()
    proposal = propose(
        team, subject=SUBJECT, key=key, content=content, side=Side.LEADER, by=people["leader"], now=now
    )
    accept(proposal, by=people["ceo"], now=now)
    Meeting.objects.create(
        team=team, planned_start=now + timedelta(days=1), starts_at=now + timedelta(days=1)
    )


def measure() -> Iterator[tuple[str, int, float, float]]:
    from django.db import connection
    from django.test import Client

    from alignment.models import User
    from meetings.models import Meeting

    client, meeting = Client(), Meeting.objects.get()
    client.force_login(User.objects.get(email="leader@mix.test"))
    of_team = [f"/teams/east/{page}/" for page in ("mix", "capacity", "wins", "pipeline")]
    of_meeting = [f"/meetings/{meeting.pk}/{page}" for page in ("", "prepare/", "present/")]
    for path in (*of_team, *of_meeting):
        client.get(path)
        queries = 0

        def count(execute: Any, *query: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*query)

        with connection.execute_wrapper(count):
            client.get(path)
        times, processor = [], []
        for _ in range(TIMES):
            began, began_to_work = time.perf_counter(), time.process_time()
            assert client.get(path, follow=True).status_code == 200
            times.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (time.process_time() - began_to_work))
        yield path, queries, statistics.median(times), statistics.median(processor)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from alignment.models import Company

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Company.objects.filter(slug="mix").exists():
        fill(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{connection.vendor}, Python {platform.python_version()}, {DEALS:,} deals, median of {TIMES}\n")
    print("| page | queries | p50, ms | processor |\n| --- | --- | --- | --- |")
    for path, queries, middle, processor in measure():
        most = IN_A_MEETING if path.startswith("/meetings/") else MOST_QUERIES
        missed = queries > most or middle > MOST_MS
        print(f"| {path} | {queries} | {middle:.0f}{' !' if missed else ''} | {processor:.0f} |", flush=True)


if __name__ == "__main__":
    main()
