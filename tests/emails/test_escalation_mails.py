"""The escalation, word for word; it keeps silent once a meeting was held and goes to nobody else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.mail import Letter, write
from alignment.models import Group, Notice, Team, User
from alignment.notices import KINDS
from meetings.clockwork import sweep
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


def letter_to(user: User) -> Letter | None:
    notice = Notice.objects.filter(to=user, kind="escalated").latest("due_at")
    with time_machine.travel(notice.due_at, tick=False):
        said = KINDS["escalated"].make(notice)
        assert said is None or isinstance(said, Letter)
        return said


def mail_to(user: User) -> EmailMultiAlternatives:
    letter = letter_to(user)
    assert letter is not None
    with time_machine.travel(NOW, tick=False):
        return write([letter], goes_as="<test@demo.test>")


@pytest.mark.parametrize(("count", "name"), [(2, "escalated"), (3, "escalated-red")])
def test_the_words_of_an_escalation(cast: Cast, count: int, name: str) -> None:
    missed_in_a_row(cast, count)
    mail = mail_to(cast.admin)
    same_as_golden(name, mail)
    html = str(mail.alternatives[0].content)
    assert len(re.findall(r'href="([^"]*)"[^>]*>(?!Choose)', html)) == 1


def test_it_cannot_be_turned_off() -> None:
    assert KINDS["escalated"].group == Group.ALWAYS


def test_a_cleared_flag_tells_nobody(cast: Cast) -> None:
    missed_in_a_row(cast, 2)
    Flag.objects.update(cleared_at=NOW)
    assert letter_to(cast.admin) is None


def test_who_is_no_admin_any_more_is_not_told(cast: Cast) -> None:
    missed_in_a_row(cast, 2)
    cast.admin.memberships.all().delete()
    assert letter_to(cast.admin) is None
