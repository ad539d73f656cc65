from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Team
from meetings.discipline.flags import update_flags
from meetings.models import Flag, Meeting, MissAnswer
from tests.cast import Cast
from tests.factories import NOW, make_meeting
from tests.html import flat

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
AFTER = NOW + DAY


@pytest.fixture
def missed(cast: Cast) -> Meeting:
    found = make_meeting(team=cast.north, starts_at=NOW)
    found.mark_missed(now=AFTER)
    update_flags({cast.north.pk}, now=AFTER)
    return found


@pytest.fixture(autouse=True)
def the_day_after(db: None):
    with time_machine.travel(AFTER + timedelta(hours=1), tick=False):
        yield


def red(cast: Cast) -> Flag:
    """Three in a row."""
    for weeks in (1, 2):
        make_meeting(team=cast.north, starts_at=NOW - weeks * WEEK).mark_missed(now=NOW - weeks * WEEK + DAY)
    update_flags({cast.north.pk}, now=AFTER)
    return Flag.objects.get(step=3)


def test_the_page_says_whose_miss_it_was_and_by_what_rule(cast, missed, as_):
    told = as_(cast.observer).get(f"/meetings/{missed.pk}/").content.decode()
    assert "neither started it" in told and "the preparation was not submitted" in told
    assert "How we decide who missed it" in told
    assert "Add comment" not in told


@pytest.mark.parametrize("who", ["ceo", "leader"])
def test_either_answers_a_miss_with_one_word_that_the_page_and_the_history_show(cast, missed, as_, who):
    client = as_(getattr(cast, who))
    for said in ("First <word>", "The <train> stood still"):
        assert client.post(f"/meetings/{missed.pk}/answer/", {"comment": said}).status_code == 302
    assert MissAnswer.objects.get().text == "The <train> stood still"
    for page in (f"/meetings/{missed.pk}/", "/teams/north/"):
        assert "The &lt;train&gt; stood still" in as_(cast.ceo).get(page).content.decode()


@pytest.mark.parametrize("word", ["", "   ", "x" * 301])
def test_a_word_that_says_nothing_or_too_much_is_kept_and_asked_for_again(cast, missed, as_, word):
    page = as_(cast.ceo).post(f"/meetings/{missed.pk}/answer/", {"comment": word})
    assert page.status_code == 422 and not MissAnswer.objects.exists()
    assert word.strip() in page.content.decode()


def test_what_was_not_missed_cannot_be_answered(cast, as_):
    other = make_meeting(team=cast.north, starts_at=NOW + WEEK)
    as_(cast.ceo).post(f"/meetings/{other.pk}/answer/", {"comment": "x"})
    assert not MissAnswer.objects.exists()


def test_an_admin_corrects_a_miss_and_it_shows_as_a_correction(cast, missed, as_):
    path = f"/meetings/{missed.pk}/correct/"
    assert path in as_(cast.admin).get("/teams/north/").content.decode()
    assert as_(cast.admin).get(path).status_code == 200
    answer = as_(cast.admin).post(path, {"to": "ceo_absent", "why": "Joe was there"})
    assert answer.url == "/teams/north/"
    told = flat(as_(cast.admin).get("/teams/north/"))
    assert "the CEO was absent" in told
    assert "Corrected by Ada Admin: Joe was there (recorded before: missed: neither started it)" in told
    assert "Joe was there" in as_(cast.ceo).get(f"/meetings/{missed.pk}/").content.decode()


def test_an_excused_correction_keeps_the_miss_readable(cast, missed, as_):
    as_(cast.admin).post(f"/meetings/{missed.pk}/correct/", {"to": "excused", "why": "A public holiday"})
    told = as_(cast.leader).get(f"/meetings/{missed.pk}/").content.decode()
    assert "excused" in told and "Recorded before: missed: neither started it" in told


@pytest.mark.parametrize(
    "sent", [{}, {"to": "both", "why": "same"}, {"to": "nonsense", "why": "x"}, {"to": "excused", "why": " "}]
)
def test_a_correction_needs_what_is_true_and_why(cast, missed, as_, sent):
    assert as_(cast.admin).post(f"/meetings/{missed.pk}/correct/", sent).status_code == 422
    missed.refresh_from_db()
    assert missed.state == "missed" and not missed.corrections.exists()


def test_whoever_keeps_the_installation_may_correct_too_and_the_two_may_not(cast, missed, as_):
    path, sent = f"/meetings/{missed.pk}/correct/", {"to": "excused", "why": "x"}
    assert [as_(each).post(path, sent).status_code for each in (cast.ceo, cast.leader)] == [403, 403]
    type(cast.outsider).objects.filter(pk=cast.outsider.pk).update(is_staff=True)
    assert as_(cast.outsider).post(path, sent).status_code == 302
    missed.refresh_from_db()
    assert missed.state == "excused"


@pytest.mark.parametrize("who", ["ceo", "leader", "admin"])
def test_a_flag_is_acknowledged_with_a_word_on_the_teams_page(cast, missed, as_, who):
    client, flag = as_(getattr(cast, who)), Flag.objects.get()
    assert f"/flags/{flag.pk}/acknowledge/" in client.get("/teams/north/").content.decode()
    client.post(f"/flags/{flag.pk}/acknowledge/", {"comment": "We met on Friday"})
    told = client.get("/teams/north/").content.decode()
    assert "We met on Friday" in told and "/acknowledge/" not in told


