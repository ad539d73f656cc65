from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from alignment.models import Goal, Notice
from alignment.outbox.delivery import deliver_due
from meetings.agenda import build
from meetings.mails.recap import recap
from meetings.models import Issue, Meeting, Record, TransitionNotAllowed
from meetings.transitions.closing import close_meeting, reopen_meeting, undo_end
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_deal,
    make_decision,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_update,
)

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def running(cast: Cast, meeting: Meeting) -> Meeting:
    meeting.start(by=cast.ceo, now=NOW)
    return meeting


def test_closing_freezes_what_the_page_showed(cast: Cast, running: Meeting) -> None:
    deal = make_deal(team=cast.north, name="Orbis")
    close_meeting(running, by=cast.ceo, now=LATER)
    deal.record_change(version=1, day=TODAY, now=LATER, by=cast.leader, amount=Decimal(1))
    frozen = build(Meeting.objects.get(pk=running.pk), cast.ceo, LATER + timedelta(days=9))
    assert [(row.title, row.amount) for row in frozen.deals.rows] == [("Orbis", Decimal("100000.00"))]


def test_closing_plans_the_meetings_ahead_and_owes_a_recap_to_the_two_and_the_chosen(
    cast: Cast, running: Meeting
) -> None:
    running.recap_to.add(cast.observer)
    close_meeting(running, by=cast.ceo, now=LATER)
    assert Meeting.objects.ahead().first().starts_at == NOW + timedelta(days=7)
    assert {notice.to for notice in Notice.objects.all()} == {cast.ceo, cast.leader, cast.observer}


def test_the_gap_at_the_time_is_kept_with_the_meeting(cast: Cast, running: Meeting) -> None:
    for month in (10, 11, 12):
        Goal.objects.set(cast.north, TODAY.replace(month=month), Decimal(66_000), by=None, now=NOW)
    make_revenue(team=cast.north, day=TODAY, amount=1000)
    record = close_meeting(running, by=cast.ceo, now=LATER)
    running.refresh_from_db()
    assert running.gap == build(running, cast.ceo, LATER).revenue.gap
    assert running.gap is not None and running.gap < 0 and record.number == 1


