import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Heartbeat, Notice, User
from alignment.outbox.delivery import deliver_due
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_commitment, make_notice
from tests.sweep import enqueue_reminders

PAGE = "/outbox/"
As = Callable[[User], Client]


def shown(client: Client, **asked: Any) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def files(settings: Any, tmp_path: Any) -> None:
    """The embedded default: every mail is a file."""
    settings.EMBEDDED = True
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "alignment.outbox.file_backend.EmailBackend"


# Who sees what


def test_an_admin_sees_to_whom_what_was_sent_and_what_came_of_it(cast: Cast, as_: As) -> None:
    make_notice(to=cast.leader, company=cast.company, kind="preparation", sent_at=NOW)
    make_notice(
        to=cast.ceo,
        company=cast.company,
        kind="missed",
        failed_at=NOW,
        error="550 no such user",
        refused=True,
    )
    page = shown(as_(cast.admin))
    for fact in (
        "Joe Keller",
        "Preparation is due",
        "Sent",
        "Tom Marsh",
        "A meeting was missed",
        "550 no such user",
    ):
        assert fact in page
    assert "Addresses that refuse email" in page and "ceo@demo.test" in page


def test_everybody_else_sees_their_own_alone(cast: Cast, as_: As) -> None:
    make_notice(to=cast.leader, company=cast.company)
    make_notice(to=cast.ceo, company=cast.company, kind="week")
    page = shown(as_(cast.ceo))
    assert "Weekly overview of all teams" in page and "Joe Keller" not in page and "Sent messages" in page


def test_an_admin_of_another_company_sees_nothing_of_ours(cast: Cast, as_: As) -> None:
    cast.outsider.memberships.create(company=cast.away.company, is_admin=True)
    make_notice(to=cast.leader, company=cast.company)
    assert "Joe Keller" not in shown(as_(cast.outsider))


def test_of_somebody_in_two_companies_an_admin_sees_the_part_of_theirs(cast: Cast, as_: As) -> None:
    make_notice(to=cast.facilitator, company=cast.away.company, kind="week")
    assert not Notice.objects.visible_to(cast.admin).exists()


def test_an_address_that_took_a_mail_since_is_not_called_dead(cast: Cast, as_: As) -> None:
    make_notice(to=cast.ceo, company=cast.company, failed_at=NOW, refused=True, error="550 full")
    make_notice(to=cast.ceo, company=cast.company, sent_at=NOW + timedelta(hours=1))
    assert "Addresses that refuse email" not in shown(as_(cast.admin))


# Narrowing


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, 4),
        ({"state": "pending"}, 1),
        ({"state": "sent"}, 1),
        ({"state": "failed"}, 1),
        ({"state": "closed"}, 1),
        ({"kind": "missed"}, 1),
        ({"q": "marsh"}, 1),
        ({"q": "leader@"}, 3),
        ({"q": "nobody"}, 0),
        ({"state": "nonsense", "kind": "%00", "page": "-1"}, 4),
    ],
)
def test_the_list_is_narrowed_by_state_kind_and_person(
    cast: Cast, as_: As, asked: dict[str, str], rows: int
) -> None:
    make_notice(to=cast.ceo, company=cast.company, kind="missed")
    for stamp in ("sent_at", "failed_at", "closed_at"):
        make_notice(to=cast.leader, company=cast.company, **{stamp: NOW})
    assert shown(as_(cast.admin), **asked).count('<th scope="row">') == rows


def test_the_list_has_pages_and_the_same_queries_at_any_length(cast: Cast, as_: As) -> None:
    client, counts = as_(cast.admin), []
    for number in (1, 120):
        for _ in range(number):
            make_notice(to=cast.leader, company=cast.company)
        with CaptureQueriesContext(connection) as caught:
            page = shown(client)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 9
    assert "1–50 of 121" in page and "51–100 of 121" in shown(client, page="2")


@pytest.mark.parametrize(("age", "late"), [(4, False), (6, True)])
def test_the_page_says_when_reminders_are_late(cast: Cast, as_: As, age: int, late: bool) -> None:
    Heartbeat.objects.create(name="sweep", at=NOW - timedelta(minutes=age))
    with time_machine.travel(NOW, tick=False):
        assert ("are delayed: the sweep" in shown(as_(cast.admin))) == late


@pytest.mark.parametrize(
    ("failures", "sentence"),
    [({"open meetings": 1}, "with 1 failure<"), ({"open meetings": 1, "escalation": 2}, "with 3 failures<")],
)
def test_the_page_says_that_the_last_run_had_failures(
    cast: Cast, as_: As, failures: dict[str, int], sentence: str
) -> None:
    Heartbeat.objects.create(name="sweep", at=NOW, failures=failures)
    with time_machine.travel(NOW, tick=False):
        page = shown(as_(cast.admin))
        assert sentence in page and "the server log has the details" in page
        assert sentence in shown(as_(cast.leader))


