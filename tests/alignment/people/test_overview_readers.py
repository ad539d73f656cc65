"""Who reads the overview of a company: given and ended by its admins, with a line in the audit log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from alignment.erasure.erase import refusal, who_left
from alignment.models import Entry, Membership, OverviewReader
from alignment.people import membership
from alignment.people.overview_readers import end_overview, give_overview
from tests.factories import NOW, TODAY, make_invited, make_member, make_overview_reader

pytestmark = pytest.mark.time_machine(NOW)


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


def page(person, step=""):
    return f"/setup/demo/people/{person.pk}/{step}"


def test_an_admin_gives_it_and_ends_it(cast, admin):
    person = make_member(company=cast.company)
    answer = admin.post(page(person, "overview/"), follow=True)
    assert f"{person} reads the overview of Demo." in answer.content.decode()
    assert "Reads the overview of Demo since" in admin.get(page(person)).content.decode()
    assert "Overview" in admin.get("/setup/demo/people/?part=overview").content.decode()
    row = OverviewReader.objects.get()
    assert (row.user, row.company, row.since, row.until) == (person, cast.company, TODAY, None)
    admin.post(page(person, "overview/end/"))
    row.refresh_from_db()
    assert row.until == TODAY
    assert list(Entry.objects.values_list("what", "about", "by")) == [
        ("overview.ended", person.name, cast.admin.pk),
        ("overview.given", person.name, cast.admin.pk),
    ]


def test_twice_is_once(cast, admin):
    person = make_member(company=cast.company)
    for _ in range(2):
        admin.post(page(person, "overview/"))
    assert OverviewReader.objects.count() == Entry.objects.count() == 1
    for _ in range(2):
        admin.post(page(person, "overview/end/"))
    assert Entry.objects.count() == 2


def test_it_can_be_given_anew(cast):
    person = make_overview_reader(company=cast.company, until=TODAY)
    assert give_overview(person, cast.company, by=cast.admin, now=NOW)
    assert person.overviews.count() == 2


@pytest.mark.parametrize("role", ["ceo", "leader", "observer", "outsider"])
def test_nobody_else_gives_or_ends_it(cast, as_, role):
    person, reader = make_member(company=cast.company), make_overview_reader(company=cast.company)
    client = as_(getattr(cast, role))
    answers = {
        client.post(page(person, "overview/")).status_code,
        client.post(page(reader, "overview/end/")).status_code,
    }
    assert answers == {404 if role == "outsider" else 403}
    assert OverviewReader.objects.get().until is None


def test_a_reader_is_no_admin(cast, as_):
    client = as_(make_overview_reader(company=cast.company))
    assert client.get("/setup/demo/people/").status_code == 403


def test_an_admin_gives_it_in_the_own_company_alone(cast, admin):
    assert admin.post(page(cast.outsider, "overview/")).status_code == 404


def test_somebody_invited_has_it_once_they_accept(cast, admin):
    person = make_invited(company=cast.company)
    admin.post(page(person, "overview/"))
    assert OverviewReader.objects.get().user == person


def test_whoever_sits_on_a_team_may_have_it_too_and_belongs_to_the_company(cast):
    give_overview(cast.leader, cast.company, by=cast.admin, now=NOW)
    assert Membership.objects.get(user=cast.leader).company == cast.company


def test_deactivating_ends_it_and_reactivating_does_not_bring_it_back(cast, admin):
    person = make_overview_reader(company=cast.company)
    membership.deactivate(person, cast.company, by=cast.admin, now=NOW)
    assert OverviewReader.objects.get().until == TODAY
    assert "Reactivate them first" in admin.post(page(person, "overview/"), follow=True).content.decode()
    membership.take_back(person, cast.company, by=cast.admin, now=NOW)
    assert not OverviewReader.objects.current().exists()


def test_a_reader_is_erased_once_it_ended(cast):
    person = make_overview_reader(company=cast.company)
    assert person not in who_left(cast.company)
    assert refusal(person) == "They read the overview of a company. End that first; then they can be erased."
    end_overview(person, cast.company, by=cast.admin, now=NOW)
    assert person in who_left(cast.company)
    assert refusal(person) == ""


def test_it_never_ends_before_it_begins(cast):
    person = make_member(company=cast.company)
    give_overview(person, cast.company, by=cast.admin, now=NOW)
    end_overview(person, cast.company, by=cast.admin, now=NOW - timedelta(days=2))
    assert OverviewReader.objects.get().until == TODAY


def test_one_a_person_and_company_is_open(cast):
    person = make_overview_reader(company=cast.company)
    with pytest.raises(IntegrityError), transaction.atomic():
        OverviewReader.objects.create(company=cast.company, user=person, since=TODAY)


def test_the_day_is_that_of_the_company(cast):
    person = make_member(company=cast.company)
    give_overview(person, cast.company, by=cast.admin, now=NOW.replace(hour=23, minute=30))
    assert OverviewReader.objects.get().since == TODAY + timedelta(days=1)
