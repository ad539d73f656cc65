"""The frame around every page: sign-in, password and error pages, navigation; light and dark, narrow and wide."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast

OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
INSIDE = ["/accounts/password/change/", "/accounts/logout/", "/accounts/password/reset/key/1-nothing/"]
MISSING = "/nothing/is/here/"


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_account_and_error_pages_are_accessible_and_fit(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None], faults: Faults, scheme: Any, width: int
) -> None:
    faults.allow("status of 404")
    page = open_as(cast.leader, color_scheme=scheme, viewport={"width": width, "height": 700})
    for path in [*INSIDE, MISSING, None, *OUTSIDE]:
        if path is None:
            page.context.clear_cookies()
            continue
        page.goto(path)
        accessible(page)
        assert not is_too_wide(page), path


def test_a_wrong_password_is_said_at_the_form(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None]
) -> None:
    page = open_as(cast.leader)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("leader@demo.test")
    page.locator("[name=password]").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    accessible(page)


def test_a_phone_has_its_places_under_the_thumb(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader, "/accounts/password/change/", viewport={"width": 360, "height": 700})
    bar = page.locator(".tabbar")
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == 700
    bar.get_by_text("More").click()
    expect(bar.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_keyboard_jumps_over_the_navigation(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader, "/accounts/password/change/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_menu_of_the_account_closes_by_escape(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader, "/accounts/password/change/", viewport={"width": 1280, "height": 700})
    menu = page.locator(".top .menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Sign out")).to_be_hidden()
