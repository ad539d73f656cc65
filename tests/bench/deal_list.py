"""The list of deals with 50,000 deals, a row a filter: queries and milliseconds at p50.

`python -m tests.bench.deal_list`, in a database of its own: DATABASE_URL, or SQLite in a folder that goes afterwards.
The bar: at most 12 queries and 100 ms each.
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
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-deals-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

DEALS, ACCOUNTS, REPS = 50_000, 4_000, 40
TIMES = int(os.environ.get("BENCH_TIMES", "9"))
MOST_QUERIES, MOST_MS = 12, 100
STAGES = ("Discovery", "Proposal", "Negotiation", "Contract")
QUERIES = (
    "",
    "state=all",
    "state=won",
    "state=closed&sort=amount",
    "when=quarter",
    "when=next&state=all",
    "band=big",
    "stage=Proposal",
    "rep=%s",
    "only=no_next_step",
    "only=date_passed",
    "only=moves",
    "only=ending",
    "state=all&sort=name&page=900",
    "q=account+77",
)


def fill(now: Any) -> None:
    """One in twelve deals is open, as in a company that keeps its history."""
    from alignment.models import Company, Membership, Seat, Team, User
    from deals.models import Account, Deal, DealChange, Rep, RepTerm

    company = Company.objects.create(name="Deals", slug="deals", timezone="Europe/Paris")
    leader = User.objects.create_user(email="leader@deals.test", name="Leader", password="x")
    Membership.objects.create(company=company, user=leader)
    team = Team.objects.create(
        company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=now.date()
    )
    Seat.objects.create(team=team, user=leader, role="leader", since=now.date())
    reps = Rep.objects.bulk_create(Rep(company=company, name=f"Rep {n}") for n in range(REPS))
    RepTerm.objects.bulk_create(RepTerm(rep=rep, team=team, since=now.date()) for rep in reps)
    accounts = Account.objects.bulk_create(
        (Account(company=company, name=f"Account {n}") for n in range(ACCOUNTS)), batch_size=500
    )
    deals = Deal.objects.bulk_create(
        (
            Deal(
                team=team,
                name=f"Deal {n}",
                account=accounts[n % ACCOUNTS],
                rep=reps[n % REPS],
                status="open" if n % 12 == 0 else ("won" if n % 3 == 1 else "lost"),
                stage=STAGES[n % 4],
                amount=Decimal(1_000 + n * 7 % 150_000),
                close_date=now.date() + timedelta(days=n % 200 - (40 if n % 12 == 0 else 900)),
                next_step="Call" if n % 3 else "",
                contract_end=now.date() + timedelta(days=n % 900) if n % 10 == 1 else None,
                deal_type="renewal" if n % 24 == 0 else "new",
                created_at=now - timedelta(days=n % 900),
                changed_at=now - timedelta(days=n % 300),
            )
            for n in range(DEALS)
        ),
        batch_size=500,
    )
    DealChange.objects.bulk_create(
        (
            DealChange(
                deal=deal, field=field, old="1", new="2", day=deal.changed_at.date(), at=deal.changed_at
            )
            for deal in deals
            for field in ("stage", "amount")
        ),
        batch_size=2000,
    )


def measure() -> Iterator[tuple[str, int, float]]:
    from django.db import connection
    from django.test import Client

    from alignment.models import User
    from deals.models import Rep

    client = Client()
    client.force_login(User.objects.get(email="leader@deals.test"))
    rep = Rep.objects.first()
    for query in QUERIES:
        path = f"/deals/?{query.replace('%s', str(rep.pk if rep else ''))}"
        client.get(path)
        asked = 0

        def count(execute: Any, *query: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*query)

        with connection.execute_wrapper(count):
            client.get(path)
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            assert client.get(path).status_code == 200
            times.append(1000 * (time.perf_counter() - began))
        yield query or "as it opens", asked, statistics.median(times)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from alignment.models import Company

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Company.objects.filter(slug="deals").exists():
        fill(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{connection.vendor}, Python {platform.python_version()}, {DEALS:,} deals, median of {TIMES}\n")
    print("| filter | queries | p50, ms |\n| --- | --- | --- |")
    over = 0
    for name, queries, middle in measure():
        missed = queries > MOST_QUERIES or middle > MOST_MS
        over += missed
        print(f"| {name} | {queries} | {middle:.0f}{' !' if missed else ''} |", flush=True)
    print(f"\n{over or 'None'} over {MOST_QUERIES} queries or {MOST_MS} ms.")


if __name__ == "__main__":
    main()
