"""`make bench`: queries, ratio to a bare page in the same run, milliseconds, bytes and requests of the main pages.

Web: gunicorn with two sync workers on 127.0.0.1, a new connection a request, two at a time. Each page is measured
in short runs that alternate with its bare page; ratios are medians of the pairs. Nothing here is a timed test.
`python -m tests.bench home meeting` measures only the pages whose name holds one of these words.
"""

from __future__ import annotations

import gzip
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

DATA = tempfile.mkdtemp(prefix="alignment-bench-")
os.environ.setdefault("DATA_DIR", DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
PORT = int(os.environ.get("BENCH_PORT", "8391"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "1.5"))
PAIRS = int(os.environ.get("BENCH_PAIRS", "5"))


@dataclass
class Page:
    name: str
    path: str
    bare: str
    user: object
    must: float = 0
    aim: float = 0
    post: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    signed_in: bool = True


GOALS = "/setup/twohundred/goals/"


class Visitor:
    """One signed-in person as raw requests: the client must cost as little as possible on the same two cores."""

    def __init__(self, page: Page) -> None:
        from django.test import Client

        client = Client()
        client.force_login(page.user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.token = "b" * 32
        self.cookies["csrftoken"] = self.token
        if not page.signed_in:
            self.cookies = {}

    def request(self, path: str, post: dict[str, str] | None, headers: dict[str, str]) -> bytes:
        from urllib.parse import urlencode

        body = urlencode(post).encode() if post is not None else b""
        lines = [f"{'GET' if post is None else 'POST'} {path} HTTP/1.1", f"Host: 127.0.0.1:{PORT}", "Connection: close",
                 "Accept-Encoding: gzip", "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())]  # fmt: skip
        if post is not None:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded", f"X-CSRFToken: {self.token}",
                      f"Origin: http://127.0.0.1:{PORT}", "X-Autosave: 1"]  # fmt: skip
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def ask(request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", PORT)) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def rate(request: bytes, seconds: float, *, at_once: int = 2) -> tuple[float, list[float]]:
    """Requests a second and each one's milliseconds."""
    until = time.perf_counter() + seconds

    def visit(_: int) -> list[float]:
        took = []
        while (begun := time.perf_counter()) < until:
            answer = ask(request)
            if status(answer) >= 400:
                raise SystemExit(f"{request[:60]!r} answered {answer[:300]!r}")
            took.append((time.perf_counter() - begun) * 1000)
        return took

    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        took = [each for part in pool.map(visit, range(at_once)) for each in part]
    return len(took) / (time.perf_counter() - begun), took


def queries(page: Page) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    if page.signed_in:
        client.force_login(page.user)
    with CaptureQueriesContext(connection) as caught:
        if page.post is None:
            client.get(page.path)
        else:
            client.post(page.path, page.post, headers={"X-Autosave": "1"})
    return sum("SAVEPOINT" not in query["sql"] for query in caught.captured_queries)


def measure(page: Page) -> str:
    visitor = Visitor(page)
    mine = visitor.request(page.path, page.post, page.headers)
    bare = Visitor(page).request(page.bare, {} if page.post is not None else None, {})
    ratios = []
    for _ in range(PAIRS):
        theirs, _ = rate(bare, SECONDS)
        ours, _ = rate(mine, SECONDS)
        ratios.append(ours / theirs)
    _, alone = rate(mine, SECONDS, at_once=1)
    alone.sort()
    size = len(ask(mine).partition(b"\r\n\r\n")[2])
    ratio = statistics.median(ratios)
    wanted = f"{page.must:.2f} / {page.aim:.2f}" if page.must else "–"
    return (
        f"| {page.name} | {queries(page)} | {ratio:.2f} | {wanted} | {alone[len(alone) // 2]:.1f} | "
        f"{alone[int(len(alone) * 0.95)]:.1f} | {size / 1024:.1f} |"
    )


def pages(data: dict[object, object]) -> list[Page]:
    from meetings import poll

    five, fifty = data["five"], data["fifty"]
    ceo, leader = five.team.holder("ceo"), five.team.holder("leader")
    many_ceo, many_leader = fifty.team.holder("ceo"), fifty.team.holder("leader")
    token = poll.token_for(ceo, five)
    five.refresh_from_db()
    five.team.refresh_from_db()
    at, many = f"/meetings/{five.pk}/", f"/meetings/{fifty.pk}/"
    words = {
        "section": "revenue",
        "about": "",
        "version": "1",
        "text": "Two orders slipped on credit checks.",
    }
    return [
        Page("home, 2 teams", "/", "/bare/", data[2]),
        Page("home, 50 teams", "/", "/bare/50/", data[50], 0.22, 0.40),
        Page("home, 200 teams", "/", "/bare/200/", data[200], 0.20, 0.40),
        Page("meeting, 5 items a section, 104 past", at, "/bare/", ceo, 0.15, 0.25),
        Page("meeting, 50 items a section, 2 past", many, "/bare/", many_ceo),
        Page("prepare, 5 items", at + "prepare/", "/bare/", leader, 0.25, 0.40),
        Page("prepare, 50 items", many + "prepare/", "/bare/", many_leader),
        Page("present, 5 items", at + "present/", "/bare/", ceo),
        Page("present, 50 items", many + "present/", "/bare/", many_ceo),
        Page("team history, 104 past", "/teams/five-items/", "/bare/50/", ceo),
        Page("goals, 200 teams, 24 months, 50 a page", f"{GOALS}?beside=last", "/bare/", data["admin"]),
        Page("autosave", at + "words/", "/bare/save/", leader, 0.40, 0.60, post=words),
        Page(
            "poll, nothing new", f"{at}poll/{token}/?seen={poll.seen(five)}", "/bare/", ceo, signed_in=False
        ),
    ]  # fmt: skip


def first_view(page: Page) -> str:
    """Cold: the page and every file it names, as the browser would fetch them."""
    answer = ask(Visitor(page).request(page.path, None, {}))
    head, _, body = answer.partition(b"\r\n\r\n")
    html = gzip.decompress(body).decode() if b"gzip" in head else body.decode()
    files = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html)))
    sizes = {
        name: len(ask(Visitor(page).request(name, None, {})).partition(b"\r\n\r\n")[2]) for name in files
    }
    script = sum(size for name, size in sizes.items() if name.endswith(".js"))
    total = len(body) + sum(sizes.values())
    return f"First view of {page.name}: {1 + len(files)} requests, {total / 1024:.1f} KB, of it JavaScript {script / 1024:.1f} KB."


