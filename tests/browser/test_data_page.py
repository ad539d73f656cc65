"""The Data page in a real browser: an export with and without JavaScript, and a person forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alignment.exports import jobs
from alignment.models import Archive, User
from tests.factories import make_member, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/setup/demo/data/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_the_bar_moves_and_the_archive_is_there_without_touching_the_page(cast, open_as):
    page = open_as(cast.admin, HERE)
    page.get_by_role("button", name="Create an export").click()
    bar = page.get_by_role("progressbar", name="Progress of the export")
    expect(bar).to_have_attribute("value", "0")
    Archive.objects.update(progress=60, started_at=timezone.now())
    expect(bar).to_have_attribute("value", "60")
    expect(page.get_by_text("Creating the export: 60%.")).to_be_visible()
    Archive.objects.update(progress=0, started_at=None)
    jobs.run_jobs(timezone.now())
    expect(page.get_by_text("Ready", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert Path(download.value.path()).read_bytes() == jobs.file_of(Archive.objects.get()).read_bytes()


def test_without_javascript_a_reload_says_how_far_it_is(cast, open_as):
    page = open_as(cast.admin, HERE, java_script_enabled=False)
    page.get_by_role("button", name="Create an export").click()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "0")
    jobs.run_jobs(timezone.now())
    page.get_by_role("link", name="Refresh").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.startswith("demo-")


def test_an_archive_can_be_deleted(cast, open_as):
    jobs.request_export(cast.company, by=cast.admin, now=timezone.now())
    jobs.run_jobs(timezone.now())
    page = open_as(cast.admin, HERE)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The file was deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Download")).to_have_count(0)


def test_a_person_is_forgotten_after_the_name_is_typed(cast, open_as):
    make_member(company=cast.company, user=make_user(name="Lea Left", email="lea@demo.test"))
    page = open_as(cast.admin, HERE)
    page.get_by_role("link", name="Erase… Lea Left").click()
    page.get_by_label("Name of the person").fill("Lea")
    page.get_by_role("button", name="Erase this person").click()
    expect(page.get_by_text("That is not the name.")).to_be_visible()
    page.get_by_label("Name of the person").fill("Lea Left")
    page.get_by_role("button", name="Erase this person").click()
    expect(page.get_by_text("Erased. They are now called")).to_be_visible()
    assert not User.objects.filter(email="lea@demo.test").exists()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(cast, open_as, accessible, width, scheme):
    person = make_member(company=cast.company, user=make_user(name="Lea Left"))
    jobs.request_export(cast.company, by=cast.admin, now=timezone.now())
    jobs.run_jobs(timezone.now())
    jobs.request_export(cast.company, by=cast.admin, now=timezone.now())
    for path in (HERE, f"{HERE}people/{person.pk}/forget/"):
        page = open_as(cast.admin, path, viewport={"width": width, "height": 800}, color_scheme=scheme)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