def test_the_page_says_nothing_of_failures_when_there_were_none(cast: Cast, as_: As) -> None:
    Heartbeat.objects.create(name="sweep", at=NOW)
    page = shown(as_(cast.admin))
    assert "last run" in page and "failure" not in page


# Once more


def test_an_admin_has_a_failed_one_sent_again(cast: Cast, as_: As, meeting: Meeting) -> None:
    meeting.submit_preparation(by=cast.leader, now=NOW - timedelta(hours=30))
    enqueue_reminders(NOW - timedelta(hours=30))
    failed = Notice.objects.get(kind="prepared")
    Notice.objects.update(failed_at=NOW, attempts=8, refused=True, error="550")
    assert as_(cast.admin).post(f"{PAGE}{failed.pk}/resend/").status_code == 302
    with time_machine.travel(NOW - timedelta(hours=2), tick=False):
        assert deliver_due() == {"sent": 1}


@pytest.mark.parametrize("stamp", ["sent_at", "closed_at", "created_at"])
def test_what_has_not_failed_is_not_sent_again(cast: Cast, as_: As, stamp: str) -> None:
    notice = make_notice(to=cast.leader, company=cast.company, **{stamp: NOW})
    page = as_(cast.admin).post(f"{PAGE}{notice.pk}/resend/", follow=True)
    assert "It has not failed" in page.content.decode()


def test_a_reader_cannot_have_their_own_sent_again(cast: Cast, as_: As) -> None:
    notice = make_notice(to=cast.leader, company=cast.company, failed_at=NOW)
    assert as_(cast.leader).post(f"{PAGE}{notice.pk}/resend/").status_code == 403


# Mails that are files


@pytest.fixture
def sent(cast: Cast, meeting: Meeting, files: None) -> dict[str, Notice]:
    """One without words and one with, both to the leader, sent as two mails."""
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY, text="Call Brandt")
    for moment in (NOW - timedelta(hours=26), NOW - timedelta(hours=24)):
        with time_machine.travel(moment, tick=False):
            enqueue_reminders(moment)
            deliver_due()
    mine = Notice.objects.filter(to=cast.leader).exclude(sent_at=None)
    return {notice.kind: notice for notice in mine}


def test_the_reader_reads_the_mail_as_text_and_as_html(cast: Cast, as_: As, sent: dict[str, Notice]) -> None:
    client, pk = as_(cast.leader), sent["commitments_due"].pk
    assert "Call Brandt" in client.get(f"{PAGE}{pk}/").content.decode()
    assert "Call Brandt" in client.get(f"{PAGE}{pk}/html/").content.decode()


def test_an_admin_reads_what_holds_no_words_and_never_what_does(
    cast: Cast, as_: As, sent: dict[str, Notice]
) -> None:
    client = as_(cast.admin)
    assert "has not been submitted" in client.get(f"{PAGE}{sent['preparation'].pk}/").content.decode()
    page = client.get(f"{PAGE}{sent['commitments_due'].pk}/").content.decode()
    assert "Brandt" not in page and "Only Joe Keller can read this message" in page
    assert client.get(f"{PAGE}{sent['commitments_due'].pk}/html/").status_code == 404


def test_an_admin_does_not_read_a_mail_of_several_of_which_one_has_words(
    cast: Cast, as_: As, sent: dict[str, Notice]
) -> None:
    Notice.objects.filter(to=cast.leader).update(goes_as="<one@demo.test>")
    page = as_(cast.admin).get(f"{PAGE}{sent['preparation'].pk}/").content.decode()
    assert "Only Joe Keller can read this message" in page


def test_the_html_of_a_mail_can_run_nothing(cast: Cast, as_: As, sent: dict[str, Notice]) -> None:
    answer = as_(cast.leader).get(f"{PAGE}{sent['preparation'].pk}/html/")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "script-src" not in policy and "default-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    page = as_(cast.leader).get(f"{PAGE}{sent['preparation'].pk}/")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.search(r"<iframe[^>]*\ssandbox\s", page.content.decode())


def test_where_mails_are_not_files_only_the_facts_are_shown(
    cast: Cast, as_: As, sent: dict[str, Notice], settings: Any
) -> None:
    settings.EMBEDDED = False
    page = as_(cast.leader).get(f"{PAGE}{sent['preparation'].pk}/").content.decode()
    assert "<iframe" not in page and "Sent" in page


@pytest.mark.parametrize("page", ["", "html/"])
def test_a_link_to_set_a_new_password_is_shown_to_nobody(cast: Cast, as_: As, files: None, page: str) -> None:
    Client().post("/accounts/password/reset/", {"email": cast.leader.email})
    deliver_due()
    place = f"{PAGE}{Notice.objects.get(kind='new_password').pk}/{page}"
    for person in (cast.leader, cast.admin, cast.outsider):
        assert "/accounts/password/reset/key/" not in as_(person).get(place).content.decode()
