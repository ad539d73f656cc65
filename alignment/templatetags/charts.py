"""Small charts as inline SVG strings, with their meaning in words beside them.

Horizontal places are percentages of an SVG without a viewBox, so bars stretch with the column while marks and
heights keep their size; words stand outside in HTML, where they stay readable. The meaning is in `aria-label`, not
in a `<title>` with an id: nothing can collide when a fragment is swapped in. No style attributes (strict CSP).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from alignment.templatetags.figures import MONTHS, HasMoneyFormat, compact, day

register = template.Library()

ZERO = Decimal(0)
MARKS = {
    "held": ("held", "held"),
    "missed": ("missed", "missed"),
    "excused": ("excused", "excused"),
    "scheduled": ("ahead", "to come"),
    "in_progress": ("ahead", "in session"),
}
"""Meeting state → how it is drawn, what it is called."""
DOT_STEP = 11


class Scale(NamedTuple):
    """Amounts → per cent of the width."""

    top: Decimal

    def at(self, amount: Decimal) -> str:
        return f"{max(ZERO, min(amount, self.top)) / self.top * 100:.2f}%" if self.top > 0 else "0%"


@register.simple_tag
def bullet(
    actual: Decimal,
    goal_to_date: Decimal | None,
    goal: Decimal | None,
    m: HasMoneyFormat,
    *,
    small: bool = False,
) -> SafeString:
    """Actual against the goal and the goal to date; without a goal it says so. `small`: the bar alone, for lists."""
    if goal is None:
        return _safe(
            "" if small else f'<p class="muted">No goal set. Actual {escape(compact(actual, m))}.</p>'
        )
    pace = goal if goal_to_date is None else goal_to_date
    words = f"Actual {compact(actual, m)}, goal to date {compact(pace, m)}, goal {compact(goal, m)}"
    bar = _bar(actual, pace, goal, escape(words), 12 if small else 28)
    return _safe(bar if small else f'<div class="chart">{bar}{_legend(actual, pace, goal, m)}</div>')


def _bar(actual: Decimal, pace: Decimal, goal: Decimal, words: str, height: int) -> str:
    scale = Scale(max(actual, pace, goal))
    now, due, end = scale.at(actual), scale.at(pace), scale.at(goal)
    kind = "bar bar--small" if height < 20 else "bar"
    inset = height // 4
    thick = height - 2 * inset
    short = ""
    if actual < pace:
        width = f"{float(due[:-1]) - float(now[:-1]):.2f}%"
        short = f'<rect class="bar-short" x="{now}" y="{inset}" width="{width}" height="{thick}"/>'
    return (
        f'<svg class="{kind}" height="{height}" role="img" aria-label="{words}">'
        f'<rect class="bar-ground" width="100%" y="{inset}" height="{thick}"/>'
        f'<rect class="bar-actual" width="{now}" y="{inset}" height="{thick}"/>{short}'
        f'<line class="bar-pace" x1="{due}" x2="{due}" y2="{height}"/>'
        f'<line class="bar-goal" x1="{end}" x2="{end}" y2="{height}"/></svg>'
    )


def _legend(actual: Decimal, pace: Decimal, goal: Decimal, m: HasMoneyFormat) -> str:
    short = _key("key key--short", "missing", compact(pace - actual, m)) if actual < pace else ""
    return (
        f'<ul class="legend">{_key("key", "actual", compact(actual, m))}{short}'
        f"{_key('key key--pace', 'goal to date', compact(pace, m))}"
        f"{_key('key key--goal end', 'goal', compact(goal, m))}</ul>"
    )


def _key(kind: str, label: str, amount: str) -> str:
    return f'<li class="{kind}">{label} <span class="num">{escape(amount)}</span></li>'


@register.simple_tag
def columns(
    weeks: Sequence[tuple[date, Decimal]],
    m: HasMoneyFormat,
    *,
    goal: Decimal | None = None,
    caption: str = "Won and invoiced by week",
) -> SafeString:
    """Amounts by week, oldest first, the last being this week; `goal` draws what a week needs. Table below."""
    if not weeks:
        return _safe('<p class="muted">No weeks to show yet.</p>')
    amounts = [amount for _, amount in weeks]
    top, low = max(*amounts, goal or ZERO, Decimal(1)), min(*amounts, ZERO)
    words = f"{caption}: {len(weeks)} weeks from {day(weeks[0][0])}, the last {compact(amounts[-1], m)}"
    bars = "".join(_column(i, amount, len(weeks), top, low) for i, amount in enumerate(amounts))
    base, line = _y(ZERO, top, low), _goal_line(goal, top, low)
    return _safe(
        f'<div class="chart"><svg class="columns" height="76" role="img" aria-label="{escape(words)}">{bars}'
        f'<line class="col-base" x2="100%" y1="{base}" y2="{base}"/>{line}</svg>'
        f"{_column_words(weeks, m, goal)}{_column_table(weeks, m, caption)}</div>"
    )


def _y(amount: Decimal, top: Decimal, low: Decimal) -> int:
    return round(74 - (amount - low) / (top - low) * 72)


def _column(index: int, amount: Decimal, count: int, top: Decimal, low: Decimal) -> str:
    base, edge = _y(ZERO, top, low), _y(amount, top, low)
    kind = "col col--below" if amount < 0 else "col col--now" if index == count - 1 else "col"
    step = 100 / count
    return (
        f'<rect class="{kind}" x="{index * step:.2f}%" width="{step * 0.72:.2f}%" '
        f'y="{min(base, edge)}" height="{abs(base - edge)}"/>'
    )


def _goal_line(goal: Decimal | None, top: Decimal, low: Decimal) -> str:
    if goal is None:
        return ""
    y = _y(goal, top, low)
    return f'<line class="col-goal" x2="100%" y1="{y}" y2="{y}"/>'


def _column_words(weeks: Sequence[tuple[date, Decimal]], m: HasMoneyFormat, goal: Decimal | None) -> str:
    average = sum((amount for _, amount in weeks), ZERO) / len(weeks)
    needed = "" if goal is None else _key("key key--line", "needed", compact(goal, m))
    return (
        f'<ul class="legend"><li>from {day(weeks[0][0])}</li>{needed}{_key("", "average", compact(average, m))}'
        f"{_key('key end', 'this week', compact(weeks[-1][1], m))}</ul>"
    )


def _column_table(weeks: Sequence[tuple[date, Decimal]], m: HasMoneyFormat, caption: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{day(start)}</th><td class="num">{escape(compact(amount, m))}</td></tr>'
        for start, amount in weeks
    )
    return (
        f'<details class="fold"><summary>The {len(weeks)} weeks as a table</summary>'
        f'<table class="grid grid--small"><caption class="hidden-visually">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">Week of</th><th scope="col" class="num">Amount</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


@register.simple_tag
def spark(
    points: Iterable[Decimal | float | None], *, target: Decimal | float | None = None, unit: str = ""
) -> SafeString:
    """A measure over time, oldest first; None where it was not measured. Shown once there are two values."""
    return _safe(_spark(tuple(points), target, unit))


@lru_cache(maxsize=4096)
def _spark(points: tuple[Decimal | float | None, ...], target: Decimal | float | None, unit: str) -> str:
    known = [(i, float(p)) for i, p in enumerate(points) if p is not None]
    if len(known) < 2:
        return ""
    values = [value for _, value in known] + ([float(target)] if target is not None else [])
    low, span = min(values), (max(values) - min(values)) or 1.0
    step = 112 / max(len(points) - 1, 1)
    places = [(3 + i * step, 30 - (value - low) / span * 26) for i, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    goal = ""
    if target is not None:
        y = 30 - (float(target) - low) / span * 26
        goal = f'<line class="spark-goal" x2="118" y1="{y:.1f}" y2="{y:.1f}"/>'
    words = _spark_words(known[0][1], known[-1][1], len(points), target, unit)
    x, y = places[-1]
    return (
        f'<svg width="120" height="34" role="img" aria-label="{escape(words)}">{goal}'
        f'<polyline class="spark" points="{line}"/>'
        f'<circle class="spark-now" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )


def _spark_words(first: float, last: float, count: int, target: Decimal | float | None, unit: str) -> str:
    aim = "" if target is None else f", target {float(target):g}"
    return f"From {first:g} to {last:g} {unit}".rstrip() + f" over {count} weeks{aim}"


@register.simple_tag
def trail(dates: Sequence[date]) -> SafeString:
    """A deal's close dates as promised, oldest first; the last is today's. Nothing for one that never moved."""
    return _safe(_trail(tuple(dates)))


@lru_cache(maxsize=4096)
def _trail(dates: tuple[date, ...]) -> str:
    if len(dates) < 2:
        return ""
    first, span = min(dates), max((max(dates) - min(dates)).days, 1)
    places = [6 + (d - first).days / span * 98 for d in dates]
    dots = "".join(f'<circle class="trail-dot" cx="{x:.0f}" cy="9" r="3.5"/>' for x in places[:-1])
    kind = "pushed" if dates[-1] > dates[0] else "now"
    *before, last = [f"{d.day} {MONTHS[d.month - 1]} {d.year}" for d in dates]
    return (
        f'<svg width="112" height="18" role="img" aria-label="Promised {", ".join(before)}, now {last}">'
        f'<line class="trail" x1="{min(places):.0f}" x2="{max(places):.0f}" y1="9" y2="9"/>{dots}'
        f'<circle class="trail-dot trail-dot--{kind}" cx="{places[-1]:.0f}" cy="9" r="4"/></svg>'
    )


@register.simple_tag
def dots(outcomes: Iterable[str]) -> SafeString:
    """The habit, oldest first: a disc held, a cross missed, a dash excused, a point to come."""
    return _safe(_dots(tuple(outcomes)))


@lru_cache(maxsize=4096)
def _dots(outcomes: tuple[str, ...]) -> str:
    if not outcomes:
        return '<p class="muted small">none yet</p>'
    paths: dict[str, str] = {}
    counts: dict[str, int] = {}
    for index, outcome in enumerate(outcomes):
        kind, word = MARKS[outcome]
        paths[kind] = paths.get(kind, "") + _mark(kind, index * DOT_STEP)
        counts[word] = counts.get(word, 0) + 1
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    drawn = "".join(f'<path class="dot dot--{kind}" d="{path}"/>' for kind, path in paths.items())
    return (
        f'<svg class="dots" width="{len(outcomes) * DOT_STEP}" height="12" role="img" '
        f'aria-label="{len(outcomes)} weeks: {told}">{drawn}</svg>'
    )


def _mark(kind: str, x: int) -> str:
    if kind == "missed":
        return f"M{x + 1} 2l8 8m0-8l-8 8"
    return f"M{x + 2} 6h6" if kind == "excused" else f"M{x + 5} 6h0"


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308  # every word put in is escaped where it is put in
