"""What home, headline and agenda say at the moments at which they once said wrong or unfair things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from alignment.models import Goal, Notice, Team, User
from deals.models import DealChange
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.discipline.tenure_report import read_past_meetings
from meetings.home import home
from meetings.home.values import TeamRow
from meetings.mails.recap import recap
from meetings.models import Meeting
from meetings.pages.team_history import list_meetings, meeting_line
from meetings.rules.amounts import amounts
from meetings.transitions.closing import close_meeting, reopen_meeting
from meetings.transitions.move_and_excuse import excuse_meeting, start_meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_capacity_need,
    make_commitment,
    make_deal,
    make_held_meeting,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
    make_update,
)

MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
LAST = NOW - WEEK


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """Pages are opened at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def following(cast: Cast) -> Meeting:
    """North's meeting a week after NOW."""
    return make_meeting(team=cast.north, starts_at=NOW + WEEK)


def agenda_of(meeting: Meeting, now: datetime) -> Agenda:
    return build(pages().get(pk=meeting.pk), meeting.team.seats.get(role="ceo").user, now)


def row_of(team: Team, now: datetime) -> TeamRow:
    rows = [row for group in home(team.seats.get(role="ceo").user, now).groups for row in group.rows]
    return next(row for row in rows if row.slug == team.slug)


def hold(meeting: Meeting, at: datetime) -> None:
    leader = meeting.team.seats.get(role="leader").user
    start_meeting(meeting, by=leader, now=at)
    close_meeting(meeting, by=leader, now=at + 30 * MINUTE)


def set_goals(team: Team, *, amount: int = 300_000, months: range = range(10, 13)) -> None:
    for month in months:
        Goal.objects.create(team=team, month=date(2026, month, 1), amount=amount)


def won(team: Team, *, at: datetime, amount: int = 500_000) -> None:
    said = {"name": "Kestrel", "rep": "Dana Ruiz"}
    deal = make_deal(team=team, status="won", close_date=at.date(), amount=Decimal(amount), **said)
    make_capacity_need(deal=deal)
    DealChange.objects.create(deal=deal, field="status", old="open", new="won", day=at.date(), at=at)


def test_a_win_and_an_overdue_commitment_are_told_once(
    cast: Cast, meeting: Meeting, following: Meeting
) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST)
    won(cast.north, at=NOW - 10 * MINUTE)
    owner = cast.leader
    for due, done in ((TODAY - 2 * DAY, None), (TODAY - 2 * DAY, NOW - DAY)):
        make_commitment(team=cast.north, owner=owner, due=due, done_at=done, created_at=LAST - DAY)
    before = agenda_of(meeting, NOW)
    assert before.headline.startswith("Dana Ruiz won Kestrel ({500000.00}). ")
    assert "one of two commitments is overdue" in before.headline

    hold(meeting, NOW)
    after = agenda_of(following, NOW + 31 * MINUTE)
    assert not after.deals.won
    assert "won" not in after.headline and "overdue" not in after.headline
    assert "overdue" not in row_of(cast.north, NOW + 31 * MINUTE).why
    assert [commitment.tick for commitment in after.commitments] == ["overdue"]  # still on the list

    won(cast.north, at=NOW + 60 * MINUTE)
    make_commitment(team=cast.north, owner=owner, due=TODAY, created_at=LAST)
    later = agenda_of(following, NOW + DAY)
    assert later.headline.startswith("Dana Ruiz won Kestrel ({500000.00}). ")
    assert "one commitment is overdue" in later.headline


def test_a_risk_says_after_a_close_what_the_record_says(
    cast: Cast, meeting: Meeting, following: Meeting
) -> None:
    for weeks in (1, 2):
        make_held_meeting(team=cast.north, starts_at=NOW - weeks * WEEK)
    make_risk(team=cast.north, changed_at=NOW - 60 * DAY)

    def unchanged(at: Meeting, now: datetime) -> tuple[int, bool]:
        (row,) = agenda_of(at, now).risks.rows
        return row.meetings_unchanged, row.is_stale

    assert unchanged(meeting, NOW) == (1, False)
    hold(meeting, NOW)
    record = unchanged(meeting, NOW + 31 * MINUTE)
    assert record == unchanged(following, NOW + 31 * MINUTE) == unchanged(following, NOW + WEEK) == (2, True)
    hold(following, NOW + WEEK)
    assert unchanged(meeting, NOW + 2 * WEEK) == record
    assert unchanged(following, NOW + 2 * WEEK) == (3, True)


