"""Inviting: who becomes known, who gets a mail, and what is refused without a trace."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Entry, Invite, Membership, Notice, Seat, User
from alignment.outbox.delivery import deliver_due
from tests.cast import Cast
from tests.factories import NOW, make_seat, make_user

PAGE = "/setup/demo/people/invite/"
LINK = re.compile(r"https?://\S+/invitation/\S+")


@pytest.fixture(autouse=True)
def stopped() -> None:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(cast: Cast, as_: Callable[[User], Client]) -> Client:
    return as_(cast.admin)


def link(mail: EmailMultiAlternatives) -> str:
    """The path of the one link."""
    return "/" + LINK.search(str(mail.body))[0].split("/", 3)[3]


def test_one_is_invited_and_known_at_once(admin: Client, cast: Cast) -> None:
    answer = admin.post(PAGE, {"people": "Eva Lund <Eva.Lund@New.test>"})
    assert answer.status_code == 302 and answer.url == "/setup/demo/people/"
    person = User.objects.get(invited_as="eva.lund@new.test")
    assert (person.name, person.timezone, person.is_active) == ("Eva Lund", "Europe/Paris", False)
    assert not person.has_usable_password() and "new.test" not in person.email
    assert Invite.objects.get().expires_at == NOW + timedelta(days=7)
    assert not Membership.objects.get(company=cast.company, user=person).is_admin
    assert Entry.objects.get(what="person.invited").about == "eva.lund@new.test"


def test_a_list_is_invited_with_one_row_each(admin: Client) -> None:
    admin.post(PAGE, {"people": "a@new.test\nB B <b@new.test>\nc@new.test;Cee", "is_admin": "on"})
    assert Invite.objects.count() == Notice.objects.filter(kind="invite").count() == 3
    assert Membership.objects.filter(is_admin=True, user__is_active=False).count() == 3


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter at least one email address."),
        ("a@new.test\nnobody", "Line 2: no email address found."),
        ("a@new.test\nA@New.test", "Line 2: a@new.test is already in line 1."),
        ("a@new.test\nceo@demo.test", "Line 2: ceo@demo.test is already in your company."),
        (
            "\n".join(f"p{number}@new.test" for number in range(10_000)),
            "This list has 10,000 people. At most 500",
        ),
    ],
)
def test_a_wrong_line_is_named_and_nobody_is_invited(admin: Client, typed: str, sentence: str) -> None:
    before = User.objects.count()
    answer = admin.post(PAGE, {"people": typed})
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert (User.objects.count(), Invite.objects.count(), Notice.objects.count()) == (before, 0, 0)


def test_what_was_typed_stays_when_a_line_is_wrong(admin: Client) -> None:
    assert (
        "Eva &lt;eva@new.test&gt;" in admin.post(PAGE, {"people": "Eva <eva@new.test>\n?"}).content.decode()
    )


def test_who_was_invited_already_is_named(admin: Client) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert "was already invited" in admin.post(PAGE, {"people": "a@new.test"}).content.decode()
    assert Invite.objects.count() == 1


def test_a_list_sent_twice_by_a_double_click_is_one(admin: Client) -> None:
    answers = [admin.post(PAGE, {"people": "a@new.test\nb@new.test"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302] * 3
    assert Invite.objects.count() == Notice.objects.count() == 2


def test_five_hundred_go_in_one_request_with_few_questions(
    admin: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with django_assert_max_num_queries(560):  # one line in the audit for each, and a fixed number besides
        admin.post(PAGE, {"people": "\n".join(f"p{number}@new.test" for number in range(500))})
    assert Invite.objects.count() == 500


def test_a_day_has_room_for_a_thousand(admin: Client) -> None:
    for batch in range(2):
        admin.post(PAGE, {"people": "\n".join(f"p{batch}x{number}@new.test" for number in range(500))})
    answer = admin.post(PAGE, {"people": "late@new.test"})
    assert "At most 1,000 invitations can be sent in a day" in answer.content.decode()
    assert Invite.objects.count() == 1000


def test_an_address_with_an_account_elsewhere_looks_the_same_as_an_unknown_one(
    admin: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    make_user(email="known@else.test", name="Secret Name")
    pages = []
    for address in ("known@else.test", "fresh@else.test"):
        said = admin.post(PAGE, {"people": f"Same Name <{address}>"}, follow=True)
        pk = User.objects.get(invited_as=address).pk
        for page in (said, admin.get(f"/setup/demo/people/{pk}/")):
            text = page.content.decode().replace(address, "X").replace(f"/{pk}/", "/1/")
            pages.append((page.status_code, re.sub(r'csrf\S+ (value|content)="\S+"', "", text)))
    assert "Secret" not in str(pages)
    assert pages[1] == pages[3]
    deliver_due()
    bodies = {LINK.sub("L", str(mail.body)).replace(mail.to[0], "X") for mail in mailoutbox}
    assert len(bodies) == 1 and len(mailoutbox) == 2


def test_the_link_is_of_the_settings_whatever_the_host_header_says(
    admin: Client, mailoutbox: list[EmailMultiAlternatives], settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    admin.post(PAGE, {"people": "a@new.test"}, headers={"host": "evil.test"})
    deliver_due()
    assert mailoutbox[0].to == ["a@new.test"] and "evil" not in mailoutbox[0].body
    assert f"{settings.BASE_URL}/invitation/" in mailoutbox[0].body


def test_no_token_is_kept_in_the_database(admin: Client, mailoutbox: list[EmailMultiAlternatives]) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    deliver_due()
    token = link(mailoutbox[0]).split("/")[2]
    kept = str([*Invite.objects.values(), *Notice.objects.values()])
    assert token.split(":")[-1] not in kept


def test_who_is_only_invited_gets_nothing_else(
    admin: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    person = User.objects.get(invited_as="a@new.test")
    Notice.objects.create(key="x", kind="recap", to=person, created_at=NOW, due_at=NOW)
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [["a@new.test"]]
    assert Notice.objects.get(key="x").error == "The recipient has not accepted the invitation yet."


def test_sent_again_the_old_link_dies(
    admin: Client, client: Client, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    deliver_due()
    pk = Invite.objects.get().user_id
    assert admin.post(f"/setup/demo/people/{pk}/resend/").status_code == 302
    deliver_due()
    old, new = map(link, mailoutbox)
    assert "There is a newer invitation" in client.get(old).content.decode()
    assert client.get(new).status_code == 200


def test_sending_again_has_a_limit(admin: Client) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    pk, said = Invite.objects.get().user_id, []
    for minute in range(6):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            said.append(admin.post(f"/setup/demo/people/{pk}/resend/", follow=True).content.decode())
    assert "Too many requests" in said[5] and "Too many requests" not in said[4]
    assert Invite.objects.get().version == 6


def test_sent_again_by_a_double_click_it_goes_once(admin: Client) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    for _ in range(3):
        admin.post(f"/setup/demo/people/{Invite.objects.get().user_id}/resend/")
    assert Invite.objects.get().version == 2 and Notice.objects.count() == 2


def test_revoked_and_never_seated_they_are_forgotten(admin: Client, client: Client) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    pk = Invite.objects.get().user_id
    assert admin.post(f"/setup/demo/people/{pk}/revoke/").status_code == 302
    assert not User.objects.filter(pk=pk).exists() and Invite.objects.get().revoked_at == NOW
    assert Entry.objects.filter(what="invitation.revoked").exists()


def test_revoked_after_a_seat_the_seat_ends_and_they_can_come_again(admin: Client, cast: Cast) -> None:
    admin.post(PAGE, {"people": "a@new.test"})
    person = Invite.objects.get().user
    make_seat(team=cast.north, user=person, role="observer")
    admin.post(f"/setup/demo/people/{person.pk}/revoke/")
    assert Seat.objects.get(user=person).until == NOW.date()
    assert admin.post(PAGE, {"people": "New Name <a@new.test>"}).status_code == 302
    assert Invite.objects.open().get().user == person
    assert Membership.objects.get(user=person).ended_at is None


def test_a_second_admin_who_invites_the_same_at_once_changes_nothing(admin: Client, cast: Cast) -> None:
    stand_in = make_user(email="x@invited.invalid")
    Invite.objects.create(
        company=cast.company,
        user=stand_in,
        email="a@new.test",
        invited_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    answer = admin.post(PAGE, {"people": "b@new.test\na@new.test"})
    assert "Someone else just invited one of these people" in answer.content.decode()
    assert not User.objects.filter(invited_as="b@new.test").exists()
