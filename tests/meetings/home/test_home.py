"""Home of a CEO and of those who only read: what needs whom, and what waits."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from alignment.models import Goal, Holiday, Team, User
from alignment.rules.periods import quarter_of
from deals.models import DealChange
from deals.rules.revenue import standing
from meetings.discipline.flags import update_flags
from meetings.home import home
from meetings.models import Rating
from tests.factories import (
    NOW,
    TODAY,
    make_admin,
    make_commitment,
    make_company,
    make_deal,
    make_held_meeting,
    make_import_run,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
    make_seat,
    make_update,
    make_user,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def set_goals(team, amount=Decimal(90_000), months=(10, 11, 12)):
    Goal.objects.bulk_create(Goal(team=team, month=f"2026-{month:02}-01", amount=amount) for month in months)


def row_of(user, team, now=NOW):
    rows = {row.slug: row for group in home(user, now).groups for row in group.rows}
    return rows[team.slug]


def words(html):
    """The text of a page as a reader sees it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.content.decode()))


# The CEO


def test_the_page_says_which_day_it_is_for_the_reader(cast, as_):
    with time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False):
        assert "Tuesday 24 November" in words(as_(cast.ceo).get("/"))


def test_the_ceo_sees_every_team_the_next_meeting_first(cast, as_):
    make_meeting(team=cast.north, starts_at=NOW + 3 * DAY)
    make_meeting(team=cast.south, starts_at=NOW + timedelta(hours=2))
    page = home(cast.ceo, NOW)
    assert [row.name for row in page.groups[0].rows] == ["South", "North"]
    assert "Anne Duarte · today 11:00" in words(as_(cast.ceo).get("/"))


def test_the_gap_stands_beside_what_it_was_when_the_last_meeting_was_closed(cast):
    set_goals(cast.north)
    make_revenue(team=cast.north, day=TODAY, amount=100_000)
    make_held_meeting(team=cast.north, gap=Decimal(-40_000))
    row = row_of(cast.ceo, cast.north)
    assert (row.gap, row.gap_tone) == ("−$59K", "bad")
    assert (row.change.sign, row.change.text, row.change.tone) == ("▼", "$19K worse since 16 Nov", "bad")
    assert row.why == "The gap grew by $19K since the last meeting."


def test_a_row_draws_the_quarter_as_a_small_bar(cast, as_):
    set_goals(cast.north)
    make_revenue(team=cast.north, day=TODAY, amount=90_000)
    page = as_(cast.ceo).get("/").content.decode()
    assert 'aria-label="Actual $90K, goal to date $159K, goal $270K"' in page
    assert page.count("bar--small") == 1  # South has no goal
    assert 'class="bar-actual" width="33.33%"' in page


def test_the_gap_is_the_same_as_the_agendas(cast):
    set_goals(cast.north, Decimal("77777.77"))
    Holiday.objects.create(company=cast.company, day="2026-11-11", name="Armistice")
    make_revenue(team=cast.north, day=TODAY - 9 * DAY, amount="12345.67")
    goals = {goal.month: goal.amount for goal in Goal.objects.filter(team=cast.north)}
    holidays = set(Holiday.objects.values_list("day", flat=True))
    exact = standing(
        quarter_of(TODAY, first_month=1),
        today=TODAY,
        goals=goals,
        actuals={TODAY - 9 * DAY: Decimal("12345.67")},
        holidays=holidays,
    )
    shown = row_of(cast.ceo, cast.north).standing
    assert (shown.actual, shown.goal, shown.due, shown.gap) == (
        exact.actual,
        exact.goal,
        exact.goal_to_date,
        exact.gap,
    )


def test_the_gap_of_another_quarter_is_not_compared_with(cast):
    set_goals(cast.north)
    make_held_meeting(team=cast.north, starts_at=NOW - 60 * DAY, gap=Decimal(-1))
    assert row_of(cast.ceo, cast.north).change is None


def test_corrected_revenue_counts_once(cast):
    set_goals(cast.north)
    first = make_revenue(team=cast.north, day=TODAY, amount=100)
    make_revenue(team=cast.north, day=TODAY, amount=70, corrects=first)
    assert row_of(cast.ceo, cast.north).standing.actual == 70


def test_a_quarter_without_a_goal_says_so(cast):
    set_goals(cast.north, months=(10,))
    row = row_of(cast.ceo, cast.north)
    assert (row.gap, row.standing.goal) == ("no goal set", None)
    assert (
        row.why
        == "No goal is set for November and December, so there is no gap to show until an admin sets it."
    )


