"""Redis stopped, hung and emptied while people work: every page saves at once, and what is owed goes out afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from alignment.models import Notice
from meetings.models import Commitment, Issue, Meeting, Update
from tests.cast import Cast
from tests.factories import make_meeting
from tests.faults.outcome import Outcome, all_sent, owe_many, wait_for
from tests.faults.services import Redis
from tests.faults.site import Site
from tests.faults.visitor import Answer, Visitor
from tests.mailserver import Server, mail_server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.skipif(settings.EMBEDDED, reason="the embedded default has no Redis"),
]
AT_ONCE, GO_OUT_WITHIN = 2.0, 120.0  # seconds


@dataclass
class Running:
    """Web, worker and a quick beat, with a mail server that takes everything."""

    site: Site
    server: Server
    anybody: Visitor
    leader: Visitor
    ceo: Visitor


@pytest.fixture
def running(site: Site, cast: Cast) -> Iterator[Running]:
    owe_many(1)
    with mail_server() as server:
        site.mail_port = server.port
        site.worker()
        site.beat(every=1)
        _, visitor = site.web()
        wait_for(all_sent)  # worker and beat hold their connections now
        yield Running(site, server, visitor, visitor.signed_in(cast.leader), visitor.signed_in(cast.ceo))
        site.kill_all()


def work(running: Running, meeting: Meeting) -> list[Answer]:
    """What people do before and in a meeting, each step on a page that saves."""
    leader, ceo, at = running.leader, running.ceo, f"/meetings/{meeting.pk}"
    return [
        leader.post(f"{at}/update/", autosave=True, section="revenue", text="Three renewals by Friday."),
        running.anybody.post("/accounts/login/", login="ceo@demo.test", password="demo-password"),
        leader.post(f"{at}/submit/"),
        ceo.post("/issues/new/", team="north", title="Discounts"),
        leader.post("/commitments/new/", team="north", text="Call Brandt"),
        ceo.post(f"{at}/start/", confirmed="1"),
        ceo.post(f"{at}/close/"),
    ]


def look(running: Running) -> list[int]:
    return [running.ceo.get(path).status for path in ("/", "/meetings/", "/issues/", "/commitments/")]


TROUBLES: dict[str, tuple[Callable[[Redis], None], Callable[[Redis], None]]] = {
    "stopped": (Redis.stop, Redis.start),
    "hung": (Redis.hang, Redis.wake),
    "emptied": (Redis.empty, Redis.empty),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_page_saves_at_once_and_the_mails_follow(
    running: Running, own_redis: Redis, cast: Cast, trouble: str
) -> None:
    begin, end = TROUBLES[trouble]
    usual = work(running, meeting_in(1, cast))
    begin(own_redis)
    answers = work(running, meeting := meeting_in(3, cast))
    owe_many(20)
    assert [answer.status for answer in answers] == [204, *[302] * 6] and look(running) == [200] * 4
    assert slowest(answers) < slowest(usual) + AT_ONCE  # with whatever else the machine is doing
    assert saved(meeting) == ("held", 1, 2, 2)
    Notice.objects.filter(kind="recap").update(due_at=datetime.now(UTC))  # nobody takes the end back here
    end(own_redis)
    wait_for(lambda: all_sent() and Notice.objects.filter(kind="recap").count() == 4, GO_OUT_WITHIN)
    outcome = Outcome.of(running.server)
    assert (outcome.doubled, outcome.lost) == (0, 0) and outcome.sent == outcome.owed


def meeting_in(minutes: int, cast: Cast) -> Meeting:
    return make_meeting(team=cast.north, starts_at=datetime.now(UTC) + timedelta(minutes=minutes))


def slowest(answers: list[Answer]) -> float:
    return max(answer.seconds for answer in answers)


def saved(meeting: Meeting) -> tuple[str, int, int, int]:
    """Its state, its words, and all issues and commitments."""
    state, words = Meeting.objects.get(pk=meeting.pk).state, Update.objects.filter(meeting=meeting).count()
    return state, words, Issue.objects.count(), Commitment.objects.count()
