"""The escalation, word for word; it keeps silent once a meeting was held and goes to nobody else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import Group, Notice, Team, User
from alignment.outbox.messages import Message, write
from alignment.outbox.notice_kinds import KINDS
from alignment.sweep.run import sweep
from meetings.models import Flag
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import NOW, make_meeting

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def missed_in_a_row(cast: Cast, count: int) -> None:
    make_meeting(team=cast.north, starts_at=NOW)
    Team.objects.exclude(pk=cast.north.pk).update(ends_on=NOW - WEEK)
    for number in range(count):
        sweep(NOW + number * WEEK + DAY)


def message_to(user: User) -> Message | None:
    notice = Notice.objects.filter(to=user, kind="escalated").latest("due_at")
    with time_machine.travel(notice.due_at, tick=False):
        said = KINDS["escalated"].write(notice)
        assert said is None or isinstance(said, Message)
        return said


def mail_to(user: User) -> EmailMultiAlternatives:
    message = message_to(user)
    assert message is not None
    with time_machine.travel(NOW, tick=False):
        return write([message], goes_as="<test@demo.test>")


@pytest.mark.parametrize(("count", "name"), [(2, "escalated"), (3, "escalated-red")])
def test_the_words_of_an_escalation(cast: Cast, count: int, name: str) -> None:
    missed_in_a_row(cast, count)
    mail = mail_to(cast.admin)
    same_as_golden(name, mail)
    html = str(mail.alternatives[0].content)
    assert len(re.findall(r'href="([^"]*)"[^>]*>(?!Choose)', html)) == 1


def test_it_says_the_teams_own_numbers(cast: Cast) -> None:
    Team.objects.update(admins_told_after=3, red_after=4)
    missed_in_a_row(cast, 3)
    mail = mail_to(cast.admin)
    assert mail.subject == "North: three meetings missed in a row"
    assert not re.search(r"\b(two|three)\b", str(mail.body))
    sweep(NOW + 3 * WEEK + DAY)
    assert mail_to(cast.admin).subject == "North is red: four meetings missed in a row"


def test_it_cannot_be_turned_off() -> None:
    assert KINDS["escalated"].group == Group.ALWAYS


def test_a_cleared_flag_tells_nobody(cast: Cast) -> None:
    missed_in_a_row(cast, 2)
    Flag.objects.update(cleared_at=NOW)
    assert message_to(cast.admin) is None


def test_who_is_no_admin_any_more_is_not_told(cast: Cast) -> None:
    missed_in_a_row(cast, 2)
    cast.admin.memberships.all().delete()
    assert message_to(cast.admin) is None
