from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.timer import TimerState

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PLANNED = {"revenue": 7, "deals": 5, "risks": 6, "initiatives": 5, "issues": 7}
FRESH = TimerState(section=None, running_since=None, seconds={}, planned=PLANNED)
RUNNING = FRESH.move_to("revenue", START)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_fresh_clock_stands_at_zero() -> None:
    assert not FRESH.is_running
    assert (FRESH.section_seconds(START), FRESH.total_seconds(START)) == (0, 0)
    assert FRESH.total_left(START) == 30 * 60
    assert FRESH.section_overtime(START) == 0
    assert not FRESH.section_is_near_end(START)
    assert FRESH.resume(START) == FRESH


def test_going_to_the_first_section_starts_the_clock() -> None:
    assert RUNNING.is_running
    assert RUNNING.section_seconds(after(90)) == 90
    assert RUNNING.section_left(after(90)) == 330
    assert RUNNING.total_left(after(90)) == 1710


def test_going_on_banks_the_time_of_the_section_left() -> None:
    deals = RUNNING.move_to("deals", after(400))
    assert deals.seconds == {"revenue": 400}
    assert deals.section_seconds(after(410)) == 10
    assert deals.total_seconds(after(410)) == 410


def test_coming_back_to_a_section_goes_on_counting_there() -> None:
    back = RUNNING.move_to("deals", after(100)).move_to("revenue", after(130))
    assert back.section_seconds(after(140)) == 110
    assert back.seconds_in("deals", after(140)) == 30


def test_going_to_the_same_section_changes_no_time() -> None:
    again = RUNNING.move_to("revenue", after(100))
    assert again.section_seconds(after(150)) == RUNNING.section_seconds(after(150))


def test_a_pause_counts_nothing_until_the_clock_goes_on() -> None:
    paused = RUNNING.pause(after(60))
    assert not paused.is_running
    assert paused.total_seconds(after(600)) == 60
    resumed = paused.resume(after(600))
    assert resumed.total_seconds(after(605)) == 65


def test_pausing_or_going_on_twice_changes_nothing() -> None:
    paused = RUNNING.pause(after(60))
    assert paused.pause(after(90)) == paused
    assert RUNNING.resume(after(60)) == RUNNING


def test_turning_the_page_while_paused_stays_paused() -> None:
    deals = RUNNING.pause(after(60)).move_to("deals", after(90))
    assert not deals.is_running
    assert deals.section == "deals"
    assert deals.total_seconds(after(900)) == 60


def test_the_last_minute_of_a_section_is_near_its_end_and_overtime_is_counted() -> None:
    assert not RUNNING.section_is_near_end(after(359))
    assert RUNNING.section_is_near_end(after(360))
    assert RUNNING.section_left(after(450)) == -30
    assert RUNNING.section_overtime(after(450)) == 30
    assert RUNNING.overtime(after(450)) == 0


def test_the_last_five_minutes_are_near_the_end_of_the_meeting() -> None:
    assert not RUNNING.total_is_near_end(after(25 * 60 - 1))
    assert RUNNING.total_is_near_end(after(25 * 60))
    assert RUNNING.overtime(after(31 * 60)) == 60


def test_a_section_without_a_plan_is_timed_and_never_near_its_end() -> None:
    closing = RUNNING.move_to("closing", after(60))
    assert closing.section_seconds(after(100)) == 40
    assert not closing.section_is_near_end(after(100))
    assert closing.section_overtime(after(100)) == 0


def test_a_clock_that_was_set_back_gives_no_negative_seconds() -> None:
    assert RUNNING.total_seconds(after(-600)) == 0
    moved = RUNNING.move_to("deals", after(-600))
    assert moved.seconds == {"revenue": 0}
    assert moved.section_seconds(after(-590)) == 10


def test_fractions_of_seconds_are_not_lost_in_turning_pages() -> None:
    state = RUNNING
    for turn in range(1, 101):
        state = state.move_to(f"section {turn % 2}", after(turn * 0.9))
    assert state.total_seconds(after(90)) == 90


STEPS = st.tuples(st.sampled_from(["revenue", "deals", "pause", "resume"]), st.floats(-600, 3600))


@given(st.lists(STEPS, max_size=20))
def test_no_second_is_lost_or_negative_whatever_happens(steps: list[tuple[str, float]]) -> None:
    state, now = RUNNING, START
    for what, seconds in steps:
        before = state.total_seconds(now)
        now += timedelta(seconds=seconds)
        then = state.total_seconds(now)
        turns = {"pause": state.pause, "resume": state.resume}
        state = turns[what](now) if what in turns else state.move_to(what, now)
        assert state.total_seconds(now) == then
        assert min([*state.seconds.values(), then]) >= 0
        assert seconds < 0 or then >= before


def test_what_was_counted_is_never_changed_in_place() -> None:
    kept = dict(RUNNING.seconds)
    RUNNING.move_to("deals", after(60)).pause(after(90))
    assert RUNNING.seconds == kept


def test_a_clock_running_in_no_section_can_still_be_stopped() -> None:
    lost = TimerState(section=None, running_since=START, seconds={"revenue": 5}, planned=PLANNED)
    assert lost.pause(after(60)).seconds == {"revenue": 5}
