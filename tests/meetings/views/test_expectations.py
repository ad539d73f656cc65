"""The CEO’s number: given in a minute, hidden until both are in, and for the two alone for ever."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.exports.manifest import FACTS
from alignment.exports.writer import write_export
from alignment.models import Notice
from alignment.outbox.messages import write
from deals.models import Deal
from meetings.mails.recap import recap
from meetings.models import Call, Expectation, Meeting
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_deal,
    make_expectation,
    make_held_meeting,
    make_meeting,
    make_revenue,
)
from tests.html import flat

As = Callable[[Any], Client]
BEFORE = NOW - timedelta(hours=27)
Q4 = "2026-10-01"


@pytest.fixture(autouse=True)
def _before() -> Any:
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def deals(cast: Cast) -> list[Deal]:
    make_revenue(team=cast.north, day=TODAY - timedelta(days=10), amount=Decimal(400_000))
    return [
        make_deal(team=cast.north, name=name, amount=Decimal(amount), close_date=TODAY + timedelta(days=20))
        for name, amount in (("Kestrel", 310_000), ("Alder", 190_000), ("Brandt", 100_000))
    ]


@pytest.fixture
def last(cast: Cast, deals: list[Deal]) -> Call:
    held = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    return make_call(meeting=held, deals=deals, commit=Decimal(1_234_567), best_case=Decimal(1_765_432))


@pytest.fixture
def give(meeting: Meeting, cast: Cast, as_: As) -> Callable[..., Any]:
    def send(who: Any = None, **fields: Any) -> Any:
        path = f"/meetings/{meeting.pk}/expectation/"
        return as_(who or cast.ceo).post(path, {"period": Q4, "version": "0"} | fields)

    return send


def verdicts_of(deals: list[Deal], *verdicts: str) -> dict[str, str]:
    return {f"deal-{deal.pk}": verdict for deal, verdict in zip(deals, verdicts, strict=True)}


def test_the_list_is_on_the_page_and_the_leader_s_totals_are_not(
    cast: Cast, meeting: Meeting, last: Call, as_: As
) -> None:
    page = flat(as_(cast.ceo).get(f"/meetings/{meeting.pk}/expectation/").content.decode())
    assert "Kestrel, $310K" in page and "Alder, $190K" in page
    assert 'What is left:<b class="num">$1M</b>, with $400K won so far.' in page
    assert not any(total in page for total in ("1.23M", "1,234,567", "1.77M", "1.76M", "1,765,432"))


def test_the_deals_have_the_amounts_they_have_today(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As
) -> None:
    """The list is of last week’s call; the sales leader states this week’s with the amounts of today."""
    Deal.objects.filter(pk=deals[0].pk).update(amount=410_000)
    page = flat(as_(cast.ceo).get(f"/meetings/{meeting.pk}/expectation/").content.decode())
    assert "The deals of the commit as of 15 Nov, with the amounts and close dates they have today." in page
    assert "Kestrel, $410K" in page and 'What is left:<b class="num">$1.1M</b>' in page
    form = flat(as_(cast.leader).get(f"/meetings/{meeting.pk}/call/?period={Q4}").content.decode())
    assert "Kestrel, $410K" in form


def test_what_is_struck_leaves_the_rest(
    meeting: Meeting, last: Call, deals: list[Deal], give: Callable[..., Any], cast: Cast, as_: As
) -> None:
    struck = verdicts_of(deals, "out", "later", "in")
    preview = as_(cast.ceo).get(f"/meetings/{meeting.pk}/expectation/", struck | {"sum": "1", "period": Q4})
    assert 'What is left:<b class="num">$500K</b>' in flat(preview.content.decode())
    assert not Expectation.objects.exists()
    assert give(**struck).status_code == 302
    row = Expectation.objects.get()
    assert (row.amount, row.is_typed, row.leader) == (500_000, False, cast.leader)
    assert {(each.deal.name, each.verdict, each.amount) for each in row.struck.all()} == {
        ("Kestrel", "out", 310_000),
        ("Alder", "later", 190_000),
    }


def test_a_typed_number_counts_instead(
    meeting: Meeting, last: Call, deals: list[Deal], give: Callable[..., Any]
) -> None:
    assert give(amount="0.9M", **verdicts_of(deals, "in", "in", "out")).status_code == 302
    row = Expectation.objects.get()
    assert (row.amount, row.is_typed, row.struck.count()) == (900_000, True, 1)


def test_what_is_left_is_below_zero_where_credits_outweigh_what_was_won(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], give: Callable[..., Any]
) -> None:
    make_revenue(team=cast.north, day=TODAY - timedelta(days=9), amount=Decimal(-700_000), source="credit")
    assert give(**verdicts_of(deals, "out", "out", "out")).status_code == 302
    assert Expectation.objects.get().amount == -300_000
    assert give(version="1", amount="-5").status_code == 422


def test_without_deals_a_number_is_asked_for(meeting: Meeting, give: Callable[..., Any]) -> None:
    assert give().status_code == 422
    assert give(amount="-3").status_code == 422
    assert give(amount="500k").status_code == 302


def test_two_windows_of_the_ceo_do_not_overwrite_each_other(
    meeting: Meeting, last: Call, deals: list[Deal], give: Callable[..., Any]
) -> None:
    for _ in range(2):  # a double click
        assert give(**verdicts_of(deals, "out", "in", "in")).status_code == 302
    assert Expectation.objects.get().version == 1
    answer = give(**verdicts_of(deals, "in", "in", "out"))
    assert answer.status_code == 409 and "Your other window" in answer.content.decode()
    assert Expectation.objects.get().amount == 690_000
    assert give(version="1", **verdicts_of(deals, "in", "in", "out")).status_code == 302
    assert Expectation.objects.get().amount == 900_000


def page_of(as_: As, user: Any, path: str) -> str:
    return flat(as_(user).get(path).content.decode())


CALLED, EXPECTED = "Commit $2.22M", '<b class="num">$3.33M</b>'


def call_and_expect(meeting: Meeting, deals: list[Deal], *, submitted: bool) -> None:
    make_call(meeting=meeting, deals=deals, commit=Decimal(2_220_000), best_case=Decimal(2_500_000))
    make_expectation(meeting=meeting, struck=deals[:2], amount=Decimal(3_330_000))
    if submitted:
        meeting.submit_preparation(by=meeting.team.holder("leader"), now=BEFORE)  # type: ignore[arg-type]


def seen(as_: As, cast: Cast, meeting: Meeting) -> dict[str, tuple[bool, bool]]:
    """Who reads the leader’s number and who the CEO’s, on the meeting’s page."""
    people = ("ceo", "leader", "delegate", "facilitator", "observer")
    pages = {who: page_of(as_, getattr(cast, who), f"/meetings/{meeting.pk}/") for who in people}
    return {who: (CALLED in page, EXPECTED in page) for who, page in pages.items()}


def test_neither_sees_the_other_s_number_before_both_are_in(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    call_and_expect(meeting, deals, submitted=False)
    nothing = (False, False)
    assert seen(as_, cast, meeting) == {
        "ceo": (False, True),  # their own
        "leader": (True, False),
        "delegate": (True, False),
        "facilitator": nothing,
        "observer": nothing,
    }
    assert EXPECTED not in page_of(as_, cast.leader, f"/meetings/{meeting.pk}/preview/")
    assert EXPECTED not in page_of(as_, cast.leader, f"/meetings/{meeting.pk}/prepare/")


def test_once_both_are_in_the_two_see_both_and_nobody_else_either(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, give: Callable[..., Any]
) -> None:
    call_and_expect(meeting, deals, submitted=True)
    assert seen(as_, cast, meeting) == {
        "ceo": (True, True),
        "leader": (True, True),
        "delegate": (True, False),
        "facilitator": (False, False),
        "observer": (False, False),
    }
    page = page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/")
    said = page[page.index("Q4 2026: Joe") :][:400]
    assert re.sub("<[^>]+>| ", "", said).startswith(
        "Q42026:Joe$2.22M,Tom$3.33M.Apart:twodeals,Kestrel$310K,Alder$190K;and$1.61MmoreinTom’snumberthatnostruckdealexplains.onlyyouandJoe"
    )
    preview = f"/meetings/{meeting.pk}/preview/"
    assert EXPECTED in page_of(as_, cast.leader, preview)
    assert EXPECTED not in page_of(as_, cast.delegate, preview)
    assert give(amount="1").status_code == 302  # too late to change it
    assert Expectation.objects.get().amount == 3_330_000


def test_the_reveal_adds_up_and_says_whose_number_holds_the_rest(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    """$2.22M − $1.5M = $720K: the struck deals are $310K and $190K, $220K is left; the commit holds $2.22M − $400K won
    − $600K of deals = $1.22M that it names no deal for."""
    make_call(
        meeting=meeting, deals=deals, commit=Decimal(2_220_000), best_case=Decimal(2_500_000), won=400_000
    )
    make_expectation(meeting=meeting, struck=deals[:2], amount=Decimal(1_500_000))
    meeting.submit_preparation(by=cast.leader, now=BEFORE)
    page = re.sub("<[^>]+>| ", "", page_of(as_, cast.leader, f"/meetings/{meeting.pk}/"))
    assert "Kestrel$310K,Alder$190K;and$220KmoreinJoe’snumberthatnodealisnamedfor." in page


def test_a_call_that_is_changed_once_both_are_in_is_not_the_one_that_is_compared(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    call_and_expect(meeting, deals, submitted=True)
    later = meeting.starts_at - timedelta(hours=1)
    copied = {"commit": Decimal(3_330_000), "best_case": Decimal(3_330_000)}
    make_call(meeting=meeting, number=2, at=later, **copied)
    page = page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/")
    reveal = re.sub("<[^>]+>| ", "", page[page.index("Q4 2026: Joe") :])
    assert reveal.startswith("Q42026:Joe$2.22M(changedto$3.33Mafterbothwerein),Tom$3.33M.Apart:twodeals,")


def test_a_ceo_who_gave_none_reads_the_call_from_the_start(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    make_call(meeting=meeting, deals=deals, commit=Decimal(2_220_000), best_case=Decimal(2_500_000))
    meeting.submit_preparation(by=cast.leader, now=BEFORE)
    assert seen(as_, cast, meeting)["ceo"] == (False, False)
    meeting.start(by=cast.ceo, now=NOW)
    assert {who: call for who, (call, _) in seen(as_, cast, meeting).items()} == dict.fromkeys(
        ("ceo", "leader", "delegate", "facilitator", "observer"), True
    )


@pytest.mark.parametrize("state", ["excused", "missed"])
@pytest.mark.parametrize("submitted", [False, True])
def test_a_meeting_that_was_not_held_reveals_neither_number(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, *, state: str, submitted: bool
) -> None:
    """It is the next meeting that starts; the two read both before that only where both were in."""
    call_and_expect(meeting, deals, submitted=submitted)
    after = make_meeting(team=cast.north, starts_at=meeting.starts_at + timedelta(days=7))
    if state == "excused":
        meeting.excuse(by=cast.ceo, now=BEFORE, why="Ill")
    else:
        meeting.mark_missed(now=NOW)
    readers = {who: (reads_call(cast, who), reads_number(cast, who)) for who in SEATED}
    assert readers == {
        "ceo": (submitted, True),
        "leader": (True, submitted),
        "delegate": (True, False),
        "facilitator": (False, False),
        "observer": (False, False),
    }
    for number in (meeting.pk, after.pk):
        page = page_of(as_, cast.observer, f"/meetings/{number}/")
        assert CALLED not in page and EXPECTED not in page
    assert "2.22M" not in page_of(as_, cast.observer, "/teams/north/forecast/")
    after.start(by=cast.ceo, now=after.starts_at)
    assert {who: (reads_call(cast, who), reads_number(cast, who)) for who in SEATED} == {
        "ceo": (True, True),
        "leader": (True, True),
        "delegate": (True, False),
        "facilitator": (True, False),
        "observer": (True, False),
    }


SEATED = ("ceo", "leader", "delegate", "facilitator", "observer")


def reads_call(cast: Cast, who: str) -> bool:
    return Call.objects.visible_to(getattr(cast, who)).exists()


def reads_number(cast: Cast, who: str) -> bool:
    return Expectation.objects.visible_to(getattr(cast, who)).exists()


def test_a_new_ceo_reads_the_call_only_beside_a_number_of_their_own(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, give: Callable[..., Any]
) -> None:
    call_and_expect(meeting, deals, submitted=True)
    cast.north.seats.filter(role="ceo").update(user=cast.second_leader)
    page = page_of(as_, cast.second_leader, f"/meetings/{meeting.pk}/")
    assert CALLED not in page and EXPECTED not in page
    assert "2.22M" not in page_of(as_, cast.second_leader, "/teams/north/forecast/")
    assert not Expectation.objects.visible_to(cast.leader).exists()
    assert EXPECTED not in page_of(as_, cast.leader, f"/meetings/{meeting.pk}/")
    assert give(cast.second_leader, amount="1.5M").status_code == 302
    row = Expectation.objects.get()
    assert (row.ceo, row.amount) == (cast.second_leader, 1_500_000)
    assert CALLED in page_of(as_, cast.second_leader, f"/meetings/{meeting.pk}/")
    assert "2.22M" in page_of(as_, cast.second_leader, "/teams/north/forecast/")
    assert Expectation.objects.visible_to(cast.leader).exists()


def test_the_record_keeps_both_for_the_two_alone(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    call_and_expect(meeting, deals, submitted=False)
    meeting.start(by=cast.ceo, now=NOW)
    close_meeting(meeting, by=cast.ceo, now=NOW + timedelta(minutes=30))
    pages = seen(as_, cast, meeting)
    assert pages["ceo"] == pages["leader"] == (True, True)
    assert pages["observer"] == pages["delegate"] == pages["facilitator"] == (True, False)
    for path in (f"/meetings/{meeting.pk}/recap/",):
        for who in (cast.ceo, cast.leader):
            page = page_of(as_, who, path)
            assert "Commit $2.22M" in page and "$3.33M" not in page
    assert "only-screen" in page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/")  # never on paper


def test_another_leader_does_not_read_what_was_expected_of_the_one_before(
    cast: Cast, meeting: Meeting, deals: list[Deal]
) -> None:
    call_and_expect(meeting, deals, submitted=True)
    assert Expectation.objects.visible_to(cast.leader).exists()
    cast.north.seats.filter(role="leader").update(user=cast.second_leader)
    assert not Expectation.objects.visible_to(cast.leader).exists()
    assert not Expectation.objects.visible_to(cast.second_leader).exists()
    assert Expectation.objects.visible_to(cast.ceo).exists()


DRAWN = re.compile(rb"[A-Za-z0-9]{64}|[0-9a-f]{8}-[-0-9a-f]{27}|nonce=\"[^\"]*\"")
"""What is drawn at random for every answer: CSRF tokens, tokens of forms, nonces."""
THIRD = ("admin", "delegate", "facilitator", "observer", "second_leader", "outsider")
PATHS = (
    "/",
    "/meetings/{}/",
    "/teams/north/",
    "/commitments/",
    "/deals/",
    "/deals/committed/",
    "/teams/north/mix/",
)


def world(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, folder: Path, *, amount: int | None
) -> dict[str, Any]:
    """What every third person gets, in a world in which the CEO gave this number, or none; the world is undone."""
    found: dict[str, Any] = {}
    _number_rows_alike()
    with transaction.atomic():
        if amount is not None:
            page = f"/meetings/{meeting.pk}/expectation/"
            sent = {"period": Q4, "version": "0", "amount": str(amount)} | verdicts_of(
                deals, "out", "in", "in"
            )
            assert as_(cast.ceo).post(page, sent).status_code == 302
        _read(found, "before", cast, meeting, as_)
        meeting.refresh_from_db()
        meeting.start(by=cast.leader, now=NOW)
        close_meeting(meeting, by=cast.leader, now=NOW + timedelta(minutes=30))
        _read(found, "after", cast, meeting, as_)
        record = meeting.records.get()
        letters = [recap(notice) for notice in Notice.objects.filter(kind="recap").order_by("to")]
        mails = [write([letter], goes_as="<test@demo.test>") for letter in letters if letter]
        found["mails"] = [(mail.body, str(mail.alternatives[0].content)) for mail in mails]
        write_export(cast.company, folder / "facts.zip", contents=FACTS, now=NOW)
        with zipfile.ZipFile(folder / "facts.zip") as archive:
            found["export"] = {name: archive.read(name) for name in archive.namelist()}
        found["searched"] = record.text
        found["notices"] = sorted(Notice.objects.values_list("key", "kind"))
        transaction.set_rollback(True)
    meeting.refresh_from_db()
    return found


def _number_rows_alike() -> None:
    """PostgreSQL does not take back numbers that were given in a world that was undone; SQLite does."""
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _read(found: dict[str, Any], when: str, cast: Cast, meeting: Meeting, as_: As) -> None:
    for who in THIRD:
        for path in (*PATHS, "/meetings/{}/recap/", "/meetings/{}/poll/"):
            answer = as_(getattr(cast, who)).get(path.format(meeting.pk))
            body = DRAWN.sub(b"", answer.content)
            found[f"{when} {who} {path}"] = (answer.status_code, body)


def test_two_worlds_that_differ_in_the_ceo_s_number_are_the_same_for_every_third_person(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, tmp_path: Path
) -> None:
    make_call(meeting=meeting, deals=deals, commit=Decimal(2_220_000), best_case=Decimal(2_500_000))
    meeting.recap_to.add(cast.observer)
    low, high, none = (
        world(cast, meeting, deals, as_, tmp_path, amount=amount) for amount in (600_000, 7_000_000, None)
    )
    for name, got in low.items():
        assert got == high[name], name
        assert got == none[name], name
    assert len(low["mails"]) == 3 and all("Commit $2.22M" in text for text, _ in low["mails"])
    assert b"Commit $2.22M" in low["after observer /meetings/{}/"][1]


@pytest.mark.parametrize("who", ["leader", "delegate", "observer", "facilitator", "admin", "outsider"])
def test_nobody_else_gives_the_number(
    cast: Cast, meeting: Meeting, give: Callable[..., Any], as_: As, who: str
) -> None:
    assert give(getattr(cast, who), amount="5").status_code in (403, 404)
    assert as_(getattr(cast, who)).get(f"/meetings/{meeting.pk}/expectation/").status_code in (403, 404)


def test_the_ceo_comes_to_the_page_from_home_and_from_the_meeting(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    path = f"/meetings/{meeting.pk}/expectation/"
    assert path in page_of(as_, cast.ceo, "/") and path in page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/")
    for who in (cast.leader, cast.observer, cast.facilitator):
        assert path not in page_of(as_, who, "/") + page_of(as_, who, f"/meetings/{meeting.pk}/")


def test_home_and_the_meeting_say_that_the_number_is_in_and_can_be_changed(
    cast: Cast, meeting: Meeting, give: Callable[..., Any], as_: As
) -> None:
    assert give(amount="2.2M").status_code == 302
    home = re.sub("<[^>]+>", "", page_of(as_, cast.ceo, "/"))
    page = re.sub("<[^>]+>", "", page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/"))
    assert "Your number:$2.2M, in.Change" in home and "before the meeting" not in home
    assert "your number:$2.2M, in.Changeyour number for Q4 2026" in flat(page)


def test_once_both_are_in_no_link_leads_to_a_refusal(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    call_and_expect(meeting, deals, submitted=True)
    path = f"/meetings/{meeting.pk}/expectation/"
    home, page = page_of(as_, cast.ceo, "/"), page_of(as_, cast.ceo, f"/meetings/{meeting.pk}/")
    assert path not in home + page
    assert "Your number:$3.33M, in." in re.sub("<[^>]+>", "", home)
    assert "3.33M" not in page_of(as_, cast.leader, "/") + page_of(as_, cast.admin, "/")


def test_the_page_costs_the_same_with_one_deal_and_with_fifty(
    cast: Cast, meeting: Meeting, last: Call, as_: As, django_assert_max_num_queries: Any
) -> None:
    client, path = as_(cast.ceo), f"/meetings/{meeting.pk}/expectation/"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(47):
        deal = make_deal(team=cast.north, close_date=TODAY)
        last.deals.create(deal=deal, amount=deal.amount)
    with django_assert_max_num_queries(len(few)):
        assert client.get(path).content.count(b"<fieldset") == 50
    assert len(few) <= 9
