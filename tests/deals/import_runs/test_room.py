"""Stored files of a company: a page says when room ends, and no file that waits for somebody is deleted for it."""

import pytest

from deals.import_runs import files
from deals.import_runs.uploads import MOST_STORED, NEARLY_FULL, stored_runs
from deals.models import ImportRun, UploadAddress
from tests.deals.import_runs.files import OPEN, table, upload
from tests.factories import NOW, make_import_run


@pytest.fixture
def leader(cast, as_):
    return as_(cast.leader)


def store(cast, number, **fields):
    for _ in range(number):
        run = make_import_run(team=cast.north, by=cast.leader, rows=0, **fields)
        files.store(run, [b"id"])


def test_the_oldest_finished_file_makes_room_and_none_that_waits(cast, leader):
    store(cast, 1)  # the oldest of all
    store(cast, MOST_STORED - 1, state="applied", applied_at=NOW)
    waiting, *finished = ImportRun.objects.order_by("pk")
    run = upload(leader, table(OPEN))
    stored = stored_runs(cast.company)
    assert len(stored) == MOST_STORED
    assert {run, waiting} <= set(stored)
    assert finished[0] not in stored


def test_the_page_says_so_before_it_happens(cast, leader):
    store(cast, NEARLY_FULL - 1)
    assert "files of Demo are stored" not in leader.get("/imports/").content.decode()
    store(cast, 1)
    page = " ".join(leader.get("/imports/").content.decode().split())
    assert f"{NEARLY_FULL} files of Demo are stored, at most {MOST_STORED} are." in page


def test_where_all_of_them_wait_nothing_more_is_stored(cast, leader, client):
    store(cast, MOST_STORED)
    token = UploadAddress.objects.renew(cast.north, instead_of="", by=cast.leader, now=NOW)
    response = client.post(f"/imports/upload/{token}/", data=b"id,name", content_type="text/csv")
    assert response.status_code == 507
    with pytest.raises(AssertionError, match="wait to be applied or deleted"):
        upload(leader, table(OPEN))
    assert len(stored_runs(cast.company)) == ImportRun.objects.count() == MOST_STORED


def test_an_upload_that_failed_is_deleted_from_the_list(cast, leader):
    run = upload(leader, b"PK\x03\x04 no table")
    assert run.state == "failed"
    page = leader.get("/imports/").content.decode()
    assert f"/imports/{run.pk}/discard/" in page
    leader.post(f"/imports/{run.pk}/discard/")
    assert f"/imports/{run.pk}/" not in leader.get("/imports/").content.decode()
