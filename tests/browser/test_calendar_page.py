"""A person's own calendar page, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.cast import Cast


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_and_fits_with_and_without_an_address(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    page = open_as(cast.leader, "/calendar/", color_scheme=scheme, viewport={"width": width, "height": 800})
    accessible(page)
    page.get_by_role("button", name="Create link").click()
    page.get_by_text("Replace or remove this link").click()
    accessible(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_address_is_copied_and_opens_the_feed(cast: Cast, open_as: OpenAs, site: str) -> None:
    page = open_as(cast.leader, "/calendar/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Your private link").input_value()
    path = "/" + copied.partition("://")[2].partition("/")[2]
    assert "BEGIN:VCALENDAR" in page.request.get(site + path).text()
