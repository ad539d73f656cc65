"""Figures and charts as templates show them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone

from alignment.rules import formatting
from alignment.rules.formatting import MoneyFormat
from alignment.templatetags import charts

USD = MoneyFormat("USD", "en_US")
EUR = MoneyFormat("EUR", "de_DE")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def draw(name: str, *args: object, **options: object) -> str:
    """A chart as a page shows it."""
    context = getattr(charts, name)(*args, **options)
    return render_to_string(f"charts/{name}.html", context).strip()


def picture(html: str) -> ElementTree.Element:
    """The chart's picture; fails on markup that is not well formed."""
    return ElementTree.fromstring(html[html.index("<svg") : html.rindex("</svg>") + 6])


def drawn(html: str) -> list[ElementTree.Element]:
    """Everything in the picture."""
    return list(picture(html).iter())[1:]


def classes(html: str) -> list[str]:
    return [element.get("class", "") for element in drawn(html)]


def test_no_amount_is_a_dash():
    assert (
        [show(None, USD) for show in (formatting.money, formatting.compact, formatting.signed)]
        == [formatting.percent(None), formatting.day(None), formatting.when(None)]
        == ["–"] * 3
    )


def test_amounts_are_written_for_the_reader():
    assert formatting.money(Decimal(212000), USD) == "$212,000"
    assert formatting.signed(Decimal(-212000), USD) == "−$212K"
    assert formatting.money(Decimal(212000), EUR) == "212.000\N{NO-BREAK SPACE}€"


def test_a_gain_carries_its_plus():
    assert formatting.signed(Decimal(38000), USD) == "+$38K"


def test_filters_work_in_a_template():
    text = Template("{% load formatting %}{{ x|compact:m }} {{ d|day }} {{ s|percent }}")
    shown = text.render(Context({"x": Decimal(1_838_000), "m": USD, "d": date(1999, 1, 2), "s": 0.315}))
    assert shown == "$1.84M 2 Jan 1999 32%"


@pytest.mark.parametrize(("share", "shown"), [(0, "0"), (0.005, "1"), (Decimal("-0.2"), "−20"), (1.5, "150")])
def test_a_share_is_whole_per_cent(share, shown):
    assert formatting.percent(share) == f"{shown}%"


def test_a_difference_carries_its_sign():
    assert [formatting.signed_number(n) for n in (3, 0, -2)] == ["+3", "0", "−2"]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (252, "4:12"), (4500, "75:00"), (-61, "−1:01")])
def test_a_duration_reads_like_a_clock(seconds, shown):
    assert formatting.minutes_seconds(seconds) == shown


@time_machine.travel(MONDAY, tick=False)
def test_a_day_names_its_year_only_when_it_is_another():
    assert formatting.day(date(2026, 11, 18)) == "18 Nov"
    assert formatting.day(date(2025, 11, 18)) == "18 Nov 2025"
    assert formatting.longday(date(2026, 11, 23)) == "Monday 23 November"
    assert formatting.longday(date(2027, 1, 1)) == "Friday 1 January 2027"


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (MONDAY, "today 08:00"),
        (datetime(2026, 11, 22, 16, 40, tzinfo=UTC), "yesterday 16:40"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "tomorrow 09:00"),
        (datetime(2026, 11, 26, 10, 0, tzinfo=UTC), "Thursday 10:00"),
        (datetime(2026, 11, 30, 10, 0, tzinfo=UTC), "30 Nov"),
        (datetime(2025, 11, 18, 10, 0, tzinfo=UTC), "18 Nov 2025"),
    ],
)
@time_machine.travel(MONDAY, tick=False)
def test_an_instant_near_now_is_named(instant, shown):
    assert formatting.when(instant) == shown


