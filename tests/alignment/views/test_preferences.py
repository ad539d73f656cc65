import json
import logging
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Group, Notice, Preference, User
from alignment.outbox import unsubscribe, webhooks
from alignment.outbox.delivery import deliver_due
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import KINDS, enqueue, notice_type
from tests.cast import Cast
from tests.factories import NOW

PAGE = "/preferences/"
SLACK = "https://hooks.slack.com/services/T0/B0/secret"
TEAMS = "https://x.webhook.office.com/webhookb2/secret"


def say(notice: Notice) -> Message:
    told = {"team": "North", "meeting": {"started_at": NOW}, "url": "https://align.example.com/m/"}
    return Message("absent", notice.to, "USD", told)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("calm", "urgent", "must"):
        monkeypatch.setitem(KINDS, name, KINDS["recap"])
    notice_type("calm", group=Group.PREPARATION, chats=True)(say)
    notice_type("urgent", group=Group.MEETING, waits=False, chats=True)(say)
    notice_type("must", chats=True)(say)


def owed(to: User, kind: str = "calm") -> Notice:
    enqueue(kind, to=to, about="x", payload={}, now=NOW)
    return Notice.objects.get(kind=kind, via="mail")


@pytest.fixture
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# The page


def filled(**changed: Any) -> dict[str, Any]:
    groups = [value for value, _ in Group.optional()]
    return {"by_mail": groups, "by_chat": groups, "days": ["0", "1", "2", "3", "4"], "chat_url": ""} | changed


def test_without_a_row_everything_comes(cast: Cast, as_: Callable[[User], Client]) -> None:
    page = as_(cast.ceo).get(PAGE)
    assert page.content.decode().count("checked") == 7 + 7 + 8 + 1
    assert "Europe/Paris" in page.content.decode()


def test_what_is_chosen_is_kept(cast: Cast, as_: Callable[[User], Client]) -> None:
    told = filled(by_mail=["recap"], quiet_from="22:00", quiet_until="07:00", one_by_one="on", chat_url=SLACK)
    assert as_(cast.ceo).post(PAGE, told).status_code == 302
    row = Preference.objects.get(user=cast.ceo)
    assert row.wants("recap", "mail") and not row.wants("week", "mail") and row.wants("always", "mail")
    assert (row.quiet_from, row.quiet_until, row.days, row.one_by_one) == (
        time(22),
        time(7),
        [0, 1, 2, 3, 4],
        True,
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quiet_from": "22:00"}, "Enter both"),
        ({"quiet_from": "25:99", "quiet_until": "07:00"}, "Enter the time as 22:00."),
        ({"days": []}, "This field is required"),
        ({"days": ["9"]}, "Choose from the list."),
        ({"by_mail": ["always"]}, "Choose from the list."),
        ({"chat_url": "https://evil.test/hook"}, "Only incoming webhooks of Slack"),
        ({"chat_url": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_kept(
    cast: Cast, as_: Callable[[User], Client], wrong: dict[str, Any], sentence: str
) -> None:
    answer = as_(cast.ceo).post(PAGE, filled(**wrong))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Preference.objects.exists()


def test_one_person_cannot_change_what_another_gets(cast: Cast, as_: Callable[[User], Client]) -> None:
    as_(cast.ceo).post(PAGE, filled(by_mail=[], user=cast.leader.pk, pk=cast.leader.pk))
    assert not Preference.objects.filter(user=cast.leader).exists()


# What is delivered


def test_what_is_turned_off_is_closed_and_says_why(
    cast: Cast, stopped: None, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Preference.objects.create(user=cast.ceo, no_mail=["preparation"])
    notice = owed(cast.ceo)
    assert deliver_due() == {"closed": 1} and not mailoutbox
    notice.refresh_from_db()
    assert notice.error == "The recipient turned this off."


def test_what_must_be_told_cannot_be_turned_off(
    cast: Cast, stopped: None, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Preference.objects.create(user=cast.ceo, no_mail=[value for value, _ in Group.choices])
    owed(cast.ceo, "must")
    assert deliver_due() == {"sent": 1}
    assert "List-Unsubscribe" not in mailoutbox[0].extra_headers


@pytest.mark.parametrize(("kind", "became"), [("calm", "waits"), ("urgent", "sent")])
def test_quiet_hours_hold_back_what_is_not_urgent(cast: Cast, stopped: None, kind: str, became: str) -> None:
    Preference.objects.create(user=cast.ceo, quiet_from=time(8), quiet_until=time(10))
    owed(cast.ceo, kind)
    assert deliver_due() == {became: 1}


def test_what_waited_goes_out_when_the_quiet_ends_and_no_attempt_was_counted(cast: Cast) -> None:
    Preference.objects.create(user=cast.ceo, quiet_from=time(8), quiet_until=time(10))
    notice = owed(cast.ceo)
    for minutes, became in ((0, {"waits": 1}), (59, {}), (60, {"sent": 1})):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            assert deliver_due() == became
    notice.refresh_from_db()
    assert notice.attempts == 1


def test_nothing_goes_to_a_closed_account(cast: Cast, stopped: None) -> None:
    User.objects.filter(pk=cast.ceo.pk).update(is_active=False)
    owed(cast.ceo, "must")
    assert deliver_due() == {"closed": 1}


# Unsubscribing by one click


def test_a_mail_carries_the_address_that_turns_its_like_off(
    cast: Cast, stopped: None, mailoutbox: list[EmailMultiAlternatives], settings: Any
) -> None:
    owed(cast.ceo)
    deliver_due()
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/unsubscribe/")


def test_one_click_without_signing_in_turns_it_off_and_a_second_one_changes_nothing(cast: Cast) -> None:
    address = f"/unsubscribe/{unsubscribe.token_for(cast.ceo, ['preparation'])}/"
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row = Preference.objects.get(user=cast.ceo)
    assert row.no_mail == ["preparation"]


def test_what_was_chosen_before_stays(cast: Cast) -> None:
    Preference.objects.create(user=cast.ceo, no_mail=["week"], quiet_from=time(22), quiet_until=time(7))
    Client().post(f"/unsubscribe/{unsubscribe.token_for(cast.ceo, ['preparation'])}/")
    row = Preference.objects.get(user=cast.ceo)
    assert row.no_mail == ["preparation", "week"] and row.quiet_from == time(22)


def test_looking_at_the_address_changes_nothing(cast: Cast) -> None:
    address = f"/unsubscribe/{unsubscribe.token_for(cast.ceo, ['preparation'])}/"
    page = Client().get(address)
    assert page.status_code == 200 and b"Unsubscribe</button>" in page.content
    assert not Preference.objects.exists()


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "x"])
def test_an_address_that_is_not_whole_changes_nothing(cast: Cast, change: Callable[[str], str]) -> None:
    token = change(unsubscribe.token_for(cast.ceo, ["preparation"]))
    assert Client().post(f"/unsubscribe/{token}/").status_code == 403
    assert not Preference.objects.exists()


def test_a_token_signed_for_something_else_does_not_turn_anything_off(cast: Cast) -> None:
    other = signing.dumps([cast.ceo.pk, ["preparation"]], salt="something.else")
    assert Client().post(f"/unsubscribe/{other}/").status_code == 403


# The chat


class Invitee(list[httpx.Request]):
    """Requests that reached the chat, and what it answers."""

    status = 200


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Invitee:
    asked = Invitee()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(asked.status, headers={"Location": "http://127.0.0.1/"})

    def post(url: str, **kwargs: Any) -> httpx.Response:
        with httpx.Client(
            transport=httpx.MockTransport(answer), follow_redirects=kwargs.pop("follow_redirects")
        ) as client:
            return client.post(url, **kwargs)

    monkeypatch.setattr(webhooks.httpx, "post", post)
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("52.1.2.3", 443))])
    return asked