def test_the_first_word_on_a_flag_stays_and_a_cleared_one_takes_none(cast, missed, as_):
    path = f"/flags/{Flag.objects.get().pk}/acknowledge/"
    for word in ("Mine", "Theirs"):
        as_(cast.ceo).post(path, {"comment": word})
    assert Flag.objects.get().comment == "Mine"
    Flag.objects.update(cleared_at=NOW, comment="", acknowledged_at=None)
    as_(cast.ceo).post(path, {"comment": "Late"})
    assert Flag.objects.get().comment == ""


def test_the_teams_page_has_a_line_for_the_team_and_for_each_of_the_two(cast, missed, as_):
    Meeting.objects.filter(pk=missed.pk).update(missed_by="ceo_absent")
    make_meeting(team=cast.north, starts_at=NOW - WEEK, state="held", started_at=NOW, closed_at=NOW)
    lines = as_(cast.observer).get("/teams/north/").context["lines"]
    assert [(line.who, line.streak, line.quarter) for line in lines] == [
        ("The team", 0, 0.5),
        ("Tom Marsh", 0, 0.5),
        ("Joe Keller", 1, 1.0),
    ]


def test_the_teams_page_costs_the_same_with_a_flag(cast, as_):
    def queries() -> int:
        client = as_(cast.ceo)
        client.get("/teams/north/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/teams/north/")
        return len(caught)

    make_meeting(team=cast.north, starts_at=NOW).mark_missed(now=AFTER)
    before = queries()
    red(cast)
    assert queries() == before <= 12


# Red, on every screen, until one is held


def test_three_missed_in_a_row_are_red_on_every_page_of_the_meeting_and_home(cast, missed, as_):
    red(cast)
    following = make_meeting(team=cast.north, starts_at=NOW + WEEK)
    pages = [
        (cast.ceo, f"/meetings/{missed.pk}/"),
        (cast.observer, f"/meetings/{following.pk}/"),
        (cast.leader, f"/meetings/{following.pk}/prepare/"),
        (cast.leader, "/"),
        (cast.admin, "/teams/north/"),
    ]
    for who, page in pages:
        assert "Red: three meetings missed in a row" in as_(who).get(page).content.decode(), page
    for who in (cast.ceo, cast.admin):
        assert "team--red" in as_(who).get("/").content.decode()
    following.start(by=cast.ceo, now=NOW + WEEK)
    assert "Red: three" in as_(cast.ceo).get(f"/meetings/{following.pk}/present/").content.decode()


def test_the_number_of_misses_that_make_a_team_red_is_the_teams_own(cast, missed, as_):
    Team.objects.update(admins_told_after=1, red_after=2)
    make_meeting(team=cast.north, starts_at=NOW - WEEK).mark_missed(now=NOW - WEEK + DAY)
    update_flags({cast.north.pk}, now=AFTER)
    following = make_meeting(team=cast.north, starts_at=NOW + WEEK)
    pages = [(cast.observer, f"/meetings/{following.pk}/"), (cast.leader, "/"), (cast.admin, "/teams/north/")]
    for who, page in pages:
        assert "Red: two meetings missed in a row" in as_(who).get(page).content.decode(), page


def test_no_page_is_red_with_two(cast, missed, as_):
    make_meeting(team=cast.north, starts_at=NOW - WEEK).mark_missed(now=NOW - WEEK + DAY)
    update_flags({cast.north.pk}, now=AFTER)
    assert "Red:" not in as_(cast.ceo).get(f"/meetings/{missed.pk}/").content.decode()


@pytest.mark.parametrize(
    ("who", "asked"), [("ceo", True), ("leader", True), ("admin", True), ("observer", False)]
)
def test_home_asks_for_a_word_until_somebody_said_it_and_then_shows_it(cast, missed, as_, who, asked):
    client = as_(getattr(cast, who))
    assert ('href="/teams/north/#flag"' in client.get("/").content.decode()) is asked
    Flag.objects.get().acknowledge("We <met> on Friday", by=cast.ceo, now=AFTER)
    told = client.get("/").content.decode()
    assert "/teams/north/#flag" not in told
    assert "Tom Marsh: We &lt;met&gt; on Friday" in told


# I am here


@pytest.mark.parametrize(("minutes", "shown"), [(-16, False), (-15, True), (60, True), (24 * 60, False)])
def test_from_a_quarter_of_an_hour_before_each_can_say_that_they_are_there(cast, as_, minutes, shown):
    coming = make_meeting(team=cast.north, starts_at=NOW)
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        client = as_(cast.leader)
        assert ("I am here" in client.get(f"/meetings/{coming.pk}/").content.decode()) is shown
        client.post(f"/meetings/{coming.pk}/attend/", {"user": cast.leader.pk, "present": "1"})
        assert coming.attendances.exists() is shown
        assert "I am here" not in client.get(f"/meetings/{coming.pk}/").content.decode()


def test_before_the_start_nobody_says_it_for_the_other(cast, as_):
    coming = make_meeting(team=cast.north, starts_at=NOW + WEEK)
    with time_machine.travel(coming.starts_at, tick=False):
        sent = {"user": cast.leader.pk, "present": "1"}
        assert as_(cast.ceo).post(f"/meetings/{coming.pk}/attend/", sent).status_code == 422
    assert not coming.attendances.exists()


def test_who_was_there_when_nobody_started_is_not_the_one_who_missed_it(cast, as_):
    coming = make_meeting(team=cast.north, starts_at=NOW + WEEK)
    with time_machine.travel(coming.starts_at, tick=False):
        as_(cast.leader).post(f"/meetings/{coming.pk}/attend/", {"user": cast.leader.pk, "present": "1"})
    coming.refresh_from_db()
    coming.mark_missed(now=coming.starts_at + DAY)
    assert coming.missed_by == "ceo_absent"
