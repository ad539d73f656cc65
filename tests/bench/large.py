"""`make bench-large`: every list and export with 200 teams after five years, in milliseconds.

52,000 meetings, 200,000 deals with 600,000 changes, 300,000 entries of revenue and as much of the rest as comes with
that, written in bulk into an empty database: DATABASE_URL, or SQLite in DATA_DIR (else a folder of its own that goes
afterwards). A database that is filled already is measured as it is. No file of it lies in the repository.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="alignment-large-")
    import atexit

    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

TEAMS, WEEKS = 200, 260
DEALS, CHANGES, ENTRIES, COMMITMENTS, RISKS, ISSUES, INITIATIVES, LOGGED = (
    1000,
    3,
    1500,
    520,
    80,
    200,
    30,
    1000,
)
TIMES = int(os.environ.get("BENCH_TIMES", "3"))
MUST = 1000
STAGES = ("Discovery", "Proposal", "Négociation", "Contract", "Closed")
TEXT = "The buyer left; Größe of the order is open until the board has met, see https://files.example.com/q4."


def fill(now: datetime) -> None:
    """Five years of the first team by Django, those of the others as copies made by the database."""
    from alignment.models import Company, Entry, Goal, Membership, Notice, Seat, Team, User
    from alignment.rules.periods import months_in, year_of
    from deals.models import Account, Deal, DealChange, RevenueEntry, Risk
    from meetings.models import Commitment, Initiative, Issue, Meeting, Record

    company = Company.objects.create(name="Large", slug="large", timezone="Europe/Paris")
    people = User.objects.bulk_create(
        User(email=f"p{n}@large.test", name=f"Person {n}", password="!") for n in range(TEAMS + 2)
    )
    admin, ceo, *leaders = people
    put(Membership, (Membership(company=company, user=user, is_admin=user is admin) for user in people))
    since = (now - timedelta(weeks=WEEKS)).date()
    teams = put(
        Team,
        (
            Team(
                company=company, name=f"Team {n}", slug=f"team-{n}", timezone="Europe/Paris", starts_on=since
            )
            for n in range(TEAMS)
        ),
    )
    put(Seat, (Seat(team=team, user=ceo, role="ceo", since=since) for team in teams))
    put(
        Seat,
        (
            Seat(team=team, user=leader, role="leader", since=since)
            for team, leader in zip(teams, leaders, strict=True)
        ),
    )
    accounts = put(Account, (Account(company=company, name=f"Account {n}") for n in range(DEALS)))
    team, leader = teams[0], leaders[0]
    item = {"team": team, "created_at": now, "changed_at": now}
    years = [year_of(now.date() - timedelta(days=365 * back), first_month=1) for back in range(5)]
    put(Goal, (Goal(team=team, month=month, amount=200_000) for year in years for month in months_in(year)))
    put(Meeting, (Meeting(team=team, **past_meeting(n, now)) for n in range(WEEKS)))
    put(
        Commitment,
        (
            Commitment(
                owner=leader, text=f"{n}: {TEXT}", due=ago(now, n), done_at=now if n % 9 else None, **item
            )
            for n in range(COMMITMENTS)
        ),
    )
    put(
        Risk,
        (
            Risk(
                name=f"Account {n}", what_is_wrong=TEXT, exposure=n, closed_at=now if n % 8 else None, **item
            )
            for n in range(RISKS)
        ),
    )
    put(
        Issue,
        (
            Issue(
                side="leader", title=f"Issue {n}", solved_at=now if n % 8 else None, resolution=TEXT, **item
            )
            for n in range(ISSUES)
        ),
    )
    put(
        Initiative,
        (
            Initiative(
                title=f"Initiative {n}", plan=TEXT, finished_at=now if n % 4 else None, outcome="x", **item
            )
            for n in range(INITIATIVES)
        ),
    )
    for model in (Goal, Meeting, Commitment, Risk, Issue, Initiative):
        copy(model, team)
    deals = put(Deal, (Deal(account=accounts[n], **item, **deal(n, now)) for n in range(DEALS)))
    copy(Deal, team, external_id="t.id || '-' || s.external_id")
    put(
        DealChange,
        (
            DealChange(deal=d, field="stage", old=STAGES[n], new=STAGES[n + 1], day=since, at=now)
            for d in deals
            for n in range(CHANGES)
        ),
    )
    put(
        RevenueEntry,
        (
            RevenueEntry(team=team, deal=d, day=d.close_date, amount=d.amount, source="deal", created_at=now)
            for d in deals
            if d.status == "won"
        ),
    )
    of_deal = "JOIN deals_deal a ON a.id = s.deal_id JOIN deals_deal d ON d.name = a.name AND d.team_id <> a.team_id"
    insert(DealChange, of_deal, deal_id="d.id")
    insert(RevenueEntry, of_deal, deal_id="d.id", team_id="d.team_id")
    put(
        RevenueEntry,
        (
            RevenueEntry(
                team=team, day=ago(now, n), amount=100 + n, note=f"{n}: Größe", source="file", created_at=now
            )
            for n in range(ENTRIES - DEALS * 2 // 5)
        ),
    )
    copy(RevenueEntry, team, where="s.deal_id IS NULL")
    insert(RevenueEntry, "WHERE s.id % 100 = 0", corrects_id="s.id", deal_id="NULL")
    put(
        Entry,
        (
            Entry(
                company=company, at=now - timedelta(hours=n), by=admin, what="goal.changed", about=f"Team {n}"
            )
            for n in range(LOGGED)
        ),
    )
    insert(Entry, f"CROSS JOIN alignment_team t WHERE s.company_id = {company.pk}")
    put(
        Notice,
        (
            Notice(
                key=f"large:{n}",
                kind="week",
                to=people[n % TEAMS],
                company=company,
                created_at=now,
                due_at=now - timedelta(hours=n),
                sent_at=now,
            )
            for n in range(LOGGED)
        ),
    )
    insert(Notice, "CROSS JOIN alignment_team t", key="s.key || '-' || t.id")
    held = Meeting.objects.filter(team=team, state="held")
    put(Record, (Record(meeting=row, agenda={}, text=(TEXT + "\n") * 60, created_at=now) for row in held))


def put(model: Any, rows: Iterable[Any]) -> list[Any]:
    return list(model.objects.bulk_create(rows, batch_size=2000))


def copy(model: Any, team: Any, *, where: str = "TRUE", **values: str) -> None:
    """The rows of a team for each of the others."""
    others = f"CROSS JOIN alignment_team t WHERE s.team_id = {team.pk} AND t.id <> {team.pk} AND {where}"
    insert(model, others, team_id="t.id", **values)


def insert(model: Any, source: str, **values: str) -> None:
    """Rows of the model once more, joined to `source` and with other `values`, all in SQL."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    if "token" in columns:
        is_postgres = connection.vendor == "postgresql"
        values["token"] = "gen_random_uuid()" if is_postgres else "lower(hex(randomblob(16)))"
    quoted = ", ".join(f'"{column}"' for column in columns)
    read = ", ".join(values.get(column, f's."{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({quoted}) SELECT {read} FROM {model._meta.db_table} s {source}"
        )


def ago(now: datetime, days: int) -> date:
    return now.date() - timedelta(days=days % (7 * WEEKS))


def past_meeting(number: int, now: datetime) -> dict[str, Any]:
    start = now - timedelta(weeks=number + 1)
    if number % 9 == 8:
        happened = {"state": "missed", "missed_at": start, "missed_by": "both"}
    else:
        happened = {
            "state": "held",
            "started_at": start,
            "closed_at": start + timedelta(minutes=30),
            "gap": -40_000,
        }
    return {"planned_start": start, "starts_at": start} | happened


def deal(number: int, now: datetime) -> dict[str, Any]:
    status = ("won", "lost", "open", "won", "lost")[number % 5]
    day = now.date() + timedelta(days=number % 180) if status == "open" else ago(now, number * 2)
    return {
        "name": f"Deal {number}",
        "external_id": str(number),
        "status": status,
        "stage": STAGES[number % 5],
        "amount": 1000 + number * 97,
        "close_date": day,
    }


LISTS = {
    "ceo": (
        *(
            "/",
            "/meetings/",
            "/meetings/kept/",
            "/meetings/kept/?q=person 7",
            "/teams/team-0/",
            "/teams/team-0/?q=gr%C3%B6sse",
        ),
        *(
            "/deals/",
            "/deals/?state=all",
            "/deals/?state=won&sort=amount",
            "/deals/?state=all&sort=name&q=account+77",
        ),
        *("/deals/?state=all&band=big&rep=Rep+3", "/deals/?state=all&page=2000", "/deals/?team=team-7"),
        *(
            "/deals/revenue/",
            "/deals/revenue/?state=all",
            "/deals/revenue/?q=grosse",
            "/deals/revenue/?page=4000",
        ),
        *("/risks/", "/risks/?state=all&q=board", "/initiatives/", "/initiatives/?state=all&q=board"),
        *("/issues/", "/issues/?state=all&q=board", "/commitments/", "/commitments/?state=all&q=board"),
    ),
    "admin": (
        *("/setup/large/", "/setup/large/people/", "/setup/large/people/?q=person+7", "/setup/large/teams/"),
        *("/setup/large/teams/?q=team+7", "/setup/large/goals/", "/setup/large/goals/?beside=last"),
        *("/setup/large/revenue/", "/setup/large/revenue/?state=all", "/setup/large/revenue/?q=grosse"),
        *(
            "/setup/large/revenue/?team=team-7",
            "/setup/large/revenue/?page=4000",
            "/meetings/kept/",
            "/setup/large/sign-in/",
        ),
        *(
            "/setup/large/changes/",
            "/setup/large/changes/?q=team+77",
            "/outbox/",
            "/outbox/?q=person+7",
            "/setup/large/data/",
        ),
    ),
}
EXPORTS = (
    ("/setup/large/revenue/export/", {"kind": "csv"}),
    ("/setup/large/revenue/export/", {"kind": "xlsx", "team": "team-7"}),
    ("/setup/large/revenue/export/", {"kind": "csv", "q": "grosse"}),
    ("/setup/large/goals/export/", {"kind": "xlsx"}),
    ("/setup/large/changes/export/", {}),
)


def measure() -> Iterator[tuple[str, int, float, float, float]]:
    """Who opens what, the queries, the milliseconds until the first and the last byte, and until the first those in
    which this process worked (with SQLite the database too): what others do on the machine does not count there."""
    from django.test import Client

    from alignment.models import User

    for role, number in (("admin", 0), ("ceo", 1)):
        client = Client()
        client.force_login(User.objects.get(email=f"p{number}@large.test"))
        for path in LISTS[role]:
            yield f"{role} {path}", *timed(lambda path=path, client=client: client.get(path))
        for path, data in EXPORTS if role == "admin" else ():
            yield (
                f"{role} POST {path} {data}",
                *timed(lambda path=path, data=data, client=client: client.post(path, data)),
            )


def timed(ask: Callable[[], Any]) -> tuple[int, float, float, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first, last, worked, queries = [], [], [], 0
    for _ in range(TIMES):
        began, cpu = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as seen:
            answer = ask()
            first.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - cpu))
            if answer.streaming:
                for _part in answer:
                    pass
        last.append(1000 * (time.perf_counter() - began))
        queries = len(seen)
        assert answer.status_code == 200, (answer.status_code, answer)
    return queries, *(statistics.median(each) for each in (first, last, worked))


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from alignment.models import Company

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Company.objects.filter(slug="large").exists():
        began = time.perf_counter()
        fill(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"filled in {time.perf_counter() - began:.0f} s")
    print(f"{connection.vendor}, Python {platform.python_version()}, median of {TIMES}\n")
    print(
        "| list or export | queries | first byte, ms | last byte, ms | worked, ms |\n| --- | --- | --- | --- | --- |"
    )
    words, slow = sys.argv[1:], 0
    for name, queries, first, last, worked in measure():
        if not words or any(word in name for word in words):
            print(
                f"| {name} | {queries} | {first:.0f}{' !' if first > MUST else ''} | {last:.0f} | {worked:.0f} |",
                flush=True,
            )
            slow += first > MUST
    print(f"\n{slow or 'None'} over {MUST} ms.")


if __name__ == "__main__":
    main()
