"""The pages behind personal links, as a rep sees them on a phone: one line and one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alignment.links.tokens import token_of
from alignment.models import Link
from deals.models import Deal, DealChange, Touch
from tests.browser.conftest import OpenAs
from tests.browser.test_axe_everywhere import wrong_with
from tests.cast import Cast
from tests.factories import make_account, make_deal, make_follow_up, make_link, make_rep


def opened(cast: Cast, open_as: OpenAs, link: Link) -> Page:
    """Opened by somebody who may see nothing of the team."""
    return open_as(cast.outsider, f"/l/{token_of(link.seed)}/", viewport={"width": 360, "height": 740})


@pytest.fixture
def link(cast: Cast) -> Link:
    now = timezone.now()
    owner = make_rep(team=cast.north, email="rita@demo.test")
    account = make_account(company=cast.company, name="Orbis")
    client = make_follow_up(team=cast.north, account=account, owner=owner)
    return make_link(
        company=cast.company,
        asked_by=cast.leader,
        thing=client.pk,
        email=owner.email,
        asked_at=now,
        until=now + timedelta(days=90),
    )


def test_a_line_and_a_colour_are_an_answer_and_the_return_key_chooses_none(
    cast: Cast, open_as: OpenAs, link: Link
) -> None:
    page = opened(cast, open_as, link)
    page.get_by_label("What did the client say?").fill("They want a second line")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose a colour.")).to_be_visible()
    page.get_by_role("button", name="Needs care").click()
    expect(page.get_by_text("Thank you, it is saved")).to_be_visible()
    assert Touch.objects.get().colour == "amber"
    link.refresh_from_db()
    assert link.opened_at is not None


def test_the_pages_are_accessible_and_fit(cast: Cast, open_as: OpenAs, link: Link) -> None:
    page = opened(cast, open_as, link)
    assert wrong_with(page, f"/l/{link.pk}/client/") == []
    today = cast.north.today(timezone.now())
    deal = make_deal(team=cast.north, close_date=today + timedelta(days=60))
    DealChange.objects.create(
        deal=deal, field="close_date", old=f"{today}", new=f"{deal.close_date}", day=today, at=timezone.now()
    )
    Link.objects.update(kind="date", thing=deal.pk)
    assert wrong_with(page, f"/l/{link.pk}/why/") == []
    page.get_by_role("button", name="Legal or procurement").click()
    expect(page.get_by_text("Thank you, it is saved")).to_be_visible()
    assert Deal.objects.get().last_push.reason_kind == "legal"
