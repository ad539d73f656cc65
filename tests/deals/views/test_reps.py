"""Reps are listed, renamed, moved to another team and joined, with undo."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from alignment.models import Entry
from deals.models import Deal, Rep, RepSpelling
from deals.sales_people.rep_names import AmbiguousRepError, RepNames
from meetings.registry.data_checks import find_violations
from tests.factories import NOW, TODAY, make_deal, make_rep, make_revenue, make_risk
from tests.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_team_lists_its_reps_with_their_open_deals(cast, as_):
    make_deal(team=cast.north, rep="Dana Ruiz")
    make_rep(team=cast.south, name="Southern Rep")
    page = flat(as_(cast.leader).get("/teams/north/reps/"))
    assert "Dana Ruiz" in page
    assert "Southern Rep" not in page
    assert "New rep" in page
    assert "New rep" not in flat(as_(cast.observer).get("/teams/north/reps/"))


def test_an_admin_reads_names_and_teams_alone(cast, as_):
    make_rep(team=cast.north, name="Dana Ruiz", email="dana@ruiz.test")
    client = as_(cast.admin)
    page = flat(client.get("/setup/demo/reps/"))
    assert "Dana Ruiz" in page
    assert "dana@ruiz.test" not in page
    rep = Rep.objects.get()
    assert "dana@ruiz.test" not in flat(client.get(f"/reps/{rep.pk}/"))


def test_a_rep_is_renamed_and_deals_follow(cast, as_):
    deal = make_deal(team=cast.north, rep="Dana")
    typed = {"version": 1, "name": "Dana Ruiz", "email": "Dana@ruiz.test"}
    assert as_(cast.leader).post(f"/reps/{deal.rep_id}/", typed).status_code == 302
    assert Deal.objects.get().rep_name == "Dana Ruiz"
    assert Rep.objects.get().email == "dana@ruiz.test"


@pytest.mark.parametrize(("deals", "team"), [("stay", "north"), ("move", "south")])
def test_open_deals_come_along_only_when_a_person_says_so(cast, as_, deals, team):
    deal = make_deal(team=cast.north, rep="Dana")
    won = make_deal(team=cast.north, rep=deal.rep, status="won", close_date=TODAY)
    make_revenue(team=cast.north, day=TODAY, amount=10, deal=won)
    make_risk(team=cast.north, deal=deal, name=deal.name)
    typed = {"to_team": cast.south.pk, "day": "2026-11-20", "deals": deals, "from": "north"}
    assert as_(cast.ceo).post(f"/reps/{deal.rep_id}/move/", typed).status_code == 403
    assert as_(cast.admin).post(f"/reps/{deal.rep_id}/move/", typed).status_code == 302
    deal.refresh_from_db()
    won.refresh_from_db()
    assert (deal.team.slug, won.team.slug, won.revenue.get().team.slug) == (team, "north", "north")
    terms = [(term.team.slug, term.until) for term in deal.rep.terms.order_by("since")]
    assert terms == [("north", date(2026, 11, 19)), ("south", None)]
    recorded = list(deal.changes.filter(field="team").values_list("old", "new"))
    assert recorded == ([("North", "South")] if deals == "move" else [])
    assert Entry.objects.filter(what="rep.moved", about="Dana").exists()
    assert not [found for found in find_violations(NOW) if "Team away" not in found]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"to_team": "none", "day": "2026-11-24", "deals": "stay"}, "choose today or an earlier day"),
        ({"to_team": "none", "day": "2025-11-20", "deals": "stay"}, "Choose a later day."),
        ({"to_team": "none", "day": "2026-11-20", "deals": ""}, "Say whether the open deals come along."),
        ({"day": "2026-11-20", "deals": "stay"}, "Choose the team, or that they stop selling."),
        ({"to_team": "none", "day": "2026-11-20", "deals": "move"}, "Without a new team the deals stay."),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_a_sentence(cast, as_, typed, sentence):
    rep = make_rep(team=cast.north)
    response = as_(cast.leader).post(f"/reps/{rep.pk}/move/", typed)
    assert response.status_code in (409, 422)
    assert sentence in flat(response)
    assert rep.terms.get().until is None


def test_two_reps_are_joined_and_taken_apart_again(cast, as_):
    short = make_deal(team=cast.north, rep="D. Ruiz")
    full = make_deal(team=cast.north, rep="Dana Ruiz")
    client = as_(cast.leader)
    assert client.post(f"/reps/{short.rep_id}/join/", {"into": full.rep_id}).status_code == 302
    assert set(Deal.objects.values_list("rep__name", flat=True)) == {"Dana Ruiz"}
    assert RepNames(cast.company).meant_by("d. ruiz", team=cast.north) == full.rep
    later = make_deal(team=cast.north, rep=full.rep)
    assert "Also D. Ruiz" in flat(client.get("/teams/north/reps/"))
    assert client.post(f"/reps/{short.rep_id}/separate/").status_code == 302
    for deal, name in ((short, "D. Ruiz"), (full, "Dana Ruiz"), (later, "Dana Ruiz")):
        deal.refresh_from_db()
        assert deal.rep_name == name
    changes = [(change.old, change.new) for change in short.changes.filter(field="rep")]
    assert changes == [("D. Ruiz", "Dana Ruiz"), ("Dana Ruiz", "D. Ruiz")]
    assert not [found for found in find_violations(NOW) if "Team away" not in found]


def test_a_rep_of_another_team_is_not_joined_by_its_leader(cast, as_):
    own, other = make_rep(team=cast.north), make_rep(team=cast.south)
    response = as_(cast.leader).post(f"/reps/{own.pk}/join/", {"into": other.pk})
    assert response.status_code == 422
    assert Rep.objects.filter(joined_into=None).count() == 2


def test_a_name_two_reps_of_a_team_have_is_asked(cast, as_):
    for _ in range(2):
        make_rep(team=cast.north, name="Dana Ruiz")
    with pytest.raises(AmbiguousRepError):
        RepNames(cast.company).meant_by("Dana Ruiz", team=cast.north)
    deal = make_deal(team=cast.north)
    response = as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "rep_name": "dana ruiz"})
    assert response.status_code == 422
    assert "could be two reps of North" in flat(response)


def test_a_confirmed_spelling_of_a_source_decides(cast):
    rep = make_rep(team=cast.north, name="Dana Ruiz")
    RepSpelling.objects.create(company=cast.company, source="hubspot", key="d ruiz", rep=rep)
    known = RepNames(cast.company)
    assert known.meant_by("D Ruiz", team=cast.south, source="hubspot") == rep
    assert known.meant_by("D Ruiz", team=cast.south) is None


def test_the_same_name_on_another_team_is_somebody_else(cast, as_):
    make_rep(team=cast.south, name="Dana Ruiz")
    deal = make_deal(team=cast.north)
    as_(cast.leader).post(f"/deals/{deal.pk}/", {"version": 1, "rep_name": "Dana Ruiz"})
    deal.refresh_from_db()
    assert [term.team for term in deal.rep.terms.all()] == [cast.north]
    assert Rep.objects.count() == 2


def test_who_once_was_on_the_team_is_meant_again(cast):
    rep = make_rep(team=cast.north, name="Dana Ruiz", until=TODAY - timedelta(days=30))
    assert RepNames(cast.company).meant_by("Dana Ruiz", team=cast.north) == rep


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_num_queries, number):
    for count in range(number):
        make_deal(team=cast.north, rep=f"Rep {count}")
    client = as_(cast.leader)
    client.get("/teams/north/reps/")
    with django_assert_num_queries(7):
        client.get("/teams/north/reps/")


def test_a_rep_may_have_an_account_and_other_spellings(cast, as_):
    rep = make_rep(team=cast.north, name="Ann Lee")
    RepSpelling.objects.create(company=cast.company, source="hubspot", key="a lee", rep=rep)
    client, page = as_(cast.leader), f"/reps/{rep.pk}/"
    assert "Also written: a lee." in client.get(page).content.decode()
    client.post(page, {"name": "Ann Lee", "user": cast.delegate.pk, "version": rep.version})
    rep.refresh_from_db()
    assert rep.user == cast.delegate
    refused = client.post(page, {"name": "Ann Lee", "user": cast.outsider.pk, "version": rep.version})
    assert refused.status_code == 422
