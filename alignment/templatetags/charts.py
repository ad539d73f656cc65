"""Small charts as inline SVG, with their meaning in words beside them.

`alignment.rules.charts` says where the parts stand, `templates/charts/` draws them. Words stand outside the
picture in HTML, where they stay readable. The meaning is in `aria-label`, not in a `<title>` with an id:
nothing can collide when a fragment is swapped in. No style attributes (strict CSP).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from alignment.rules.charts import Bullet, Columns, Dots, SignedBars, Spark, Trail
from alignment.rules.formatting import MONTHS, HasMoneyFormat, compact, compact_apart, day, number_of

register = template.Library()

HEIGHT = 28


@register.inclusion_tag("charts/bullet.html")
def bullet(
    actual: Decimal,
    goal_to_date: Decimal | None,
    goal: Decimal | None,
    m: HasMoneyFormat,
) -> dict[str, Any]:
    """Actual against the goal and the goal to date; without a goal it says so."""
    if goal is None:
        return {"actual": actual, "m": m}
    bar = Bullet(actual, goal if goal_to_date is None else goal_to_date, goal, height=HEIGHT)
    texts = compact_apart(m, bar.actual, bar.goal_to_date, bar.goal)
    return {"bar": bar, "label": bar.describe(m), "m": m, "texts": texts}


@register.inclusion_tag("charts/columns.html")
def columns(
    weeks: Sequence[tuple[date, Decimal]],
    m: HasMoneyFormat,
    *,
    goal: Decimal | None = None,
    caption: str = "Revenue by week",
) -> dict[str, Any]:
    """Amounts by week, oldest first, the last being this week; `goal` draws
    what a week needs. Table below."""
    if not weeks:
        return {}
    chart = Columns(weeks, goal)
    return {
        "chart": chart,
        "label": f"{caption}: {len(weeks)} weeks from {day(chart.first_day)}, "
        f"the last {compact(chart.last_amount, m)}",
        "m": m,
        "caption": caption,
    }


@register.inclusion_tag("charts/signed_bars.html")
def signed_bars(amounts: Sequence[tuple[str, Decimal, str, str]], m: HasMoneyFormat) -> dict[str, Any]:
    """Amounts above and below zero on one scale: each as (label, amount, tone, path), the tone good, in or out."""
    return {"chart": SignedBars(tuple(amounts)), "m": m}


@register.inclusion_tag("charts/spark.html")
def spark(
    points: Iterable[Decimal | float | None], *, target: Decimal | float | None = None, unit: str = ""
) -> dict[str, Any]:
    """A measure over time, oldest first; None where it was not measured. Shown once there are two values."""
    chart = Spark(tuple(points), target)
    return {"chart": chart, "label": _change(chart, unit)} if chart.is_drawn else {}


@register.inclusion_tag("charts/trail.html")
def trail(dates: Sequence[date]) -> dict[str, Any]:
    """A deal's close dates as stated, oldest first; the last is today's.
    Nothing for one that never moved."""
    if len(dates) < 2:
        return {}
    *before, last = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in dates]
    return {"chart": Trail(dates), "label": f"Close date {', '.join(before)}, now {last}"}


@register.inclusion_tag("charts/dots.html")
def dots(outcomes: Iterable[str]) -> dict[str, Any]:
    """The habit, oldest first: a disc held, a cross missed, a dash excused, a point to come."""
    return {"chart": Dots(tuple(outcomes))}


def _change(chart: Spark, unit: str) -> str:
    aim = f", target {chart.aim}" if chart.aim else ""
    return (
        f"From {chart.first} to {chart.last}{'' if unit.startswith('%') else ' '}{unit}".rstrip()
        + f" over {number_of(len(chart.values), 'update')}{aim}"
    )
