"""The link of an invitation: what opens behind it, once, and each way it does not."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core import signing
from django.test import Client

from alignment.models import Absence, Company, Entry, Invite, Membership, Seat, User
from alignment.people import invitation_links, invitations
from alignment.people.seats import sittings_of
from alignment.rules.address_list import Invitee
from alignment.rules.seats import stored_clashes
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_commitment,
    make_company,
    make_invited,
    make_meeting,
    make_seat,
    make_user,
)

FILLED = {"name": "Eva Lund", "password": "horse-battery-9", "timezone": "Europe/Oslo", "locale": "nb-NO"}


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def invited(company: Company, address: str = "eva@new.test") -> Invite:
    person = make_invited(company=company, email=address)
    return Invite.objects.get(user=person)


def path(invite: Invite) -> str:
    return "/" + invitation_links.url_for(invite).split("/", 3)[3]


def test_a_name_and_a_password_open_the_account_and_sign_in(cast: Cast, client: Client) -> None:
    invite = invited(cast.company)
    answer = client.post(path(invite), FILLED)
    assert (answer.status_code, answer.url) == (302, "/")
    person = User.objects.get(email="eva@new.test")
    assert (person.pk, person.name, person.timezone, person.locale) == (
        invite.user_id,
        "Eva Lund",
        "Europe/Oslo",
        "nb-NO",
    )
    assert person.is_active and person.invited_as == "" and person.check_password("horse-battery-9")
    assert client.get("/").context["user"] == person
    assert Entry.objects.get(what="person.joined").company == cast.company


def test_the_page_says_who_invites_whom_to_what(cast: Cast, client: Client) -> None:
    invite = invited(cast.company)
    Invite.objects.update(invited_by=cast.admin)
    page = client.get(path(invite)).content.decode()
    assert "Join Demo" in page and "Ada Admin invited you" in page and "eva@new.test" in page


def test_opening_the_link_changes_nothing(cast: Cast, client: Client) -> None:
    invite = invited(cast.company)
    client.get(path(invite))
    assert Invite.objects.open().filter(pk=invite.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Enter the name."),
        ({"password": "short"}, "too short"),
        ({"password": "eva@new.test"}, "too similar"),
        ({"password": ""}, "Choose a password."),
        ({"timezone": "Mars/Olympus"}, "is not a known time zone"),
        ({"locale": "xx-XX"}, "Choose a format from the list."),
    ],
)
def test_what_is_wrong_is_said_and_the_link_still_works(
    cast: Cast, client: Client, wrong: dict[str, str], sentence: str
) -> None:
    invite = invited(cast.company)
    answer = client.post(path(invite), FILLED | wrong)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Invite.objects.open().filter(pk=invite.pk).exists() and not User.objects.filter(
        email="eva@new.test"
    )


def test_it_works_once(cast: Cast, client: Client) -> None:
    link = path(invited(cast.company))
    client.post(link, FILLED)
    stranger = Client().post(link, FILLED | {"password": "another-battery-9"})
    assert stranger.status_code == 410 and "has already been accepted" in stranger.content.decode()
    assert User.objects.get(email="eva@new.test").check_password("horse-battery-9")


def test_a_second_click_of_the_same_person_leads_to_today(cast: Cast, client: Client) -> None:
    link = path(invited(cast.company))
    client.post(link, FILLED)
    assert client.post(link, FILLED).url == "/"


def test_after_seven_days_it_is_too_old(cast: Cast, client: Client) -> None:
    link = path(invited(cast.company))
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        answer = client.post(link, FILLED)
    assert answer.status_code == 410 and "has expired" in answer.content.decode()


def test_revoked_it_opens_nothing(cast: Cast, client: Client) -> None:
    invite = invited(cast.company)
    invitations.revoke(invite, by=cast.admin, now=NOW)
    answer = client.get(path(invite))
    assert answer.status_code == 410 and "was revoked" in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "a:b:c", "W10:1t:sig", "%00", "…"])
def test_a_broken_link_says_so(client: Client, db: None, token: str) -> None:
    answer = client.get(f"/invitation/{token}/")
    assert answer.status_code == 404 and "This link is incomplete" in answer.content.decode()


def test_a_token_of_another_kind_opens_nothing(cast: Cast, client: Client) -> None:
    invite = invited(cast.company)
    forged = signing.dumps([invite.pk, invite.version], salt="alignment.unsubscribe", compress=False)
    assert client.get(f"/invitation/{forged}/").status_code == 404


def test_somebody_else_signed_in_cannot_take_it(cast: Cast, as_: Callable[[User], Client]) -> None:
    invite = invited(cast.company)
    answer = as_(cast.outsider).post(path(invite), FILLED)
    assert answer.status_code == 403 and "is for someone else" in answer.content.decode()
    assert Invite.objects.open().filter(pk=invite.pk).exists()


# The address has an account already


@pytest.fixture
def known(cast: Cast) -> User:
    """Somebody of another company."""
    person = make_user(email="eva@new.test", name="Eva Elsewhere")
    Membership.objects.create(company=make_company(), user=person)
    return person


def test_it_asks_for_the_sign_in_and_comes_back(cast: Cast, known: User, client: Client) -> None:
    link = path(invited(cast.company))
    page = client.get(link).content.decode()
    assert "Sign in to join" in page and "Choose a password" not in page and "Eva Elsewhere" not in page
    assert f"/accounts/login/?next={quote(link, safe='')}" in page
    assert client.post(link, FILLED).status_code == 403


def test_signed_in_it_takes_over_what_the_company_gave(
    cast: Cast, known: User, as_: Callable[[User], Client]
) -> None:
    invite = invited(cast.company)
    stand_in = invite.user
    seat = make_seat(team=cast.north, user=stand_in, role="observer")
    promised = make_commitment(team=cast.north, owner=stand_in, meeting=make_meeting(team=cast.north))
    assert as_(known).post(path(invite)).url == "/"
    seat.refresh_from_db()
    promised.refresh_from_db()
    assert (seat.user, promised.owner) == (known, known)
    assert Membership.objects.filter(company=cast.company, user=known).exists()
    assert not User.objects.filter(pk=stand_in.pk).exists()
    known.refresh_from_db()
    assert known.name == "Eva Elsewhere"


def test_what_both_say_is_kept_once(cast: Cast, known: User) -> None:
    invite = invited(cast.company)
    make_seat(team=cast.north, user=known, role="observer")
    make_seat(team=cast.north, user=invite.user, role="facilitator")
    for person in (known, invite.user):
        Absence.objects.create(user=person, first=NOW.date(), last=NOW.date(), entered_at=NOW)
    invitation_links.join_as(invite, known, now=NOW)
    assert Absence.objects.get().user == known
    assert Seat.objects.current().get(team=cast.north, user=known).role == "observer"


@pytest.mark.parametrize(
    ("since", "seats"),
    [
        (date(2025, 6, 1), [("facilitator", date(2025, 12, 31)), ("observer", None)]),
        (date(2026, 1, 1), [("observer", None)]),
        (date(2026, 5, 1), [("observer", None)]),
    ],
)
def test_who_sits_there_already_never_has_two_seats_at_once(
    cast: Cast, known: User, since: date, seats: list[tuple[str, date | None]]
) -> None:
    invite = invited(cast.company)
    make_seat(team=cast.north, user=known, role="observer", since=date(2026, 1, 1))
    make_seat(team=cast.north, user=invite.user, role="facilitator", since=since)
    invitation_links.join_as(invite, known, now=NOW)
    kept = cast.north.seats.filter(user=known).order_by("since")
    assert [(seat.role, seat.until) for seat in kept] == seats
    assert not list(stored_clashes(sittings_of(cast.north)))


def test_an_account_that_every_company_closed_opens_again(cast: Cast, known: User, client: Client) -> None:
    User.objects.filter(pk=known.pk).update(is_active=False)
    known.memberships.update(ended_at=NOW)
    link = path(invited(cast.company))
    assert "joining reopens it" in client.get(link).content.decode()
    assert client.post(link).url == "/"
    known.refresh_from_db()
    assert known.is_active and "_auth_user_id" not in client.session


def test_an_account_closed_by_the_site_stays_closed(cast: Cast, known: User, client: Client) -> None:
    User.objects.filter(pk=known.pk).update(is_active=False)
    answer = client.post(path(invited(cast.company)))
    assert answer.status_code == 403 and "site administrator closed the account" in answer.content.decode()


def test_two_companies_invite_one_address_and_the_second_finds_the_account(
    cast: Cast, client: Client
) -> None:
    other = make_company(name="Second")
    first, second = invited(cast.company), invited(other)
    client.post(path(first), FILLED)
    assert client.post(path(second)).url == "/"
    person = User.objects.get(email="eva@new.test")
    assert set(person.memberships.values_list("company", flat=True)) == {cast.company.pk, other.pk}
    assert User.objects.filter(email__endswith="invited.invalid").count() == 0


def test_a_seat_given_before_is_there_after(cast: Cast, client: Client) -> None:
    [invite] = invitations.invite(
        cast.company, [Invitee(1, "Eva", "eva@new.test")], is_admin=False, by=cast.admin, now=NOW
    )
    make_seat(team=cast.north, user=invite.user, role="observer")
    client.post(path(invite), FILLED)
    assert client.get("/teams/north/").status_code == 200


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/password/reset/"])
def test_who_is_only_invited_cannot_sign_in_or_reset(
    cast: Cast, client: Client, page: str, mailoutbox: list[object]
) -> None:
    person = make_invited(company=cast.company, email="eva@new.test")
    for address in ("eva@new.test", person.email):
        client.post(page, {"login": address, "email": address, "password": "horse-battery-9"})
    assert not mailoutbox and "_auth_user_id" not in client.session


def test_an_address_that_gets_an_account_in_the_same_moment_is_asked_to_sign_in(
    cast: Cast, client: Client, known: User
) -> None:
    invite = invited(cast.company)
    told = {"name": "Eva", "password": "horse-battery-9", "zone": "UTC", "locale": "en-US"}
    with pytest.raises(invitation_links.InvitationTakenError):
        invitation_links.join_anew(invite, **told, now=NOW)
    assert Invite.objects.open().filter(pk=invite.pk).exists()
