from datetime import timedelta
from typing import Any

import pytest

from alignment.models import Notice, Team
from alignment.sweep.run import sweep
from meetings.discipline.corrections import correct_miss
from meetings.models import Flag, Meeting, TransitionNotAllowed
from meetings.transitions import closing
from tests.cast import Cast
from tests.factories import NOW, make_meeting
from tests.sweep import run_step

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def only_north_meets(cast: Cast) -> None:
    Team.objects.exclude(pk=cast.north.pk).update(ends_on=NOW - WEEK)


def slot(cast: Cast, weeks: int) -> Meeting:
    """North's meeting so many weeks from NOW: the clock may have planned it already."""
    starts_at = NOW + weeks * WEEK
    planned = Meeting.objects.filter(team=cast.north, planned_start=starts_at).first()
    return planned or make_meeting(team=cast.north, starts_at=starts_at)


def missed(cast: Cast, count: int) -> list[Meeting]:
    """So many in a row, each stated by the sweep a day later."""
    found = []
    for number in range(count):
        found.append(slot(cast, number))
        sweep(NOW + number * WEEK + DAY)
    for meeting in found:
        meeting.refresh_from_db()
    return found


def open_steps() -> list[int]:
    return sorted(Flag.objects.filter(cleared_at=None).values_list("step", flat=True))


@pytest.mark.parametrize(("count", "steps"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (4, [1, 2, 3])])
def test_each_step_of_the_ladder_is_raised_once(cast: Cast, count: int, steps: list[int]) -> None:
    first = missed(cast, count)[0]
    again = sweep(NOW + (count - 1) * WEEK + DAY)
    assert again.counts["flags raised"] == 0
    assert open_steps() == steps
    assert set(Flag.objects.values_list("meeting", "team")) == {(first.pk, cast.north.pk)}


@pytest.mark.parametrize(
    ("count", "escalated"),
    [
        (1, []),
        (2, ["admin"]),
        (3, ["admin", "admin", "ceo", "leader"]),
        (4, ["admin", "admin", "ceo", "leader"]),
    ],
)
def test_who_is_told_of_which_step(cast: Cast, count: int, escalated: list[str]) -> None:
    missed(cast, count)
    told = Notice.objects.filter(kind="escalated").values_list("to__email", flat=True)
    assert sorted(email.split("@")[0] for email in told) == escalated
    assert Notice.objects.filter(kind="missed", closed_at=None).count() == 2 * count


def test_three_stated_at_once_after_the_clock_stood_still_are_told_once(cast: Cast) -> None:
    slot(cast, 0)
    assert sweep(NOW + 2 * WEEK + DAY).counts["flags raised"] == 3
    assert Notice.objects.filter(kind="escalated", to=cast.admin).count() == 1


def test_the_next_held_meeting_clears_the_flags_at_once(cast: Cast) -> None:
    missed(cast, 2)
    held = slot(cast, 2)
    held.start(by=cast.ceo, now=held.starts_at)
    closing.close_meeting(held, by=cast.ceo, now=held.starts_at + timedelta(hours=1))
    assert open_steps() == []
    assert sweep(held.starts_at + DAY).counts["flags raised"] == 0


def test_the_sweep_clears_what_was_held_otherwise_and_a_new_row_is_raised_anew(cast: Cast) -> None:
    missed(cast, 2)
    at = NOW + 2 * WEEK
    Meeting.objects.filter(pk=slot(cast, 2).pk).update(state="held", started_at=at, closed_at=at)
    sweep(NOW + 2 * WEEK + DAY)
    assert open_steps() == []
    sweep(NOW + 3 * WEEK + DAY)
    assert open_steps() == [1]


def test_misses_of_long_ago_raise_nothing(cast: Cast) -> None:
    make_meeting(team=cast.north, state="missed", missed_at=NOW - 8 * DAY, starts_at=NOW - 2 * DAY)
    assert sweep(NOW).counts["flags raised"] == 0


def test_a_sweep_with_nothing_due_asks_two_questions_for_any_number_of_flags(
    cast: Cast, django_assert_num_queries: Any
) -> None:

    missed(cast, 3)
    with django_assert_num_queries(2):
        assert run_step("escalation", NOW + 2 * WEEK + DAY) == 0


def test_a_miss_corrected_to_excused_takes_its_step_back_and_stays_as_a_correction(cast: Cast) -> None:
    _, second = missed(cast, 2)
    correct_miss(second, "excused", by=cast.admin, now=NOW + 2 * WEEK, why="It was a public holiday")
    second.refresh_from_db()
    assert (second.state, second.excused_why, second.missed_by) == ("excused", "It was a public holiday", "")
    assert open_steps() == [1]
    kept = second.corrections.get()
    assert (kept.old_state, kept.old_fault, kept.new_state, kept.by) == (
        "missed",
        "both",
        "excused",
        cast.admin,
    )


def test_a_miss_can_be_corrected_to_whose_it_really_was(cast: Cast) -> None:
    (only,) = missed(cast, 1)
    correct_miss(only, "ceo_absent", by=cast.admin, now=NOW + 2 * DAY, why="Joe was there")
    only.refresh_from_db()
    assert (only.state, only.missed_by, open_steps()) == ("missed", "ceo_absent", [1])


@pytest.mark.parametrize("to", ["both", "excused"])
def test_what_is_not_stated_cannot_be_corrected(cast: Cast, meeting: Meeting, to: str) -> None:
    with pytest.raises(TransitionNotAllowed):
        correct_miss(meeting, to, by=cast.admin, now=NOW, why="x")
    (only,) = (make_meeting(team=cast.south, state="missed", missed_at=NOW, missed_by="both"),)
    with pytest.raises(TransitionNotAllowed):
        correct_miss(only, "both", by=cast.admin, now=NOW, why="x")


def test_a_flag_is_acknowledged_once_with_the_steps_below(cast: Cast) -> None:
    missed(cast, 2)
    flag = Flag.objects.get(step=2)
    assert flag.acknowledge("We spoke on Friday", by=cast.ceo, now=NOW)
    assert not flag.acknowledge("Again", by=cast.leader, now=NOW)
    assert set(Flag.objects.values_list("comment", "acknowledged_by")) == {
        ("We spoke on Friday", cast.ceo.pk)
    }
