"""Every reminder, word for word, and that it keeps silent once its reason is gone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import Notice, User
from alignment.outbox.messages import Message, write
from alignment.outbox.notice_kinds import KINDS
from deals.models import ImportRun
from meetings.models import Attendance, Meeting
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import NOW, TODAY, make_commitment, make_import_run, make_issue, make_meeting
from tests.sweep import enqueue_reminders

DUE = NOW - timedelta(hours=24)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def message_to(user: User, kind: str, now: datetime) -> Message | None:
    """What the newest notice of this kind says at `now`."""
    notice = Notice.objects.filter(to=user, kind=kind, closed_at=None).latest("due_at")
    with time_machine.travel(now, tick=False):
        said = KINDS[kind].write(notice)
        assert said is None or isinstance(said, Message)
        return said


def mail_to(user: User, kind: str, now: datetime) -> EmailMultiAlternatives:
    message = message_to(user, kind, now)
    assert message is not None
    with time_machine.travel(now, tick=False):
        return write([message], goes_as="<test@demo.test>")


def _preparation(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    enqueue_reminders(DUE - 2 * HOUR)
    return cast.leader, DUE - 2 * HOUR


def _late(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    enqueue_reminders(DUE - 2 * HOUR)
    return cast.leader, DUE + 20 * HOUR


def _prepared(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    meeting.submit_preparation(by=cast.leader, now=DUE - HOUR, missing=2)
    enqueue_reminders(DUE)
    return cast.ceo, DUE


def _starting(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    enqueue_reminders(NOW - timedelta(minutes=15))
    return cast.leader, NOW - timedelta(minutes=15)


def _absent(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    meeting.start(by=cast.ceo, now=NOW + timedelta(minutes=2))
    enqueue_reminders(NOW + timedelta(minutes=8))
    return cast.leader, NOW + timedelta(minutes=8)


def _missed(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    make_meeting(team=cast.north, starts_at=NOW + 7 * DAY)
    meeting.mark_missed(now=NOW + DAY)
    enqueue_reminders(NOW + DAY)
    return cast.ceo, NOW + DAY


def _commitments_due(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY + DAY, text="Call Brandt & <Söhne>")
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY + DAY, text="Dana takes over Kestrel")
    enqueue_reminders(NOW)
    return cast.leader, NOW


def _overdue(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY - 3 * DAY, text="Price list to Hollis")
    enqueue_reminders(NOW)
    return cast.leader, NOW


def _week(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    make_meeting(team=cast.south, starts_at=NOW + 2 * DAY)
    meeting.submit_preparation(by=cast.leader, now=DUE)
    enqueue_reminders(NOW - 2 * HOUR)
    return cast.ceo, NOW - 2 * HOUR


def _question(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    for title in ("May renewals get 60 days?", "Who calls Brandt & <Söhne>?"):
        make_issue(team=cast.north, kind="question", side="ceo", title=title, created_by=cast.ceo)
    enqueue_reminders(NOW)
    return cast.leader, NOW


def _morning(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    meeting.submit_preparation(by=cast.leader, now=DUE)
    make_issue(team=cast.north, kind="question", side="leader", title="May we hire Brandt & <Söhne>?")
    at = NOW - timedelta(minutes=30)
    enqueue_reminders(at)
    return cast.ceo, at


def _waiting_upload(cast: Cast, meeting: Meeting) -> tuple[User, datetime]:
    for state, name in (("understood", "deals.csv"), ("failed", "Brandt & <Söhne>.csv")):
        make_import_run(team=cast.north, by=None, is_sent=True, state=state, file_name=name)
    enqueue_reminders(NOW)
    return cast.leader, NOW


OWED = {
    "preparation": _preparation,
    "preparation-late": _late,
    "prepared": _prepared,
    "starting": _starting,
    "absent": _absent,
    "missed": _missed,
    "commitments_due": _commitments_due,
    "overdue": _overdue,
    "week": _week,
    "question": _question,
    "waiting_upload": _waiting_upload,
    "morning": _morning,
}


@pytest.mark.parametrize("name", OWED)
def test_the_words_of(cast: Cast, meeting: Meeting, name: str) -> None:
    to, now = OWED[name](cast, meeting)
    same_as_golden(name, mail_to(to, name.partition("-")[0], now))


@pytest.mark.parametrize("name", OWED)
def test_the_html_says_the_same_facts_and_calls_to_one_place(cast: Cast, meeting: Meeting, name: str) -> None:
    to, now = OWED[name](cast, meeting)
    mail = mail_to(to, name.partition("-")[0], now)
    html = unescape(str(mail.alternatives[0].content))
    body = re.sub(r"\s+", " ", re.sub(r"<(/?)(p|li|br|h1|a|span|b)\b[^>]*>", " ", html))
    for line in filter(None, (part.strip("- ") for part in mail.body.split("\n"))):
        said = re.sub(r": http\S+", "", line)
        assert _plain(said) in _plain(body)
    assert len(re.findall(r'href="([^"]*)"[^>]*>(?!Choose)', html)) == 1
    assert "<Söhne>" not in str(mail.alternatives[0].content)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.parametrize(
    "name", ["preparation", "prepared", "starting", "absent", "missed", "week", "question", "morning"]
)
def test_a_subject_holds_no_words_of_a_meeting_and_one_line(cast: Cast, meeting: Meeting, name: str) -> None:
    type(cast.north).objects.filter(pk=cast.north.pk).update(name="North\r\nBcc: x@y.test")
    to, now = OWED[name](cast, meeting)
    assert "\n" not in mail_to(to, name, now).subject and "\r" not in mail_to(to, name, now).subject


# The reason is gone


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("preparation", lambda cast, meeting: meeting.submit_preparation(by=cast.leader, now=DUE)),
        ("preparation", lambda cast, meeting: meeting.excuse(by=cast.ceo, now=DUE, why="Holiday")),
        (
            "preparation",
            lambda cast, meeting: meeting.move(NOW + DAY, by=cast.ceo, now=DUE - HOUR, why="Fair"),
        ),
        ("preparation", lambda cast, meeting: cast.north.seats.update(until=TODAY)),
        ("prepared", lambda cast, meeting: meeting.start(by=cast.ceo, now=NOW)),
        ("starting", lambda cast, meeting: meeting.start(by=cast.ceo, now=NOW)),
        (
            "starting",
            lambda cast, meeting: meeting.move(NOW + HOUR, by=cast.ceo, now=NOW - HOUR, why="Train"),
        ),
        (
            "absent",
            lambda cast, meeting: Attendance.objects.create(
                meeting=meeting, user=cast.leader, role="leader", present=True, at=NOW
            ),
        ),
        ("absent", lambda cast, meeting: meeting.end(by=cast.ceo, now=NOW + HOUR)),
        (
            "missed",
            lambda cast, meeting: Meeting.objects.update(state="excused", excused_at=NOW, excused_why="x"),
        ),
        (
            "commitments_due",
            lambda cast, meeting: [
                each.do(by=cast.leader, now=NOW) for each in cast.leader.commitments.all()
            ],
        ),
        (
            "overdue",
            lambda cast, meeting: cast.leader.commitments.update(dropped_at=NOW, dropped_why="No budget"),
        ),
        ("overdue", lambda cast, meeting: cast.north.seats.update(until=TODAY)),
        ("week", lambda cast, meeting: cast.south.seats.update(until=TODAY)),
        ("question", lambda cast, meeting: cast.north.issues.update(discussed_at=NOW)),
        ("question", lambda cast, meeting: cast.leader.seats.update(until=TODAY)),
        ("waiting_upload", lambda cast, meeting: ImportRun.objects.mark_seen(cast.leader, NOW)),
        ("waiting_upload", lambda cast, meeting: ImportRun.objects.update(state="applied")),
        ("waiting_upload", lambda cast, meeting: cast.leader.seats.update(until=TODAY)),
        ("morning", lambda cast, meeting: meeting.start(by=cast.ceo, now=NOW)),
        ("morning", lambda cast, meeting: cast.ceo.seats.update(until=TODAY)),
    ],
)
def test_a_reminder_whose_reason_is_gone_says_nothing(
    cast: Cast, meeting: Meeting, name: str, gone: Callable[[Cast, Meeting], object]
) -> None:
    to, now = OWED[name](cast, meeting)
    assert message_to(to, name, now) is not None
    meeting.refresh_from_db()
    gone(cast, meeting)
    assert message_to(to, name, now) is None


def test_of_two_reminders_that_waited_only_the_later_is_sent(cast: Cast, meeting: Meeting) -> None:
    enqueue_reminders(DUE - 24 * HOUR)
    enqueue_reminders(DUE - 2 * HOUR)
    first, second = Notice.objects.filter(to=cast.leader, kind="preparation", closed_at=None).order_by(
        "due_at"
    )
    with time_machine.travel(DUE - HOUR, tick=False):
        assert KINDS["preparation"].write(first) is None
        assert KINDS["preparation"].write(second) is not None


@pytest.mark.parametrize(("kind", "after"), [("starting", 15), ("absent", 60)])
def test_what_comes_too_late_is_not_said(cast: Cast, meeting: Meeting, kind: str, after: int) -> None:
    to, now = OWED[kind](cast, meeting)
    assert message_to(to, kind, now + timedelta(minutes=after)) is None


def test_a_batch_looks_its_meetings_up_at_once(
    cast: Cast, meeting: Meeting, django_assert_num_queries
) -> None:
    enqueue_reminders(DUE - 2 * HOUR)
    notices = list(Notice.objects.filter(kind="preparation", closed_at=None).select_related("to"))
    read = KINDS["preparation"].read
    assert read is not None
    with django_assert_num_queries(3), time_machine.travel(DUE - 2 * HOUR, tick=False):
        for notice in notices:
            notice.data = read(notices)[notice.pk] if notice is notices[0] else notices[0].data
            message = KINDS["preparation"].write(notice)
            assert message is not None and message.text()  # type: ignore[union-attr]


def test_several_together_word_for_word(cast: Cast, meeting: Meeting) -> None:
    _overdue(cast, meeting)
    make_meeting(team=cast.north, starts_at=NOW + 2 * DAY)
    enqueue_reminders(NOW)
    messages = [message_to(cast.leader, kind, NOW) for kind in ("overdue", "preparation")]
    with time_machine.travel(NOW, tick=False):
        same_as_golden(
            "together", write([message for message in messages if message], goes_as="<test@demo.test>")
        )
