"""Where the columns of a history stand."""

from decimal import Decimal

from alignment.rules.column_charts import (
    Bar,
    Column,
    ColumnChart,
    ForecastBar,
    Forecasted,
    Mark,
    MarkChart,
    MarkColumn,
    Segment,
    top_of,
)


def column(*segments: tuple[str, int], target: int | None = None) -> Column:
    return Column(
        "week",
        tuple(Segment(kind, Decimal(amount)) for kind, amount in segments),
        target=None if target is None else Decimal(target),
    )


def test_parts_of_a_column_stand_on_each_other_on_one_scale() -> None:
    chart = ColumnChart([column(("done", 3), ("late", 1)), column(("done", 2))], 44)
    first, second = chart.pictures
    assert first.bars == (Bar("done", 12, 30), Bar("late", 2, 10))
    assert second.bars == (Bar("done", 22, 20),)
    assert chart.base_y == 42


def test_a_goal_above_all_columns_is_still_on_the_chart() -> None:
    (picture,) = ColumnChart([column(("past", 50), target=100)], 44).pictures
    assert (picture.target_y, picture.bars) == (2, (Bar("past", 22, 20),))


def test_what_was_credited_hangs_below_the_base() -> None:
    chart = ColumnChart([column(("past", 30)), column(("past", -10))], 44)
    assert chart.base_y == 32
    assert chart.pictures[1].bars == (Bar("below", 32, 10),)


def test_columns_of_nothing_are_no_division_by_zero() -> None:
    chart = ColumnChart([column(("past", 0)), column()])
    assert [picture.bars for picture in chart.pictures] == [(), ()]


def test_marks_are_stacked_from_the_bottom() -> None:
    chart = MarkChart([MarkColumn("a", (Mark("held"), Mark("missed", "CL"))), MarkColumn("b", ())])
    first, second = chart.pictures
    assert [(mark.kind, mark.y, mark.letters) for mark in first.marks] == [
        ("held", 22, ""),
        ("missed", 2, "CL"),
    ]
    assert (second.marks, chart.height, chart.kinds) == ((), 44, ("held", "missed"))


def test_calls_and_results_share_one_width() -> None:
    rows = [
        Forecasted(Decimal(50), Decimal(100), None, Decimal(80)),
        Forecasted(Decimal(-5), None, None, None),
    ]
    top = top_of(rows)
    first, second = (ForecastBar(row, top) for row in rows)
    assert (first.width, first.first_at, first.second_at, first.goal_at) == ("49.00%", "98.00%", "", "78.40%")
    assert (second.width, second.goal_at) == ("0.00%", "")