def pasting(admin: object) -> str:
    """A year's goals of 200 teams out of a spreadsheet: one request looks at them, one sets them."""
    from django.test import Client

    from alignment.models import Goal, Team

    names = Team.objects.filter(company__slug="twohundred").values_list("name", flat=True)
    year = datetime.now(UTC).year + 1
    text = "\n".join("\t".join([name, *(f"{100_000 + month:,}" for month in range(12))]) for name in names)
    client = Client()
    client.force_login(admin)
    client.get(f"{GOALS}paste/")
    begun = time.perf_counter()
    page = client.post(f"{GOALS}paste/", {"year": year, "text": text})
    looked = time.perf_counter()
    changes = re.search(
        r"<textarea name=\"changes\" hidden>(.*?)</textarea>", page.content.decode(), re.DOTALL
    )
    told = {"year": year, "changes": changes.group(1)}
    begun_again = time.perf_counter()
    client.post(f"{GOALS}apply/", told)
    took = time.perf_counter() - begun_again
    number = Goal.objects.filter(team__company__slug="twohundred", month__year=year).count()
    return f"Pasting {number:,} goals: looked at in {looked - begun:.2f} s, set in {took:.2f} s."


def serve() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "alignment.wsgi", "-w", "2", "-k", "sync", "-b", f"127.0.0.1:{PORT}",
               "--log-level", "error", "--no-control-socket"]  # fmt: skip
    server = subprocess.Popen(command)
    for _ in range(100):
        try:
            ask(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nConnection: close\r\n\r\n".encode())
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("The web server did not start.")


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import get_runner, setup_test_environment  # noqa: F401

    if connection.vendor == "postgresql":
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        os.environ["DATABASE_URL"] = re.sub(
            r"/[^/]*$", f"/{connection.settings_dict['NAME']}", os.environ["DATABASE_URL"]
        )
    else:
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tests.bench.data import everything

    data = everything()
    wanted = pages(data)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    connection.close()
    server = serve()
    try:
        memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()).group(1)) // 2**20
        print(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory} GiB, Python {platform.python_version()}, {connection.vendor}\n"
        )
        print(
            "| page | queries | ratio to bare | must / aim | p50 ms | p95 ms | KB gzip |\n| --- | --- | --- | --- | --- | --- | --- |"
        )
        chosen = [
            page for page in wanted if not sys.argv[1:] or any(word in page.name for word in sys.argv[1:])
        ]
        for page in chosen:
            print(measure(page), flush=True)
        print("\n" + pasting(data["admin"]))
        print("\n" + first_view(wanted[1]) + "\n" + first_view(wanted[7]))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


main()