@pytest.mark.parametrize(
    ("fields", "status", "tone"),
    [
        ({"starts_at": NOW + 3 * DAY}, "Preparation not due yet", ""),
        ({"starts_at": NOW + timedelta(hours=29)}, "Preparation due in 5 h", ""),
        ({"starts_at": NOW + timedelta(hours=24, minutes=40)}, "Preparation due in 40 min", ""),
        ({"starts_at": NOW + timedelta(hours=24)}, "Preparation overdue", "bad"),
        ({"starts_at": NOW, "submitted_at": NOW}, "Ready to read", "good"),
        ({"starts_at": NOW, "submitted_at": NOW, "missing_when_submitted": 3}, "Submitted, 3 open", "warn"),
        ({"starts_at": NOW, "state": "in_progress", "started_at": NOW}, "In session", "good"),
    ],
)
def test_how_far_the_preparation_is_is_said_in_words(cast, fields, status, tone):
    make_meeting(team=cast.north, **fields)
    row = row_of(cast.ceo, cast.north)
    assert (row.status, row.tone) == (status, tone)


def test_what_presses_is_said_the_habit_first(cast):
    for back in (1, 2):
        make_meeting(
            team=cast.north,
            starts_at=NOW - back * 7 * DAY,
            state="missed",
            missed_at=NOW,
            missed_by="ceo_absent",
        )
    set_goals(cast.north, Decimal(0))
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY - DAY)
    row = row_of(cast.ceo, cast.north)
    assert row.why == "Two meetings missed in a row; last time you were absent."


def test_big_deals_moved_and_risks_without_news_are_counted(cast):
    set_goals(cast.north, Decimal(0))
    deal = make_deal(team=cast.north)
    DealChange.objects.create(
        deal=deal, field="close_date", old="2026-11-01", new="2026-12-01", day=TODAY - DAY, at=NOW
    )
    for back in (1, 2, 3):
        make_held_meeting(team=cast.north, starts_at=NOW - back * 7 * DAY)
    make_risk(team=cast.north, changed_at=NOW - 30 * DAY)
    assert row_of(cast.ceo, cast.north).why == "One big deal was pushed since the last meeting."
    DealChange.objects.all().delete()
    assert row_of(cast.ceo, cast.north).why == "One risk has had no update for two meetings."


def test_of_a_team_that_meets_every_fortnight_the_last_meeting_counts(cast):
    set_goals(cast.north, Decimal(0))
    make_held_meeting(team=cast.north, starts_at=NOW - 13 * DAY)
    make_risk(team=cast.north, changed_at=NOW - 20 * DAY)
    assert row_of(cast.ceo, cast.north).why == ""
    pushed = NOW - 10 * DAY
    DealChange.objects.create(
        deal=make_deal(team=cast.north),
        field="close_date",
        old="2026-11-01",
        new="2026-12-01",
        day=pushed.date(),
        at=pushed,
    )
    assert row_of(cast.ceo, cast.north).why == "One big deal was pushed since the last meeting."


def test_an_answer_given_at_an_earlier_meeting_is_an_answer(cast, meeting, as_):
    question = make_issue(team=cast.north, kind="question", side="leader", title="May we hire?")
    before = make_held_meeting(team=cast.north)
    assert "Answer “May we hire?”" in words(as_(cast.ceo).get(f"/meetings/{meeting.pk}/"))
    make_update(meeting=before, author=cast.ceo, side="ceo", section="issues", issue=question)
    assert "Answer “May we hire?”" not in words(as_(cast.ceo).get(f"/meetings/{meeting.pk}/"))
    assert "Answer “May we hire?”" not in words(as_(cast.ceo).get("/"))


def test_the_third_miss_in_a_row_marks_the_team_red(cast, as_):
    for back in (1, 2, 3):
        make_meeting(team=cast.north, starts_at=NOW - back * 7 * DAY, state="missed", missed_at=NOW)
    update_flags({cast.north.pk}, now=NOW)
    assert row_of(cast.ceo, cast.north).red
    assert "Missed too often" in words(as_(cast.ceo).get("/"))


def test_the_first_sentence_names_the_team_that_needs_the_ceo_most(cast):
    make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=1), submitted_at=NOW)
    make_meeting(team=cast.south, starts_at=NOW + timedelta(hours=2), submitted_at=NOW)
    for team, won in ((cast.north, 160_000), (cast.south, 100_000)):
        set_goals(team)
        make_revenue(team=team, day=TODAY, amount=won)
    assert (
        home(cast.ceo, NOW).lede
        == "Two meetings today. South needs attention: the quarter is $59K behind its goal to date."
    )


