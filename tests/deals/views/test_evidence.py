"""Why a committed deal will close: asked of few, answered by tap, on the page of the deal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from deals.committed.third_push import missing_for_commit, missing_for_commits
from deals.models import Deal, Evidence, EvidenceRequest
from deals.rules.evidence import NO_FACT, NO_REASON
from tests.cast import Cast
from tests.deals.committed.history import change
from tests.factories import NOW, TODAY, make_account, make_committed, make_contact, make_deal, make_evidence
from tests.html import visible_lines

As = Callable[[User], Client]
NOT_SAID = "Not said yet."
GIVE = {"kinds": ["budget", "decided"], "day": "2026-11-20", "words": ""}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: Client, deal: Deal) -> str:
    return " ".join(visible_lines(client.get(f"/deals/{deal.pk}/").content.decode()))


def small(cast: Cast, **fields: object) -> Deal:
    return make_deal(team=cast.north, amount=Decimal(1_000), **fields)


def big(cast: Cast, **fields: object) -> Deal:
    return make_deal(team=cast.north, amount=Decimal(900_000), **fields)


def test_it_is_asked_of_big_deals_in_the_commit_alone(cast: Cast, as_: As) -> None:
    client, deal = as_(cast.leader), big(cast)
    assert NOT_SAID not in text(client, deal)
    make_committed(deal=deal)
    assert NOT_SAID in text(client, deal)
    less = small(cast)
    make_committed(deal=less)
    assert NOT_SAID not in text(client, less)


def test_it_is_asked_of_a_small_deal_that_slipped(cast: Cast, as_: As) -> None:
    deal = small(cast)
    make_committed(deal=deal, quarter="2026-07-01")
    assert NOT_SAID not in text(as_(cast.leader), deal)  # it is in no commit now
    make_committed(deal=deal)
    assert NOT_SAID in text(as_(cast.leader), deal)


def test_facts_are_given_by_tap_with_a_day_and_who_said_so(cast: Cast, as_: As) -> None:
    account = make_account(company=cast.company)
    deal, dana = big(cast, account=account), make_contact(account=account, name="Dana Buyer")
    make_committed(deal=deal)
    answer = as_(cast.leader).post(f"/deals/{deal.pk}/evidence/", GIVE | {"contact": dana.pk})
    assert answer.url == f"/deals/{deal.pk}/#evidence"
    rows = {(row.kind, row.day, row.contact, row.by) for row in Evidence.objects.all()}
    assert rows == {(kind, date(2026, 11, 20), dana, cast.leader) for kind in ("budget", "decided")}
    page = text(as_(cast.ceo), deal)
    assert "The budget is confirmed 20 Nov, Dana Buyer, entered by Joe Keller" in page
    assert NOT_SAID not in page
    assert "Dana Buyer" not in text(as_(cast.observer), deal)


def test_none_yet_is_an_answer_and_a_fact_replaces_it(cast: Cast, as_: As) -> None:
    deal, client = big(cast), as_(cast.leader)
    make_committed(deal=deal)
    client.post(f"/deals/{deal.pk}/evidence/", GIVE | {"kinds": ["none_yet"]})
    assert NOT_SAID not in text(client, deal)
    client.post(f"/deals/{deal.pk}/evidence/", GIVE | {"kinds": ["paper"]})
    assert list(Evidence.objects.values_list("kind", flat=True)) == ["paper"]


def test_none_yet_does_not_stand_beside_a_fact(cast: Cast, as_: As) -> None:
    """The form was opened before somebody else gave a fact."""
    deal = big(cast)
    make_evidence(committed=make_committed(deal=deal))
    answer = as_(cast.leader).post(f"/deals/{deal.pk}/evidence/", GIVE | {"kinds": ["none_yet"]})
    assert answer.status_code == 409
    assert "Somebody gave a fact in the meantime" in answer.content.decode()
    assert Evidence.objects.get().kind == "budget"


def test_what_is_given_is_not_offered_again(cast: Cast, as_: As) -> None:
    deal = big(cast)
    make_evidence(committed=make_committed(deal=deal))
    page = as_(cast.leader).get(f"/deals/{deal.pk}/evidence/").content.decode()
    assert 'value="paper"' in page
    assert 'value="budget"' not in page
    assert 'value="none_yet"' not in page


def test_two_clicks_are_one_fact(cast: Cast, as_: As) -> None:
    deal = big(cast)
    make_committed(deal=deal)
    for _ in range(2):
        assert as_(cast.leader).post(f"/deals/{deal.pk}/evidence/", GIVE).status_code == 302
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kinds": []}, "Tick what you know, or “None yet”."),
        ({"kinds": ["none_yet", "budget"]}, "“None yet” goes with no fact."),
        ({"kinds": ["nonsense"]}, "Choose from the list."),
        ({"day": "2026-11-24"}, "Enter today or an earlier day."),
        ({"day": ""}, "Enter the day."),
        ({"words": "x" * 201}, "At most 200 characters"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(
    cast: Cast, as_: As, fields: dict[str, object], sentence: str
) -> None:
    deal = big(cast)
    make_committed(deal=deal)
    answer = as_(cast.leader).post(f"/deals/{deal.pk}/evidence/", GIVE | fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Evidence.objects.exists()


def test_what_was_given_can_be_taken_back(cast: Cast, as_: As) -> None:
    evidence = make_evidence(committed=make_committed(deal=big(cast)))
    assert as_(cast.ceo).post(f"/deals/evidence/{evidence.pk}/remove/").status_code == 403
    as_(cast.leader).post(f"/deals/evidence/{evidence.pk}/remove/")
    assert not Evidence.objects.exists()


def test_the_ceo_asks_and_the_leader_answers(cast: Cast, as_: As) -> None:
    deal = small(cast)
    make_committed(deal=deal)
    assert as_(cast.leader).post(f"/deals/{deal.pk}/evidence/ask/").status_code == 403
    for _ in range(2):
        as_(cast.ceo).post(f"/deals/{deal.pk}/evidence/ask/")
    assert EvidenceRequest.objects.get().by == cast.ceo
    assert "Tom Marsh asked on 23 Nov why it will close." in text(as_(cast.leader), deal)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        as_(cast.leader).post(f"/deals/{deal.pk}/evidence/", GIVE)
    assert "asked on" not in text(as_(cast.leader), deal)
    as_(cast.ceo).post(f"/deals/{deal.pk}/evidence/ask/")
    assert "asked on" not in text(as_(cast.leader), deal)  # there are facts


def test_nobody_is_asked_about_a_deal_in_no_commit(cast: Cast, as_: As) -> None:
    open_deal, won = small(cast), small(cast, status="won")
    make_committed(deal=won)
    for deal in (open_deal, won):
        as_(cast.ceo).post(f"/deals/{deal.pk}/evidence/ask/")
        as_(cast.leader).post(f"/deals/{deal.pk}/evidence/", GIVE)
    assert not EvidenceRequest.objects.exists()
    assert not Evidence.objects.exists()


def test_what_was_said_before_a_slip_is_said_anew(cast: Cast, as_: As) -> None:
    deal = big(cast)
    earlier = make_committed(deal=deal, quarter="2026-07-01")
    make_evidence(committed=earlier, at=datetime(2026, 8, 1, 9, tzinfo=UTC))
    make_committed(deal=deal)
    page = text(as_(cast.leader), deal)
    assert NOT_SAID in page
    assert "Said before it slipped (1)" in page
    make_evidence(committed=earlier, kind="paper", at=datetime(2026, 10, 5, 9, tzinfo=UTC))
    assert NOT_SAID not in text(as_(cast.leader), deal)


def push(deal: Deal, *, reason: str = "", times: int = 3) -> None:
    day = date(2026, 9, 1)
    for number in range(times):
        later = day + timedelta(days=30)
        change(deal, "close_date", str(day), str(later), TODAY - timedelta(days=9 - number), reason=reason)
        day = later


def test_from_the_third_push_a_reason_and_a_fact_are_needed(cast: Cast) -> None:
    deal = small(cast)
    committed = make_committed(deal=deal)
    push(deal, times=2)
    assert missing_for_commit(deal, today=TODAY) == ()
    change(deal, "close_date", "2026-10-31", "2026-12-15", TODAY)
    assert missing_for_commit(deal, today=TODAY) == (NO_REASON, NO_FACT)
    deal.changes.update(reason_kind="budget")
    assert missing_for_commit(deal, today=TODAY) == (NO_FACT,)
    make_evidence(committed=committed, kind="none_yet")
    assert missing_for_commit(deal, today=TODAY) == (NO_FACT,)
    make_evidence(committed=committed, kind="calendar")
    assert missing_for_commit(deal, today=TODAY) == ()


def test_a_fact_is_needed_of_a_deal_that_was_never_committed_too(cast: Cast) -> None:
    deal = small(cast)
    push(deal, reason="Their board meets later.")
    assert missing_for_commit(deal, today=TODAY) == (NO_FACT,)


def test_one_deal_and_fifty_are_checked_in_the_same_number_of_queries(cast: Cast) -> None:
    deals, counts = [small(cast) for _ in range(50)], []
    for deal in deals:
        push(deal)
        make_committed(deal=deal)
    for number in (1, 50):
        with CaptureQueriesContext(connection) as queries:
            missing = missing_for_commits([deal.pk for deal in deals[:number]], cast.north, today=TODAY)
        assert set(missing.values()) == {(NO_REASON, NO_FACT)}
        counts.append(len(queries))
    assert counts == [3, 3]


def test_the_page_of_a_deal_with_many_answers_takes_as_many_queries_as_with_one(cast: Cast, as_: As) -> None:
    deal, client, counts = big(cast), as_(cast.ceo), []
    make_evidence(committed=make_committed(deal=deal))
    for quarters in ((), ("2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01")):
        for quarter in quarters:
            committed = make_committed(deal=deal, quarter=quarter)
            for kind in ("decided", "paper", "calendar"):
                make_evidence(committed=committed, kind=kind, by=cast.leader)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/deals/{deal.pk}/")
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1  # the people who entered them, of whom there was none at first
