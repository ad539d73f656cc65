"""A passkey in a real browser, with an authenticator of Chromium's own: added, signed in with, under the
strict policy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.cast import Cast

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def signed_in(page: Page, email: str) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill("demo-password")
    page.keyboard.press("Enter")


def signed_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_added_and_opens_the_door(
    cast: Cast, open_as: OpenAs, settings: Any, accessible: Callable[[Page], None]
) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = open_as(cast.leader)
    with_device(page)
    signed_in(page, cast.leader.email)
    expect(page).to_have_url("/")
    page.goto("/accounts/2fa/webauthn/add/")
    accessible(page)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    accessible(page)
    signed_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url("/")


def test_a_passkey_is_the_second_factor(
    cast: Cast, open_as: OpenAs, settings: Any, accessible: Callable[[Page], None]
) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = open_as(cast.leader)
    with_device(page)
    signed_in(page, cast.leader.email)
    expect(page).to_have_url("/")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    signed_out(page)
    signed_in(page, cast.leader.email)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page).to_have_url("/")


def test_the_pages_of_signing_in_can_be_used_by_everybody(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None]
) -> None:
    page = open_as(cast.admin, viewport={"width": 360, "height": 740})
    signed_in(page, cast.admin.email)
    expect(page).to_have_url("/")
    for place in (
        "/security/",
        "/accounts/2fa/totp/activate/",
        "/setup/demo/sign-in/",
        "/accounts/password/change/",
    ):
        page.goto(place)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
