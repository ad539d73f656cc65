"""The history on a team's page: four charts in words, who may read which, and what opens the rows behind them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, Team, User
from alignment.people import seats as seat_changes
from meetings.models import Meeting, Rating
from meetings.models.records import Move
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_commitment,
    make_held_meeting,
    make_initiative,
    make_meeting,
    make_revenue,
    make_team,
)

pytestmark = pytest.mark.time_machine(NOW)
As = Callable[[User], Client]
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
Q3 = (date(2026, 7, 1), date(2026, 9, 30))
PAGE = "/teams/north/"


def words(page: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def sentence(page: Any, key: str) -> str:
    return page.context["history"].chart(key).sentence


def set_goals(team: Team, amount: int = 22_000, *, months: tuple[int, ...] = (8, 9, 10, 11)) -> None:
    Goal.objects.bulk_create(Goal(team=team, month=date(2026, month, 1), amount=amount) for month in months)


def add_missed(team: Team, weeks_ago: int, fault: str) -> Meeting:
    fields = {"state": "missed", "missed_at": NOW, "missed_by": fault}
    return make_meeting(team=team, starts_at=NOW - weeks_ago * WEEK, **fields)


def add_called(cast: Cast, on: date, commit: int, *, days: tuple[date, date] = Q3) -> None:
    """A meeting of that day for which a quarter was called, Q3; it was prepared and held."""
    at = NOW + (on - TODAY)
    meeting = make_held_meeting(team=cast.north, starts_at=at, submitted_at=at - DAY)
    make_call(
        meeting=meeting,
        commit=commit,
        best_case=commit,
        at=at - DAY,
        by=cast.leader,
        starts_on=days[0],
        ends_on=days[1],
    )


# What the charts say


def test_revenue_is_compared_with_the_goal_of_the_same_days(cast: Cast, as_: As) -> None:
    set_goals(cast.north)
    make_revenue(team=cast.north, day=TODAY - 7 * DAY, amount=30_000)
    page = as_(cast.ceo).get(PAGE)
    # 31 August to 23 November: one day of August's 21, September, October, 16 of November's 21
    goal = Decimal(22_000) / 21 + 44_000 + Decimal(22_000) * 16 / 21
    assert page.context["history"].chart("revenue").figure == f"{round(3_000_000 / goal)}%"
    assert "$30K won of the $62K that is the goal of these 13 weeks: $32K short." in sentence(page, "revenue")


def test_weeks_without_a_goal_are_not_compared(cast: Cast, as_: As) -> None:
    make_revenue(team=cast.north, day=TODAY - 70 * DAY, amount=10_000)
    assert "$10K won in 13 weeks. No goal was set" in sentence(as_(cast.ceo).get(PAGE), "revenue")
    set_goals(cast.north, months=(11,))
    make_revenue(team=cast.north, day=TODAY - 7 * DAY, amount=30_000)
    assert "4 of the 13 weeks have a goal: $30K won" in sentence(as_(cast.ceo).get(PAGE), "revenue")


def test_a_call_is_measured_at_one_and_two_thirds_against_the_result(cast: Cast, as_: As) -> None:
    set_goals(cast.north, 100_000, months=(7, 8, 9))
    add_called(cast, date(2026, 7, 20), 300_000)
    add_called(cast, date(2026, 8, 17), 260_000)
    add_called(cast, date(2026, 9, 21), 250_000)  # after both points
    make_revenue(team=cast.north, day=date(2026, 9, 30), amount=245_000)
    page = as_(cast.ceo).get(PAGE)
    assert sentence(page, "calls") == (
        "Q3 2026: called $300K after one third and $260K after two thirds, and $245K came in."
    )
    chart = page.context["history"].chart("calls")
    assert (chart.figure, chart.table.rows[0][-1].value) == ("5% below", Decimal(15_000))


def test_commitments_stand_with_the_side_their_owner_spoke_for_the_readers_own_first(
    cast: Cast, as_: As
) -> None:
    for back in range(1, 11):
        make_commitment(team=cast.north, owner=cast.leader, due=TODAY - back * DAY, done_at=NOW - 20 * DAY)
    make_commitment(team=cast.north, owner=cast.delegate, due=TODAY - DAY)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - DAY)
    make_commitment(team=cast.north, owner=cast.facilitator, due=TODAY - DAY, done_at=NOW - 2 * DAY)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY)  # still time
    ceo = sentence(as_(cast.ceo).get(PAGE), "commitments")
    assert "you 0 of 1, Joe Keller 10 of 11 (91%), others 1 of 1" in ceo
    assert "you 10 of 11 (91%), Tom Marsh 0 of 1" in sentence(as_(cast.leader).get(PAGE), "commitments")
    assert "Tom Marsh 0 of 1, Joe Keller 10" in sentence(as_(cast.observer).get(PAGE), "commitments")


def test_meetings_say_who_missed_and_who_moved_them(cast: Cast, as_: As) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - WEEK)
    moved = make_held_meeting(team=cast.north, starts_at=NOW - 2 * WEEK, planned_start=NOW - 2 * WEEK - DAY)
    Move.objects.create(
        meeting=moved,
        old=moved.planned_start,
        new=moved.starts_at,
        by=cast.ceo,
        at=NOW - 3 * WEEK,
        why="Fair",
    )
    add_missed(cast.north, 3, "ceo_absent")
    add_missed(cast.north, 4, "leader_unprepared")
    add_missed(cast.north, 5, "both")
    make_held_meeting(
        team=cast.north, starts_at=NOW - 6 * WEEK, state="excused", excused_at=NOW, excused_why="Holiday"
    )
    assert sentence(as_(cast.ceo).get(PAGE), "meetings") == (
        "2 of 5 meetings held, the last 2 in a row. 3 missed: 1 by you, 1 by Joe Keller, 1 by both. "
        "1 moved: by you. 1 excused, which counts for neither."
    )
    leader = sentence(as_(cast.leader).get(PAGE), "meetings")
    assert "3 missed: 1 by you, 1 by Tom Marsh, 1 by both. 1 moved: by Tom Marsh." in leader


def test_a_week_is_that_of_the_teams_zone(cast: Cast, as_: As) -> None:
    """Monday 00:30 in Paris is still Sunday in UTC."""
    Team.objects.filter(pk=cast.north.pk).update(timezone="Europe/Paris")
    make_held_meeting(team=cast.north, starts_at=NOW.replace(day=15, hour=23, minute=30))
    rows = as_(cast.ceo).get(PAGE).context["history"].chart("meetings").table.rows
    assert [row[0].value for row in rows if row[1].value] == [date(2026, 11, 16)]


def test_52_weeks_are_read_in_columns_of_four(cast: Cast, as_: As) -> None:
    for back in (1, 20, 51, 52):
        make_held_meeting(team=cast.north, starts_at=NOW - back * WEEK)
    page = as_(cast.ceo).get(f"{PAGE}?weeks=52")
    assert "3 of 3 meetings held." in sentence(page, "meetings")
    assert "1 of 1 meeting held." in sentence(as_(cast.ceo).get(PAGE), "meetings")
    assert '<a href="/teams/north/"' in page.content.decode()


@pytest.mark.parametrize("weeks", ["", "12", "-1", "²", "5200000000000", "52 "])
def test_any_other_span_is_the_short_one(cast: Cast, as_: As, weeks: str) -> None:
    assert as_(cast.ceo).get(PAGE, {"weeks": weeks}).context["history"].weeks == 13


def test_what_is_not_there_yet_is_said(cast: Cast, as_: As) -> None:
    shown = words(as_(cast.ceo).get(PAGE))
    for text in (
        "No meeting took place or was due in these 13 weeks.",
        "No commitment fell due in these 13 weeks.",
        "No period that was called is over yet",
        "No goal was set for them.",
    ):
        assert text in shown


# A change in mid-quarter


def test_a_new_leader_is_marked_and_not_judged_by_what_was_before(cast: Cast, as_: As) -> None:
    for back in (1, 5, 6):
        make_commitment(team=cast.north, owner=cast.leader, due=TODAY - back * WEEK)
        make_held_meeting(team=cast.north, starts_at=NOW - back * WEEK)
    add_missed(cast.north, 4, "leader_absent")
    old = cast.north.seats.current().get(role="leader")
    seat_changes.hand_over(
        old, cast.second_leader, by=cast.admin, now=NOW, day=TODAY - 14 * DAY, why="Joe left."
    )
    make_commitment(team=cast.north, owner=cast.second_leader, due=TODAY - DAY, done_at=NOW - 2 * DAY)
    page = as_(cast.second_leader).get(PAGE)
    shown = words(page)
    assert "9 Nov: Anne Duarte followed Joe Keller as sales leader." in shown
    assert "First 90 days of Anne Duarte 1 of 1 meeting held, 1 of 1 commitment in time" in shown
    assert "the sales leader 1 of 3" in sentence(page, "commitments")
    assert "1 missed: by the sales leader." in sentence(page, "meetings")
    assert "history-change" in page.content.decode()


# Who may see what


def test_an_admin_reads_facts_and_no_call_rating_gap_or_link(cast: Cast, as_: As) -> None:
    add_called(cast, date(2026, 8, 17), 260_000)
    meeting = make_held_meeting(team=cast.north, gap=Decimal(-212_000))
    Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=3, why="x", at=NOW)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - DAY)
    page = as_(cast.admin).get(PAGE)
    shown, html = words(page), page.content.decode()
    assert "Tom Marsh 0 of 1" in shown
    for hidden in ("260", "−$212K", "Rating", "Committed deals", "/meetings/?", "/commitments/?", "/deals/"):
        assert hidden not in (html if "/" in hidden else shown)
    for chart, status in (("revenue", 200), ("meetings", 200), ("commitments", 200), ("calls", 404)):
        assert as_(cast.admin).get(f"{PAGE}history.csv?chart={chart}").status_code == status


def test_a_call_for_a_meeting_that_has_not_started_is_in_no_chart_of_the_ceo(cast: Cast, as_: As) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW + WEEK)
    make_call(
        meeting=meeting,
        commit=7_654_321,
        best_case=7_654_321,
        at=NOW,
        by=cast.leader,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
    )
    for reader in (cast.ceo, cast.observer, cast.facilitator):
        page = as_(reader).get(PAGE)
        assert page.context["history"].chart("calls").calls == ()
        assert b"7,654" not in as_(reader).get(f"{PAGE}history.csv?chart=calls").getvalue()


def test_what_comes_of_a_reps_plan_counts_for_its_two_alone(cast: Cast, as_: As) -> None:
    plan = make_initiative(team=cast.north, kind="rep")
    make_commitment(
        team=cast.north, owner=cast.leader, due=TODAY - DAY, initiative=plan, section="initiatives"
    )
    assert "Joe Keller 0 of 1" in sentence(as_(cast.ceo).get(PAGE), "commitments")
    for reader in (cast.observer, cast.delegate, cast.admin):
        assert sentence(as_(reader).get(PAGE), "commitments").startswith("No commitment fell due")


def test_one_rating_alone_is_in_no_average_of_others(cast: Cast, as_: As) -> None:
    meeting = make_held_meeting(team=cast.north, starts_at=NOW - DAY)
    Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=3, why="x", at=NOW)
    for reader in (cast.leader, cast.observer):
        assert "Rating no ratings" in words(as_(reader).get(PAGE))


# What opens the rows


def test_a_column_opens_its_meeting_or_its_rows(cast: Cast, as_: As) -> None:
    meeting = make_held_meeting(team=cast.north)
    make_revenue(team=cast.north, day=TODAY - 7 * DAY, amount=100)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - 7 * DAY, text="Call Orbis")
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - 8 * DAY, text="Call Brandt")
    html = as_(cast.ceo).get(PAGE).content.decode()
    paths = [path.replace("&amp;", "&") for path in re.findall(r'href="(/[^"]*2026-11-16[^"]*)"', html)]
    assert f'href="/meetings/{meeting.pk}/"' in html
    assert len({path.split("?")[0] for path in paths}) == 2
    shown = " ".join(words(as_(cast.ceo).get(path)) for path in set(paths))
    assert "Call Orbis" in shown and "Call Brandt" not in shown and "$100" in shown


def test_a_column_of_several_meetings_opens_the_list_of_its_days(cast: Cast, as_: As) -> None:
    for back in (1, 2, 6):
        make_held_meeting(team=cast.north, starts_at=NOW - back * WEEK)
    column = (
        as_(cast.ceo).get(f"{PAGE}?weeks=52").context["history"].chart("meetings").parts[0].chart.columns[-1]
    )
    rows = as_(cast.ceo).get(column.path).context["rows"]
    assert [row.starts_at for row in rows] == [NOW - WEEK, NOW - 2 * WEEK]


def test_the_file_is_the_table_of_the_chart(cast: Cast, as_: As) -> None:
    set_goals(cast.north)
    make_revenue(team=cast.north, day=TODAY - 7 * DAY, amount=Decimal("1234.50"))
    answer = as_(cast.observer).get(f"{PAGE}history.csv?chart=revenue&weeks=13")
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert lines[0] == ["Week of", "Won", "Goal", "Difference"]
    assert (len(lines), lines[12]) == (14, ["2026-11-16", "1234.50", "5238.10", "-4003.60"])
    assert 'filename="north-revenue-13-weeks-2026-11-23.csv"' in answer["Content-Disposition"]
    assert as_(cast.ceo).get(f"{PAGE}history.csv?chart=mood").status_code == 404


def test_a_name_that_a_spreadsheet_would_run_is_text_in_the_file(cast: Cast, as_: As) -> None:
    User.objects.filter(pk=cast.leader.pk).update(name="=HYPERLINK(1)")
    add_called(cast, date(2026, 8, 17), 260_000)
    answer = as_(cast.ceo).get(f"{PAGE}history.csv?chart=calls")
    assert '"\'=HYPERLINK(1)"' in answer.getvalue().decode()


# What it costs


def count_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["ceo", "leader", "observer", "admin"])
def test_the_page_costs_the_same_over_13_and_52_weeks_and_five_years(cast: Cast, as_: As, role: str) -> None:
    def fill(weeks: range) -> None:
        for back in weeks:
            meeting = make_held_meeting(team=cast.north, starts_at=NOW - back * WEEK)
            Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=8, at=NOW)
            make_revenue(team=cast.north, day=TODAY - back * WEEK, amount=1_000)
            make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - back * WEEK)

    add_called(cast, date(2026, 8, 18), 260_000)
    fill(range(1, 3))
    client = as_(getattr(cast, role))
    few = count_queries(client, PAGE)
    fill(range(3, 260))
    add_called(cast, date(2026, 5, 19), 250_000, days=(date(2026, 4, 1), date(2026, 6, 30)))
    add_called(cast, date(2026, 2, 17), 240_000, days=(date(2026, 1, 1), date(2026, 3, 31)))
    assert count_queries(client, PAGE) == count_queries(client, f"{PAGE}?weeks=52") == few <= 15


def test_a_team_without_anybody_has_a_page(cast: Cast, as_: As) -> None:
    make_team(company=cast.company, slug="empty")
    assert as_(cast.admin).get("/teams/empty/?weeks=52").status_code == 200
