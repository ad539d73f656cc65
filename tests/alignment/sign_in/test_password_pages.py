"""The pages for signing in and for passwords speak in our words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from alignment.models import User
from tests.cast import Cast

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_a_password_is_changed_on_a_page_in_our_words(cast: Cast, as_: As) -> None:
    page = as_(cast.leader).get("/accounts/password/change/").content.decode()
    assert all(label in page for label in ("Current password", "New password", "New password again"))
    assert "At least 10 characters" in page
    assert page.count("Forgot your password?") == 1
    assert "placeholder" not in page


def test_what_is_missing_is_said_in_a_sentence(cast: Cast, as_: As) -> None:
    page = as_(cast.leader).post("/accounts/password/change/", {}).content.decode()
    assert "Enter your current password." in page and "Choose a password." in page
    assert "This field is required" not in page + Client().post("/accounts/login/", {}).content.decode()
