"""A team's page and the list of meetings: facts that stay, the habit, the search, and who may see what."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Team
from meetings.agenda.record import Utterance
from meetings.models import Rating, Record
from meetings.pages.record_search import find_sentences, matches, search, terms_of
from meetings.transitions.closing import close_meeting
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_risk,
    make_seat,
    make_team,
    make_update,
    make_user,
)

WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def keep(meeting, text, *, pair_text="", number=1):
    two = meeting.team.seats.current().filter(role__in=("ceo", "leader")).values_list("user", flat=True)
    texts = {Record.reader(user): pair_text for user in two} if pair_text else {}
    return Record.objects.create(
        meeting=meeting, number=number, agenda={}, text=text, pair_texts=texts, created_at=NOW
    )


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def past(team, count, **fields):
    return [
        make_held_meeting(team=team, starts_at=NOW - back * WEEK, **fields) for back in range(1, count + 1)
    ]


# What became of each meeting


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "missed", "missed_at": NOW}, ["Missed", "Not submitted"]),
        ({"state": "excused", "excused_at": NOW, "excused_why": "Trade fair"}, ["Excused", "Trade fair"]),
        ({"closed_by": None}, ["Held, closed automatically"]),
        (
            {"submitted_at": NOW - WEEK - timedelta(days=2), "missing_when_submitted": 2},
            ["Submitted, incomplete: two items open"],
        ),
        (
            {
                "submitted_at": NOW - WEEK - timedelta(hours=1),
                "due_when_submitted": NOW - WEEK - timedelta(days=1),
            },
            ["Submitted late"],
        ),
        ({"started_at": NOW - WEEK + timedelta(minutes=12)}, ["started 12 min late"]),
        ({"planned_start": NOW - WEEK - timedelta(hours=25)}, ["Moved from 15 Nov 08:00"]),
        ({"gap": Decimal(-212_000)}, ["−$212K"]),
    ],
)
def test_each_meeting_says_what_became_of_it(cast, as_, fields, said):
    make_held_meeting(team=cast.north, **fields)
    shown = words(as_(cast.leader).get("/teams/north/"))
    assert all(word in shown for word in said)


def test_a_meeting_closed_by_a_person_is_simply_held(cast, as_):
    make_held_meeting(team=cast.north, closed_by=cast.ceo)
    assert "closed automatically" not in words(as_(cast.ceo).get("/teams/north/"))


def test_ratings_of_both_stand_at_the_meeting_and_as_averages_above(cast, as_):
    first, second = past(cast.north, 2)
    for meeting, user, role, score in (
        (first, cast.ceo, "ceo", 6),
        (first, cast.leader, "leader", 9),
        (second, cast.ceo, "ceo", 9),
    ):
        Rating.objects.create(meeting=meeting, user=user, role=role, score=score, why="x", at=NOW)
    shown = words(as_(cast.observer).get("/teams/north/"))
    assert "CEO 6, leader 9" in shown
    assert "Tom Marsh 7.5, Joe Keller 9.0" in shown


def test_the_habit_is_counted(cast, as_):
    past(cast.north, 3)
    make_meeting(team=cast.north, starts_at=NOW - 4 * WEEK, state="missed", missed_at=NOW, missed_by="both")
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - timedelta(days=8), done_at=NOW - 2 * WEEK)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - timedelta(days=8))
    shown = words(as_(cast.ceo).get("/teams/north/"))
    assert "3 of 4 meetings held, the last 3 in a row. 1 missed: by both." in shown
    assert "Done by their day: you 1 of 2, Joe Keller none." in shown


def test_the_page_tells_who_sits_where_and_who_did(cast, as_):
    before = make_user(name="Bea Before")
    make_seat(team=cast.north, user=before, role="leader", until=date(2026, 6, 30))
    shown = words(as_(cast.ceo).get("/teams/north/"))
    assert "Sales leader Joe Keller, since 1 Jan" in shown
    assert "Delegate for the sales leader Dana Aide" in shown
    assert "Sales leader Bea Before, 1 Jan to 30 Jun" in shown


def test_a_team_without_a_past_says_what_will_stand_there(cast, as_):
    assert "North has no past meetings yet." in words(as_(cast.ceo).get("/teams/north/"))


def test_meetings_are_paged_the_newest_first(cast, as_):
    past(cast.north, 30)
    client = as_(cast.ceo)
    first, second, third = (
        client.get(f"/teams/north/?page={number}").context["team_page"].rows for number in (1, 2, 3)
    )
    assert (len(first), len(second), len(third)) == (13, 13, 4)
    assert first[0].starts_at == NOW - WEEK
    assert client.get("/teams/north/?page=99999999999999999999").status_code == 200


# Who may see what


def test_an_admin_sees_outcomes_and_nothing_that_was_said(cast, as_):
    meeting = make_held_meeting(team=cast.north, gap=Decimal(-212_000))
    Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=3, why="x", at=NOW)
    keep(meeting, "Brandt slipped")
    for path in ("/teams/north/", "/teams/north/?q=brandt", "/meetings/?show=over"):
        page = as_(cast.admin).get(path)
        assert "Held" in words(page)
        assert f"/meetings/{meeting.pk}/" not in page.content.decode()
        # in what is read, not in the page: a form's random token may hold any three digits
        assert not any(hidden in words(page) for hidden in ("212", "CEO 3", "Brandt", "Search in"))


@pytest.mark.parametrize("role", ["outsider", "second_leader"])
def test_somebody_without_a_seat_does_not_know_of_the_team(cast, as_, role):
    assert as_(getattr(cast, role)).get("/teams/north/").status_code == 404


# The search


def test_every_word_must_be_there_in_any_case_at_the_beginning_of_a_word(cast):
    first, second = past(cast.north, 2)
    keep(first, "Brandt Maschinenbau moved the pilot to January.")
    keep(second, "The pilot at Orbis is over; Übergabe follows.")
    found = {
        query: [hit.meeting for hit in search(cast.north, cast.ceo, query).rows]
        for query in ("pilot", "PILOT brandt", "pil", "ilot", "übergabe", "pilot carver", "january orbis")
    }
    assert found == {
        "pilot": [first.pk, second.pk],
        "PILOT brandt": [first.pk],
        "pil": [first.pk, second.pk],
        "ilot": [],
        "übergabe": [second.pk],
        "pilot carver": [],
        "january orbis": [],
    }


def test_only_the_latest_version_of_a_record_is_searched(cast):
    (meeting,) = past(cast.north, 1)
    keep(meeting, "Orbis is won")
    keep(meeting, "Orbis was lost", number=2)
    assert not search(cast.north, cast.ceo, "won").rows
    assert len(search(cast.north, cast.ceo, "orbis").rows) == 1


def test_words_on_a_rep_are_found_by_the_two_alone(cast, as_):
    (meeting,) = past(cast.north, 1)
    keep(meeting, "Orbis is won", pair_text="Orbis is won\nNina gets ninety days")
    found = {
        role: bool(search(cast.north, getattr(cast, role), "ninety").rows)
        for role in ("ceo", "leader", "delegate", "observer", "facilitator")
    }
    assert found == {"ceo": True, "leader": True, "delegate": False, "observer": False, "facilitator": False}
    assert "ninety" not in as_(cast.observer).get("/teams/north/?q=orbis").content.decode()


def test_another_teams_records_are_not_searched(cast):
    (meeting,) = past(cast.south, 1)
    keep(meeting, "Orbis is won")
    assert not search(cast.north, cast.ceo, "orbis").rows


def test_the_word_found_is_marked_and_everything_else_is_text(cast, as_):
    (meeting,) = past(cast.north, 1)
    keep(meeting, "<script>alert(1)</script> Orbis & Co")
    page = as_(cast.ceo).get("/teams/north/?q=orbis").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Orbis</mark> &amp; Co" in page
    assert f'href="/meetings/{meeting.pk}/"' in page


@pytest.mark.parametrize(
    "query", ["carver", "'", "' & !x", "%", "\\", "(", "a:*|b", "\N{RIGHT-TO-LEFT OVERRIDE}", "x" * 5000]
)
def test_what_is_not_found_is_said_and_nothing_typed_breaks_the_search(cast, as_, query):
    (meeting,) = past(cast.north, 1)
    keep(meeting, "Orbis is won")
    page = as_(cast.ceo).get("/teams/north/", {"q": query})
    assert page.status_code == 200
    assert "No records of North contain" in words(page) or "Enter at least one word" in words(page)


def test_a_nul_in_the_query_is_no_fault(cast, as_):
    assert as_(cast.ceo).get("/teams/north/?q=%00orbis").status_code == 200


def test_the_sentence_is_shown_in_which_a_word_stands():
    said = [
        Utterance("Orbis is won. Brandt slipped again! Nothing else.", "Joe Keller", NOW, "Big deals"),
        Utterance("far " * 60 + "Brandt " + "away " * 60),
    ]
    first, second = find_sentences(said, ("brandt",))
    assert [tuple(piece) for piece in first.pieces] == [("", "Brandt"), (" slipped again!", "")]
    assert (first.who, first.at, first.about) == ("Joe Keller", NOW, "Big deals")
    shown = "".join(piece.before + piece.match for piece in second.pieces)
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) < 400


def test_the_search_says_who_wrote_it_and_when_by_meeting(cast, meeting, as_):
    """What was typed in the meeting, as its record has it."""
    with time_machine.travel(NOW, tick=False):
        risk = make_risk(team=cast.north, name="Hollis Foods", what_is_wrong="A tender. The COO is new.")
        make_update(
            meeting=meeting, author=cast.leader, section="risks", risk=risk, text="The COO calls Friday."
        )
        make_commitment(team=cast.north, owner=cast.ceo, text="Speak to the COO", created_at=NOW)
        meeting.start(by=cast.ceo, now=NOW)
        make_decision(meeting=meeting, text="No tender without the COO.")
        close_meeting(meeting, by=cast.ceo, now=NOW, mail=False)
        page = words(as_(cast.observer).get("/teams/north/?q=coo"))
    assert "The COO is new." in page and "A tender." not in page
    for said in (
        "The COO calls Friday. Joe Keller, 23 Nov · Hollis Foods",
        "Speak to the COO Tom Marsh, 23 Nov · commitment, due 30 Nov",
        "No tender without the COO . 23 Nov · decision",
    ):
        assert said in page, page


def test_a_search_goes_on_after_ten_meetings_the_newest_first(cast, as_):
    for meeting in past(cast.north, 23):
        keep(meeting, "Orbis")
    client = as_(cast.ceo)
    first, third = (client.get(f"/teams/north/?q=orbis&page={page}") for page in (1, 3))
    starts = [hit.starts_at for hit in first.context["hits"].rows]
    assert starts == sorted(starts, reverse=True) and len(starts) == 10
    assert len(third.context["hits"].rows) == 3
    assert 'rel="next"' in first.text and 'rel="prev"' not in first.text
    assert 'rel="prev"' in third.text and 'rel="next"' not in third.text
    assert client.get("/teams/north/?q=orbis&page=x").status_code == 200


# A team that has ended, and somebody who has left


@pytest.fixture
def ended(cast):
    """North ended a day after its meeting of last week."""
    (meeting,) = past(cast.north, 1)
    keep(meeting, "Orbis is won", pair_text="Nina gets ninety days")
    last = TODAY - timedelta(days=6)
    cast.north.seats.update(since=TODAY - timedelta(days=60), until=last)
    Team.objects.filter(pk=cast.north.pk).update(ends_on=last)
    return meeting


def test_the_records_of_a_team_that_has_ended_are_found_by_those_who_sat_there(cast, ended, as_):
    for user in (cast.ceo, cast.leader, cast.observer):
        client = as_(user)
        assert "North ended on Tuesday 17 November; its records" in words(client.get("/meetings/"))
        if user != cast.ceo:  # who has another team sees that one first
            assert "North ended on Tuesday 17 November; its records" in words(client.get("/"))
        page = client.get("/teams/north/")
        assert "North ended on Tuesday 17 November." in words(page)
        assert f'href="/meetings/{ended.pk}/"' in page.text
        assert "Orbis is won" in words(client.get("/teams/north/?q=orbis"))
        assert "No records" in words(client.get("/teams/north/?q=ninety"))
    assert as_(cast.outsider).get("/teams/north/").status_code == 404


def test_its_open_commitments_stay_until_they_are_settled(cast, ended, as_):
    done, dropped = (
        make_commitment(team=cast.north, owner=cast.leader, text=text) for text in ("Call", "Visit")
    )
    assert "Call Joe Keller" in words(as_(cast.ceo).get("/teams/north/"))
    assert as_(cast.observer).post(f"/commitments/{done.pk}/done/").status_code == 403
    as_(cast.leader).post(f"/commitments/{done.pk}/done/")
    as_(cast.ceo).post(f"/commitments/{dropped.pk}/drop/", {"why": "The team has ended."})
    assert "Open commitments" not in words(as_(cast.leader).get("/teams/north/"))


def test_who_has_left_finds_the_meetings_of_their_time_alone(cast, as_):
    latest, earlier = past(cast.north, 2)
    for meeting in (latest, earlier):
        keep(meeting, "Orbis")
    cast.north.seats.filter(user=cast.observer).update(since=TODAY - 3 * WEEK, until=TODAY - 2 * WEEK)
    client = as_(cast.observer)
    page = client.get("/teams/north/")
    assert "You are no longer a member of North." in words(page)
    assert f"/meetings/{earlier.pk}/" in page.text and f"/meetings/{latest.pk}/" not in page.text
    found = client.get("/teams/north/?q=orbis").text
    assert f"/meetings/{earlier.pk}/" in found and f"/meetings/{latest.pk}/" not in found


def test_words_are_compared_one_by_one():
    assert terms_of("Pilot, pilot & 2026!") == ("pilot", "2026")
    assert matches("The pilots of 2026", terms_of("pilot 2026"))
    assert not matches("The copilots", terms_of("pilot"))


# The list of meetings


def test_the_list_shows_what_is_to_come_of_all_teams(cast, as_):
    make_meeting(team=cast.north, starts_at=NOW + WEEK)
    make_meeting(team=cast.south, starts_at=NOW + timedelta(hours=2))
    make_meeting(team=cast.away, starts_at=NOW + WEEK)
    page = as_(cast.ceo).get("/meetings/")
    assert [row.team for row in page.context["rows"]] == ["South", "North"]


@pytest.mark.parametrize(
    ("show", "count"), [("over", 3), ("held", 1), ("missed", 1), ("excused", 1), ("coming", 0), ("junk", 0)]
)
def test_the_list_can_be_narrowed_to_an_outcome(cast, as_, show, count):
    make_held_meeting(team=cast.north)
    make_meeting(team=cast.north, starts_at=NOW - 2 * WEEK, state="missed", missed_at=NOW)
    make_meeting(
        team=cast.north, starts_at=NOW - 3 * WEEK, state="excused", excused_at=NOW, excused_why="Fair"
    )
    assert len(as_(cast.ceo).get("/meetings/", {"show": show}).context["rows"]) == count


def test_the_list_can_be_narrowed_to_a_team(cast, as_):
    make_meeting(team=cast.north), make_meeting(team=cast.south)
    client = as_(cast.ceo)
    assert [row.team for row in client.get("/meetings/?team=south").context["rows"]] == ["South"]
    assert len(client.get("/meetings/?team=away").context["rows"]) == 2


def test_the_list_goes_on_after_fifty(cast, as_):
    past(cast.north, 55)
    client = as_(cast.ceo)
    assert len(client.get("/meetings/?show=over").context["rows"]) == 50
    assert len(client.get("/meetings/?show=over&page=2").context["rows"]) == 5


def test_an_empty_list_says_why(cast, as_):
    assert "No meetings here for North." in words(as_(cast.ceo).get("/meetings/?team=north"))
    assert "You are not a member of a team yet" in words(as_(make_user()).get("/meetings/"))


# What it costs


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("path", ["/teams/north/", "/teams/north/?q=orbis", "/meetings/?show=over"])
def test_the_cost_does_not_grow_with_the_past(cast, as_, path):
    for meeting in past(cast.north, 2):
        keep(meeting, "Orbis")
    few = queries(as_(cast.ceo), path)
    for meeting in past(make_team(company=cast.company, ceo=cast.ceo), 3):
        keep(meeting, "Orbis")
    for back in range(3, 105):
        keep(make_held_meeting(team=cast.north, starts_at=NOW - back * WEEK), "Orbis")
    assert queries(as_(cast.ceo), path) == few <= 15


def test_the_team_page_says_the_cadence_in_words(cast, as_):
    Team.objects.filter(pk=cast.north.pk).update(rhythm="monthly", nth=-1, weekday=4)
    page = as_(cast.leader).get(f"/teams/{cast.north.slug}/").content.decode()
    assert "The last Friday of the month at 09:00, Paris" in page


@pytest.mark.parametrize(
    "query",
    [
        "2026-11-23",
        "24/7",
        "discount",
        "files.example",
        "example.com",
        "uber",
        "ÜBER",
        "strasse",
        "11-2",
        "o'neill",
    ],
)
def test_a_record_is_found_by_the_words_people_type(cast, query):
    text = "Due 2026-11-23, on call 24/7: pricing/discount at https://files.example.com, Über die Straße, O'Neill"
    (meeting,) = past(cast.north, 1)
    keep(meeting, text)
    assert len(search(cast.north, cast.ceo, query).rows) == 1
    assert not search(cast.north, cast.ceo, f"{query}zz").rows


def test_a_word_is_marked_as_it_is_written():
    (sentence,) = find_sentences([Utterance("Über die Straße nach Zoe\u0308")], terms_of("STRASSE zoe"))
    assert [piece.match for piece in sentence.pieces if piece.match] == ["Straße", "Zoe\u0308"]
