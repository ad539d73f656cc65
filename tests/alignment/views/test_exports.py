"""The Data page: what an admin can take out, and whom forget."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from alignment.erasure import erase
from alignment.exports import jobs
from alignment.models import Archive, Entry, Membership, User
from tests.factories import NOW, make_archive, make_commitment, make_member, make_user

pytestmark = pytest.mark.django_db
HERE = "/setup/demo/data/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


@pytest.fixture
def ready(cast) -> Archive:
    jobs.request_export(cast.company, by=cast.admin, now=NOW)
    jobs.run_jobs(timezone.now())
    return Archive.objects.get()


def test_asking_has_an_archive_made_and_says_how_far_it_is(admin):
    page = admin.post(f"{HERE}archives/", follow=True).content.decode()
    assert "The export is being created" in page
    assert '<progress max="100" value="0"' in page
    assert "Create an export" not in page
    assert Archive.objects.get().is_waiting


def test_htmx_gets_how_far_it_is_and_then_the_page_anew(admin, ready):
    assert admin.get(HERE, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    admin.post(f"{HERE}archives/")
    Archive.objects.waiting().update(progress=40, started_at=NOW)
    answer = admin.get(HERE, headers={"HX-Request": "true"})
    assert "40%" in answer.content.decode() and "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer.headers


def test_an_archive_is_downloaded_as_it_was_made_and_that_is_written_down(admin, cast, ready):
    answer = admin.post(f"{HERE}archives/{ready.pk}/file/", headers={"Accept-Encoding": "gzip"})
    assert b"".join(answer.streaming_content) == jobs.file_of(ready).read_bytes()
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ready.file_name}"'
    assert answer.headers["Content-Length"] == str(ready.size)
    entry = Entry.objects.get(what="archive.downloaded")
    assert (entry.by, entry.company, entry.about) == (cast.admin, cast.company, ready.file_name)


@pytest.mark.parametrize("state", ["lapsed", "gone", "lost"])
def test_what_is_no_longer_there_is_said_so(admin, ready, state):
    if state == "lapsed":
        Archive.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if state == "gone":
        Archive.objects.update(gone_at=NOW)
    if state == "lost":
        jobs.file_of(ready).unlink()
    answer = admin.post(f"{HERE}archives/{ready.pk}/file/", follow=True)
    assert "This file no longer exists" in answer.content.decode()
    assert not Entry.objects.filter(what="archive.downloaded").exists()


def test_one_that_is_still_being_made_or_of_another_company_is_not_found(admin, cast):
    waiting = Archive.objects.create(company=cast.company, asked_at=NOW)
    other = make_archive(company=cast.away.company)
    for archive in (waiting, other):
        assert admin.post(f"{HERE}archives/{archive.pk}/file/").status_code == 404


def test_deleting_takes_the_file_and_keeps_the_row(admin, ready, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = admin.post(f"{HERE}archives/{ready.pk}/remove/", follow=True).content.decode()
    assert "The file was deleted" in page and "Deleted" in page
    assert not jobs.file_of(ready).exists()


def test_one_that_was_given_up_says_why(admin, cast):
    Archive.objects.create(company=cast.company, asked_at=NOW, failed_at=NOW, error=jobs.NO_ROOM)
    assert jobs.NO_ROOM in admin.get(HERE).content.decode()


def test_the_archive_of_the_page_holds_no_words_an_admin_can_read(admin, cast, ready):
    told = b"".join(admin.post(f"{HERE}archives/{ready.pk}/file/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(told)) as export:
        folders = {name.split("/")[0] for name in export.namelist()}
    assert folders == {"facts", "README.txt", "manifest.json"}


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_asks_as_often_for_many_as_for_one(admin, cast, number, django_assert_max_num_queries):
    for _ in range(number):
        make_archive(company=cast.company)
        make_member(company=cast.company)
    with django_assert_max_num_queries(13):
        admin.get(HERE)


def test_only_who_holds_nothing_can_be_chosen(admin, cast):
    left = make_member(company=cast.company, user=make_user(name="Lea Left"))
    page = admin.get(HERE).content.decode()
    assert f"/data/people/{left.pk}/forget/" in page
    assert "Joe Keller" not in page and f"/{cast.admin.pk}/forget/" not in page


def test_many_who_left_can_be_searched(admin, cast):
    for number in range(21):
        make_member(company=cast.company, user=make_user(name=f"Left {number:02}"))
    page = admin.get(HERE, {"q": "left 07"}).content.decode()
    assert "Left 07" in page and "Left 08" not in page
    assert "No former member has that name" in admin.get(HERE, {"q": "nobody"}).content.decode()


@pytest.fixture
def left(cast) -> User:
    return make_member(company=cast.company, user=make_user(name="Lea Left", email="lea@demo.test"))


def test_the_question_says_what_goes_and_what_stays(admin, left):
    page = admin.get(f"{HERE}people/{left.pk}/forget/").content.decode()
    assert "Erased</h2>" in page and "lea@demo.test" in page and "1 membership" in page
    assert "as “Former member”" in page


@pytest.mark.parametrize("number", [1, 50])
def test_the_question_asks_as_often_for_much_as_for_little(
    admin, cast, left, number, django_assert_max_num_queries
):
    for _ in range(number):
        make_commitment(team=cast.north, owner=left)
    with django_assert_max_num_queries(15):
        page = admin.get(f"{HERE}people/{left.pk}/forget/").content.decode()
    assert f"{number} commitment" in page


@pytest.mark.parametrize(("typed", "said"), [("", "Type the name"), ("Lea", "That is not the name")])
def test_the_name_must_be_typed(admin, left, typed, said):
    answer = admin.post(f"{HERE}people/{left.pk}/forget/", {"typed": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.filter(name="Lea Left").exists()


def test_typing_the_name_forgets_the_person(admin, left):
    answer = admin.post(f"{HERE}people/{left.pk}/forget/", {"typed": " Lea  Left "}, follow=True)
    left.refresh_from_db()
    assert left.name == erase.placeholder(left)
    assert "Erased. They are now called" in answer.content.decode()
    assert "lea@demo.test" not in answer.content.decode()
    assert admin.get(f"{HERE}people/{left.pk}/forget/").status_code == 404


def test_who_holds_a_seat_is_refused_with_what_to_do(admin, cast):
    here = f"{HERE}people/{cast.leader.pk}/forget/"
    assert "Replace or remove them first" in admin.get(here).content.decode()
    answer = admin.post(here, {"typed": cast.leader.name})
    assert answer.status_code == 409
    cast.leader.refresh_from_db()
    assert cast.leader.name == "Joe Keller"


def test_who_is_known_elsewhere_is_refused_without_saying_where(admin, cast, left):
    Membership.objects.create(company=cast.away.company, user=left)
    page = admin.get(f"{HERE}people/{left.pk}/forget/").content.decode()
    assert "also belong to another company" in page and "Other" not in page


def test_people_of_other_companies_are_not_found(admin, cast):
    assert admin.get(f"{HERE}people/{cast.outsider.pk}/forget/").status_code == 404
