import smtplib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend

from alignment.models import Group, Notice, Preference
from alignment.outbox.delivery import deliver_due
from alignment.outbox.messages import Message, message_id
from alignment.outbox.notice_kinds import KINDS, enqueue, notice_type
from tests.cast import Cast
from tests.factories import NOW


def _mail(notice: Notice) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        "Hello", "Text", to=[notice.to.email], headers={"Message-ID": message_id(notice.key)}
    )


def _started(notice: Notice) -> Message:
    told = {
        "team": notice.payload["team"],
        "meeting": {"started_at": NOW},
        "url": "https://align.example.com/",
    }
    return Message("absent", notice.to, "USD", told)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kinds of a test are gone after it."""
    for name in ("test", "broken"):
        monkeypatch.setitem(KINDS, name, KINDS["recap"])
    notice_type("test")(_mail)


@pytest.fixture
def owed(cast: Cast) -> Notice:
    enqueue("test", to=cast.ceo, about="x", payload={}, now=NOW)
    return Notice.objects.get()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """A mail server that answers every mail with this error."""

    def answering(error: Exception) -> None:
        def refuse(self: EmailBackend, messages: list[EmailMultiAlternatives]) -> int:
            raise error

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    return answering


def test_what_is_owed_twice_is_owed_once(cast: Cast, owed: Notice) -> None:
    enqueue("test", to=cast.ceo, about="x", payload={}, now=NOW)
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
    assert Notice.objects.claim(NOW, via="mail", most=10) == [owed]
    assert deliver_due() == {}
    assert not mailoutbox


def test_a_claim_of_a_process_that_died_expires(
    owed: Notice, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Notice.objects.claim(NOW, via="mail", most=10)
    with time_machine.travel(NOW + timedelta(minutes=6)):
        assert deliver_due() == {"sent": 1}


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("error", "became", "refused"),
    [
        (smtplib.SMTPServerDisconnected("gone"), "later", False),
        (TimeoutError("slow"), "later", False),
        (smtplib.SMTPRecipientsRefused({"ceo@demo.test": (421, b"busy")}), "later", False),
        (smtplib.SMTPSenderRefused(451, b"not now", "us@demo.test"), "later", False),
        (smtplib.SMTPRecipientsRefused({"ceo@demo.test": (550, b"no such user")}), "failed", True),
        (smtplib.SMTPDataError(554, b"refused"), "failed", False),
    ],
)
def test_a_passing_failure_is_tried_again_and_a_final_one_given_up_with_its_reason(
    owed: Notice, server: Callable[[Exception], None], error: Exception, became: str, refused: bool
) -> None:
    server(error)
    assert deliver_due() == {became: 1}
    owed.refresh_from_db()
    assert owed.error and (owed.failed_at is not None) == (became == "failed") and owed.sent_at is None
    assert owed.refused == refused


def test_after_the_last_attempt_it_is_given_up_visibly(
    owed: Notice, server: Callable[[Exception], None]
) -> None:
    server(TimeoutError("slow"))
    for hour in range(0, 40, 3):
        with time_machine.travel(NOW + timedelta(hours=hour)):
            deliver_due()
    owed.refresh_from_db()
    assert owed.failed_at is not None and owed.attempts == 8


def test_a_mail_server_that_is_away_is_asked_again_for_three_days_and_no_attempt_is_counted(
    owed: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: EmailBackend) -> bool:
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr(EmailBackend, "open", away)
    for hours, became in ((0, "later"), (1, "later"), (71, "later"), (73, "failed")):
        with time_machine.travel(NOW + timedelta(hours=hours)):
            assert deliver_due() == {became: 1}
    owed.refresh_from_db()
    assert "could not be reached" in owed.error


@time_machine.travel(NOW, tick=False)
def test_a_notice_whose_reason_is_gone_closes_unsent(
    owed: Notice, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    notice_type("test")(lambda notice: None)
    assert deliver_due() == {"closed": 1}
    owed.refresh_from_db()
    assert owed.closed_at == NOW and owed.error and not mailoutbox


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("address", ["a@b.test\r\nBcc: x@y.test", "a@b.test, c@d.test", "nobody", ""])
def test_an_address_that_is_none_is_refused_and_shown(
    cast: Cast, owed: Notice, mailoutbox: list[EmailMultiAlternatives], address: str
) -> None:
    type(cast.ceo).objects.filter(pk=cast.ceo.pk).update(email=address)
    assert deliver_due() == {"failed": 1}
    assert Notice.objects.get().refused and not mailoutbox


# Several to one person


@pytest.fixture
def messages(cast: Cast) -> None:
    """Three letters of a kind that can be turned off, due to the CEO, and one to the leader."""
    notice_type("test", group=Group.MEETING, chats=True)(_started)
    for to, team in ((cast.ceo, "North"), (cast.ceo, "South"), (cast.ceo, "West"), (cast.leader, "North")):
        enqueue("test", to=to, about=team, payload={"team": team}, now=NOW)


@time_machine.travel(NOW, tick=False)
def test_several_to_one_person_go_as_one_mail(
    cast: Cast, messages: None, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert deliver_due() == {"sent": 4}
    subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert subjects == {
        cast.ceo.email: "North: the meeting has started without you, and 2 more",
        cast.leader.email: "North: the meeting has started without you",
    }
    together = next(mail for mail in mailoutbox if mail.to == [cast.ceo.email])
    assert all(team in together.body and team in str(together.alternatives) for team in ("South", "West"))


@time_machine.travel(NOW, tick=False)
def test_who_wants_them_one_by_one_gets_them_so(
    cast: Cast, messages: None, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Preference.objects.create(user=cast.ceo, one_by_one=True)
    deliver_due()
    assert len(mailoutbox) == 4


def test_what_once_went_together_stays_together_when_it_must_go_again(
    cast: Cast, messages: None, mailoutbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=False), monkeypatch.context() as dying:
        dying.setattr(Notice.objects.all().__class__, "update", _dying_at_the_stamp)
        with pytest.raises(KeyboardInterrupt):
            deliver_due()
    enqueue("test", to=cast.ceo, about="East", payload={"team": "East"}, now=NOW)
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        deliver_due()
    ids = [mail.extra_headers["Message-ID"] for mail in mailoutbox if mail.to == [cast.ceo.email]]
    assert len(ids) == 3 and len(set(ids)) == 2


_update = Notice.objects.all().__class__.update


def _dying_at_the_stamp(self: object, **fields: object) -> int:
    if "sent_at" in fields:
        raise KeyboardInterrupt
    return _update(self, **fields)


@time_machine.travel(NOW, tick=False)
def test_one_that_cannot_be_made_or_written_does_not_hold_the_others_up(
    cast: Cast, messages: None, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Notice.objects.filter(key__contains="South").update(payload={})
    notice_type("broken")(lambda notice: Message("no such folder", notice.to, "USD", {}))
    enqueue("broken", to=cast.ceo, about="x", payload={}, now=NOW)
    assert deliver_due() == {"sent": 3, "later": 2}


# A large backlog


@time_machine.travel(NOW, tick=False)
def test_help_is_called_once_when_there_is_more_than_a_batch(cast: Cast) -> None:
    calls: list[int] = []
    for number in range(120):
        enqueue("test", to=cast.ceo, about=f"{number}", payload={}, now=NOW)
    assert deliver_due(call_help=lambda: calls.append(1)) == {"sent": 120}
    assert calls == [1]