@time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False)
def test_today_is_the_readers_day():
    with timezone.override("Pacific/Auckland"):
        assert formatting.when(datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == "today 12:00"
        assert formatting.clock(datetime(2026, 11, 23, 21, 0, tzinfo=UTC)) == "10:00"
        assert formatting.day(datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == "24 Nov"


def bullet(actual, pace, goal):
    amounts = [None if n is None else Decimal(n) for n in (pace, goal)]
    return draw("bullet", Decimal(actual), *amounts, USD)


def test_a_bar_short_of_its_goal_shows_what_is_missing():
    html = bullet(50, 75, 100)
    assert "bar-short" in classes(html)
    assert 'width="50.00%"' in html
    assert "missing" in html


def test_a_bar_ahead_misses_nothing():
    html = bullet(90, 75, 100)
    assert "bar-short" not in classes(html)
    assert "missing" not in html


def test_a_bar_beyond_its_goal_stays_inside():
    assert 'x1="50.00%"' in bullet(200, 75, 100)


@pytest.mark.parametrize("goal", [0, 100])
def test_a_bar_of_nothing_or_less_is_drawn_empty(goal):
    actual = next(e for e in drawn(bullet(-20, 0, goal)) if e.get("class") == "bar-actual")
    assert actual.get("width") in ("0%", "0.00%")


def test_no_goal_is_said_and_not_drawn():
    html = bullet(50, None, None)
    assert "No goal set" in html
    assert "<svg" not in html


def weeks(*amounts):
    return [(date(2026, 8, 31), Decimal(n)) for n in amounts]


def columns_drawn(html):
    return [e for e in drawn(html) if e.get("class", "").startswith("col col--")]


def test_the_last_column_is_this_week():
    past, now = columns_drawn(draw("columns", weeks(3, 1, 2), USD))
    assert (past.get("class"), now.get("class")) == ("col col--past", "col col--now")
    assert (past.get("d").count("M"), now.get("d").count("M")) == (2, 1)


def test_a_week_below_zero_hangs_from_the_base():
    html = draw("columns", weeks(100, -50, 20), USD)
    base = next(e for e in drawn(html) if e.get("class") == "col-base")
    below = next(e for e in columns_drawn(html) if "col--below" in e.get("class"))
    top, bottom = re.fullmatch(r"M33.33 (\d+)V(\d+)h24.00V\1z", below.get("d")).groups()
    assert top == base.get("y1")
    assert int(bottom) > int(top)


def test_columns_have_a_table_with_the_same_weeks():
    html = draw("columns", weeks(*range(13)), USD, goal=Decimal(5))
    assert html.count('<th scope="row">') == 13
    assert "needed" in html


def test_no_weeks_is_said():
    assert "No weeks" in draw("columns", [], USD)


def test_columns_of_nothing_are_flat():
    for column in columns_drawn(draw("columns", weeks(0, 0), USD)):
        assert set(re.findall(r"[M\d.]+ (\d+)|V(\d+)", column.get("d"))) <= {("74", ""), ("", "74")}


def test_a_measure_is_drawn_from_two_values_on():
    assert draw("spark", [3, None]) == ""
    assert "From 3 to 5 deals over 3 updates, target 14" in draw(
        "spark", [3, None, 5], target=14, unit="deals"
    )


def test_a_measure_that_never_moves_is_drawn():
    assert drawn(draw("spark", [4, 4, 4])) is not None


def test_a_unit_is_escaped():
    assert "<b>" not in draw("spark", [1, 2], unit='"><b>')


def test_a_trail_tells_every_promised_date():
    html = draw("trail", [date(2026, 6, 30), date(2026, 9, 30), date(2027, 1, 15)])
    assert "Close date 30 June 2026, 30 September 2026, now 15 January 2027" in html
    assert classes(html)[-1].endswith("pushed")


def test_a_trail_that_came_forward_is_no_push():
    assert classes(draw("trail", [date(2026, 9, 30), date(2026, 6, 30)]))[-1].endswith("now")


def test_a_date_that_never_moved_has_no_trail():
    assert draw("trail", [date(2026, 6, 30)]) == ""


def test_the_habit_is_told_in_words():
    html = draw("dots", ["held", "held", "missed", "excused", "scheduled"])
    assert picture(html).get("aria-label") == "5 meetings: 2 held, 1 missed, 1 excused, 1 to come"
    assert classes(html) == ["dot dot--held", "dot dot--missed", "dot dot--excused", "dot dot--ahead"]


def test_no_meeting_yet_is_said():
    assert "none yet" in draw("dots", [])


@pytest.mark.parametrize("html", [bullet(1, 2, 3), draw("columns", weeks(1), USD), draw("dots", ["held"])])
def test_charts_need_no_inline_style(html):
    assert "style" not in html


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Decimal(1), "100"),
        (Decimal("0.995"), "99.5"),
        (Decimal("0.9999"), "99.9"),
        (Decimal("1.0001"), "100.1"),
        (Decimal("0.994"), "99"),
        (Decimal("1.006"), "101"),
    ],
)
def test_a_hundred_per_cent_is_all_of_it(share, text):
    assert formatting.percent(share) == f"{text}%"


def test_amounts_side_by_side_look_alike_only_where_they_are():
    assert formatting.compact_apart(USD, Decimal(1_996_000), Decimal(2_000_000)) == [
        "$1,996,000",
        "$2,000,000",
    ]
    assert formatting.compact_apart(USD, Decimal(2_000_000), None, Decimal("2000000.00")) == [
        "$2M",
        "–",
        "$2M",
    ]
    assert formatting.compact_apart(USD, Decimal(1_840_000), Decimal(2_000_000)) == ["$1.84M", "$2M"]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [("26", "%", "26%"), ("3.60", "days", "3.6 days"), ("9", "", "9"), (None, "days", "– days")],
)
def test_a_measure_has_its_unit_as_one_writes_it(value, unit, shown):
    assert formatting.measured(None if value is None else Decimal(value), unit) == shown
