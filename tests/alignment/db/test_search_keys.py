"""Both databases find, order and refuse the same names: by keys that are stored beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from alignment.db.search_keys import contains, refuse_duplicates, write_keys
from alignment.models import Company, Entry, Seat, Team, User
from alignment.rules.folding import unaccented
from deals.models import Account, Deal, Rep, RevenueEntry, Risk
from meetings.models import Commitment, Initiative, Issue
from meetings.registry.data_checks import find_violations
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_account,
    make_commitment,
    make_company,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_notice,
    make_rep,
    make_revenue,
    make_risk,
    make_user,
)
from tests.words import WRITTEN_AND_SEARCHED

pytestmark = pytest.mark.django_db
Make = Callable[[Cast, str], models.Model]

SEARCHED: dict[str, tuple[type[models.Model], Make, str]] = {
    "people": (User, lambda cast, text: make_user(name=text), "name_key"),
    "accounts": (Account, lambda cast, text: make_account(company=cast.company, name=text), "name_key"),
    "deals": (Deal, lambda cast, text: make_deal(team=cast.north, name=text), "name_key"),
    "reps": (Rep, lambda cast, text: make_rep(team=cast.north, name=text), "name_key"),
    "stages": (Deal, lambda cast, text: make_deal(team=cast.north, stage=text), "search_key"),
    "revenue": (
        RevenueEntry,
        lambda cast, text: make_revenue(team=cast.north, day=NOW.date(), amount=1, note=text),
        "search_key",
    ),
    "risks": (Risk, lambda cast, text: make_risk(team=cast.north, what_is_wrong=text), "search_key"),
    "initiatives": (
        Initiative,
        lambda cast, text: make_initiative(team=cast.north, title=text),
        "search_key",
    ),
    "issues": (Issue, lambda cast, text: make_issue(team=cast.north, detail=text), "search_key"),
    "commitments": (
        Commitment,
        lambda cast, text: make_commitment(team=cast.north, owner=cast.leader, text=text),
        "search_key",
    ),
    "audit": (
        Entry,
        lambda cast, text: Entry.objects.create(at=NOW, what="team.made", new=text),
        "search_key",
    ),
}


@pytest.mark.parametrize("name", SEARCHED)
def test_each_word_finds_what_was_written_and_nothing_else(cast: Cast, name: str) -> None:
    model, make, key = SEARCHED[name]
    rows = {make(cast, written).pk: written for written, _ in WRITTEN_AND_SEARCHED}
    for written, searched in WRITTEN_AND_SEARCHED:
        found = set(
            model._base_manager.filter(contains(searched, key), pk__in=rows).values_list("pk", flat=True)
        )
        assert found == {pk for pk, text in rows.items() if unaccented(searched) in unaccented(text)}, (
            searched
        )
        assert written in {rows[pk] for pk in found}


PAGES = {
    "/deals/": "deals",
    "/deals/revenue/": "revenue",
    "/risks/": "risks",
    "/initiatives/": "initiatives",
    "/issues/": "issues",
    "/commitments/": "commitments",
}


@pytest.mark.parametrize("path", PAGES)
def test_each_list_of_a_team(cast: Cast, client: Any, path: str) -> None:
    _, make, _ = SEARCHED[PAGES[path]]
    make(cast, "Über Land")
    client.force_login(cast.leader)
    assert "Über Land" in client.get(path, {"q": "über l"}).text
    assert "Über Land" in client.get(path, {"q": "UBER"}).text
    assert "Über Land" not in client.get(path, {"q": "überall"}).text


OTHER_LISTS = {
    "/setup/demo/people/": ("ÖRJAN a", "Örjan Ågren"),
    "/setup/demo/sign-in/": ("orjan", "Örjan Ågren"),
    "/setup/demo/teams/": ("ÖRJAN", "Österreich"),
    "/setup/demo/teams/?": ("ÖSTER", "Österreich"),
    "/setup/demo/goals/": ("OSTER", "Österreich"),
    "/setup/demo/goals/spread/": ("österr", "Österreich"),
    "/setup/demo/data/": ("ÅGREN", "Örjan Ågren"),
    "/setup/demo/changes/": ("GRÜẞE", "grüße"),
    "/outbox/": ("ÖRJAN", "Örjan Ågren"),
    "/meetings/attendance/": ("AGREN", "Örjan Ågren"),
}


@pytest.mark.parametrize("path", OTHER_LISTS)
def test_each_list_of_a_company(cast: Cast, client: Any, path: str) -> None:
    searched, shown = OTHER_LISTS[path]
    cast.north.edit(version=cast.north.version, name="Österreich")
    left = cast.leader.edit(version=cast.leader.version, name="Örjan Ågren")
    make_held_meeting(team=cast.north)
    make_notice(to=left, company=cast.company)
    Entry.objects.create(company=cast.company, at=NOW, what="team.made", about="grüße")
    if path.endswith("/data/"):
        Seat.objects.filter(user=left).update(until=NOW.date())
    client.force_login(cast.admin)
    assert shown in client.get(path, {"q": searched}).text
    assert f">{shown}" not in client.get(path, {"q": f"{searched}x"}).text.replace("\n", "")


def test_a_name_is_taken_in_any_spelling(cast: Cast, client: Any) -> None:
    cast.north.edit(version=cast.north.version, name="Österreich")
    for spelling in ("ÖSTERREICH", "O\u0308sterreich", "Öster\u200breich"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Team.objects.filter(pk=cast.south.pk).get().edit(version=cast.south.version, name=spelling)
    first = Account.objects.find_or_create("Straße GmbH", company=cast.company)
    assert Account.objects.find_or_create("STRASSE  GMBH", company=cast.company) == first
    assert Account.objects.find_or_create("Strase GmbH", company=cast.company) != first


def test_people_are_in_the_same_order_everywhere(cast: Cast) -> None:
    names = ["zoo", "Österreich", "Zebra", "apple", "Osterode", "Äpfel"]
    made = [make_user(name=name).pk for name in names]
    ordered = list(User.objects.filter(pk__in=made).values_list("name", flat=True))
    assert ordered == ["Äpfel", "apple", "Osterode", "Österreich", "Zebra", "zoo"]


def test_a_key_that_does_not_follow_its_name_is_stated(cast: Cast) -> None:
    Team.objects.filter(pk=cast.north.pk).update(name="Renamed behind its back")
    [violation] = [text for text in find_violations(NOW) if "searched" in text]
    assert violation == f"Team {cast.north.pk} is not searched by what it says now; save it again."
    write_keys(Team)
    assert not [text for text in find_violations(NOW) if "searched" in text]


def test_a_migration_names_what_is_there_twice_and_stops(cast: Cast) -> None:
    Company.objects.all().update(currency="EUR")
    make_company(name="Twin", currency="CHF")
    refuse_duplicates(Company, "slug", what="Nothing.")
    with pytest.raises(ValueError, match=r"Rename one\. Nothing was changed\. Found: “Demo” \(\d+\) and “"):
        refuse_duplicates(Company, "currency", what="Rename one.")