def test_a_heading_and_a_link_go_to_the_chat_beside_the_mail(
    cast: Cast, stopped: None, channel: Invitee, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Preference.objects.create(user=cast.ceo, chat_url=SLACK)
    owed(cast.ceo)
    assert deliver_due() == {"sent": 2}
    assert len(mailoutbox) == 1
    said = json.loads(channel[0].content)["text"]
    assert said == "<https://align.example.com/m/|North: the meeting has started without you>"


def test_teams_gets_a_card(cast: Cast, stopped: None, channel: Invitee) -> None:
    Preference.objects.create(user=cast.ceo, chat_url=TEAMS, no_mail=["preparation"])
    owed(cast.ceo)
    assert deliver_due() == {"closed": 1, "sent": 1}
    card = json.loads(channel[0].content)["attachments"][0]["content"]
    assert "(https://align.example.com/m/)" in card["body"][0]["text"]


@pytest.mark.parametrize(
    ("status", "became"), [(200, "sent"), (302, "failed"), (404, "failed"), (429, "later"), (500, "later")]
)
def test_what_the_chat_answers_decides(
    cast: Cast, stopped: None, channel: Invitee, status: int, became: str
) -> None:
    Preference.objects.create(user=cast.ceo, chat_url=SLACK, no_mail=["preparation"])
    channel.status = status
    owed(cast.ceo)
    assert deliver_due() == {"closed": 1, became: 1}
    assert len(channel) == 1  # a redirect is not followed


def test_a_name_that_leads_into_a_private_network_is_refused(
    cast: Cast, stopped: None, channel: Invitee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("10.0.0.7", 443))])
    Preference.objects.create(user=cast.ceo, chat_url=SLACK, no_mail=["preparation"])
    owed(cast.ceo)
    assert deliver_due() == {"closed": 1, "failed": 1} and not channel


def test_the_secret_address_is_in_no_log_and_no_error(
    cast: Cast, stopped: None, channel: Invitee, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    Preference.objects.create(user=cast.ceo, chat_url=SLACK)
    channel.status = 404
    owed(cast.ceo)
    deliver_due()
    assert "secret" not in caplog.text
    assert not Notice.objects.filter(error__contains="secret").exists()


@pytest.mark.parametrize(
    "address", [SLACK, TEAMS, "https://prod-1.westus.logic.azure.com:443/workflows/x?sig=y"]
)
def test_known_services_are_allowed(address: str) -> None:
    assert webhooks.validate_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/services/x",
        "https://hooks.slack.com.evil.test/x",
        "https://evil.test/hooks.slack.com",
        "https://hooks.slack.com@evil.test/x",
        "https://user:pw@hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://webhook.office.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://hooks.slack.com/x\r\nHost: evil.test",
        "file:///etc/passwd",
        "https://[",
        "hooks.slack.com",
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    with pytest.raises(webhooks.WebhookRejected):
        webhooks.validate_address(address)


def test_text_cannot_write_a_link_or_a_mention_of_its_own() -> None:
    assert webhooks._body("hooks.slack.com", [("<!channel> a|b", "https://x.test/")]) == {
        "text": "<https://x.test/|&lt;!channel&gt; a¦b>"
    }
    card = webhooks._body("x.webhook.office.com", [("[a](http://evil.test)", "https://x.test/")])
    assert "](http" not in card["attachments"][0]["content"]["body"][0]["text"].removesuffix(
        "](https://x.test/)"
    )


def test_no_field_is_called_optional(cast: Cast, as_: Callable[[User], Client]) -> None:
    page = as_(cast.leader).get(PAGE).content.decode()
    assert "Quiet hours from" in page and "optional" not in page
