"""`make bench`: queries, ratio to a bare page in the same run, milliseconds, bytes and requests of the main pages.

Web: gunicorn with two sync workers on 127.0.0.1, a new connection a request, two at a time. Each page is measured
in short runs that alternate with its bare page; ratios are medians of the pairs. Every page is put together anew for
each request, as after a change, and every autosave saves another text. Bars are "must / aim". Nothing here
is a timed test.
`python -m tests.bench home meeting` measures only the pages whose name holds one of these words.
"""

from __future__ import annotations

import atexit
import gzip
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

DATA = tempfile.mkdtemp(prefix="alignment-bench-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
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
    """Of an autosave: its fields; its text is another one each time."""
    queries: str = ""
    """Their bar."""
    headers: dict[str, str] = field(default_factory=dict)
    signed_in: bool = True


GOALS = "/setup/twohundred/goals/"


@dataclass
class Size:
    """Bytes of a page's HTML, and their bar in KB."""

    name: str
    page: str
    must: int
    aim: int
    is_compressed: bool


SIZES = (
    Size("HTML of the review page", "meeting, 5 items a section, 104 past", 45, 30, is_compressed=False),
    Size("home, 50 teams, gzip", "home, 50 teams", 10, 6, is_compressed=True),
)


class Visitor:
    """One signed-in person as raw requests: the client must cost as little as possible on the same two cores."""

    def __init__(self, user: object) -> None:
        from django.test import Client

        client = Client()
        client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.token = "b" * 32
        self.cookies["csrftoken"] = self.token

    def request(self, path: str, post: dict[str, str] | None, headers: dict[str, str]) -> bytes:
        from urllib.parse import urlencode

        body = urlencode(post).encode() if post is not None else b""
        lines = [
            f"{'GET' if post is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{PORT}",
            "Connection: close",
            "Accept-Encoding: gzip",
            "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        ]
        if post is not None:
            lines += [
                f"Content-Length: {len(body)}",
                "Content-Type: application/x-www-form-urlencoded",
                f"X-CSRFToken: {self.token}",
                f"Origin: http://127.0.0.1:{PORT}",
                "X-Autosave: 1",
            ]
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


def current_version(page: Page, section: str) -> int:
    from meetings.models import Update

    nothing_else = {"deal": None, "risk": None, "initiative": None, "issue": None}
    rows = Update.objects.filter(
        meeting=page.path.split("/")[2], section=section, author=page.user, **nothing_else
    )
    return rows.values_list("version", flat=True).first() or 0


class Autosave:
    """One open window: each save has another text, typed on the version that the one before it answered."""

    def __init__(self, page: Page, section: str) -> None:
        self.page, self.visitor, self.section = page, Visitor(page.user), section
        self.version, self.count = current_version(page, section), 0

    def next_request(self) -> bytes:
        self.count += 1
        text = f"{self.page.post['text']} {self.count}"
        fields = {"section": self.section, "about": "", "version": str(self.version), "text": text}
        return self.visitor.request(self.page.path, fields, {})

    def __call__(self) -> bytes:
        answer = ask(self.next_request())
        self.version = int(re.search(rb"X-Version: (\d+)", answer, re.IGNORECASE).group(1))
        return answer


Visit = Callable[[], bytes]


def rate(visits: list[Visit], seconds: float) -> tuple[float, list[float]]:
    """Requests a second and each one's milliseconds; as many at once as there are visits."""
    until = time.perf_counter() + seconds

    def repeat(visit: Visit) -> list[float]:
        took = []
        while (begun := time.perf_counter()) < until:
            answer = visit()
            if status(answer) >= 400:
                raise SystemExit(f"answered {answer[:300]!r}")
            took.append((time.perf_counter() - begun) * 1000)
        return took

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(visits)) as pool:
        took = [each for part in pool.map(repeat, visits) for each in part]
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
            answer = client.post(page.path, page.post, headers={"X-Autosave": "1"})
            assert answer.status_code == 204, answer.content
    return sum("SAVEPOINT" not in query["sql"] for query in caught.captured_queries)


def visits_of(page: Page) -> list[Visit]:
    if page.post is None:
        visitor = Visitor(page.user)
        if not page.signed_in:
            visitor.cookies = {}
        return [partial(ask, visitor.request(page.path, None, page.headers))] * 2
    return [Autosave(page, section) for section in ("risks", "issues")]


def measure(page: Page) -> str:
    visits = visits_of(page)
    bare: list[Visit] = [
        partial(ask, Visitor(page.user).request(page.bare, {} if page.post else None, {}))
    ] * 2
    ratios = []
    for _ in range(PAIRS):
        theirs, _ = rate(bare, SECONDS)
        ours, _ = rate(visits, SECONDS)
        ratios.append(ours / theirs)
    _, alone = rate(visits[:1], SECONDS)
    alone.sort()
    html, sent = body(visits[0]())
    ratio = statistics.median(ratios)
    bar = f"{page.must:.2f} / {page.aim:.2f}" if page.must else "–"
    return (
        f"| {page.name} | {queries(page)} | {page.queries or '–'} | {ratio:.2f} "
        f"| {bar} | {alone[len(alone) // 2]:.1f} | "
        f"{alone[int(len(alone) * 0.95)]:.1f} | {len(html) / 1024:.1f} | {len(sent) / 1024:.1f} |"
    )


def body(answer: bytes) -> tuple[bytes, bytes]:
    """As the browser reads it, and as it was sent."""
    head, _, sent = answer.partition(b"\r\n\r\n")
    return (gzip.decompress(sent) if b"content-encoding: gzip" in head.lower() else sent), sent


def size_row(size: Size, page: Page) -> str:
    html, sent = body(ask(Visitor(page.user).request(page.path, None, {})))
    kilobytes = len(sent if size.is_compressed else html) / 1024
    return f"| {size.name} | {kilobytes:.1f} KB | ≤ {size.must} / {size.aim} KB |"


def pages(data: dict[object, object]) -> list[Page]:
    from meetings.pages import present_poll

    five, fifty = data["five"], data["fifty"]
    ceo, leader = five.team.holder("ceo"), five.team.holder("leader")
    many_ceo, many_leader = fifty.team.holder("ceo"), fifty.team.holder("leader")
    token = present_poll.token_for(ceo, five)
    five.refresh_from_db()
    five.team.refresh_from_db()
    at, many = f"/meetings/{five.pk}/", f"/meetings/{fifty.pk}/"
    words = {
        "section": "revenue",
        "about": "",
        "version": "1",
        "text": "Two orders slipped on credit checks again.",
    }
    return [
        Page("home, 2 teams", "/", "/bare/", data[2], queries="15 / 8"),
        Page("home, 50 teams", "/", "/bare/50/", data[50], 0.25, 0.40, queries="15 / 8"),
        Page("home, 200 teams", "/", "/bare/200/", data[200], 0.25, 0.40, queries="15 / 8"),
        Page("meeting, 5 items a section, 104 past", at, "/bare/", ceo, 0.06, 0.12, queries="16 / 12"),
        Page("meeting, 50 items a section, 2 past", many, "/bare/", many_ceo, 0.02, 0.05, queries="16 / 12"),
        Page("prepare, 5 items", at + "prepare/", "/bare/", leader, 0.10, 0.20, queries="16 / 12"),
        Page("prepare, 50 items", many + "prepare/", "/bare/", many_leader),
        Page("present, 5 items", at + "present/", "/bare/", ceo, 0.10, 0.20),
        Page("present, 50 items", many + "present/", "/bare/", many_ceo),
        Page("team history, 104 past", "/teams/five-items/", "/bare/50/", ceo),
        Page("goals, 200 teams, 24 months, 50 a page", f"{GOALS}?beside=last", "/bare/", data["admin"]),
        Page("autosave", at + "update/", "/bare/save/", leader, 0.35, 0.55, post=words, queries="8 / 6"),
        Page(
            "poll, nothing new",
            f"{at}poll/{token}/?revision={present_poll.revision_of(five)}",
            "/bare/",
            ceo,
            0.50,
            0.60,
            signed_in=False,
        ),
    ]


def first_view(page: Page) -> str:
    """Cold: the page and every file it names, as the browser would fetch them."""
    answer = ask(Visitor(page.user).request(page.path, None, {}))
    head, _, body = answer.partition(b"\r\n\r\n")
    html = gzip.decompress(body).decode() if b"gzip" in head else body.decode()
    files = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html)))
    sizes = {
        name: len(ask(Visitor(page.user).request(name, None, {})).partition(b"\r\n\r\n")[2]) for name in files
    }
    script = sum(size for name, size in sizes.items() if name.endswith(".js"))
    total = len(body) + sum(sizes.values())
    return (
        f"First view of {page.name}: {1 + len(files)} requests, {total / 1024:.1f} KB, "
        f"of it JavaScript {script / 1024:.1f} KB."
    )


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
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "alignment.wsgi",
        "-w",
        "2",
        "-k",
        "sync",
        "-b",
        f"127.0.0.1:{PORT}",
        "--log-level",
        "error",
        "--no-control-socket",
    ]
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
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory} GiB, Python {platform.python_version()}, "
            f"{connection.vendor}\n"
        )
        print(
            "| page | queries | must / aim | ratio to bare | must / aim | p50 ms | p95 ms | KB HTML | KB sent |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        )
        chosen = [
            page for page in wanted if not sys.argv[1:] or any(word in page.name for word in sys.argv[1:])
        ]
        for page in chosen:
            print(measure(page), flush=True)
        by_name = {page.name: page for page in chosen}
        print("\n| size | measured | must / aim |\n| --- | --- | --- |")
        for size in SIZES:
            if size.page in by_name:
                print(size_row(size, by_name[size.page]))
        print("\n" + pasting(data["admin"]))
        print("\n" + first_view(wanted[1]) + "\n" + first_view(wanted[7]))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


main()