def test_a_deal_entered_as_won_on_the_day_of_a_meeting_after_it_is_told_at_the_next(
    cast: Cast, meeting: Meeting, following: Meeting
) -> None:
    hold(meeting, NOW)
    for amount in (500_000, 1_000):
        made = NOW + 60 * MINUTE
        make_deal(
            team=cast.north, status="won", close_date=TODAY, created_at=made, changed_at=made, amount=amount
        )
    deals = agenda_of(following, NOW + DAY).deals
    assert (len(deals.won), deals.small_won_count) == (1, 1)


def test_after_reopening_what_came_between_is_told_in_the_reopened_meeting_alone(
    cast: Cast, meeting: Meeting, following: Meeting
) -> None:
    hold(meeting, NOW)
    won(cast.north, at=NOW + 60 * MINUTE)
    reopen_meeting(meeting, by=cast.ceo, now=NOW + 90 * MINUTE, why="A deal came in")
    assert len(agenda_of(meeting, NOW + 91 * MINUTE).deals.won) == 1
    close_meeting(meeting, by=cast.ceo, now=NOW + 92 * MINUTE)
    assert not agenda_of(following, NOW + 93 * MINUTE).deals.won


def test_a_question_answered_in_a_meeting_or_in_writing_is_settled_until_it_is_reopened(
    cast: Cast, meeting: Meeting, following: Meeting
) -> None:
    spoken, written, open_one = (make_issue(team=cast.north, kind="question", side="ceo") for _ in range(3))
    make_update(meeting=meeting, author=cast.leader, section="issues", issue=written)
    assert [check.done for check in agenda_of(meeting, NOW).checks] == [False, True, False]
    start_meeting(meeting, by=cast.ceo, now=NOW)
    spoken.discuss(now=NOW + MINUTE)
    close_meeting(meeting, by=cast.ceo, now=NOW + 30 * MINUTE)

    def asked() -> list[str]:
        return [check.anchor for check in agenda_of(following, NOW + 31 * MINUTE).checks]

    assert asked() == [f"issue-{open_one.pk}"]
    spoken.solve(by=cast.ceo, now=NOW + 31 * MINUTE, resolution="Done")
    spoken.reopen(now=NOW + 31 * MINUTE)
    assert asked() == [f"issue-{spoken.pk}", f"issue-{open_one.pk}"]


def test_started_nine_days_early_nobody_is_late(cast: Cast, as_: Callable[[User], Client]) -> None:
    far = make_meeting(team=cast.north, starts_at=NOW + 9 * DAY)
    due = far.preparation_due
    start_meeting(far, by=cast.ceo, now=NOW)
    assert far.preparation_due == due > NOW
    assert "was due" not in as_(cast.leader).get(f"/meetings/{far.pk}/").text
    close_meeting(far, by=cast.ceo, now=NOW + 30 * MINUTE)
    (past,) = read_past_meetings(Meeting.objects.filter(pk=far.pk), NOW + DAY)[cast.north.pk]
    assert past.prepared is None
    line = meeting_line(list_meetings().get(pk=far.pk), reads=True, now=NOW + 30 * DAY, locale="en")
    assert line.preparation == ""


def test_submitted_in_a_meeting_that_began_early_it_is_on_time(cast: Cast) -> None:
    far = make_meeting(team=cast.north, starts_at=NOW + 9 * DAY)
    start_meeting(far, by=cast.ceo, now=NOW)
    far.submit_preparation(by=cast.leader, now=NOW + 10 * MINUTE)
    assert far.preparation.is_good


def test_a_meeting_excused_ahead_is_not_past_until_its_time_has_come(
    cast: Cast, meeting: Meeting, following: Meeting, as_: Callable[[User], Client]
) -> None:
    hold(meeting, NOW)
    excuse_meeting(following, by=cast.ceo, now=NOW + 40 * MINUTE, why="Trade fair")
    last = Meeting.objects.get(team=cast.north, starts_at=NOW + 2 * WEEK)
    for now, outcomes in ((NOW + DAY, ("held",)), (NOW + 8 * DAY, ("held", "excused"))):
        assert agenda_of(last, now).outcomes == outcomes
        assert row_of(cast.north, now).dots.outcomes == outcomes
        past = read_past_meetings(Meeting.objects.filter(team=cast.north), now)[cast.north.pk]
        assert tuple(str(each.outcome) for each in reversed(past)) == outcomes
        with time_machine.travel(now, tick=False):
            over, coming = (
                [row.id for row in as_(cast.ceo).get(f"/meetings/?show={show}").context["rows"]]
                for show in ("over", "coming")
            )
        assert over == [following.pk, meeting.pk][-len(outcomes) :]
        assert (following.pk in coming) is (following.pk not in over)


