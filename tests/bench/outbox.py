"""`python -m tests.bench.outbox`: the sweep over 10,000 teams, and 5,000 notices through two workers.

Needs DATABASE_URL and REDIS_URL for the second part (a database of its own is made and dropped, the Redis database is
flushed); without them the sweep alone is measured, on SQLite. TEAMS and NOTICES make it smaller.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis

TEAMS, NOTICES = int(os.environ.get("TEAMS", "10000")), int(os.environ.get("NOTICES", "5000"))
MAIL_PORT = int(os.environ.get("BENCH_MAIL_PORT", "8275"))
PAST, AHEAD = 44, 8  # weeks
WORKER = [
    sys.executable,
    "-W",
    "ignore",
    "-m",
    "celery",
    "-q",
    "-A",
    "alignment",
    "worker",
    "--pool=threads",
    "--concurrency=4",
    "--without-gossip",
    "--without-mingle",
    "--loglevel=ERROR",
]

WEB = [sys.executable, "-m", "gunicorn", "alignment.wsgi:application", "-c", "gunicorn.conf.py"]
BEAT = [
    sys.executable,
    "-W",
    "ignore",
    "-m",
    "celery",
    "-q",
    "-A",
    "alignment",
    "beat",
    "-S",
    "celery.beat:Scheduler",
    "--pidfile=",
    "--loglevel=ERROR",
]

DATA = tempfile.mkdtemp(prefix="alignment-bench-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ.setdefault("DATA_DIR", DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{MAIL_PORT}"


def fill(now: datetime) -> None:
    """Teams with a CEO and a leader each, a year of meetings; what could be asked for has been asked for."""
    from alignment.models import Company, Seat, Team, User
    from meetings.models import Meeting

    company = Company.objects.create(name="Bench", slug="bench", timezone="Europe/Paris")
    people = User.objects.bulk_create(
        [
            User(
                email=f"{role}{number}@bench.test",
                name=f"{role} {number}",
                timezone="Europe/Paris",
                calendar_mail=False,
            )
            for number in range(TEAMS)
            for role in ("ceo", "leader")
        ],
        batch_size=2000,
    )
    first = (now - timedelta(weeks=PAST)).date()
    teams = Team.objects.bulk_create(
        [
            Team(
                company=company,
                name=f"Team {number}",
                slug=f"team-{number}",
                timezone="Europe/Paris",
                starts_on=first,
                due_rule="hours",
            )
            for number in range(TEAMS)
        ],
        batch_size=2000,
    )
    Seat.objects.bulk_create(
        [
            Seat(team=team, user=people[2 * number + place], role=role, since=first)
            for number, team in enumerate(teams)
            for place, role in enumerate(("ceo", "leader"))
        ],
        batch_size=2000,
    )
    for week in range(-PAST, AHEAD + 1):
        Meeting.objects.bulk_create(
            (_meeting(team, number, week, now) for number, team in enumerate(teams)), batch_size=2000
        )


def _meeting(team: object, number: int, week: int, now: datetime) -> object:
    """Spread over the week; the first NOTICES of them begin in the same second, two days and an hour from now."""
    from meetings.models import Meeting

    away = timedelta(hours=49) if number < NOTICES else timedelta(minutes=number * 10_080 // TEAMS, hours=1)
    start = now + away + timedelta(weeks=week)
    over = {"state": "held", "started_at": start, "closed_at": start} if week < 0 else {}
    return Meeting(team=team, planned_start=start, starts_at=start, **over)


def sweeps(now: datetime) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from alignment.sweep.run import sweep

    sweep(now)
    seconds, queries = [], 0
    for _ in range(5):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as caught:
            swept = sweep(now)
        seconds.append(time.perf_counter() - began)
        queries = len(caught)
        assert not swept.counts.total() and not swept.failures, swept
    if "-v" in sys.argv:
        for query in sorted(caught.captured_queries, key=lambda one: -float(one["time"]))[:6]:
            print(query["time"], query["sql"][:300])
    return (
        f"| one sweep, {TEAMS} teams × {PAST + AHEAD} weeks, nothing due | {queries} queries "
        f"| {sorted(seconds)[2]:.2f} s |"
    )


def enqueued(now: datetime) -> str:
    from tests.sweep import enqueue_reminders

    began = time.perf_counter()
    number = enqueue_reminders(now + timedelta(hours=1, minutes=1))
    return f"| {number} notices due in the same second, enqueued | must < 10 s | {time.perf_counter() - began:.1f} s |"


@contextmanager
def workers(number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    with contextlib.ExitStack() as started:
        yield [started.enter_context(running([*WORKER, "-n", f"bench{each}@%h"])) for each in range(number)]


def memory(pid: int) -> int:
    """Resident, in MiB."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", told).group(1)) // 1024  # type: ignore[union-attr]


