"""From the open deals of a period at one moment to those at a later one: each deal in its line, adding up to the cent.

The formula is the one of the module; its lines were reckoned by hand below.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.rules.periods import quarter_of
from deals.rules.bridge import Bridge, Group, Line, build_bridge, group_of
from deals.rules.known_deals import DealEvent, DealHistory, DealState, KnownDeal, histories
from tests.deals.rules.deal_histories import OURS, THEIRS, Change, at, make_history, make_state, told_at
from tests.speed import at_most

Q2, Q3, Q4 = (quarter_of(date(2026, month, 1), first_month=1) for month in (4, 7, 10))
LAST, NOW = at(11, 16), at(11, 23)
"""Two meetings, a week apart."""
IN, LATER, EARLIER = date(2026, 12, 10), date(2027, 1, 20), date(2026, 9, 20)
BEFORE, BETWEEN = at(11, 1), at(11, 18)


def bridge(*deals: DealHistory, start: datetime = LAST, end: datetime = NOW, period=Q4) -> Bridge:
    return build_bridge(deals, team=OURS, period=period, start=start, end=end)


def lines(result: Bridge) -> dict[str, int]:
    return {str(line.line): int(line.amount) for line in result.lines if line.steps}


def known(first: DealState, *changes: dict[str, object], seen: datetime = BEFORE) -> Bridge:
    """One deal whose changes were all learned between the two meetings."""
    moved = [(BETWEEN + timedelta(hours=number), change) for number, change in enumerate(changes)]
    return bridge(make_history(1, seen, first, *moved))


IS_IN, IS_LATER, IS_EARLIER = make_state(close=IN), make_state(close=LATER), make_state(close=EARLIER)
CASES = {
    "nothing happened": (IS_IN, [], {}),
    "the amount went up": (IS_IN, [{"amount": Decimal(130)}], {"up": 30}),
    "the amount went down": (IS_IN, [{"amount": Decimal(80)}], {"down": -20}),
    "an amount was entered": (make_state(amount=None, close=IN), [{"amount": Decimal(70)}], {"up": 70}),
    "an amount was emptied": (IS_IN, [{"amount": None}], {"down": -100}),
    "up and down again is no change": (IS_IN, [{"amount": Decimal(130)}, {"amount": Decimal(100)}], {}),
    "won": (IS_IN, [{"status": "won", "close_date": date(2026, 11, 18)}], {"won": -100}),
    "won for more": (IS_IN, [{"status": "won", "amount": Decimal(120)}], {"up": 20, "won": -120}),
    "lost": (IS_IN, [{"status": "lost", "close_date": date(2026, 11, 18)}], {"lost": -100}),
    "withdrawn": (IS_IN, [{"status": "withdrawn"}], {"withdrawn": -100}),
    "pushed out": (IS_IN, [{"close_date": LATER}], {"pushed_out": -100}),
    "pushed out for more, split out first at the old place": (
        IS_IN,
        [{"close_date": LATER}, {"amount": Decimal(150)}],
        {"up": 50, "pushed_out": -150},
    ),
    "its date was taken away": (IS_IN, [{"close_date": None}], {"pushed_out": -100}),
    "out and back is no move": (IS_IN, [{"close_date": LATER}, {"close_date": IN}], {}),
    "to an earlier period": (IS_IN, [{"close_date": EARLIER}], {"pulled_out": -100}),
    "won in an earlier period, learned late": (
        IS_IN,
        [{"status": "won", "close_date": EARLIER}],
        {"pulled_out": -100},
    ),
    "handed over": (IS_IN, [{"team": THEIRS}], {"handed_over": -100}),
    "what the other team made of it is theirs": (
        IS_IN,
        [{"team": THEIRS}, {"amount": Decimal(900)}, {"status": "won"}],
        {"handed_over": -100},
    ),
    "handed over and back": (IS_IN, [{"team": THEIRS}, {"team": OURS}], {}),
    "pulled in": (IS_LATER, [{"close_date": IN}], {"pulled_in": 100}),
    "pulled in for more: the amount changed outside": (
        IS_LATER,
        [{"amount": Decimal(150)}, {"close_date": IN}],
        {"pulled_in": 150},
    ),
    "it got a date": (make_state(), [{"close_date": IN}], {"pulled_in": 100}),
    "pushed in from the past": (IS_EARLIER, [{"close_date": IN}], {"pushed_in": 100}),
    "pulled in by winning it": (
        IS_LATER,
        [{"status": "won", "close_date": date(2026, 11, 18)}],
        {"pulled_in": 100, "won": -100},
    ),
    "lost, but never planned here": (IS_LATER, [{"status": "lost", "close_date": date(2026, 11, 18)}], {}),
    "reopened": (make_state(status="lost", close=IN), [{"status": "open"}], {"reopened": 100}),
    "a win that was none": (
        make_state(status="won", close=IN),
        [{"status": "lost"}],
        {"reopened": 100, "lost": -100},
    ),
    "from another team": (make_state(team=THEIRS, close=IN), [{"team": OURS}], {"gained": 100}),
    "from another team, won at once": (
        make_state(team=THEIRS, close=IN),
        [{"team": OURS}, {"status": "won"}],
        {"gained": 100, "won": -100},
    ),
    "won for another amount only corrects the revenue": (
        make_state(status="won", close=IN),
        [{"amount": Decimal(150)}],
        {},
    ),
    "from a team that is not known any more": (
        make_state(team=None, close=IN),
        [{"team": OURS}],
        {"gained": 100},
    ),
}


@pytest.mark.parametrize(("first", "changes", "expected"), CASES.values(), ids=CASES)
def test_a_deal_moves_in_its_line(first, changes, expected) -> None:
    assert lines(known(first, *changes)) == expected


NEW_CASES = {
    "new": (IS_IN, [], {"new": 100}),
    "new, with the amount it has now": (IS_IN, [{"amount": Decimal(150)}], {"new": 150}),
    "new and won": (IS_IN, [{"status": "won", "close_date": IN}], {"new": 100, "won": -100}),
    "an order by phone": (make_state(status="won", close=IN), [], {"new": 100, "won": -100}),
    "new and lost": (IS_IN, [{"status": "lost", "close_date": EARLIER}], {"new": 100, "lost": -100}),
    "new and withdrawn is nothing": (IS_IN, [{"status": "withdrawn"}], {}),
    "new and handed over is nothing of ours": (IS_IN, [{"team": THEIRS}], {}),
    "new, for a later quarter": (IS_LATER, [], {}),
    "new, without an amount": (make_state(amount=None, close=IN), [], {"new": 0}),
}


@pytest.mark.parametrize(("first", "changes", "expected"), NEW_CASES.values(), ids=NEW_CASES)
def test_a_deal_first_seen_in_between_is_new(first, changes, expected) -> None:
    assert lines(known(first, *changes, seen=at(11, 17))) == expected


def test_a_deal_without_an_amount_is_counted_as_such() -> None:
    result = known(make_state(amount=None, close=IN), {"status": "won"})
    [won] = [line for line in result.lines if line.line == Line.WON]
    assert (result.start.without_amount, won.number, won.without_amount) == (1, 1, 1)


def test_what_was_learned_at_the_very_moment_was_known() -> None:
    moved = make_history(1, BEFORE, IS_IN, (LAST, {"amount": Decimal(150)}), (NOW, {"amount": Decimal(200)}))
    assert lines(bridge(moved)) == {"up": 50}


TWELVE = (
    # in Q2 all year, won in Q2
    make_history(
        1, at(4, 2), make_state(amount=500, close=date(2026, 6, 20)), (at(6, 18), {"status": "won"})
    ),
    # slipped from Q2 to Q3, grew, won in Q3
    make_history(
        2,
        at(4, 2),
        make_state(amount=300, close=date(2026, 6, 25)),
        (at(6, 26), {"close_date": date(2026, 9, 10)}),
        (at(8, 3), {"amount": Decimal(360)}),
        (at(9, 9), {"status": "won", "close_date": date(2026, 9, 9)}),
    ),
    # slipped from Q3 to Q4 and again to 2027
    make_history(
        3,
        at(7, 6),
        make_state(amount=200, close=date(2026, 9, 15)),
        (at(9, 14), {"close_date": date(2026, 11, 30)}),
        (at(11, 20), {"close_date": date(2027, 1, 31)}),
    ),
    # lost in Q3
    make_history(
        4, at(7, 6), make_state(amount=150, close=date(2026, 8, 30)), (at(8, 20), {"status": "lost"})
    ),
    # lost in Q3, reopened in Q4
    make_history(
        5,
        at(5, 4),
        make_state(amount=90, close=date(2026, 8, 1)),
        (at(8, 3), {"status": "lost"}),
        (at(10, 12), {"status": "open", "close_date": date(2026, 12, 15)}),
    ),
    # came from another team in Q3
    make_history(
        6, at(4, 20), make_state(amount=80, close=date(2026, 9, 28), team=THEIRS), (at(7, 20), {"team": OURS})
    ),
    # went to another team in Q3
    make_history(7, at(4, 20), make_state(amount=70, close=date(2026, 9, 28)), (at(9, 1), {"team": THEIRS})),
    # planned for Q4, pulled into Q3 and won there
    make_history(
        8,
        at(6, 1),
        make_state(amount=400, close=date(2026, 10, 20)),
        (at(9, 2), {"close_date": date(2026, 9, 29)}),
        (at(9, 28), {"status": "won", "close_date": date(2026, 9, 28)}),
    ),
    # new in Q3, no amount until it was won
    make_history(
        9,
        at(7, 13),
        make_state(amount=None, close=date(2026, 9, 1)),
        (at(8, 31), {"status": "won", "amount": Decimal(110)}),
    ),
    # withdrawn in Q3: it was another deal twice
    make_history(
        10, at(6, 8), make_state(amount=60, close=date(2026, 7, 31)), (at(7, 9), {"status": "withdrawn"})
    ),
    # smaller by half, still open in Q3's last week
    make_history(
        11, at(6, 8), make_state(amount=100, close=date(2026, 9, 30)), (at(9, 7), {"amount": Decimal(50)})
    ),
    # new in Q4
    make_history(12, at(10, 5), make_state(amount=250, close=date(2026, 12, 1))),
)
"""A year's middle: twelve deals over three quarters."""


