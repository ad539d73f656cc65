"""Worlds that differ only in what the CEO and the sales leader left, answered and prepared for each other: everything
every third person can get is the same in all of them, to the byte.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from alignment.models import Notice
from alignment.sweep.run import sweep
from meetings.models import FeedbackTalk, FirstMeeting, HeadsUp
from meetings.transitions.closing import close_meeting
from tests.abuse.conftest import log
from tests.abuse.everywhere import address, rows_of_everything
from tests.cast import Cast
from tests.factories import NOW, TODAY
from tests.meetings.check_in.test_two_worlds import (
    END,
    HOUR,
    MINUTE,
    THIRD,
    World,
    number_rows_alike,
    stage,
)

__all__ = ["log", "stage"]

As = Callable[[Any], Client]
WORD = "zqbetweenus"
OWN = {
    "meetings.FirstMeeting",
    "meetings.FirstMeetingAnswer",
    "meetings.HeadsUp",
    "meetings.FeedbackTalk",
}
FIRST, STAND, HEADS = (
    "/teams/north/first-meeting/",
    "/teams/north/where-you-stand/",
    "/teams/north/heads-ups/",
)
ROUTES_OF_THE_TWO = (
    "first_meeting",
    "first_meeting_open",
    "first_meeting_take",
    "heads_ups",
    "heads_up_talk",
    "feedback_talk",
    "feedback_not_yet",
)
Act = tuple[str, str, dict[str, Any]]
ANSWERS = {"version": 0, "success": WORD, "chase": WORD, "never_from_others": WORD, "people": WORD}
#: Before the meeting, while it runs, and after it; what was left in the stage is answered too.
WORLDS: dict[str, tuple[list[Act], list[Act]]] = {
    "nobody": ([], []),
    "all of it": (
        [
            ("ceo", HEADS, {"words": WORD, "token": UUID(int=7)}),
            ("ceo", FIRST, ANSWERS),
            ("leader", f"{FIRST}open/", {}),
            ("leader", f"{STAND}not-yet/", {"version": 0}),
        ],
        [
            ("leader", "/heads-ups/{}/agree/", {}),
            ("leader", FIRST, ANSWERS),
            ("ceo", f"{FIRST}end/", {}),
            ("ceo", STAND, {"version": 0, "on": TODAY.isoformat()}),
        ],
    ),
    "prepared apart, not now": (
        [("leader", FIRST, ANSWERS | {"is_done": "on"})],
        [("ceo", FIRST, {"version": 0, "leave": WORD}), ("ceo", f"{FIRST}not-now/", {})],
    ),
}


class PairWorld(World):
    def live(self, acts: tuple[list[Any], list[Any]], as_: As, folder: Path, *, everywhere: bool) -> Any:
        self.log.truncate(0)
        self.log.seek(0)
        during, after = acts
        with time_machine.travel(NOW + 20 * MINUTE, tick=False):
            principals = {"ceo": as_(self.cast.ceo), "leader": as_(self.cast.leader)}
            self.meeting.recap_to.add(self.cast.observer)
            self.meeting.start(by=self.cast.ceo, now=NOW)
            self.meeting.go_to("closing", now=NOW + 20 * MINUTE)
            self.act(during, principals)
            self.read_some("running")
        with time_machine.travel(END, tick=False):
            close_meeting(self.meeting, by=self.cast.ceo, now=END)
        with time_machine.travel(END + HOUR, tick=False):
            self.act(after, principals)
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

    def act(self, acts: list[Act], principals: dict[str, Client]) -> None:
        """Twice, as somebody does whose first answer was lost; the pages are read before and after."""
        for who, path, fields in acts:
            path = path.format(self.stage["heads_up"].pk)
            for _ in range(2):
                answer = principals[who].post(path, fields)
                assert answer.status_code in (302, 409), (path, answer.status_code)
        for page in (FIRST, STAND, HEADS) if acts else ():
            assert {client.get(page).status_code for client in principals.values()} == {200}

    def read_all(self, when: str) -> None:
        super().read_all(when)
        for who in (*THIRD, "anonymous"):
            for route in ROUTES_OF_THE_TWO:
                self.read(when, who, address(f"meetings:{route}", self.stage))


@pytest.mark.one_database
def test_nobody_can_tell_the_worlds_apart(
    cast: Cast, stage: dict[str, Any], as_: As, log: io.StringIO, tmp_path: Path
) -> None:
    for person in (cast.delegate, cast.observer, cast.facilitator):
        person.renew_calendar_token()
    clients = {who: as_(getattr(cast, who)) for who in THIRD} | {"anonymous": Client(), "link": Client()}
    with time_machine.travel(NOW, tick=False):
        assert clients["link"].get(address("alignment:link", stage)).status_code == 302
    worlds: dict[str, dict[str, Any]] = {}
    for name, acts in WORLDS.items():
        number_rows_alike()
        with transaction.atomic():
            world = PairWorld(cast, stage, clients, log)
            worlds[name] = world.live(acts, as_, tmp_path, everywhere=name != "prepared apart, not now")
            if name == "all of it":
                assert FirstMeeting.objects.get().has_ended and FeedbackTalk.objects.count() == 2
                assert HeadsUp.objects.filter(answer="agreed").count() == 1 and HeadsUp.objects.count() == 2
            transaction.set_rollback(True)
    nobody = worlds.pop("nobody")
    for name, got in worlds.items():
        shared = got.keys() if name == "all of it" else got.keys() - {"log", "rows of alignment.Heartbeat"}
        assert shared <= nobody.keys()
        different = [what for what in shared if got[what] != nobody[what]]
        assert not different, (name, different)
    assert WORD not in repr(nobody)


@pytest.mark.parametrize("path", [FIRST, STAND, HEADS, f"{FIRST}open/", f"{STAND}not-yet/"])
def test_no_line_of_the_log_says_that_somebody_used_it(
    path: str, cast: Cast, as_: As, log: io.StringIO
) -> None:
    client = as_(cast.ceo)
    log.truncate(0)
    log.seek(0)
    if path in (FIRST, STAND, HEADS):
        client.get(path)
    client.post(path, {"version": 0, "words": WORD})
    assert path.strip("/").split("/")[-1] not in log.getvalue() and WORD not in log.getvalue()
