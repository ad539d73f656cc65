"""A won deal has the CEO's word for whoever earned it: two lines by mail, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Notice
from alignment.outbox.notice_kinds import KINDS
from deals.models import Deal
from meetings.models import Congratulation, Meeting
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import NOW, TODAY, make_deal
from tests.html import flat

As = Callable[[Any], Client]
TOLD = {"to_name": "Dana Ruiz", "to_address": "Dana@Demo.test", "text": "Dana, well done.\nThank you. Tom"}


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deal(cast: Cast) -> Deal:
    said = {"rep": "Dana Ruiz", "won_line": "Eleven weeks of pilots"}
    return make_deal(team=cast.north, name="Kestrel renewal", status="won", close_date=TODAY, **said)


def written() -> EmailMultiAlternatives:
    mail = KINDS["congratulation"].write(Notice.objects.get(kind="congratulation"))
    assert isinstance(mail, EmailMultiAlternatives)
    return mail


def test_two_lines_are_proposed(cast: Cast, as_: As, deal: Deal) -> None:
    shown = flat(as_(cast.ceo).get(f"/deals/{deal.pk}/congratulate/"))
    assert "Dana, congratulations on Kestrel renewal ($100K). Eleven weeks of pilots: well done." in shown
    assert 'name="to_name" value="Dana Ruiz"' in shown


def test_it_goes_to_the_rep_in_the_ceos_name_with_a_copy_to_the_leader(
    cast: Cast, as_: As, deal: Deal
) -> None:
    answer = as_(cast.ceo).post(f"/deals/{deal.pk}/congratulate/", TOLD | {"next": "/meetings/1/"})
    assert (answer.status_code, answer.url) == (302, "/meetings/1/")
    mail = written()
    assert mail.to == ["Dana Ruiz <dana@demo.test>"]
    assert (mail.cc, mail.reply_to) == ([cast.leader.email], [cast.ceo.email])
    assert mail.from_email.startswith("Tom Marsh <")
    same_as_golden("congratulation", mail)


def test_it_is_never_sent_twice(cast: Cast, as_: As, deal: Deal) -> None:
    told = (TOLD, TOLD, TOLD | {"text": "Another line"})
    answers = [as_(cast.ceo).post(f"/deals/{deal.pk}/congratulate/", fields) for fields in told]
    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert "a second mail is not sent" in answers[2].content.decode()
    assert Notice.objects.filter(kind="congratulation").count() == Congratulation.objects.count() == 1


def test_the_address_is_asked_for_once(cast: Cast, as_: As, deal: Deal) -> None:
    client, address = as_(cast.ceo), f"/deals/{deal.pk}/congratulate/"
    assert client.post(address, TOLD | {"to_address": ""}).status_code == 422
    client.post(address, TOLD)
    other = make_deal(team=cast.north, status="won", close_date=TODAY, rep="Dana Ruiz")
    assert 'value="dana@demo.test"' in client.get(f"/deals/{other.pk}/congratulate/").content.decode()


def test_its_reason_gone_it_is_not_sent(cast: Cast, as_: As, deal: Deal) -> None:
    as_(cast.ceo).post(f"/deals/{deal.pk}/congratulate/", TOLD)
    deal.delete()
    assert KINDS["congratulation"].write(Notice.objects.get(kind="congratulation")) is None


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("observer", 403), ("second_leader", 404), ("outsider", 404)]
)
def test_only_the_ceo_congratulates(cast: Cast, as_: As, deal: Deal, who: str, status: int) -> None:
    assert as_(getattr(cast, who)).post(f"/deals/{deal.pk}/congratulate/", TOLD).status_code == status


def test_an_open_deal_is_not_congratulated_on(cast: Cast, as_: As) -> None:
    deal = make_deal(team=cast.north)
    assert as_(cast.ceo).get(f"/deals/{deal.pk}/congratulate/").status_code == 404


def test_a_form_without_a_place_to_answer_in_opens_the_page_again(
    cast: Cast, meeting: Meeting, as_: As, deal: Deal
) -> None:
    here = f"/meetings/{meeting.pk}/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"}
    told = TOLD | {"next": f"{here}#deal-{deal.pk}"}
    answer = as_(cast.ceo).post(f"/deals/{deal.pk}/congratulate/", told, headers=headers)
    assert answer["HX-Refresh"] == "true"