def test_the_third_quarter_of_twelve_deals_as_reckoned_by_hand() -> None:
    """Open in Q3 on 30 June: 2 (300), 5 (90), 7 (70), 10 (60), 11 (100) = 620.

    New: 4 (150), 9 (110) = 260; 3 came and was pushed out in between, so neither moment knows it in Q3.
    Pulled in: 8 (400). Came over: 6 (80). Up: 2 (60). Down: 11 (−50).
    Won: 2 (360), 8 (400), 9 (110) = 870. Lost: 4 (150), 5 (90) = 240. Handed over: 7 (70).
    Withdrawn: 10 (60). Open on 30 September: 6 (80), 11 (50) = 130.
    620 + 260 + 400 + 80 + 60 − 50 − 870 − 240 − 70 − 60 = 130.
    """
    result = bridge(*TWELVE, period=Q3, start=at(6, 30, 22), end=at(9, 30, 22))
    assert (result.start.amount, result.start.number) == (620, 5)
    assert lines(result) == {
        "new": 260,
        "pulled_in": 400,
        "gained": 80,
        "up": 60,
        "down": -50,
        "won": -870,
        "lost": -240,
        "handed_over": -70,
        "withdrawn": -60,
    }
    assert (result.end.amount, result.end.number) == (130, 2)
    assert [(step.deal, step.line) for step in result.largest(3)] == [
        (8, Line.PULLED_IN),
        (2, Line.WON),
        (4, Line.NEW),
    ]


