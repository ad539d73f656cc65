"""Contrast of the colour ramp, light and dark (WCAG 2.2 AA). OKLCH → linear sRGB after Björn Ottosson's formulas."""

import math
import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[1] / "static/css/tokens.css").read_text("utf-8")
COLOUR = re.compile(r"--([\w-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")


def ramp(css):
    return {name: tuple(map(float, lch)) for name, *lch in COLOUR.findall(css)}


LIGHT = ramp(CSS.partition("@media")[0])
DARK = ramp(CSS[CSS.index("prefers-color-scheme: dark") :])
WORDS = ["gray-6", "gray-7", "gray-8", "blue-6", "green-6", "amber-6", "red-6"]
GROUNDS = ["gray-0", "gray-1", "gray-2", "blue-1", "green-1", "amber-1", "red-1"]


def luminance(lightness, chroma, hue):
    a, b = (chroma * f(math.radians(hue)) for f in (math.cos, math.sin))
    lightness /= 100
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return sum(w * min(1, max(0, c)) for w, c in ((0.2126, red), (0.7152, green), (0.0722, blue)))


def contrast(one, other):
    low, high = sorted((luminance(*one), luminance(*other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ramp", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("word", WORDS)
def test_words_are_readable_on_every_ground(ramp, word):
    assert min(contrast(ramp[word], ramp[ground]) for ground in GROUNDS) >= 4.5


@pytest.mark.parametrize("ramp", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["blue-6", "blue-7"])
def test_the_main_button_is_readable(ramp, ground):
    assert contrast(ramp["on-main"], ramp[ground]) >= 4.5


@pytest.mark.parametrize("ramp", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["gray-5", "blue-4"])
def test_edges_of_fields_and_columns_can_be_seen(ramp, edge):
    assert min(contrast(ramp[edge], ramp[ground]) for ground in ("gray-0", "gray-1")) >= 3


def test_dark_redefines_the_whole_ramp_and_nothing_else():
    assert set(DARK) == set(LIGHT)
