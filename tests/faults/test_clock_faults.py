"""Five clocks at once, told every moment at the same time: what is owed is owed once, and sent once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from alignment.models import Notice, Seat, User
from meetings.models import Meeting
from tests.factories import NOW, make_company, make_team, make_user
from tests.faults.outcome import Outcome
from tests.faults.site import ROOT, Site
from tests.mailserver import mail_server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.skipif(settings.EMBEDDED, reason="several clocks need PostgreSQL"),
]
Clocks = Callable[[Iterable[datetime]], None]


@pytest.fixture
def five_clocks(site: Site) -> Clocks:
    """Tell five processes these moments, each a little later than its neighbour, as beats are."""

    def go(moments: Iterable[datetime]) -> None:
        clocks = [clock(site) for _ in range(5)]
        with ThreadPoolExecutor(5) as pool:
            for moment in moments:
                done = pool.map(
                    tell, clocks, (moment + timedelta(milliseconds=300 * each) for each in range(5))
                )
                assert all(done)
        for child in clocks:
            child.communicate(timeout=10)

    return go


def clock(site: Site) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.sweeping"]
    with site.log.open("ab") as log:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=site.environment,
            stderr=log,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    site.started.append(child)
    return child


def tell(child: subprocess.Popen[bytes], moment: datetime) -> bytes:
    """What it answers, or nothing when it died."""
    assert child.stdin and child.stdout
    child.stdin.write(f"{moment.isoformat()}\n".encode())
    child.stdin.flush()
    return child.stdout.readline()


def kinds() -> Counter[str]:
    """How many of which kind were owed with a reason."""
    return Counter(Notice.objects.filter(closed_at=None).values_list("kind", flat=True))


def test_five_clocks_over_ten_days_send_every_notice_once(site: Site, five_clocks: Clocks) -> None:
    company, ceo = make_company(), make_user(timezone="Europe/Paris")
    for weekday in (0, 2, 4):
        make_team(company=company, ceo=ceo, leader=make_user(timezone="Europe/Paris"), weekday=weekday)
    with mail_server() as server:
        site.mail_port = server.port
        five_clocks(NOW + timedelta(hours=hours) for hours in ten_days())
        outcome = Outcome.of(server)
    assert kinds() == {"invitation": 6, "preparation": 15, "starting": 10, "missed": 8, "week": 2}
    # Two reminders of a preparation that was due before the first round are closed unsent.
    assert outcome == Outcome(owed=39, sent=39, doubled=0, lost=0)


def ten_days() -> list[float]:
    """Twice a day, and shortly before and a day after each nine o'clock."""
    return sorted(
        [*(day * 24 - 0.2 for day in range(10)), *(day * 24 + 0.1 for day in range(10)), 7, 100, 200]
    )


def test_five_hundred_teams_in_the_same_second_are_told_once(site: Site, five_clocks: Clocks) -> None:
    many_teams(500)
    with mail_server() as server:
        site.mail_port = server.port
        five_clocks([NOW - timedelta(minutes=10), NOW + timedelta(hours=24, minutes=1)])
        outcome = Outcome.of(server)
    assert kinds() == {"preparation": 500, "starting": 1000, "missed": 1000}
    assert outcome == Outcome(owed=2500, sent=2500, doubled=0, lost=0)


def test_new_teams_are_invited_once(site: Site, five_clocks: Clocks) -> None:
    many_teams(40)
    User.objects.update(calendar_mail=True)
    with mail_server() as server:
        site.mail_port = server.port
        five_clocks([NOW - timedelta(minutes=30)])
        outcome = Outcome.of(server)
    assert Notice.objects.filter(kind="invitation").count() == 80
    assert outcome == Outcome(owed=120, sent=120, doubled=0, lost=0)


def many_teams(number: int) -> None:
    """Each with a CEO and a leader of its own, and a meeting at NOW."""
    company, since = make_company(), NOW.date()
    people = User.objects.bulk_create(
        User(email=f"{role}{n}@demo.test", name=f"{role} {n}", timezone="Europe/Paris", calendar_mail=False)
        for n in range(number)
        for role in ("ceo", "leader")
    )
    teams = [make_team(company=company, starts_on=since, ends_on=since) for _ in range(number)]
    Seat.objects.bulk_create(
        Seat(team=team, user=person, role=role, since=since)
        for team, pair in zip(teams, zip(people[::2], people[1::2], strict=True), strict=True)
        for role, person in zip(("ceo", "leader"), pair, strict=True)
    )
    Meeting.objects.bulk_create(Meeting(team=team, planned_start=NOW, starts_at=NOW) for team in teams)