def at_rest() -> str:
    """Web, beat and worker as docker-compose.yml starts them, after the web answered 200 pages."""
    port = os.environ.setdefault("PORT", str(MAIL_PORT + 1))
    address = f"http://127.0.0.1:{port}/accounts/login/"
    with contextlib.ExitStack() as started:
        web = started.enter_context(running(WEB))
        beat = started.enter_context(running(BEAT))
        [worker] = started.enter_context(workers(1))
        wait_until(lambda: answers(address))
        for _ in range(200):
            answers(address)
        children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
        rss = [max(memory(int(each)) for each in children), memory(worker.pid), memory(beat.pid)]
    return "| memory: a web process, a worker, beat | – | {} / {} / {} MiB |".format(*rss)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.read())
    except OSError:
        return False


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_until(done: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)


def empty_tasks() -> str:
    """The same Redis and the same workers, with a task that does nothing."""
    from alignment.celery import app

    queue, number = redis.Redis.from_url(os.environ["REDIS_URL"]), 3000
    queue.flushdb()
    with app.producer_pool.acquire() as producer:
        for _ in range(number):
            app.send_task("celery.accumulate", producer=producer)
    with workers(2):
        wait_until(lambda: queue.llen("alignment") < number)
        began, left = time.perf_counter(), int(queue.llen("alignment"))
        wait_until(lambda: not queue.llen("alignment") and not queue.hlen("unacked"))
        took = time.perf_counter() - began
    return f"| an empty Celery task, two workers, the same Redis | – | {left / took:.0f} a second |"


def delivered() -> Iterator[str]:
    from django.db.models import Count, Max, Min

    from alignment.celery import publish
    from alignment.models import Notice
    from tests.mailserver import mail_server

    with mail_server(MAIL_PORT) as server, workers(2) as both:
        redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()
        time.sleep(6)  # both are up
        Notice.objects.update(due_at=datetime.now(UTC), created_at=datetime.now(UTC))
        publish("alignment.tasks.deliver_due")
        waiting = Notice.objects.filter(sent_at=None, closed_at=None, failed_at=None)
        wait_until(lambda: not waiting.exists())
        rss = max(memory(each.pid) for each in both)
    told = Notice.objects.aggregate(first=Min("sent_at"), last=Max("sent_at"), sent=Count("sent_at"))
    rate = told["sent"] / (told["last"] - told["first"]).total_seconds()
    twice = len(server.taken) - len(set(server.taken))
    yield f"| delivered by two workers to a dummy mail server | must ≥ 100, aim ≥ 250 | {rate:.0f} a second |"
    lost = told["sent"] - len(set(server.taken))
    yield f"| of {told['sent']}: twice {twice}, lost {lost} | 0, 0 | {rss} MiB a worker |"


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    on_postgres = connection.vendor == "postgresql"
    if on_postgres:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        name = connection.settings_dict["NAME"]
        os.environ["DATABASE_URL"] = re.sub(r"/[^/]*$", f"/{name}", os.environ["DATABASE_URL"])
    else:
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    fill(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(
        f"{now:%Y-%m-%d}, {os.cpu_count()} cores, {connection.vendor}\n\n| what | bar | measured |\n| --- | --- | --- |"
    )
    print(sweeps(now), flush=True)
    print(enqueued(now), flush=True)
    if not on_postgres:
        return
    print(empty_tasks(), flush=True)
    for line in delivered():
        print(line, flush=True)
    print(at_rest(), flush=True)
    connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
