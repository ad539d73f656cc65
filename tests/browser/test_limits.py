"""A text that is too long is never cut in silence: the field says it while it is typed or pasted."""

from __future__ import annotations

from playwright.sync_api import expect

from deals.models import Risk
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast


def test_a_field_says_how_much_is_left_and_how_much_is_too_many(
    cast: Cast, open_as: OpenAs, faults: Faults
) -> None:
    faults.allow("status of 422")
    page = open_as(cast.leader, "/risks/new/")
    page.get_by_label("Deal or account").fill("Orbis")
    field = page.get_by_label("What is wrong")
    limit, note = int(field.get_attribute("data-limit") or 0), page.locator(".limit")
    field.fill("a" * (limit - 300))
    expect(note).to_have_count(0)
    field.fill("é" * (limit - 20))
    expect(note).to_have_text("20 characters left")
    field.fill("a" * (limit + 1200))
    expect(note).to_have_text("1200 characters too many: shorten it to save")
    page.locator("form[data-draft] .button--main").click()
    expect(page.locator(".error")).to_contain_text(f"At most {limit} characters")
    assert not Risk.objects.exists() and len(field.input_value()) == limit + 1200
    field.fill("The buyer left.")
    expect(note).to_be_hidden()