def test_the_second_and_the_fourth_quarter_as_reckoned_by_hand() -> None:
    """Q2 from its first day: new and won 1 (500); 2 was pushed out of it again. Nothing is left.

    Q4 to 23 November: open 3 (200) on 30 September; reopened 5 (90); new 12 (250); pushed out 3 (200); left 340.
    """
    second = bridge(*TWELVE, period=Q2, start=at(4, 1, 0), end=at(6, 30, 22))
    assert (second.start.amount, second.end.amount) == (0, 0)
    assert lines(second) == {"new": 500, "won": -500}
    fourth = bridge(*TWELVE, period=Q4, start=at(9, 30, 22), end=NOW)
    assert (fourth.start.amount, fourth.end.amount) == (200, 340)
    assert lines(fourth) == {"new": 250, "reopened": 90, "pushed_out": -200}


def test_every_line_belongs_to_one_of_six_groups() -> None:
    assert {group_of(line) for line in Line} == set(Group)
    result = bridge(*TWELVE, period=Q3, start=at(6, 30, 22), end=at(9, 30, 22))
    moved = sum((result.total(group) for group in Group), Decimal(0))
    assert result.start.amount + moved == result.end.amount


DAYS = st.dates(date(2026, 9, 1), date(2027, 1, 31))
CENTS = st.decimals(min_value=0, max_value=1_000_000, places=2)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(("open", "won", "lost", "withdrawn")),
        "amount": st.none() | CENTS,
        "close_date": st.none() | DAYS,
        "team": st.sampled_from((OURS, THEIRS)),
    },
)
MOMENTS = st.integers(0, 100).map(lambda number: at(9, 1) + timedelta(days=number))
FIRSTS = st.builds(
    make_state,
    amount=st.none() | CENTS,
    close=st.none() | DAYS,
    status=st.sampled_from(("open", "open", "open", "won", "lost")),
    team=st.sampled_from((OURS, OURS, THEIRS)),
)


