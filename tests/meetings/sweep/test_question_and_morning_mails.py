"""Questions are told once a day at most, the morning's mail once a day; neither in the evening or at a weekend."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import Notice, Preference
from alignment.outbox.delivery import deliver_due
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_issue, make_meeting
from tests.sweep import enqueue_reminders

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ask(cast: Cast, at: datetime) -> None:
    make_issue(team=cast.north, kind="question", side="ceo", created_by=cast.ceo, created_at=at)


def clock(at: datetime) -> None:
    """One pass of the clock."""
    with time_machine.travel(at, tick=False):
        enqueue_reminders(at)
        deliver_due()


def sent(kind: str) -> list[datetime]:
    notices = Notice.objects.filter(kind=kind).exclude(sent_at=None).order_by("sent_at")
    return list(notices.values_list("sent_at", flat=True))


#: 23 November 2026 is a Monday; Paris is an hour ahead of UTC.
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 16, 59, tzinfo=UTC), datetime(2026, 11, 23, 16, 59, tzinfo=UTC)),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), datetime(2026, 11, 24, 6, 30, tzinfo=UTC)),
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), datetime(2026, 11, 24, 6, 30, tzinfo=UTC)),
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), datetime(2026, 11, 30, 6, 30, tzinfo=UTC)),
        (datetime(2026, 11, 28, 10, 0, tzinfo=UTC), datetime(2026, 11, 30, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_question_is_told_within_working_hours(cast: Cast, asked: datetime, told: datetime) -> None:
    ask(cast, asked)
    clock(asked)
    if told > asked:
        assert not sent("question")
        clock(told - timedelta(minutes=1))
        assert not sent("question")
        clock(told)
    assert sent("question") == [told]


def test_a_second_question_of_the_day_is_told_the_next_morning(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ask(cast, NOW)
    clock(NOW)
    ask(cast, NOW + HOUR)
    ask(cast, NOW + 2 * HOUR)
    for hours in (1, 2, 3, 12):
        clock(NOW + hours * HOUR)
    assert sent("question") == [NOW]
    morning = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    clock(morning)
    clock(morning + HOUR)
    assert sent("question") == [NOW, morning]
    assert mailoutbox[-1].subject == "3 questions for you"


def test_questions_that_wait_for_the_morning_come_in_one_mail(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    for minutes in (0, 5, 90):
        at = datetime(2026, 11, 23, 18, 0, tzinfo=UTC) + timedelta(minutes=minutes)
        ask(cast, at)
        clock(at)
    clock(datetime(2026, 11, 24, 6, 30, tzinfo=UTC))
    assert [mail.subject for mail in mailoutbox if mail.to == [cast.leader.email]] == ["3 questions for you"]


def test_an_old_question_is_no_news(cast: Cast) -> None:
    ask(cast, NOW - 4 * DAY)
    clock(NOW)
    assert not Notice.objects.filter(kind="question").exists()


def test_the_ceo_is_told_on_the_morning_of_a_meeting_and_once(cast: Cast, meeting: Meeting) -> None:
    """NOW is 09:00 in Paris, the hour of the meeting."""
    make_meeting(team=cast.south, starts_at=NOW + 5 * HOUR)
    make_issue(team=cast.north, kind="question", side="leader")
    clock(NOW - 3 * HOUR)
    assert not sent("morning")
    for minutes in (90, 60, 1):
        clock(NOW - timedelta(minutes=minutes))
    assert sent("morning") == [NOW - timedelta(minutes=90)]


def test_a_meeting_at_a_weekend_brings_no_morning_mail(cast: Cast) -> None:
    saturday = NOW + 5 * DAY
    make_meeting(team=cast.north, starts_at=saturday + 4 * HOUR)
    make_issue(team=cast.north, kind="question", side="leader")
    clock(saturday)
    clock(saturday + 2 * DAY)
    assert not sent("morning")


def test_nothing_to_read_or_decide_brings_no_morning_mail(cast: Cast, meeting: Meeting) -> None:
    clock(NOW - HOUR)
    assert not sent("morning")
    assert Notice.objects.get(kind="morning").closed_at


def test_each_can_be_turned_off(cast: Cast, meeting: Meeting) -> None:
    for user in (cast.ceo, cast.leader):
        Preference.objects.create(user=user, no_mail=["morning", "question"])
    make_issue(team=cast.north, kind="question", side="leader", created_at=NOW - DAY)
    ask(cast, NOW - HOUR)
    clock(NOW - HOUR)
    assert not sent("morning") and not sent("question")
