"""Web processes restarted while people write: nobody sees it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from meetings.models import Issue
from tests.cast import Cast
from tests.faults.load import Written, writing
from tests.faults.outcome import wait_for
from tests.faults.site import Process, Site
from tests.faults.visitor import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


def test_hup_renews_every_process_and_fails_no_request(site: Site, cast: Cast) -> None:
    web, visitor = site.web()
    before = children(web)
    with writing(visitor.signed_in(cast.leader)) as written:
        written.goes_on()
        web.send_signal(signal.SIGHUP)
        wait_for(lambda: len(children(web)) == len(before) and not children(web) & before)
        written.goes_on()
    everything_is_there(written)


def children(parent: Process) -> set[int]:
    listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text()
    return set(map(int, listed.split()))


def everything_is_there(written: Written) -> None:
    assert [answer.text for answer in written.failed] == []
    assert written.acknowledged == set(Issue.objects.values_list("title", flat=True))


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """What systemd holds for alignment-web.socket: it stays open while the service behind it is another."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        listener.set_inheritable(True)
        yield listener


def test_an_upgrade_behind_a_held_socket_fails_no_request(
    site: Site, cast: Cast, door: socket.socket
) -> None:
    visitor = Visitor(door.getsockname()[1])
    old = site.behind(door)
    wait_for(visitor.is_answered)
    with writing(visitor.signed_in(cast.leader)) as written:
        written.goes_on()
        old.send_signal(signal.SIGTERM)
        assert old.wait(30) == 0
        site.behind(door)
        written.goes_on()
    everything_is_there(written)
