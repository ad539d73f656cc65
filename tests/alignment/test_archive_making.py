"""Archives made in the background: each once, whoever makes it, whatever breaks; and gone when their week is over."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alignment.archives import making
from alignment.archives.read import opened
from alignment.archives.seal import own_passphrase
from alignment.models import Archive, Entry
from alignment.models.archives import CLAIM_LASTS, KEPT_FOR, LAST_ATTEMPT
from alignment.tasks import keep_archives
from tests.factories import NOW, make_archive, make_company, make_risk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def asked(cast) -> Archive:
    return making.ask(cast.company, by=cast.admin, now=NOW)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("what", flat=True))


def test_what_was_asked_for_is_made_sealed_and_written_down(asked):
    making.keep(NOW)
    asked.refresh_from_db()
    file = making.file_of(asked)
    assert (asked.progress, asked.size, asked.is_there) == (100, file.stat().st_size, True)
    assert asked.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.stat().st_mode & 0o077 == 0
    with opened(file) as archive:
        archive.unseal(own_passphrase(UUID(archive.manifest.key)))
    assert kinds() == ["archive.asked", "archive.made"]


def test_two_who_ask_at_once_get_one(asked, cast):
    assert making.ask(cast.company, by=cast.admin, now=NOW) == asked
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
    making.keep(now)
    asked.refresh_from_db()
    assert (asked.error, asked.is_waiting) == (making.BROKE_OFF, False)
    assert kinds() == ["archive.asked", "archive.failed"]


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, making.NO_ROOM), (errno.EACCES, making.NO_FILE)])
def test_where_nothing_can_be_written_it_is_said_at_once(asked, monkeypatch, number, said):
    def full(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tempfile.mkstemp", full)
    making.keep(NOW)
    asked.refresh_from_db()
    assert asked.error == said


def test_one_that_breaks_off_is_tried_again_and_leaves_nothing_behind(asked, monkeypatch):
    monkeypatch.setattr("alignment.archives.write.MIGRATIONS", "SELECT nothing FROM nowhere")
    with transaction.atomic():
        archive = Archive.objects.claim(NOW)
    monkeypatch.setattr(making, "log", making.logging.getLogger("nobody"))
    if connection.vendor == "sqlite":  # in PostgreSQL a failed query ends the test's transaction
        making.make(archive)
        assert list(making.folder().iterdir()) == []
        assert Archive.objects.get().claimed_until is None
        monkeypatch.undo()
        assert Archive.objects.claim(NOW).attempts == 2


def test_after_a_week_the_file_is_deleted_and_the_row_stays(asked, django_capture_on_commit_callbacks):
    making.keep(NOW)
    made = Archive.objects.get()
    assert made.can_be_had(made.expires_at - timedelta(seconds=1))
    assert not made.can_be_had(made.expires_at)
    with django_capture_on_commit_callbacks(execute=True):
        making.keep(made.expires_at)
    assert not making.file_of(made).exists()
    assert Archive.objects.get().gone_at == made.expires_at
    assert kinds()[-1] == "archive.expired"


def test_a_fourth_takes_the_place_of_the_oldest(asked, cast):
    earlier = [make_archive(company=cast.company, asked_at=NOW - timedelta(days=days)) for days in (1, 2, 3)]
    making.keep(NOW)
    assert set(Archive.objects.there()) == {asked, *earlier[:2]}


def test_deleting_twice_is_written_down_once(cast):
    archive = make_archive(company=cast.company)
    making.remove(archive, now=NOW, by=cast.admin)
    making.remove(archive, now=NOW, by=cast.admin)
    assert kinds() == ["archive.removed"]


def test_files_that_no_row_leads_to_are_swept_up_after_a_day(cast):
    making.folder().mkdir()
    old, young, wanted = (making.folder() / name for name in (".archive-x", ".archive-y", "z"))
    wanted = making.file_of(make_archive(company=cast.company))
    for file in (old, young, wanted):
        file.write_bytes(b"x")
    yesterday = (NOW - timedelta(days=2)).timestamp()
    os.utime(old, (yesterday, yesterday))
    os.utime(wanted, (yesterday, yesterday))
    os.utime(young, (NOW.timestamp(), NOW.timestamp()))
    making.clear(NOW)
    assert {file.name for file in making.folder().iterdir()} == {young.name, wanted.name}


def test_the_task_makes_what_was_asked_for(asked):
    keep_archives()
    assert Archive.objects.get().is_there


def test_progress_is_told_and_renews_the_claim(asked, monkeypatch):
    monkeypatch.setattr(making, "EVERY", 0.0)
    archive = Archive.objects.claim(NOW)
    with making.telling(archive) as step:
        step(40)
    archive.refresh_from_db()
    assert archive.progress == 40
    assert archive.claimed_until > timezone.now()


def test_an_archive_is_kept_for_a_week():
    assert timedelta(days=7) == KEPT_FOR


@pytest.mark.django_db(transaction=True)
def test_others_write_while_an_archive_is_made_and_it_is_of_one_moment(cast, monkeypatch):
    """The second connection, through which progress is told, stands for any other writer."""
    monkeypatch.setattr(making, "EVERY", 0.0)
    monkeypatch.setattr("alignment.archives.rows.AT_ONCE", 1)
    make_risk(team=cast.north, owner=cast.leader)
    archive = making.ask(cast.company, by=cast.admin, now=NOW)
    seen: list[int] = []
    write = making.write

    def watched(*given: object, step: making.Step, **named: object) -> object:
        return write(*given, step=lambda done: (step(done), seen.append(done)), **named)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "write", watched)
    making.keep(NOW)
    archive.refresh_from_db()
    assert archive.is_there
    assert seen == sorted(seen) and len(seen) > 10


def test_another_company_s_archive_does_not_wait(asked, cast):
    other = making.ask(make_company(), by=cast.admin, now=NOW)
    making.keep(NOW)
    other.refresh_from_db()
    assert other.is_there
