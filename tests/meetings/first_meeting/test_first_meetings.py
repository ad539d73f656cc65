"""The first meeting of a pair: prepared apart, opened together, taken into the agreement, for these two alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client

from alignment.models import Agreement, Seat
from meetings.home import home
from meetings.models import FirstMeeting, FirstMeetingAnswer
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_first_meeting, make_meeting, make_team
from tests.html import flat

As = Callable[[Any], Client]
DAY = timedelta(days=1)
PATH = "/teams/north/first-meeting/"
CEO_WORD, LEADER_WORD = "ceoprivateword", "leaderprivateword"
OTHERS = ("delegate", "facilitator", "observer", "admin", "second_leader", "outsider")
DONE = {"done_at": NOW}
ACTS = ("open", "take", "end", "not-now", "plan")


@pytest.fixture(autouse=True)
def _now(cast: Cast) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def read(as_: As, user: Any, path: str = PATH) -> str:
    answer = as_(user).get(path, follow=True)
    assert answer.status_code == 200
    return unescape(flat(answer))


def prepare(as_: As, user: Any, /, **fields: Any) -> Any:
    return as_(user).post(PATH, {"version": 0} | fields)


def opened(cast: Cast, **answers: dict[str, Any]) -> FirstMeeting:
    both = {side: DONE | answers.get(side, {}) for side in ("ceo", "leader")}
    return make_first_meeting(team=cast.north, opened_at=NOW, **both)


def test_what_one_prepared_is_hidden_until_both_are_done(cast: Cast, as_: As) -> None:
    assert prepare(as_, cast.ceo, success=CEO_WORD, is_done="on").status_code == 302
    page = read(as_, cast.leader)
    assert CEO_WORD not in page and "Tom is done" in page
    assert CEO_WORD in read(as_, cast.ceo)
    assert prepare(as_, cast.leader, success=LEADER_WORD, is_done="on").status_code == 302
    for user in (cast.ceo, cast.leader):
        page = read(as_, user)
        assert CEO_WORD in page and LEADER_WORD in page and "What a good first quarter looks like" in page


def test_a_draft_does_not_open_anything(cast: Cast, as_: As) -> None:
    prepare(as_, cast.ceo, chase=CEO_WORD)
    prepare(as_, cast.leader, chase=LEADER_WORD, is_done="on")
    assert not FirstMeeting.objects.get().is_open
    assert CEO_WORD not in read(as_, cast.leader)


def test_they_open_it_together_while_their_meeting_runs(cast: Cast, as_: As) -> None:
    prepare(as_, cast.ceo, chase=CEO_WORD)
    client = as_(cast.leader)
    assert "Nothing was opened" in unescape(flat(client.post(f"{PATH}open/", follow=True)))
    assert not FirstMeeting.objects.get().is_open
    meeting = make_meeting(team=cast.north, starts_at=NOW)
    meeting.start(by=cast.ceo, now=NOW)
    assert "You meet now: open both answers" in read(as_, cast.leader)
    client.post(f"{PATH}open/")
    page = read(as_, cast.leader)
    assert CEO_WORD in page and "Joe had not prepared" in page


def test_what_is_open_stays_as_it_is(cast: Cast, as_: As) -> None:
    row = opened(cast, ceo={"chase": CEO_WORD})
    page = unescape(flat(as_(cast.ceo).post(PATH, {"version": 1, "chase": "Else"}, follow=True)))
    assert "stay as they are" in page
    assert row.answers.get(user=cast.ceo).chase == CEO_WORD


def test_a_line_becomes_a_sentence_of_the_agreement_by_one_tap(cast: Cast, as_: As) -> None:
    opened(cast, leader={"chase": "Mid-size plants\n\nRenewals"})
    client = as_(cast.ceo)
    for _ in range(2):
        answer = client.post(f"{PATH}take/", {"part": "chase", "side": "leader", "line": "1"})
        assert answer.status_code == 302 and answer["Location"].endswith("#chase")
    row = Agreement.objects.get()
    assert (row.subject, row.key, row.content["text"]) == ("sentence", "2026-Q4-1", "We chase: Renewals")
    assert row.waits_for == "leader" and row.proposed_by == cast.ceo
    assert read(as_, cast.ceo).count(">Proposed<") == 1


def test_a_right_of_either_side_is_proposed_with_its_limit(cast: Cast, as_: As) -> None:
    opened(cast, ceo={"discount": Decimal(10)}, leader={"discount": Decimal(15), "people": "Reps alone"})
    client = as_(cast.leader)
    page = read(as_, cast.leader)
    assert "up to 10%" in page and "up to 15%" in page
    client.post(f"{PATH}take/", {"part": "discount", "side": "ceo"})
    client.post(f"{PATH}take/", {"part": "people", "side": "leader"})
    contents = {row.key: row.content for row in Agreement.objects.filter(subject="right")}
    assert contents["2026-Q4-discount"]["limit"] == "10"
    assert contents["2026-Q4-people"]["text"] == "Reps alone"


def test_a_sentence_in_other_words_and_never_a_sixth(cast: Cast, as_: As) -> None:
    opened(cast)
    client = as_(cast.ceo)
    for number in range(6):
        client.post(f"{PATH}take/", {"part": "leave", "text": f"We leave market {number}."})
    assert Agreement.objects.filter(subject="sentence").count() == 5
    page = unescape(flat(client.post(f"{PATH}take/", {"part": "leave", "text": "Another"}, follow=True)))
    assert "has 5 sentences, and that is the most" in page
    assert "Enter a sentence" in unescape(flat(client.post(f"{PATH}take/", {"part": "leave"}, follow=True)))


@pytest.mark.parametrize(
    "fields",
    [
        {"part": "chase", "side": "leader", "line": "7"},
        {"part": "chase", "side": "observer", "line": "0"},
        {"part": "chase", "side": "leader", "line": "-1"},
        {"part": "mood", "text": "x"},
        {},
    ],
)
def test_what_is_not_there_cannot_be_taken(fields: dict[str, str], cast: Cast, as_: As) -> None:
    opened(cast, leader={"chase": "Plants"})
    assert as_(cast.ceo).post(f"{PATH}take/", fields).status_code == 404
    assert not Agreement.objects.exists()


def test_nothing_is_taken_before_the_answers_are_open(cast: Cast, as_: As) -> None:
    make_first_meeting(team=cast.north, leader=DONE | {"chase": LEADER_WORD})
    as_(cast.ceo).post(f"{PATH}take/", {"part": "chase", "side": "leader", "line": "0"})
    assert not Agreement.objects.exists()


def test_it_ends_at_the_agreement_and_is_offered_no_more(cast: Cast, as_: As) -> None:
    opened(cast)
    for _ in range(2):
        answer = as_(cast.ceo).post(f"{PATH}end/")
        assert answer["Location"] == "/teams/north/agreement/?quarter=2026-Q4"
    assert FirstMeeting.objects.get().ended_at == NOW
    assert home(cast.leader, NOW).first_meeting is None
    page = read(as_, cast.leader)
    assert "It took place on" in page and ">Propose<" not in page
    as_(cast.leader).post(f"{PATH}take/", {"part": "chase", "text": "We chase plants."})
    assert not Agreement.objects.exists()


def test_it_cannot_end_before_it_was_opened(cast: Cast, as_: As) -> None:
    make_first_meeting(team=cast.north)
    assert "cannot end" in unescape(flat(as_(cast.ceo).post(f"{PATH}end/", follow=True)))
    assert not FirstMeeting.objects.get().has_ended


def test_home_offers_it_to_the_two_until_they_are_done_or_say_not_now(cast: Cast, as_: As) -> None:
    offer = home(cast.leader, NOW).first_meeting
    assert offer and (offer.team, offer.other, offer.is_open) == ("North", "Tom", False)
    for name in ("delegate", "observer", "facilitator", "admin"):
        assert home(getattr(cast, name), NOW).first_meeting is None, name
    prepare(as_, cast.leader, success="Three plants", is_done="on")
    assert home(cast.leader, NOW).first_meeting is None
    assert home(cast.ceo, NOW).first_meeting is not None


def test_not_now_offers_it_again_in_the_next_fiscal_year_and_when_a_seat_changes(cast: Cast, as_: As) -> None:
    assert as_(cast.leader).post(f"{PATH}not-now/")["Location"] == "/"
    assert home(cast.leader, NOW).first_meeting is None
    offer = home(cast.leader, NOW + 60 * DAY).first_meeting
    assert offer is not None
    cast.north.seats.filter(user=cast.leader).update(until=TODAY - DAY)
    cast.north.seats.filter(user=cast.observer, role="observer").update(until=TODAY - DAY)
    Seat.objects.create(team=cast.north, user=cast.observer, role="leader", since=TODAY)
    offer = home(cast.observer, NOW).first_meeting
    assert offer and offer.why == "You are new to each other."


def test_a_later_year_says_that_it_is_a_new_one(cast: Cast) -> None:
    make_first_meeting(
        team=cast.north, year_starts_on=date(2025, 1, 1), opened_at=NOW - 300 * DAY, ended_at=NOW - 300 * DAY
    )
    offer = home(cast.leader, NOW).first_meeting
    assert offer and offer.why.startswith("A new fiscal year has begun")


def test_who_prepares_after_not_now_has_it_offered_again(cast: Cast, as_: As) -> None:
    as_(cast.ceo).post(f"{PATH}not-now/")
    assert "One of you said “not now”" in read(as_, cast.leader)
    as_(cast.leader).post(f"{PATH}not-now/", {"answer": "again"})
    assert home(cast.ceo, NOW).first_meeting is not None
    as_(cast.ceo).post(f"{PATH}not-now/")
    prepare(as_, cast.leader, success="Three plants")
    assert not FirstMeeting.objects.get().is_declined


def test_the_meeting_it_is_planned_for_opens_with_a_link_for_the_two(cast: Cast, as_: As) -> None:
    first = make_meeting(team=cast.north, starts_at=NOW + DAY)
    second = make_meeting(team=cast.north, starts_at=NOW + 8 * DAY)
    link = f'<a href="{PATH}">Your first meeting</a>'
    assert link not in read(as_, cast.leader, f"/meetings/{first.pk}/")
    prepare(as_, cast.leader, success="Three plants")
    assert link in read(as_, cast.ceo, f"/meetings/{first.pk}/")
    assert link not in read(as_, cast.leader, f"/meetings/{second.pk}/")
    assert link not in read(as_, cast.observer, f"/meetings/{first.pk}/")
    as_(cast.leader).post(f"{PATH}plan/", {"meeting": second.pk})
    assert link not in read(as_, cast.ceo, f"/meetings/{first.pk}/")
    assert link in read(as_, cast.ceo, f"/meetings/{second.pk}/")
    as_(cast.leader).post(f"{PATH}not-now/")
    assert link not in read(as_, cast.ceo, f"/meetings/{second.pk}/")


def test_it_is_planned_for_a_meeting_of_the_team_alone(cast: Cast, as_: As) -> None:
    elsewhere = make_meeting(team=cast.south, starts_at=NOW + DAY)
    for key in (str(elsewhere.pk), "x", "9" * 30):
        as_(cast.ceo).post(f"{PATH}plan/", {"meeting": key})
    assert not FirstMeeting.objects.exclude(meeting=None).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("success", "1\n2\n3\n4"),
        ("leave", "x" * 151),
        ("discount", "101"),
        ("goals_view", "maybe"),
        ("people", "x" * 201),
    ],
)
def test_what_does_not_fit_is_refused_and_stays_in_the_form(
    field: str, value: str, cast: Cast, as_: As
) -> None:
    answer = prepare(as_, cast.ceo, **{field: value, "chase": "What stays"})
    assert answer.status_code == 422 and "What stays" in answer.content.decode()
    assert not FirstMeetingAnswer.objects.exists()


def test_another_window_wins_nothing_by_chance(cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    client.post(PATH, {"version": 0, "chase": "First"})
    answer = client.post(PATH, {"version": 0, "chase": "Second"})
    assert answer.status_code == 409
    assert FirstMeetingAnswer.objects.get().chase == "First"


def test_nobody_else_opens_it(cast: Cast, as_: As) -> None:
    opened(cast, ceo={"chase": CEO_WORD}, leader={"chase": LEADER_WORD})
    for name in OTHERS:
        client = as_(getattr(cast, name))
        assert client.get(PATH).status_code in (403, 404), name
        for act in ACTS:
            assert client.post(f"{PATH}{act}/").status_code in (403, 404), (name, act)
        assert FirstMeetingAnswer.objects.visible_to(getattr(cast, name)).count() == 0
    assert not Agreement.objects.exists() and not FirstMeeting.objects.get().has_ended


def test_a_successor_begins_anew_and_reads_nothing_of_it(cast: Cast, as_: As) -> None:
    opened(cast, ceo={"chase": CEO_WORD}, leader={"chase": LEADER_WORD})
    cast.north.seats.filter(user=cast.leader).update(until=TODAY - DAY)
    cast.north.seats.create(user=cast.second_leader, role="leader", since=TODAY)
    for user in (cast.second_leader, cast.ceo):
        page = read(as_, user)
        assert CEO_WORD not in page and LEADER_WORD not in page


def test_without_a_pair_there_is_none(cast: Cast, as_: As) -> None:
    cast.north.seats.filter(user=cast.leader).update(until=TODAY - DAY)
    assert "one of the two seats is empty" in read(as_, cast.ceo)
    for act in ACTS:
        assert as_(cast.ceo).post(f"{PATH}{act}/").status_code == 302
    assert not FirstMeeting.objects.exists()


def test_the_page_asks_as_often_whatever_is_on_it(
    cast: Cast, as_: As, django_assert_max_num_queries: Any
) -> None:
    three = "\n".join("abc")
    opened(cast, **{side: dict.fromkeys(("success", "chase", "leave"), three) for side in ("ceo", "leader")})
    client = as_(cast.ceo)
    with django_assert_max_num_queries(14):
        assert client.get(PATH).status_code == 200
    for _ in range(50):
        make_team(company=cast.company, ceo=cast.ceo, leader=cast.leader)
    with django_assert_max_num_queries(15):
        page = client.get("/").content.decode()
    assert len(re.findall('id="first-meeting"', page)) == 1


def test_the_emergency_admin_has_no_page_of_it() -> None:
    assert FirstMeeting not in admin.site._registry and FirstMeetingAnswer not in admin.site._registry
