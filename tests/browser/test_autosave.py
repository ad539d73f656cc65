"""Nobody's words are ever lost: what the browser does with typed words, whatever the server answers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import words as server
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast


@pytest.fixture
def words(settings: Any) -> server.Words:
    settings.ROOT_URLCONF = "tests.browser.words"
    server.words.__init__()  # type: ignore[misc]
    return server.words


@pytest.fixture
def page(words: server.Words, cast: Cast, open_as: OpenAs, faults: Faults) -> Page:
    faults.allow("status of", "ERR_INTERNET_DISCONNECTED")
    return open_as(cast.leader, "/words/")


def says(page: Page, text: str) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(text)


def drafts(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage)"))


def test_typed_words_are_saved_and_it_is_said(page: Page, words: server.Words) -> None:
    page.fill("#w", "Hello")
    page.locator("#w").press_sequentially(" there")
    says(page, "Saved 08:41")
    assert (words.text, drafts(page)) == ("Hello there", [])


def test_the_save_button_is_for_those_without_javascript(page: Page) -> None:
    expect(page.get_by_role("button", name="Save")).to_be_hidden()


def test_the_next_save_carries_the_new_version(page: Page, words: server.Words) -> None:
    for text in ("One", "Two"):
        page.fill("#w", text)
        page.locator("#w").blur()
        says(page, "Saved")
        page.wait_for_function("!localStorage.length")
    assert [sent.version for sent in words.log] == [1, 2]


def test_refused_words_stay_and_the_reason_stands_at_the_field(page: Page) -> None:
    page.fill("#w", "bad")
    expect(page.locator("#w")).to_have_attribute("aria-describedby", "w_helptext w_error")
    expect(page.locator("#w_error")).to_have_text("Say more.")
    page.fill("#w", "better")
    says(page, "Saved")
    expect(page.locator("#w_error")).to_have_count(0)


@pytest.mark.parametrize("status", [403, 404, 413, 500])
def test_words_the_server_does_not_take_are_kept_over_a_reload(
    page: Page, words: server.Words, status: int
) -> None:
    words.answer = status
    page.fill("#w", "Precious")
    says(page, "Not saved yet, stored on this device")
    words.answer = 204
    page.reload()
    expect(page.locator("#w")).to_have_value("Precious")
    says(page, "Saved")
    assert (words.text, drafts(page)) == ("Precious", [])


def test_words_typed_without_a_network_go_out_when_it_is_back(page: Page, words: server.Words) -> None:
    page.context.set_offline(True)
    page.fill("#w", "From the train")
    says(page, "no connection")
    page.context.set_offline(False)
    says(page, "Saved")
    assert words.text == "From the train"


def test_two_versions_stand_side_by_side_and_nothing_is_sent(page: Page, words: server.Words) -> None:
    words.changed_by_another("Theirs")
    page.fill("#w", "Mine")
    expect(page.locator(".conflict")).to_contain_text("Tom Marsh changed this")
    page.locator("#w").press_sequentially("!")
    page.wait_for_timeout(1000)
    assert (words.text, len(words.log)) == ("Theirs", 1)


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "Mine"), ("theirs", "Theirs"), ("both", "Theirs\n\nMine")]
)
def test_what_is_chosen_stays(page: Page, words: server.Words, choice: str, kept: str) -> None:
    words.changed_by_another("Theirs")
    page.fill("#w", "Mine")
    page.click(f"[data-keep={choice}]")
    says(page, "Saved")
    expect(page.locator("#w")).to_have_value(kept)
    assert (words.text, drafts(page), page.locator(".conflict").count()) == (kept, [], 0)


def test_the_same_words_by_both_are_no_conflict(page: Page, words: server.Words) -> None:
    words.changed_by_another("Agreed")
    page.fill("#w", "Agreed ")
    says(page, "Saved")
    expect(page.locator(".conflict")).to_have_count(0)


def test_a_draft_on_an_older_version_asks(page: Page, words: server.Words) -> None:
    words.answer = 500
    page.fill("#w", "Draft")
    says(page, "stored on this device")
    words.answer = 204
    words.changed_by_another("Newer")
    page.reload()
    expect(page.locator(".conflict")).to_contain_text("Newer")
    expect(page.locator("#w")).to_have_value("Draft")


def test_someone_signed_out_is_told_and_keeps_the_words(page: Page, words: server.Words) -> None:
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.fill("#w", "Still here")
    says(page, "You are signed out; your text is stored on this device")
    page.context.add_cookies(cookies)
    page.reload()
    says(page, "Saved")
    assert words.text == "Still here"


def test_words_go_out_when_the_page_is_left_at_once(page: Page, words: server.Words) -> None:
    page.fill("#w", "In a hurry")
    page.goto("/accounts/password/change/")
    page.goto("/words/")
    expect(page.locator("#w")).to_have_value("In a hurry")
    assert words.text == "In a hurry"


def test_signing_out_removes_the_drafts(page: Page, words: server.Words) -> None:
    words.answer = 500
    page.fill("#w", "Secret")
    says(page, "stored on this device")
    page.locator(".top .menu summary").click()
    page.locator(".top .menu").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert drafts(page) == []


def test_long_typing_is_saved_before_it_ends(page: Page, words: server.Words) -> None:
    page.locator("#w").press_sequentially("a" * 55, delay=100)
    assert words.log


def test_words_put_back_as_they_were_send_nothing(page: Page, words: server.Words) -> None:
    page.fill("#w", "Other")
    page.fill("#w", "Start")
    page.wait_for_timeout(1000)
    assert (words.log, drafts(page)) == ([], [])
