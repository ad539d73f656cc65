"""The way in and out, in a real browser."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenAs
from tests.cast import Cast


def test_a_person_signs_in_by_typing(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader)
    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/accounts/password/change/")
    page.locator("[name=login]").fill("leader@demo.test")
    page.locator("[name=password]").fill("demo-password")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/accounts/password/change/")


def test_signing_out_leads_to_the_sign_in_page(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader, "/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