@st.composite
def deal_courses(draw: st.DrawFn) -> tuple[datetime, DealState, list[Change]]:
    seen, first = draw(MOMENTS), draw(FIRSTS)
    moved = sorted(draw(st.lists(st.integers(0, 60), max_size=6)))
    state, changes = first, []
    for days in moved:
        fields = {name: value for name, value in draw(FIELDS).items() if getattr(state, name) != value}
        changes.append((seen + timedelta(days=days), fields))
        state = state._replace(**fields)
    return seen, first, changes


@settings(max_examples=300, deadline=None)
@given(
    courses=st.lists(deal_courses(), max_size=8),
    ends=st.tuples(MOMENTS, MOMENTS).map(lambda pair: sorted(pair)),
)
def test_the_parts_add_up_to_the_cent_whatever_happened(courses, ends) -> None:
    start, end = ends
    deals = [make_history(pk, *course[:2], *course[2]) for pk, course in enumerate(courses)]
    result = bridge(*deals, start=start, end=end)
    for moment, total in ((start, result.start), (end, result.end)):
        states = [told_at(*course, moment) for course in courses]
        is_open = [state for state in states if state and state.is_open_in(Q4, team=OURS)]
        assert total.amount == sum((state.worth for state in is_open), Decimal(0))
        assert total.number == len(is_open)
    moved = sum((step.amount for step in result.steps), Decimal(0))
    assert result.start.amount + moved == result.end.amount
    for course, deal in zip(courses, deals, strict=True):
        mine = [step for step in result.steps if step.deal == deal.deal.pk]
        moves = [step for step in mine if step.line not in (Line.UP, Line.DOWN)]
        assert len(mine) <= 2, course
        assert len(moves) <= 1 or [step.line in (Line.WON, Line.LOST) for step in moves] == [False, True], (
            course
        )


def test_fifty_thousand_changes_take_less_than_a_second() -> None:
    """Ten thousand deals with five changes each; the bar is the issue's."""
    deals, events = [], []
    for pk in range(10_000):
        deals.append(KnownDeal(pk, OURS, "open", Decimal(pk), IN, at(1, 1)))
        for number in range(5):
            field, old = (("amount", str(pk + number)), ("close_date", LATER.isoformat()))[number % 2]
            moment = datetime(2026, 10, 1 + 5 * number, tzinfo=UTC)
            events.append(DealEvent(pk, field, old, None, moment))
    with at_most(1):
        result = build_bridge(histories(deals, events), team=OURS, period=Q4, start=at(9, 30, 22), end=NOW)
    assert result.end.number == 10_000
