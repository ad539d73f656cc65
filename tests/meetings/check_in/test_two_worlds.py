"""Worlds that differ only in what was answered, in whether and in when: everything every third person can get is the
same in all of them, to the byte.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client

from alignment.erasure.erase import preview_erasure
from alignment.exports.manifest import FACTS
from alignment.exports.writer import write_export
from alignment.models import Notice
from alignment.outbox.messages import write
from alignment.registry import metrics
from alignment.sweep.run import sweep
from meetings.mails.recap import recap
from meetings.models import CheckIn, CheckInAnswer, Meeting
from meetings.transitions.closing import close_meeting
from tests.abuse.conftest import log
from tests.abuse.everywhere import ROUTES, address, rows_of_everything
from tests.cast import Cast
from tests.factories import NOW, full_answer, make_held_meeting
from tests.test_urls import LINKS_TABLE, ROLES, declared, make_stage

__all__ = ["log"]

As = Callable[[Any], Client]
Got = dict[str, Any]
CEO_WORD, LEADER_WORD = "zqceosentence", "zqleadersentence"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
END = NOW + 30 * MINUTE
READERS = ("admin", "delegate", "facilitator", "observer")
"""Those who can open pages of the team."""
THIRD = (*READERS, "second_leader", "outsider")
NOBODYS = {"alignment:amount", "alignment:day", "deals:import_example"}
"""What is the same for everybody at any time."""
#: Drawn at random for every answer: CSRF tokens, tokens of forms, nonces.
DRAWN = re.compile(rb"[A-Za-z0-9]{64}|[0-9a-f]{8}-[-0-9a-f]{27}|nonce=\"[^\"]*\"")
#: Whether the broker of this machine answered in time.
BROKER = re.compile(rb'"broker": "[a-z]+"')
DRAWN_HEADERS = {"X-Request-ID", "Content-Security-Policy", "Content-Length"}
OWN = {"meetings.CheckIn", "meetings.CheckInAnswer"}
#: Asked while the meeting runs, too.
RUNNING = (
    "/",
    "/meetings/{}/",
    "/meetings/{}/present/",
    "/meetings/{}/present/?at=closing",
    "/meetings/{}/recap/",
)
SEARCHED = (
    "/teams/north/?q={}",
    "/issues/?q={}",
    "/commitments/?q={}",
    "/deals/?q={}",
    "/meetings/?q={}",
    "/?q={}",
)

Act = tuple[str, dict[str, Any]]
#: Who answers what while they wrap up, and who after the close; also what is refused.
WORLDS: dict[str, tuple[list[Act], list[Act]]] = {
    "nobody": ([], []),
    "both, apart": (
        [("ceo", full_answer(tap="no", pipeline=1, guess=5, sentence=CEO_WORD))],
        [("leader", {"tap": "maybe"}), ("leader", full_answer(guess=1, sentence=LEADER_WORD))],
    ),
    "both, low, the leader first": (
        [],
        [
            ("leader", full_answer(plan=1, progress=1, pipeline=1, deals=1, support=1, guess=1)),
            ("ceo", full_answer(plan=1, progress=2, pipeline=2, deals=1, support=2, guess=1)),
            ("ceo", full_answer(plan=5)),
        ],
    ),
    "one of them, and changed": (
        [("leader", full_answer(sentence=LEADER_WORD))],
        [("leader", full_answer(plan=1, version="1"))],
    ),
    "both while they meet": ([("leader", full_answer()), ("ceo", full_answer())], []),
}


CRAWLED = ("nobody", "both, apart")
"""The worlds in which every address is asked for."""


@pytest.fixture
def stage(cast: Cast) -> dict[str, Any]:
    with time_machine.travel(NOW, tick=False):
        made = make_stage(cast)
    for week in (2, 3):
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week))
    return made


class World:
    """One history, from the start of a meeting to two days after it, and all that others get on the way."""

    def __init__(
        self, cast: Cast, stage: dict[str, Any], clients: dict[str, Client], log: io.StringIO
    ) -> None:
        self.cast, self.stage, self.clients, self.log = cast, stage, clients, log
        self.meeting = Meeting.objects.get(pk=stage["meeting"].pk)
        self.got: Got = {}

    def live(self, acts: tuple[list[Act], list[Act]], as_: As, folder: Path, *, everywhere: bool) -> Got:
        """`everywhere`: every address is asked for once both could have answered, not only the usual ones."""
        self.log.truncate(0)
        self.log.seek(0)
        during, after = acts
        with time_machine.travel(NOW + 20 * MINUTE, tick=False):
            principals = {"ceo": as_(self.cast.ceo), "leader": as_(self.cast.leader)}
            self.meeting.recap_to.add(self.cast.observer)
            self.meeting.start(by=self.cast.ceo, now=NOW)
            self.meeting.go_to("closing", now=NOW + 20 * MINUTE)
            self.answer(during, principals)
            self.read_some("running")
        with time_machine.travel(END, tick=False):
            close_meeting(self.meeting, by=self.cast.ceo, now=END)
        with time_machine.travel(END + HOUR, tick=False):
            self.answer(after, principals)
            for client in principals.values():
                client.get("/")
            (self.read_all if everywhere else self.read_some)("after")
            self.read_files(folder)
        with time_machine.travel(END + 48 * HOUR, tick=False):
            self.got["swept"] = sweep(END + 48 * HOUR)
            self.read_some("two days later")
            self.got["notices"] = sorted(Notice.objects.values_list("key", "kind", "to", "due_at"))
        rows = rows_of_everything()
        self.got |= {f"rows of {label}": rows[label] for label in rows.keys() - OWN}
        self.got["log"] = [self.line(text) for text in self.log.getvalue().splitlines()]
        return self.got

    def answer(self, acts: list[Act], principals: dict[str, Client]) -> None:
        for who, fields in acts:
            path = f"/meetings/{self.meeting.pk}/check-in/"
            for _ in range(2):
                assert principals[who].get(path).status_code == 200
                assert principals[who].post(path, {"version": "0"} | fields).status_code in (302, 422, 409)
        pages = [client.get("/teams/north/check-in/") for client in principals.values() if acts]
        assert {page.status_code for page in pages} <= {200}

    def read_some(self, when: str) -> None:
        for who in READERS:
            for path in RUNNING:
                self.read(when, who, path.format(self.meeting.pk))

    def read_all(self, when: str) -> None:
        """Every address that opens for them, and those of the check-in, which do not."""
        self.read_some(when)
        table = declared()
        for who in (*THIRD, "anonymous"):
            for route in ROUTES:
                opens = table[route][ROLES.index(who)].startswith("200") and route not in NOBODYS
                about = "check_in" in route or who in READERS or route in ("meetings:home", "meetings:list")
                if (opens and about) or "check_in" in route:
                    self.read(when, who, address(route, self.stage))
        for who in READERS:
            for path in SEARCHED:
                self.read(when, who, path.format(CEO_WORD))
        for person in (self.cast.delegate, self.cast.observer, self.cast.facilitator):
            self.read(when, "anonymous", f"/calendar/{person.calendar_token}.ics")
        for route in declared(LINKS_TABLE):
            self.read(when, "link", address(route, self.stage))

    def read(self, when: str, who: str, path: str) -> None:
        answer: Any = self.clients[who].get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        content = BROKER.sub(b"", content) if path == "/readyz" else content
        headers = {name: value for name, value in answer.headers.items() if name not in DRAWN_HEADERS}
        self.got[f"{when} {who} {path}"] = (answer.status_code, headers, DRAWN.sub(b"", content))

    def read_files(self, folder: Path) -> None:
        write_export(self.cast.company, folder / "facts.zip", contents=FACTS, now=END + HOUR)
        with zipfile.ZipFile(folder / "facts.zip") as archive:
            self.got["export"] = {name: archive.read(name) for name in archive.namelist()}
        letters = [recap(notice) for notice in Notice.objects.filter(kind="recap").order_by("to")]
        mails = [write([letter], goes_as="<test@demo.test>") for letter in letters if letter]
        self.got["mails"] = [(mail.to, mail.body, str(mail.alternatives[0].content)) for mail in mails]
        self.got["searched"] = [
            (record.text, record.pair_texts, record.agenda) for record in self.meeting.records.all()
        ]
        self.got["erasure"] = [preview_erasure(person) for person in (self.cast.ceo, self.cast.leader)]
        self.got["metrics"] = metrics.text(END + HOUR)

    def line(self, text: str) -> dict[str, Any]:
        """Without what every request draws, and how long it took."""
        told = json.loads(text)
        return {name: re.sub(r"\d+ ms", "ms", told[name]) for name in ("level", "logger", "message")}


def number_rows_alike() -> None:
    """PostgreSQL does not take back numbers that were given in a world that was undone; SQLite does."""
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.one_database
def test_nobody_can_tell_the_worlds_apart(
    cast: Cast, stage: dict[str, Any], as_: As, log: io.StringIO, tmp_path: Path
) -> None:
    for person in (cast.delegate, cast.observer, cast.facilitator):
        person.renew_calendar_token()
    clients = {who: as_(getattr(cast, who)) for who in THIRD} | {"anonymous": Client(), "link": Client()}
    with time_machine.travel(NOW, tick=False):
        assert clients["link"].get(address("alignment:link", stage)).status_code == 302
    worlds: dict[str, Got] = {}
    for name, acts in WORLDS.items():
        number_rows_alike()
        with transaction.atomic():
            world = World(cast, stage, clients, log)
            worlds[name] = world.live(acts, as_, tmp_path, everywhere=name in CRAWLED)
            given = CheckInAnswer.objects.filter(check_in__meeting=stage["meeting"]).count()
            assert given == len({who for who, _ in (*acts[0], *acts[1])}), name
            assert CheckIn.objects.get(meeting=stage["meeting"]).is_revealed is (given == 2)
            transaction.set_rollback(True)
    nobody = worlds.pop("nobody")
    assert len(nobody["mails"]) == 3 and len(nobody["log"]) > 100
    for name, got in worlds.items():
        shared = got.keys() if name in CRAWLED else got.keys() - {"log", "rows of alignment.Heartbeat"}
        assert shared <= nobody.keys()
        different = [what for what in shared if got[what] != nobody[what]]
        assert not different, (name, different)
    assert LEADER_WORD not in repr(nobody)
