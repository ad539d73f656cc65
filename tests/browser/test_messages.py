"""What a person gets and what was sent to them, in a browser: the outbox, a mail in its frame, preferences."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alignment.models import Notice, Preference, User
from alignment.outbox import unsubscribe
from alignment.outbox.delivery import deliver_due
from tests.browser.conftest import OpenAs
from tests.browser.test_frame import is_too_wide
from tests.cast import Cast
from tests.factories import make_commitment, make_meeting, make_notice
from tests.sweep import enqueue_reminders


@pytest.fixture
def mailed(cast: Cast, settings: Any, tmp_path: Any) -> Notice:
    """The leader's reminder as a file, one that failed, and one still owed."""
    settings.EMBEDDED, settings.MAIL_DIR = True, tmp_path / "mail"
    settings.EMAIL_BACKEND = "alignment.outbox.file_backend.EmailBackend"
    now = timezone.now()
    User.objects.update(timezone="UTC")
    make_meeting(team=cast.north, starts_at=now + timedelta(hours=30))
    make_commitment(
        team=cast.north, owner=cast.leader, due=now.date() - timedelta(days=3), text="<b>Call</b> Brandt"
    )
    enqueue_reminders(now)
    deliver_due()
    make_notice(to=cast.ceo, company=cast.company, failed_at=now, refused=True, error="550 no such user")
    return Notice.objects.filter(to=cast.leader, kind="preparation").exclude(sent_at=None).get()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible_and_fit(
    cast: Cast, mailed: Notice, open_as: OpenAs, accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    page = open_as(cast.admin, color_scheme=scheme, viewport={"width": width, "height": 700})
    token = unsubscribe.token_for(cast.leader, ["recap"])
    for path in ("/outbox/", f"/outbox/{mailed.pk}/", "/preferences/", f"/unsubscribe/{token}/"):
        page.goto(path)
        accessible(page)
        assert not is_too_wide(page), path


def test_a_mail_is_read_in_a_frame_that_runs_nothing(cast: Cast, mailed: Notice, open_as: OpenAs) -> None:
    page = open_as(cast.leader, f"/outbox/{mailed.pk}/")
    page.get_by_text("Preview of the email").click()
    expect(page.frame_locator("iframe").get_by_role("link", name="Prepare the meeting")).to_be_visible()


def test_an_admin_has_a_failed_one_sent_again(cast: Cast, mailed: Notice, open_as: OpenAs) -> None:
    page = open_as(cast.admin, "/outbox/?state=failed")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("It will be resent to Tom Marsh")).to_be_visible()
    assert not Notice.objects.exclude(failed_at=None).exists()


def test_what_is_chosen_is_kept_and_wrong_hours_are_said_at_the_field(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader, "/preferences/")
    page.get_by_label("Quiet hours from").fill("22:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter both the start and the end of quiet hours.")).to_be_visible()
    page.get_by_label("Quiet hours until").fill("07:00")
    page.get_by_label("Sunday").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Preference.objects.get(user=cast.leader).days == [0, 1, 2, 3, 4, 5]


def test_one_click_turns_a_kind_off_without_signing_in(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader)
    page.context.clear_cookies()
    page.goto(f"/unsubscribe/{unsubscribe.token_for(cast.leader, ['recap'])}/")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="Unsubscribed")).to_be_visible()
    assert Preference.objects.get(user=cast.leader).no_mail == ["recap"]