def test_closing_twice_is_refused_in_a_sentence_and_makes_one_record(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    with pytest.raises(TransitionNotAllowed, match="held now, so this is no longer possible"):
        close_meeting(running, by=cast.leader, now=LATER)
    assert Record.objects.count() == 1


def test_a_reopened_meeting_keeps_both_versions(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    reopen_meeting(running, by=cast.leader, now=LATER, why="We forgot the price decision.")
    make_decision(meeting=running, text="Prices stay.")
    close_meeting(running, by=cast.ceo, now=LATER)
    first, second = Record.objects.order_by("number")
    assert "Prices stay." not in first.text and "Prices stay." in second.text


def test_a_meeting_cannot_be_reopened_once_the_next_has_begun(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=3)).start(
        by=cast.ceo, now=NOW + timedelta(days=3)
    )
    with pytest.raises(TransitionNotAllowed, match="A later meeting has started"):
        reopen_meeting(running, by=cast.ceo, now=LATER, why="Typo")


def test_a_reps_plan_stays_out_of_what_others_read_and_search(cast: Cast, running: Meeting) -> None:
    plan = make_initiative(team=cast.north, title="Keep Marta", kind="rep")
    make_commitment(
        team=cast.north, owner=cast.leader, text="Coach Marta", initiative=plan, section="initiatives"
    )
    make_update(
        meeting=running, author=cast.leader, section="initiatives", initiative=plan, text="Marta is better."
    )
    record = close_meeting(running, by=cast.ceo, now=LATER)
    assert "Marta" not in record.text and set(record.pair_texts) == {
        Record.reader(user.pk) for user in (cast.ceo, cast.leader)
    }
    for text in record.pair_texts.values():
        assert "Coach Marta" in text and "Marta is better." in text
    seen = build(Meeting.objects.get(pk=running.pk), cast.observer, LATER)
    assert not seen.initiatives.rows and not seen.commitments
    assert build(running, cast.ceo, LATER).initiatives.rows


SECOND = timedelta(seconds=1)


def test_the_recap_is_due_a_minute_after_the_end(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    assert {notice.due_at for notice in Notice.objects.filter(kind="recap")} == {LATER + timedelta(minutes=1)}


def test_an_end_undone_within_the_minute_mails_no_recap_even_if_the_sweep_comes_between(
    cast: Cast, running: Meeting, time_machine: Any, mailoutbox: list[Any]
) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    time_machine.move_to(LATER + 30 * SECOND)
    deliver_due()
    undo_end(running, by=cast.leader, now=LATER + 59 * SECOND)
    undo_end(running, by=cast.ceo, now=LATER + 60 * SECOND)  # the second click
    time_machine.move_to(LATER + 120 * SECOND)
    deliver_due()
    notices = Notice.objects.filter(kind="recap")
    assert not mailoutbox and {notice.error for notice in notices} == {"No longer needed."}
    assert (running.is_in_progress, running.section) == (True, "closing")
    assert [(reopening.why, reopening.by) for reopening in running.reopenings.all()] == [
        ("Undone", cast.leader)
    ]


def test_after_the_minute_the_end_stands(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    with pytest.raises(TransitionNotAllowed, match="The recap has gone out"):
        undo_end(running, by=cast.ceo, now=LATER + timedelta(minutes=1))


def test_a_meeting_that_closed_itself_has_nothing_to_undo(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=None, now=LATER)
    with pytest.raises(TransitionNotAllowed):
        undo_end(running, by=cast.ceo, now=LATER + SECOND)


def test_a_recap_that_waited_until_its_meeting_was_reopened_is_not_sent(cast: Cast, running: Meeting) -> None:
    close_meeting(running, by=cast.ceo, now=LATER)
    first = Notice.objects.filter(kind="recap", to=cast.ceo).get()
    reopen_meeting(running, by=cast.leader, now=LATER, why="We forgot the price decision.")
    assert recap(first) is None
    close_meeting(running, by=cast.ceo, now=LATER)
    assert recap(first) is None
    assert recap(Notice.objects.filter(kind="recap", to=cast.ceo).latest("pk")) is not None


def test_an_answered_question_is_settled_with_its_answer(cast: Cast, running: Meeting) -> None:
    """Nobody is asked again for what they have answered."""
    question = make_issue(team=cast.north, kind="question", title="Still plants?", created_by=cast.ceo)
    make_update(meeting=running, author=cast.leader, section="issues", issue=question, text="Two of them.")
    record = close_meeting(running, by=cast.ceo, now=LATER)
    question.refresh_from_db()
    assert (question.resolution, question.solved_by, question.solved_at) == (
        "Two of them.",
        cast.leader,
        LATER,
    )
    assert "Two of them." in record.text
    assert not Issue.objects.unanswered_by("leader").exists()


def test_a_question_left_for_the_next_meeting_stays_open(cast: Cast, running: Meeting) -> None:
    question = make_issue(team=cast.north, kind="question", created_by=cast.ceo)
    make_update(meeting=running, author=cast.leader, section="issues", issue=question, text="Two of them.")
    question.defer(now=LATER)
    close_meeting(running, by=cast.ceo, now=LATER)
    question.refresh_from_db()
    assert question.solved_at is None


def test_what_a_decision_was_made_of_was_discussed(cast: Cast, running: Meeting) -> None:
    question = make_issue(team=cast.north, kind="question", created_by=cast.ceo)
    make_decision(meeting=running, text="No more plants.", issue=question, created_at=LATER)
    close_meeting(running, by=cast.ceo, now=LATER)
    question.refresh_from_db()
    assert (question.discussed_at, question.solved_at) == (LATER, None)
    assert not Issue.objects.unanswered_by("leader").exists()