def test_where_nothing_presses_the_first_sentence_says_so(cast):
    make_meeting(team=cast.north, starts_at=NOW + 3 * DAY)
    for team in (cast.north, cast.south):
        set_goals(team, Decimal(0))
    assert home(cast.ceo, NOW).lede == "Every team is on pace or ahead."


def test_what_waits_for_the_ceo(cast, as_):
    meeting = make_meeting(team=cast.north)
    asked = make_initiative(team=cast.north, title="Playbook")
    make_initiative(team=cast.north, approval="agreed")
    question = make_issue(team=cast.north, title="Prices?", kind="question", side="leader")
    answered = make_issue(team=cast.north, kind="question", side="leader")
    make_update(meeting=meeting, author=cast.ceo, side="ceo", section="issues", issue=answered)
    make_issue(team=cast.north, kind="question", side="ceo")
    held = make_held_meeting(team=cast.south, starts_at=NOW - 2 * DAY)
    page = home(cast.ceo, NOW)
    assert [(need.kind, need.title, need.href, need.team) for need in page.requests] == [
        ("approve", "Playbook", f"/meetings/{meeting.pk}/#initiative-{asked.pk}", "North"),
        ("answer", "Prices?", f"/meetings/{meeting.pk}/#issue-{question.pk}", "North"),
    ]
    assert [(item.text, item.href, item.team) for item in page.action_items] == [
        ("Rate the meeting of 21 Nov", f"/meetings/{held.pk}/rate/", "South"),
    ]


def test_a_rated_meeting_and_one_of_long_ago_wait_no_more(cast):
    rated = make_held_meeting(team=cast.north, starts_at=NOW - 2 * DAY)
    Rating.objects.create(meeting=rated, user=cast.ceo, role="ceo", score=8, at=NOW)
    make_held_meeting(team=cast.south, starts_at=NOW - 9 * DAY)
    assert not home(cast.ceo, NOW).action_items


@pytest.mark.parametrize(
    ("reader", "since", "button"),
    [
        ("ceo", "Joe Keller started it at 09:00.", "Join: your sales leader is waiting"),
        ("leader", "You started it at 09:00.", "Join the meeting"),
        ("observer", "Joe Keller started it at 09:00.", "Join the meeting"),
    ],
)
def test_a_meeting_in_session_is_on_top_with_its_way_in(cast, as_, reader, since, button):
    meeting = make_meeting(team=cast.north, state="in_progress", started_at=NOW, started_by=cast.leader)
    page = as_(getattr(cast, reader)).get("/")
    shown = words(page)
    assert f"North is meeting now {since} {button}" in shown
    assert f'href="/meetings/{meeting.pk}/present/"' in page.content.decode()


def test_an_admin_joins_no_meeting(cast, as_):
    make_meeting(team=cast.north, state="in_progress", started_at=NOW, started_by=cast.leader)
    assert "is meeting now" not in words(as_(cast.admin).get("/"))


def test_the_first_sentence_tells_a_win_first_and_only_until_the_next_meeting(cast):
    for team in (cast.north, cast.south):
        set_goals(team, Decimal(0))
    make_meeting(team=cast.north, starts_at=NOW + 3 * DAY)
    for name, amount in (("Kestrel", 120_000), ("Alder", 5_000)):
        deal = make_deal(team=cast.north, name=name, amount=amount, status="won", close_date=TODAY)
        DealChange.objects.create(deal=deal, field="status", old="open", new="won", day=TODAY, at=NOW)
    assert home(cast.ceo, NOW).lede == (
        "North won Kestrel ($120K) and one more deal. Every team is on pace or ahead."
    )
    make_held_meeting(team=cast.north, starts_at=NOW + timedelta(minutes=10))
    assert home(cast.ceo, NOW + timedelta(hours=1)).lede == "Every team is on pace or ahead."


def test_a_row_says_what_is_still_to_win_by_when(cast, as_):
    set_goals(cast.north)
    make_revenue(team=cast.north, day=TODAY, amount=90_000)
    shown = words(as_(cast.ceo).get("/"))
    assert "$90K of $270K won" in shown
    assert "$180K to win by 31 Dec" in shown


@pytest.mark.parametrize(
    ("source", "days", "said"),
    [
        ("typed", 9, None),
        ("file", 0, "as of 23 Nov $"),
        ("file", 4, "as of 19 Nov $"),
        ("crm", 5, "as of 18 Nov, older than two working days $"),
    ],
)
def test_revenue_from_a_file_says_of_which_day_it_is(cast, as_, source, days, said):
    set_goals(cast.north)
    make_revenue(
        team=cast.north, day=TODAY - days * DAY, amount=9, source=source, created_at=NOW - days * DAY
    )
    shown = words(as_(cast.ceo).get("/"))
    assert said in shown if said else "as of" not in shown.replace("As of", "")


