"""One person of a company, as its admins keep them: right, name, the way out and back in, a new password."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Entry, Invite, Membership, PlannedSeat, Seat, User
from alignment.outbox.delivery import deliver_due
from alignment.people import membership
from tests.cast import Cast
from tests.factories import NOW, make_admin, make_company, make_invited, make_seat, make_team, make_user


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(cast: Cast, as_: Callable[[User], Client]) -> Client:
    return as_(cast.admin)


def page(person: User, step: str = "") -> str:
    return f"/setup/demo/people/{person.pk}/{step}"


def told(person: User, **changed: str) -> dict[str, str]:
    return {"name": person.name, "timezone": "Europe/Paris", "locale": "en-US"} | changed


def test_name_zone_and_formats_are_kept_with_what_they_were(admin: Client, cast: Cast) -> None:
    answer = admin.post(page(cast.leader), told(cast.leader, name=" Joe  K. Keller ", timezone="tokyo"))
    assert answer.status_code == 302
    cast.leader.refresh_from_db()
    assert (cast.leader.name, cast.leader.timezone) == ("Joe K. Keller", "Asia/Tokyo")
    entry = Entry.objects.get(what="person.changed")
    assert entry.old == "name: Joe Keller, timezone: Europe/Paris" and entry.about == "Joe Keller"


def test_what_is_wrong_is_said_and_nothing_kept(admin: Client, cast: Cast) -> None:
    answer = admin.post(page(cast.leader), told(cast.leader, name="", timezone="Mars", is_admin="on"))
    assert answer.status_code == 422 and "Enter the name." in answer.content.decode()
    assert not Membership.objects.filter(user=cast.leader).exists() and not Entry.objects.exists()


def test_fields_that_are_not_asked_change_nothing(admin: Client, cast: Cast) -> None:
    admin.post(page(cast.leader), told(cast.leader, email="x@y.test", is_staff="on", password="x", pk="1"))
    before = (cast.leader.email, cast.leader.is_staff, cast.leader.password)
    cast.leader.refresh_from_db()
    assert before == (cast.leader.email, cast.leader.is_staff, cast.leader.password)


def test_the_right_is_given_and_taken(admin: Client, cast: Cast) -> None:
    admin.post(page(cast.leader), told(cast.leader, is_admin="on"))
    assert Membership.objects.get(user=cast.leader).is_admin
    admin.post(page(cast.leader), told(cast.leader))
    assert not Membership.objects.get(user=cast.leader).is_admin
    assert set(Entry.objects.values_list("what", flat=True)) == {"admin.given", "admin.taken"}


def test_the_last_admin_keeps_the_right(admin: Client, cast: Cast) -> None:
    make_invited(company=cast.company).memberships.update(is_admin=True)  # cannot sign in yet
    answer = admin.post(page(cast.admin), told(cast.admin))
    assert answer.status_code == 422 and "Ada Admin is the only admin." in answer.content.decode()
    assert Membership.objects.get(user=cast.admin).is_admin


def test_nobody_deactivates_themselves(admin: Client, cast: Cast) -> None:
    make_admin(company=cast.company, user=cast.ceo)
    answer = admin.post(page(cast.admin, "deactivate/"))
    assert answer.status_code == 409 and "You cannot deactivate yourself." in answer.content.decode()


def test_the_only_admin_who_can_sign_in_is_not_deactivated(cast: Cast) -> None:
    assert "is the only admin" in membership.deactivate(cast.admin, cast.company, by=cast.ceo, now=NOW)
    assert Membership.objects.get(user=cast.admin).ended_at is None


def test_it_says_first_which_teams_lose_whom(admin: Client, cast: Cast) -> None:
    said = admin.get(page(cast.ceo, "deactivate/")).content.decode()
    assert "North would be left without a CEO" in said and "South would be left without a CEO" in said
    assert Seat.objects.current().filter(user=cast.ceo).count() == 2


def test_deactivated_they_are_out_at_once_and_history_stays(
    admin: Client, cast: Cast, as_: Callable[[User], Client]
) -> None:
    theirs = as_(cast.leader)
    assert theirs.get("/").status_code == 200
    assert admin.post(page(cast.leader, "deactivate/"), {"why": "Left"}).status_code == 302
    assert theirs.get("/").status_code == 302
    seat = Seat.objects.get(user=cast.leader)
    assert (seat.until, seat.role) == (NOW.date(), "leader")
    cast.leader.refresh_from_db()
    assert not cast.leader.is_active and cast.leader.name == "Joe Keller"
    entry = Entry.objects.get(what="person.deactivated")
    assert (entry.old, entry.why) == ("Sales leader of North", "Left")


def test_seats_to_come_are_cancelled_with_them(admin: Client, cast: Cast) -> None:
    plan = {"team": cast.north, "by": cast.admin, "at": NOW, "day": NOW.date().replace(year=2027)}
    PlannedSeat.objects.create(user=cast.second_leader, role="leader", **plan)
    PlannedSeat.objects.create(
        ends_seat=cast.second_leader.seats.get(), role="leader", **plan | {"team": cast.south}
    )
    admin.post(page(cast.second_leader, "deactivate/"))
    assert not PlannedSeat.objects.waiting().exists()


def test_taken_back_they_sign_in_again_without_seats(
    admin: Client, cast: Cast, client: Client, as_: Callable[[User], Client]
) -> None:
    client.post("/accounts/login/", {"login": "leader@demo.test", "password": "demo-password"})
    assert client.get("/").status_code == 200
    admin.post(page(cast.leader, "deactivate/"))
    assert admin.post(page(cast.leader, "take-back/")).status_code == 302
    cast.leader.refresh_from_db()
    assert cast.leader.is_active and not Seat.objects.current().filter(user=cast.leader).exists()
    assert client.get("/").status_code == 302 and as_(cast.leader).get("/").status_code == 200


def test_who_works_elsewhere_too_stays_in_there(
    admin: Client, cast: Cast, as_: Callable[[User], Client]
) -> None:
    make_seat(team=cast.away, user=cast.facilitator, role="facilitator")
    theirs = as_(cast.facilitator)
    admin.post(page(cast.facilitator, "deactivate/"))
    assert theirs.get("/teams/away/").status_code == 200
    assert theirs.get("/teams/north/").status_code == 404
    assert theirs.get("/setup/demo/people/").status_code == 404


def test_who_works_elsewhere_too_keeps_their_own_name(admin: Client, cast: Cast) -> None:
    Membership.objects.create(company=make_company(), user=cast.leader)
    said = admin.get(page(cast.leader)).content.decode()
    assert "Only Joe can change their name" in said and 'name="timezone"' not in said
    admin.post(page(cast.leader), told(cast.leader, name="Mr Mallory", is_admin="on"))
    cast.leader.refresh_from_db()
    assert (
        cast.leader.name == "Joe Keller"
        and Membership.objects.filter(user=cast.leader, is_admin=True).exists()
    )


@pytest.mark.parametrize("step", ["", "deactivate/", "take-back/", "password/", "resend/"])
def test_people_of_other_companies_do_not_exist(admin: Client, cast: Cast, step: str) -> None:
    assert admin.post(page(cast.outsider, step)).status_code == 404
    assert admin.post(f"/setup/other/people/{cast.outsider.pk}/{step}").status_code == 404


def test_a_link_for_a_new_password_goes_to_the_person_alone(
    admin: Client, cast: Cast, client: Client, mailoutbox: list[EmailMultiAlternatives], settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    answer = admin.post(page(cast.leader, "password/"), headers={"host": "evil.test"}, follow=False)
    deliver_due()
    [mail] = mailoutbox
    assert answer.status_code == 302 and mail.to == ["leader@demo.test"] and "evil" not in mail.body
    link = re.search(rf"{settings.BASE_URL}(/accounts/password/reset/key/\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "horse-battery-9", "password2": "horse-battery-9"})
    cast.leader.refresh_from_db()
    assert cast.leader.check_password("horse-battery-9")


def test_such_links_have_a_limit(admin: Client, cast: Cast) -> None:
    said = [admin.post(page(cast.leader, "password/"), follow=True).content.decode() for _ in range(6)]
    assert "Too many requests" in said[5] and "Too many requests" not in said[4]


@pytest.mark.parametrize("step", ["resend/", "revoke/"])
def test_a_step_that_does_not_fit_is_refused_in_words(admin: Client, cast: Cast, step: str) -> None:
    answer = admin.post(page(cast.leader, step), follow=True)
    assert "message bad" in answer.content.decode() and not Entry.objects.exists()


@pytest.mark.parametrize("teams", [1, 50])
def test_a_page_costs_the_same_with_one_and_with_fifty_seats(
    admin: Client, cast: Cast, teams: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    who = make_user()
    for _ in range(teams):
        make_seat(team=make_team(company=cast.company), user=who, role="observer")
    with django_assert_num_queries(10):
        admin.get(page(who))


@pytest.mark.parametrize("step", ["deactivate/", "take-back/", "revoke/"])
def test_a_second_click_finds_it_done_and_says_so(admin: Client, cast: Cast, step: str) -> None:
    who = make_invited(company=cast.company) if step == "revoke/" else cast.leader
    if step == "take-back/":
        membership.deactivate(who, cast.company, by=cast.admin, now=NOW)
    admin.post(page(who, step))
    before = Entry.objects.count()
    again = admin.post(page(who, step), follow=True)
    assert again.status_code == 200 and Entry.objects.count() == before


def test_who_gives_up_their_own_right_is_led_away(admin: Client, cast: Cast) -> None:
    make_admin(company=cast.company, user=cast.ceo)
    assert admin.post(page(cast.admin), told(cast.admin)).url == "/"


# Where an invitation goes


def test_a_mistyped_address_is_put_right_and_the_seat_stays(
    admin: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    who = make_invited(company=cast.company, email="eva@nwe.test")
    seat = make_seat(team=cast.north, user=who, role="observer")
    assert admin.post(page(who), told(who, email="Eva@new.test ")).status_code == 302
    deliver_due()
    who.refresh_from_db()
    assert who.invited_as == "eva@new.test" and mailoutbox[0].to == ["eva@new.test"]
    assert Invite.objects.get().version == 2 and Seat.objects.current().get(pk=seat.pk)
    entry = Entry.objects.get(what="person.invited_again")
    assert (entry.old, entry.new) == ("eva@nwe.test", "eva@new.test")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("eva", "This is not a valid email address."),
        ("", "Enter the address."),
        ("CEO@demo.test", "is already in your company"),
    ],
)
def test_where_it_cannot_go_is_said_and_nothing_is_saved(
    admin: Client, cast: Cast, typed: str, sentence: str
) -> None:
    who = make_invited(company=cast.company, email="eva@new.test")
    answer = admin.post(page(who), told(who, name="Changed", email=typed, is_admin="on"))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    who.refresh_from_db()
    assert who.name != "Changed" and not Membership.objects.get(user=who).is_admin
    assert Invite.objects.get().version == 1 and not Entry.objects.exists()


def test_the_address_of_an_account_is_nobodys_to_change(admin: Client, cast: Cast) -> None:
    assert 'name="email"' not in admin.get(page(cast.leader)).content.decode()
    admin.post(page(cast.leader), told(cast.leader, email="mine@evil.test"))
    cast.leader.refresh_from_db()
    assert cast.leader.email == "leader@demo.test"


# Accounts that are not the company's to open


def test_an_account_closed_by_the_site_is_not_opened_by_an_admin(admin: Client, cast: Cast) -> None:
    Membership.objects.create(company=cast.company, user=cast.leader)
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert "The site administrator closed this account" in admin.get(page(cast.leader)).content.decode()
    admin.post(page(cast.leader, "take-back/"))
    cast.leader.refresh_from_db()
    assert not cast.leader.is_active


def test_who_only_sat_here_once_is_taken_back_as_a_member(admin: Client, cast: Cast) -> None:
    who = make_user()
    make_seat(team=cast.north, user=who, role="observer", until=NOW.date())
    assert "Reactivate" in admin.get(page(who)).content.decode()
    admin.post(page(who, "take-back/"))
    assert Membership.objects.get(user=who).ended_at is None


def test_whoever_runs_the_site_keeps_their_account(admin: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(is_staff=True)
    admin.post(page(cast.leader, "deactivate/"))
    cast.leader.refresh_from_db()
    assert cast.leader.is_active and Membership.objects.get(user=cast.leader).ended_at == NOW


def test_who_is_only_invited_is_revoked_instead(admin: Client, cast: Cast) -> None:
    who = make_invited(company=cast.company)
    assert admin.post(page(who, "deactivate/")).url == page(who, "revoke/")
    membership.deactivate(who, cast.company, by=cast.admin, now=NOW)
    assert Invite.objects.get().revoked_at == NOW


# Two admins at once


def shown(client: Client, person: User) -> dict[str, str]:
    """What a browser would send of the page as it stands."""
    form = client.get(page(person)).context["form"]
    sent = {bound.html_name: bound.value() for bound in form}
    return {name: str(value) for name, value in sent.items() if value not in (None, False)}


def test_a_page_that_shows_no_right_yet_takes_none_away(admin: Client, cast: Cast) -> None:
    stale = shown(admin, cast.leader)
    make_admin(company=cast.company, user=cast.leader)
    assert admin.post(page(cast.leader), stale | {"name": "Joe K. Keller"}).status_code == 302
    cast.leader.refresh_from_db()
    assert cast.leader.name == "Joe K. Keller" and Membership.objects.get(user=cast.leader).is_admin


def test_different_facts_of_two_admins_are_put_together(admin: Client, cast: Cast) -> None:
    mine, theirs = shown(admin, cast.leader), shown(admin, cast.leader)
    admin.post(page(cast.leader), theirs | {"timezone": "Asia/Tokyo"})
    assert admin.post(page(cast.leader), mine | {"name": "Joe K. Keller"}).status_code == 302
    cast.leader.refresh_from_db()
    assert (cast.leader.name, cast.leader.timezone) == ("Joe K. Keller", "Asia/Tokyo")


def test_the_same_fact_changed_by_both_shows_both_and_changes_nothing(admin: Client, cast: Cast) -> None:
    mine, theirs = shown(admin, cast.leader), shown(admin, cast.leader)
    admin.post(page(cast.leader), theirs | {"name": "Joseph Keller"})
    late = admin.post(page(cast.leader), mine | {"name": "Joe K. Keller", "is_admin": "on"})
    assert late.status_code == 409
    assert [(each.mine, each.theirs) for each in late.context["conflict"].fields] == [
        ("Joe K. Keller", "Joseph Keller")
    ]
    cast.leader.refresh_from_db()
    assert cast.leader.name == "Joseph Keller" and not Membership.objects.filter(
        user=cast.leader, is_admin=True
    )
    chosen = mine | {"name": "Joe K. Keller", "is_admin": "on", "keep": "mine", "stored_version": "2"}
    assert admin.post(page(cast.leader), chosen).status_code == 302
    cast.leader.refresh_from_db()
    assert cast.leader.name == "Joe K. Keller" and Membership.objects.get(user=cast.leader).is_admin