def test_a_far_meeting_says_that_it_is_a_preview_and_which_meeting_is_next(
    cast: Cast, meeting: Meeting, following: Meeting, as_: Callable[[User], Client]
) -> None:
    for user in (cast.ceo, cast.leader, cast.observer):
        text = " ".join(as_(user).get(f"/meetings/{following.pk}/").text.split())
        assert "This is a preview with today’s figures. The next meeting of North is on" in text
        assert f'<a href="/meetings/{meeting.pk}/">Monday 23 November</a>' in text
        assert f"/meetings/{following.pk}/start/" not in text
    assert "This is a preview" not in as_(cast.ceo).get(f"/meetings/{meeting.pk}/").text
    excuse_meeting(meeting, by=cast.ceo, now=NOW - MINUTE, why="Trade fair")
    page = as_(cast.ceo).get(f"/meetings/{following.pk}/").text
    assert "This is a preview" not in page and f"/meetings/{following.pk}/start/" in page


def test_a_big_deal_added_while_preparing_stands_there_however_late_it_closes(
    cast: Cast, meeting: Meeting
) -> None:
    for is_first in (True, False):
        deal = make_deal(team=cast.north, created_at=NOW - DAY, close_date=TODAY + timedelta(days=90))
        make_deal(
            team=cast.north, created_at=NOW - DAY, close_date=TODAY + 90 * DAY, external_id=f"C{deal.pk}"
        )
        assert deal.pk in [row.id for row in agenda_of(meeting, NOW).deals.added], is_first
        deal.delete()
        if is_first:
            make_held_meeting(team=cast.north, starts_at=LAST)
    assert not agenda_of(meeting, NOW).deals.rows


def test_with_nothing_entered_there_is_a_list_of_first_steps_and_nothing_is_called_ready(
    cast: Cast, meeting: Meeting, as_: Callable[[User], Client]
) -> None:
    steps = ("Bring in your deals", "Enter the revenue won so far", "Name your three biggest risks")
    for address in ("/", f"/meetings/{meeting.pk}/prepare/"):
        text = as_(cast.leader).get(address).text
        assert all(step in text for step in steps), address
        assert "sections are ready" not in text and "of 5 sections" not in text
        assert "Everything is done" not in text
    make_risk(team=cast.north, action="Call", owner=cast.leader, due=TODAY + DAY)
    assert not agenda_of(meeting, NOW).has_nothing_entered


@pytest.mark.parametrize(
    ("months", "starts_on", "won", "now", "headline", "gap"),
    [
        pytest.param(
            range(10, 13),
            None,
            0,
            NOW,
            "$0 of $900K is won and the quarter is $529K behind",
            "−$529K",
            id="no revenue for a team that has been there all along",
        ),
        pytest.param(
            range(10, 13),
            TODAY + 7 * DAY,
            0,
            NOW,
            "$0 of $900K is won and nothing is due yet",
            "nothing due yet",
            id="no revenue yet, before the first meeting",
        ),
        pytest.param(
            range(10, 13),
            TODAY + 7 * DAY,
            10_000,
            NOW,
            "is won and the quarter is on pace",
            "on pace",
            id="the first revenue was entered today",
        ),
        pytest.param(
            range(11, 13),
            None,
            100_000,
            NOW,
            "$100K of $600K is won and the quarter is $129K behind",
            "−$129K",
            id="goals from the middle of the quarter",
        ),
        pytest.param(
            range(10, 13),
            None,
            520_000,
            NOW,
            "$520K of $900K is won and the quarter is on pace",
            "on pace",
            id="within five per cent",
        ),
        pytest.param(
            range(10, 13),
            None,
            700_000,
            NOW + 37 * DAY,
            "$700K of $900K is won and the quarter is $187K behind",
            "−$187K",
            id="the last working days",
        ),
    ],
)
def test_headline_and_home_tell_the_same_of_the_quarter(
    cast: Cast,
    meeting: Meeting,
    months: range,
    starts_on: date | None,
    won: int,
    now: datetime,
    headline: str,
    gap: str,
) -> None:
    if starts_on:
        Team.objects.update(starts_on=starts_on)
    set_goals(cast.north, months=months)
    if won:
        make_revenue(team=cast.north, day=TODAY, amount=won)
    agenda, row = agenda_of(meeting, now), row_of(cast.north, now)
    assert headline in amounts(agenda.headline, currency="USD", locale="en-US")
    assert gap in f"{row.gap}{', on pace' if row.is_on_pace else ''}"
    assert (row.gap_tone == "bad") is agenda.revenue.behind is ("behind" in agenda.headline)
    assert row.standing and row.standing.gap == agenda.revenue.gap
    assert (row.standing.goal, row.standing.actual) == (
        agenda.revenue.figures.quarter.goal,
        agenda.revenue.figures.quarter.actual,
    )


