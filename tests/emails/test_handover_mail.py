"""The words of a handover; it keeps silent once the seat is another's again."""

from __future__ import annotations

import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import Group, Notice, User
from alignment.outbox.messages import Message, write
from alignment.outbox.notice_kinds import KINDS
from alignment.people import seats
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import NOW, TODAY


def hand_over(cast: Cast, to: User) -> None:
    seat = cast.north.seats.current().get(role="leader")
    seats.hand_over(seat, to, by=cast.admin, now=NOW, day=TODAY, why="Joe retires.")


def message_to(user: User) -> Message | None:
    notice = Notice.objects.filter(kind="handover", to=user).earliest("pk")
    with time_machine.travel(NOW, tick=False):
        said = KINDS["handover"].write(notice)
    assert said is None or isinstance(said, Message)
    return said


def mail_to(user: User) -> EmailMultiAlternatives:
    message = message_to(user)
    assert message is not None
    with time_machine.travel(NOW, tick=False):
        return write([message], goes_as="<test@demo.test>")


def test_the_words_of_a_handover_for_who_follows(cast: Cast) -> None:
    hand_over(cast, cast.second_leader)
    same_as_golden("handover", mail_to(cast.second_leader))


def test_the_words_of_a_handover_for_an_admin(cast: Cast) -> None:
    hand_over(cast, cast.second_leader)
    same_as_golden("handover-admin", mail_to(cast.admin))


def test_nobody_is_told_why(cast: Cast) -> None:
    hand_over(cast, cast.second_leader)
    assert "retires" not in str(mail_to(cast.admin).body)
    assert not KINDS["handover"].has_words and KINDS["handover"].group == Group.ALWAYS


def test_a_handover_that_was_put_right_is_told_of_the_right_one_alone(cast: Cast) -> None:
    hand_over(cast, cast.second_leader)
    hand_over(cast, cast.admin)
    assert message_to(cast.ceo) is None
