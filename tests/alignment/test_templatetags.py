"""Figures and charts as templates show them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

from alignment.templatetags import charts, figures
from alignment.templatetags.figures import MoneyFormat

USD = MoneyFormat("USD", "en_US")
EUR = MoneyFormat("EUR", "de_DE")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def drawn(html: str) -> ElementTree.Element:
    """The chart's picture; fails on markup that is not well formed."""
    svg = html[html.index("<svg") : html.index("</svg>") + 6]
    return ElementTree.fromstring(svg)


def classes(html: str) -> list[str]:
    return [element.get("class", "") for element in drawn(html)]


def test_no_amount_is_a_dash():
    assert (
        [show(None, USD) for show in (figures.money, figures.compact, figures.signed)]
        == [figures.percent(None), figures.day(None), figures.when(None)]
        == ["–"] * 3
    )


def test_amounts_are_written_for_the_reader():
    assert figures.money(Decimal(212000), USD) == "$212,000"
    assert figures.signed(Decimal(-212000), USD) == "−$212K"
    assert figures.money(Decimal(212000), EUR) == "212.000\N{NO-BREAK SPACE}€"


def test_a_gain_carries_its_plus():
    assert figures.signed(Decimal(38000), USD) == "+$38.0K"


def test_filters_work_in_a_template():
    text = Template("{% load figures %}{{ x|compact:m }} {{ d|day }} {{ s|percent }}")
    shown = text.render(Context({"x": Decimal(1_838_000), "m": USD, "d": date(1999, 1, 2), "s": 0.315}))
    assert shown == "$1.84M 2 Jan 1999 32\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("share", "shown"), [(0, "0"), (0.005, "1"), (Decimal("-0.2"), "−20"), (1.5, "150")])
def test_a_share_is_whole_per_cent(share, shown):
    assert figures.percent(share) == f"{shown}\N{NO-BREAK SPACE}%"


def test_a_difference_carries_its_sign():
    assert [figures.signed_number(n) for n in (3, 0, -2)] == ["+3", "0", "−2"]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (252, "4:12"), (4500, "75:00"), (-61, "−1:01")])
def test_a_duration_reads_like_a_clock(seconds, shown):
    assert figures.minutes_seconds(seconds) == shown


@time_machine.travel(MONDAY, tick=False)
def test_a_day_names_its_year_only_when_it_is_another():
    assert figures.day(date(2026, 11, 18)) == "18 Nov"
    assert figures.day(date(2025, 11, 18)) == "18 Nov 2025"
    assert figures.longday(date(2026, 11, 23)) == "Monday 23 November"
    assert figures.longday(date(2027, 1, 1)) == "Friday 1 January 2027"


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
    assert figures.when(instant) == shown


@time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False)
def test_today_is_the_readers_day():
    with timezone.override("Pacific/Auckland"):
        assert figures.when(datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == "today 12:00"
        assert figures.clock(datetime(2026, 11, 23, 21, 0, tzinfo=UTC)) == "10:00"
        assert figures.day(datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == "24 Nov"


def bullet(actual, pace, goal, **options):
    amounts = [None if n is None else Decimal(n) for n in (pace, goal)]
    return charts.bullet(Decimal(actual), *amounts, USD, **options)


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


def test_a_small_bar_has_no_legend():
    assert "legend" not in bullet(50, 75, 100, small=True)


def weeks(*amounts):
    return [(date(2026, 8, 31), Decimal(n)) for n in amounts]


def test_the_last_column_is_this_week():
    assert classes(charts.columns(weeks(3, 1, 2), USD))[:3] == ["col", "col", "col col--now"]


def test_a_week_below_zero_hangs_from_the_base():
    html = charts.columns(weeks(100, -50, 20), USD)
    base = next(e for e in drawn(html) if e.get("class") == "col-base")
    below = next(e for e in drawn(html) if "col--below" in e.get("class", ""))
    assert below.get("y") == base.get("y1")


def test_columns_have_a_table_with_the_same_weeks():
    html = charts.columns(weeks(*range(13)), USD, goal=Decimal(5))
    assert html.count('<th scope="row">') == 13
    assert "needed" in html


def test_no_weeks_is_said():
    assert "No weeks" in charts.columns([], USD)


def test_columns_of_nothing_are_flat():
    assert {e.get("height") for e in drawn(charts.columns(weeks(0, 0), USD)) if e.tag == "rect"} == {"0"}


def test_a_measure_is_drawn_from_two_values_on():
    assert charts.spark([3, None]) == ""
    assert "From 3 to 5 deals over 3 weeks, target 14" in charts.spark([3, None, 5], target=14, unit="deals")


def test_a_measure_that_never_moves_is_drawn():
    assert drawn(charts.spark([4, 4, 4])) is not None


def test_a_unit_is_escaped():
    assert "<b>" not in charts.spark([1, 2], unit='"><b>')


def test_a_trail_tells_every_promised_date():
    html = charts.trail([date(2026, 6, 30), date(2026, 9, 30), date(2027, 1, 15)])
    assert "Promised 30 June 2026, 30 September 2026, now 15 January 2027" in html
    assert classes(html)[-1].endswith("pushed")


def test_a_trail_that_came_forward_is_no_push():
    assert classes(charts.trail([date(2026, 9, 30), date(2026, 6, 30)]))[-1].endswith("now")


def test_a_date_that_never_moved_has_no_trail():
    assert charts.trail([date(2026, 6, 30)]) == ""


def test_the_habit_is_told_in_words():
    html = charts.dots(["held", "held", "missed", "excused", "scheduled"])
    assert drawn(html).get("aria-label") == "5 weeks: 2 held, 1 missed, 1 excused, 1 to come"
    assert classes(html) == ["dot dot--held", "dot dot--missed", "dot dot--excused", "dot dot--ahead"]


def test_no_meeting_yet_is_said():
    assert "none yet" in charts.dots([])


@pytest.mark.parametrize("html", [bullet(1, 2, 3), charts.columns(weeks(1), USD), charts.dots(["held"])])
def test_charts_need_no_inline_style(html):
    assert "style" not in html
