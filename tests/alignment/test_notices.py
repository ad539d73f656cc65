import smtplib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment import notices
from alignment.mail import message_id
from alignment.models import Notice
from alignment.notices import deliver, deliver_due, owe
from tests.cast import Cast
from tests.factories import NOW


def _letter(notice: Notice) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        "Hello", "Text", to=[notice.to.email], headers={"Message-ID": message_id(notice.key)}
    )


@pytest.fixture(autouse=True)
def test_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(notices.MAKERS, "test", _letter)


@pytest.fixture
def owed(cast: Cast) -> Notice:
    owe("test", to=cast.ceo, about="x", payload={}, now=NOW)
    return Notice.objects.get()


def breaking(error: Exception) -> Callable[[Notice], EmailMultiAlternatives]:
    def make(notice: Notice) -> EmailMultiAlternatives:
        raise error

    return make


def test_what_is_owed_twice_is_owed_once(cast: Cast, owed: Notice) -> None:
    owe("test", to=cast.ceo, about="x", payload={}, now=NOW)
    assert Notice.objects.count() == 1


@time_machine.travel(NOW, tick=False)
def test_a_due_notice_is_sent_once_and_stamped(
    owed: Notice, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert deliver_due() == {"sent": 1}
    assert deliver_due() == {}
    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [
        message_id("test:x:" + str(owed.to_id))
    ]


@time_machine.travel(NOW, tick=False)
def test_a_notice_claimed_by_another_process_is_left_alone(
    owed: Notice, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert owed.claim(NOW)
    assert deliver(owed) == "taken"
    assert not mailoutbox


def test_a_claim_of_a_process_that_died_expires(
    owed: Notice, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    owed.claim(NOW)
    with time_machine.travel(NOW + timedelta(minutes=6)):
        assert deliver_due() == {"sent": 1}


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("error", "became"),
    [
        (smtplib.SMTPServerDisconnected("gone"), "later"),
        (TimeoutError("slow"), "later"),
        (smtplib.SMTPRecipientsRefused({"ceo@demo.test": (421, b"busy")}), "later"),
        (smtplib.SMTPRecipientsRefused({"ceo@demo.test": (550, b"no such user")}), "failed"),
        (smtplib.SMTPDataError(554, b"refused"), "failed"),
    ],
)
def test_a_passing_failure_is_tried_again_and_a_final_one_given_up_with_its_reason(
    owed: Notice, monkeypatch: pytest.MonkeyPatch, error: Exception, became: str
) -> None:
    monkeypatch.setitem(notices.MAKERS, "test", breaking(error))
    assert deliver_due() == {became: 1}
    owed.refresh_from_db()
    assert owed.error and (owed.failed_at is not None) == (became == "failed") and owed.sent_at is None


def test_after_the_last_attempt_it_is_given_up_visibly(owed: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(notices.MAKERS, "test", breaking(TimeoutError("slow")))
    for hour in range(0, 40, 3):
        with time_machine.travel(NOW + timedelta(hours=hour)):
            deliver_due()
    owed.refresh_from_db()
    assert owed.failed_at is not None and owed.attempts == 8


@time_machine.travel(NOW, tick=False)
def test_a_notice_whose_reason_is_gone_closes_unsent(
    owed: Notice, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    monkeypatch.setitem(notices.MAKERS, "test", lambda notice: None)
    assert deliver_due() == {"closed": 1}
    owed.refresh_from_db()
    assert owed.closed_at == NOW and not mailoutbox