def test_an_import_that_found_nothing_new_says_of_which_day_the_revenue_is(cast, as_):
    set_goals(cast.north)
    make_revenue(team=cast.north, day=TODAY - 9 * DAY, amount=9, source="crm", created_at=NOW - 9 * DAY)
    for team, days in ((cast.north, 1), (cast.south, 0)):
        make_import_run(team=team, by=cast.leader, state="applied", applied_at=NOW - days * DAY)
    assert "as of 22 Nov $" in words(as_(cast.ceo).get("/"))


def test_own_commitments_stand_by_their_day_and_are_done_from_here(cast, as_):
    late = make_commitment(team=cast.north, owner=cast.ceo, text="Comp plan", due=TODAY - 2 * DAY)
    make_commitment(team=cast.south, owner=cast.ceo, text="Intro", due=TODAY)
    make_commitment(team=cast.north, owner=cast.leader)
    client = as_(cast.ceo)
    shown = [(own.title, own.due_in_words, own.is_overdue) for own in home(cast.ceo, NOW).commitments]
    assert shown == [
        ("Comp plan", "2 days overdue", True),
        ("Intro", "today", False),
    ]
    assert client.post(f"/commitments/{late.pk}/done/", {"next": "/#yours"}).url == "/#yours"
    assert "Comp plan" not in words(client.get("/")).replace("Done: Comp plan", "")


def test_more_than_eight_of_a_kind_are_counted(cast, as_):
    for _ in range(11):
        make_commitment(team=cast.north, owner=cast.ceo)
    page = home(cast.ceo, NOW)
    assert (len(page.commitments), page.more_commitments) == (8, 3)
    assert "and 3 more" in words(as_(cast.ceo).get("/"))


# The others


@pytest.mark.parametrize("role", ["observer", "facilitator"])
def test_who_only_reads_finds_the_next_meeting_and_the_last_record(cast, as_, role):
    held = make_held_meeting(team=cast.north)
    make_meeting(team=cast.north)
    page = as_(getattr(cast, role)).get("/").content.decode()
    assert f'<a href="/meetings/{held.pk}/">Record of 16 Nov</a>' in page
    assert "prepare" not in page


def test_a_ceos_delegate_is_not_asked_for_the_ceos_word(cast):
    helper = make_user()
    make_seat(team=cast.north, user=helper, role="delegate", acts_for="ceo")
    make_initiative(team=cast.north)
    make_issue(team=cast.north, title="Prices?", kind="question", side="leader")
    make_issue(
        team=cast.north,
        kind="question",
        side="leader",
        initiative=make_initiative(team=cast.north, kind="rep"),
    )
    page = home(helper, NOW)
    assert [group.kind for group in page.groups] == ["ceo"]
    assert [(need.kind, need.title) for need in page.requests] == [("answer", "Prices?")]


def test_an_admin_sees_facts_and_no_words_of_any_team(cast, as_):
    set_goals(cast.north)
    make_meeting(team=cast.north)
    make_held_meeting(team=cast.north, gap=Decimal(-40_000))
    make_initiative(team=cast.north, title="SECRET plan")
    make_issue(team=cast.north, title="SECRET", kind="question", side="leader")
    page = as_(cast.admin).get("/")
    shown = words(page)
    assert "Quarterly goal set" in shown
    assert "Quarterly goal not set" in shown
    assert not any(
        word in page.content.decode() for word in ("SECRET", "$40", "/meetings/1", "Your commitments")
    )


def test_somebody_without_a_seat_is_told_what_will_be_here(as_, db):
    shown = words(as_(make_user(name="Nina New")).get("/"))
    assert "Nina" in shown
    assert "You don’t have access to a team yet." in shown


def test_a_seat_given_up_shows_nothing_any_more(cast, as_):
    cast.north.seats.filter(user=cast.observer).update(until=TODAY)
    assert "You don’t have access to a team yet." in words(as_(cast.observer).get("/"))


def test_another_companys_team_is_not_there(cast, as_):
    make_admin(company=make_company(), user=cast.admin)
    assert "Away" not in words(as_(cast.ceo).get("/")) + words(as_(cast.admin).get("/"))


def test_names_are_shown_as_typed(cast, as_):
    Team.objects.filter(pk=cast.north.pk).update(name="<b>N</b> & \u202eSons")
    User.objects.filter(pk=cast.leader.pk).update(name="<i>Joe</i>")
    page = as_(cast.ceo).get("/").content.decode()
    assert "&lt;b&gt;N&lt;/b&gt; &amp; \u202eSons" in page
    assert "&lt;i&gt;Joe" in page