def test_a_minute_after_the_close_the_gap_is_still_what_it_was(
    cast: Cast, meeting: Meeting, following: Meeting
) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST, gap=Decimal(-260_000))
    set_goals(cast.north)
    make_revenue(team=cast.north, day=date(2026, 10, 5), amount=200_000)
    assert "the gap grew to {328571.43}" in agenda_of(meeting, NOW).headline
    Meeting.objects.filter(pk=meeting.pk).update(submitted_at=NOW - DAY)
    assert "gap grew by $69K" in row_of(cast.north, NOW).why
    hold(meeting, NOW)
    assert "the gap is still {328571.43}" in agenda_of(following, NOW + 31 * MINUTE).headline
    assert "grew" not in row_of(cast.north, NOW + 31 * MINUTE).why
    make_revenue(team=cast.north, day=TODAY + DAY, amount=14_000)
    later = agenda_of(following, NOW + DAY).headline
    assert "with {14000.00} won and {14285.71} due since the last meeting" in later


def test_the_same_shape_of_past_quarters_counts_on_home_and_on_the_agenda(
    cast: Cast, meeting: Meeting
) -> None:
    set_goals(cast.north)
    for number in range(4):
        for month, amount in ((1, 1_000), (2, 2_000), (3, 7_000)):
            first = date(2025 + (number + 3) // 4, (number + 3) % 4 * 3 + month, 1)
            for entry in range(4):
                make_revenue(team=cast.north, day=first + entry * DAY, amount=amount)
    make_revenue(team=cast.north, day=date(2026, 10, 5), amount=200_000)
    section, row = agenda_of(meeting, NOW).revenue, row_of(cast.north, NOW)
    assert section.pace_quarters == 4
    assert section.figures.quarter.goal_to_date == Decimal("227142.86")  # straight it would be 528571.43
    assert row.standing and row.standing.due == section.figures.quarter.goal_to_date
    assert row.is_on_pace and "on pace" in agenda_of(meeting, NOW).headline


# The recap


def recap_of(meeting: Meeting) -> str:
    """The mail to the CEO, as text."""
    record = meeting.records.latest("number")
    notice = Notice.objects.get(
        kind="recap", to=meeting.team.seats.get(role="ceo").user, payload__record=record.pk
    )
    message = recap(notice)
    assert message is not None
    return message.text()


def test_the_recap_of_a_meeting_tells_a_win_once(cast: Cast, meeting: Meeting, following: Meeting) -> None:
    won(cast.north, at=NOW - 10 * MINUTE)
    hold(meeting, NOW)
    hold(following, NOW + WEEK)
    name = cast.north.deals.get().name
    assert name in recap_of(meeting)
    assert name not in recap_of(following)


def test_the_recap_says_no_gap_where_no_goal_is_set(cast: Cast, meeting: Meeting) -> None:
    make_revenue(team=cast.north, day=TODAY, amount=40_000)
    hold(meeting, NOW)
    text = recap_of(meeting)
    assert "$40K won" in text and "No goal is set" in text and "gap" not in text.lower()


def test_the_recap_of_a_meeting_held_early_says_nobody_was_late(cast: Cast) -> None:
    far = make_meeting(team=cast.north, starts_at=NOW + 9 * DAY)
    hold(far, NOW)
    assert "late" not in recap_of(far).lower()


def test_what_a_reopened_meeting_adds_is_in_its_second_recap(cast: Cast, meeting: Meeting) -> None:
    hold(meeting, NOW)
    before = recap_of(meeting)
    reopen_meeting(meeting, by=cast.ceo, now=NOW + 60 * MINUTE, why="A deal came in")
    won(cast.north, at=NOW + 60 * MINUTE)
    close_meeting(meeting, by=cast.ceo, now=NOW + 90 * MINUTE)
    name = cast.north.deals.get().name
    assert name not in before and name in recap_of(meeting)
