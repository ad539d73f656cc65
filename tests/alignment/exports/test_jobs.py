"""Archives made in the background: each once, whoever makes it, whatever breaks; and gone when their week is over."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import zipfile
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alignment.exports import jobs
from alignment.models import Archive, Entry
from alignment.models.exports import CLAIM_LASTS, KEPT_FOR, LAST_ATTEMPT
from alignment.tasks import keep_archives
from tests.factories import NOW, make_archive, make_company, make_risk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def asked(cast) -> Archive:
    return jobs.request_export(cast.company, by=cast.admin, now=NOW)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("what", flat=True))


def test_what_was_asked_for_is_made_and_written_down(asked):
    jobs.run_jobs(NOW)
    asked.refresh_from_db()
    file = jobs.file_of(asked)
    assert (asked.progress, asked.size, asked.is_available) == (100, file.stat().st_size, True)
    assert asked.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as export:
        assert json.loads(export.read("manifest.json"))["contents"] == "facts"
    assert kinds() == ["archive.asked", "archive.made"]


def test_two_who_ask_at_once_get_one(asked, cast):
    assert jobs.request_export(cast.company, by=cast.admin, now=NOW) == asked
    assert kinds() == ["archive.asked"]


def test_the_database_lets_one_company_have_one_in_the_making(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        Archive.objects.create(company=asked.company, asked_at=NOW)


def test_what_is_claimed_is_nobody_else_s_until_the_claim_lapses(asked):
    assert Archive.objects.claim(NOW) == asked
    assert Archive.objects.claim(NOW + CLAIM_LASTS - timedelta(seconds=1)) is None
    assert Archive.objects.claim(NOW + CLAIM_LASTS) == asked


def test_one_that_died_three_times_is_given_up_in_a_sentence(asked):
    now = NOW
    for _ in range(LAST_ATTEMPT):
        Archive.objects.claim(now)
        now += CLAIM_LASTS
    jobs.run_jobs(now)
    asked.refresh_from_db()
    assert (asked.error, asked.is_waiting) == (jobs.FAILED, False)
    assert kinds() == ["archive.asked", "archive.failed"]


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, jobs.NO_ROOM), (errno.EACCES, jobs.NO_FILE)])
def test_where_nothing_can_be_written_it_is_said_at_once(asked, monkeypatch, number, said):
    def full(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tempfile.mkstemp", full)
    jobs.run_jobs(NOW)
    asked.refresh_from_db()
    assert asked.error == said


def test_one_that_breaks_off_is_tried_again_and_leaves_nothing_behind(asked, monkeypatch):
    monkeypatch.setattr("alignment.exports.writer.MIGRATIONS", "SELECT nothing FROM nowhere")
    with transaction.atomic():
        archive = Archive.objects.claim(NOW)
    monkeypatch.setattr(jobs, "log", jobs.logging.getLogger("nobody"))
    if connection.vendor == "sqlite":  # in PostgreSQL a failed query ends the test's transaction
        jobs.make_export(archive)
        assert list(jobs.folder().iterdir()) == []
        assert Archive.objects.get().claimed_until is None
        monkeypatch.undo()
        assert Archive.objects.claim(NOW).attempts == 2


def test_after_a_week_the_file_is_deleted_and_the_row_stays(asked, django_capture_on_commit_callbacks):
    jobs.run_jobs(NOW)
    made = Archive.objects.get()
    assert made.can_be_downloaded(made.expires_at - timedelta(seconds=1))
    assert not made.can_be_downloaded(made.expires_at)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run_jobs(made.expires_at)
    assert not jobs.file_of(made).exists()
    assert Archive.objects.get().gone_at == made.expires_at
    assert kinds()[-1] == "archive.expired"


def test_a_fourth_takes_the_place_of_the_oldest(asked, cast):
    earlier = [make_archive(company=cast.company, asked_at=NOW - timedelta(days=days)) for days in (1, 2, 3)]
    jobs.run_jobs(NOW)
    assert set(Archive.objects.available()) == {asked, *earlier[:2]}


def test_deleting_twice_is_written_down_once(cast):
    archive = make_archive(company=cast.company)
    jobs.remove_export(archive, now=NOW, by=cast.admin)
    jobs.remove_export(archive, now=NOW, by=cast.admin)
    assert kinds() == ["archive.removed"]


def test_files_that_no_row_leads_to_are_swept_up_after_a_day(cast):
    jobs.folder().mkdir()
    old, young, wanted = (jobs.folder() / name for name in (".archive-x", ".archive-y", "z"))
    wanted = jobs.file_of(make_archive(company=cast.company))
    for file in (old, young, wanted):
        file.write_bytes(b"x")
    yesterday = (NOW - timedelta(days=2)).timestamp()
    os.utime(old, (yesterday, yesterday))
    os.utime(wanted, (yesterday, yesterday))
    os.utime(young, (NOW.timestamp(), NOW.timestamp()))
    jobs.delete_leftovers(NOW)
    assert {file.name for file in jobs.folder().iterdir()} == {young.name, wanted.name}


def test_the_task_makes_what_was_asked_for(asked):
    keep_archives()
    assert Archive.objects.get().is_available


def test_progress_is_told_and_renews_the_claim(asked, monkeypatch):
    monkeypatch.setattr(jobs, "EVERY", 0.0)
    archive = Archive.objects.claim(NOW)
    with jobs.reported_progress(archive) as step:
        step(40)
    archive.refresh_from_db()
    assert archive.progress == 40
    assert archive.claimed_until > timezone.now()


def test_an_archive_is_kept_for_a_week():
    assert timedelta(days=7) == KEPT_FOR


@pytest.mark.django_db(transaction=True)
def test_others_write_while_an_archive_is_made_and_it_is_of_one_moment(cast, monkeypatch):
    """The second connection, through which progress is told, stands for any other writer."""
    monkeypatch.setattr(jobs, "EVERY", 0.0)
    monkeypatch.setattr("alignment.exports.queries.AT_ONCE", 1)
    make_risk(team=cast.north, owner=cast.leader)
    archive = jobs.request_export(cast.company, by=cast.admin, now=NOW)
    seen: list[int] = []
    write_export = jobs.write_export

    def watched(*given: object, step: jobs.Step, **named: object) -> object:
        return write_export(*given, step=lambda done: (step(done), seen.append(done)), **named)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "write_export", watched)
    jobs.run_jobs(NOW)
    archive.refresh_from_db()
    assert archive.is_available
    assert seen == sorted(seen) and len(seen) > 10


def test_another_company_s_archive_does_not_wait(asked, cast):
    other = jobs.request_export(make_company(), by=cast.admin, now=NOW)
    jobs.run_jobs(NOW)
    other.refresh_from_db()
    assert other.is_available
