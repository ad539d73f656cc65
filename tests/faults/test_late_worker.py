"""The worker and the clock stand still over three meetings and then run again: what is late is stated and told once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from alignment.models import Heartbeat, Notice, Team
from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import SweepResult, sweep
from meetings.models import Flag, Meeting
from tests.cast import Cast
from tests.factories import NOW, make_commitment, make_meeting

pytestmark = [pytest.mark.django_db(transaction=True)]
WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)
STOPPED, BACK = NOW - timedelta(days=5), NOW + 2 * WEEK + timedelta(days=2)


@pytest.fixture(autouse=True)
def stood_still(cast: Cast, settings: object) -> None:
    """North meets on three Mondays; the clock looked for the last time before the first reminder was due."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    Team.objects.exclude(pk=cast.north.pk).update(ends_on=(NOW - WEEK).date())
    for number in range(3):
        make_meeting(team=cast.north, starts_at=NOW + number * WEEK)
        make_commitment(team=cast.north, owner=cast.leader, due=(NOW + number * WEEK).date())
    run(STOPPED)
    mail.outbox.clear()


def run(now: object) -> SweepResult:
    """What the beat has the worker do."""
    with time_machine.travel(now, tick=False):  # type: ignore[arg-type]
        swept = sweep(now)  # type: ignore[arg-type]
        deliver_due()
    return swept


def mails_to() -> Counter[str]:
    return Counter(address for message in mail.outbox for address in message.to)


def test_each_miss_is_stated_once_and_each_step_raised_once() -> None:
    first = run(BACK)
    assert (first.counts["missed"], first.counts["flags raised"]) == (3, 3)
    later = [run(BACK + minutes * MINUTE) for minutes in (1, 5, 60)]
    assert not any(each.counts[name] for each in later for name in ("missed", "flags raised", "planned"))
    assert Meeting.objects.filter(state="missed").count() == 3
    assert sorted(Flag.objects.values_list("step", flat=True)) == [1, 2, 3]


def test_reminders_that_came_too_late_are_marked_and_not_sent(cast: Cast) -> None:
    run(BACK)
    theirs = Notice.objects.filter(to=cast.leader)
    missed = list(Meeting.objects.filter(state="missed").values_list("pk", flat=True))
    asked = theirs.filter(kind="preparation", payload__meeting__in=missed)
    assert not asked.exclude(sent_at=None).exists()
    assert set(asked.values_list("error", flat=True)) == {"Skipped: it would have arrived too late."}
    assert theirs.filter(kind="starting").count() == 0
    assert theirs.filter(kind="missed", closed_at=None).count() == 1


def test_nobody_gets_a_storm(cast: Cast) -> None:
    for minutes in (0, 1, 5, 60):
        run(BACK + minutes * MINUTE)
    counted = mails_to()
    assert max(counted.values()) <= 2, counted
    told = {cast.ceo.email, cast.leader.email, cast.admin.email}
    assert told <= set(counted)
    assert not Notice.objects.filter(sent_at=None, closed_at=None, due_at__lte=BACK).exists()


def test_nothing_is_told_twice_when_the_stop_repeats_itself(cast: Cast) -> None:
    run(BACK)
    told = Counter(Notice.objects.exclude(sent_at=None).values_list("key", flat=True))
    sent = len(mail.outbox)
    for _ in range(3):
        run(BACK + MINUTE)
    assert Counter(Notice.objects.exclude(sent_at=None).values_list("key", flat=True)) == told
    assert len(mail.outbox) == sent


def test_it_is_known_that_it_stood_still() -> None:
    assert Heartbeat.objects.get(name="sweep").at == STOPPED
    run(BACK)
    assert Heartbeat.objects.get(name="sweep").at == BACK
