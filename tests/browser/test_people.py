"""From the admin's list to somebody signed in: invited by a pasted line, mailed, accepted; and one's own profile."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from alignment.models import Invite, User
from alignment.outbox.delivery import deliver_due
from alignment.people import invitation_links
from tests.browser.conftest import Faults, OpenAs
from tests.browser.test_frame import is_too_wide
from tests.cast import Cast
from tests.factories import make_invited, make_user

PEOPLE = "/setup/demo/people/"


@pytest.fixture
def mails(settings: Any, tmp_path: Path) -> Path:
    """Where mails become files, as in the embedded default."""
    settings.EMBEDDED, settings.MAIL_DIR = True, tmp_path / "mail"
    settings.EMAIL_BACKEND = "alignment.outbox.file_backend.EmailBackend"
    return tmp_path / "mail"


def link_in(mails: Path, to: str) -> str:
    """The path of the link in the newest mail to the address."""
    deliver_due()
    read = [
        message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(mails.glob("*.eml"))
    ]
    text = next(mail for mail in reversed(read) if mail["To"] == to).get_body(("plain",)).get_content()
    return re.search(r"https?://[^/\s]+(/(?:invitation|profile/address)/\S+)", text)[1]


@pytest.fixture
def stranger(site: str, new_context: Callable[..., BrowserContext], faults: Faults) -> Callable[..., Page]:
    def opened(path: str, **options: Any) -> Page:
        context = new_context(base_url=site, **options)
        faults.watch(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(path)
        return page

    return opened


def test_invited_mailed_accepted_and_signed_in(
    cast: Cast, open_as: OpenAs, stranger: Callable[..., Page], mails: Path
) -> None:
    admin = open_as(cast.admin, PEOPLE)
    admin.get_by_role("link", name="Invite people").click()
    admin.get_by_label("People, one per line").fill("Eva Lund <eva@new.test>\nMax; max@new.test")
    admin.get_by_role("button", name="Invite").click()
    expect(admin.get_by_text("Invited 2 people.")).to_be_visible()
    eva = stranger(link_in(mails, "eva@new.test"), timezone_id="Asia/Tokyo")
    expect(eva.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    eva.get_by_label("Password", exact=True).fill("horse-battery-9")
    eva.get_by_role("button", name="Join").click()
    expect(eva.locator(".top summary", has_text="Eva Lund")).to_be_visible()
    assert User.objects.get(email="eva@new.test").timezone == "Asia/Tokyo"
    admin.reload()
    expect(admin.get_by_role("row", name="Eva Lund")).to_contain_text("Active")


def test_what_is_typed_as_a_password_can_be_seen(cast: Cast, stranger: Callable[..., Page]) -> None:
    invite = Invite.objects.get(user=make_invited(company=cast.company, **ahead()))
    page = stranger("/" + invitation_links.url_for(invite).split("/", 3)[3])
    field = page.get_by_label("Password", exact=True)
    field.fill("short")
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("This password is too short.")).to_be_visible()
    expect(field).to_have_attribute("type", "password")


def test_who_has_an_account_signs_in_and_joins(cast: Cast, stranger: Callable[..., Page]) -> None:
    make_user(email="eva@new.test", name="Eva Elsewhere", password="demo-password")
    invite = Invite.objects.get(user=make_invited(company=cast.company, email="eva@new.test", **ahead()))
    page = stranger("/" + invitation_links.url_for(invite).split("/", 3)[3])
    page.get_by_role("link", name="Sign in to join").click()
    page.locator("[name=login]").fill("eva@new.test")
    page.locator("[name=password]").fill("demo-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Join").click()
    expect(page.locator(".top summary", has_text="Eva Elsewhere")).to_be_visible()
    assert cast.company.memberships.filter(user__email="eva@new.test").exists()


def test_an_address_is_changed_by_the_mail_that_went_there(
    cast: Cast, open_as: OpenAs, stranger: Callable[..., Page], mails: Path
) -> None:
    page = open_as(cast.leader, "/profile/")
    page.get_by_role("link", name="Change address").click()
    page.get_by_label("New email address").fill("joe@new.test")
    page.get_by_label("Password").fill("demo-password")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("joe@new.test is not confirmed yet")).to_be_visible()
    other = stranger(link_in(mails, "joe@new.test"))
    other.get_by_role("button", name="Use this address").click()
    expect(other.get_by_role("heading", name="Your address was changed")).to_be_visible()
    page.reload()
    expect(page.locator("main").get_by_text("You sign in with joe@new.test")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible_and_fit(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    page = open_as(cast.admin, color_scheme=scheme, viewport={"width": width, "height": 700})
    invited, leader = make_invited(company=cast.company, **ahead()), cast.leader
    places = (
        "",
        "invite/",
        f"{leader.pk}/",
        f"{leader.pk}/deactivate/",
        f"{invited.pk}/",
        f"{invited.pk}/revoke/",
    )
    for path in (*(PEOPLE + place for place in places), "/profile/", "/profile/address/"):
        page.goto(path)
        accessible(page)
        assert not is_too_wide(page), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_way_in_is_accessible_and_fits(
    cast: Cast, stranger: Callable[..., Page], accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    invite = Invite.objects.get(user=make_invited(company=cast.company, **ahead()))
    path = "/" + invitation_links.url_for(invite).split("/", 3)[3]
    page = stranger(path, color_scheme=scheme, viewport={"width": width, "height": 700})
    accessible(page)
    page.get_by_role("button", name="Join").click()
    accessible(page)
    assert not is_too_wide(page)


def ahead() -> dict[str, Any]:
    """An invitation that holds by the real clock."""
    return {"invited_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=7)}
