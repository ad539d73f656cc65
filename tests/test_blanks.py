"""A line break of a template is a blank on the page: none may stand before a comma, a full stop or the like."""

from __future__ import annotations

import pytest

from tests.html import stray_blanks, visible_lines
from tests.test_urls import ROUTES, World, address, built_once, world

__all__ = ["built_once", "world"]

READERS = ("ceo", "leader", "admin", "anonymous")


@pytest.mark.parametrize("route", ROUTES)
def test_no_page_has_a_blank_before_a_comma(route: str, world: World) -> None:
    path = address(route, world.stage)
    for reader in READERS:
        answer = world.clients[reader].get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert stray_blanks(visible_lines(answer.content.decode())) == [], reader


def test_a_stray_blank_is_found() -> None:
    assert stray_blanks(visible_lines("<p>Joe\n <b>Keller</b>\n, Tom</p>")) == ["Joe Keller , Tom"]


@pytest.mark.parametrize(
    "html", ["<p>Joe</p> <p>: open</p>", "<b>Joe</b>, Tom", "<script>a ; b</script>", "from .5 to 2"]
)
def test_nothing_else_is_taken_for_one(html: str) -> None:
    assert stray_blanks(visible_lines(html)) == []
