"""A team's upload address: shown once, write only, applied where nothing is asked."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alignment.models import Notice
from alignment.ops.logs import without_tokens
from deals.import_runs import files, jobs
from deals.models import Deal, ImportRun, UploadAddress
from tests.deals.import_runs.files import OPEN, WON, answer, press, table, upload
from tests.factories import NOW, make_import_run, make_rep
from tests.sweep import enqueue_reminders

FILE = table(OPEN, WON)


@pytest.fixture
def leader(cast, as_):
    return as_(cast.leader)


@pytest.fixture
def address(cast):
    return (
        f"/imports/upload/{UploadAddress.objects.renew(cast.north, instead_of='', by=cast.leader, now=NOW)}/"
    )


def send(address, text=FILE):
    return Client().post(address, {"file": SimpleUploadedFile("report.csv", text.encode())})


def test_the_address_is_shown_once_and_stored_as_a_fingerprint(leader, cast):
    page = leader.post("/imports/address/north/", {"instead_of": ""}).content.decode()
    [token] = set(re.findall(r"/imports/upload/([\w-]+)/", page))
    assert token not in leader.get("/imports/address/north/").content.decode()
    assert token not in str(UploadAddress.objects.values())


def test_what_raises_no_question_is_applied(address, cast):
    make_rep(team=cast.north, name="Ann Lee")
    response = send(address)
    assert (response.status_code, response["Content-Type"]) == (202, "text/plain; charset=utf-8")
    jobs.run_jobs(NOW)
    run = ImportRun.objects.get()
    assert (run.state, run.is_sent, run.applied_by) == ("applied", True, None)
    assert Deal.objects.filter(team=cast.north).count() == 2


def test_what_raises_a_question_waits_for_the_leader_or_the_delegate(address, cast, as_):
    send(address)
    jobs.run_jobs(NOW)
    run = ImportRun.objects.get()
    assert (run.state, Deal.objects.count()) == ("understood", 0)
    delegate = as_(cast.delegate)
    run = answer(delegate, run, **{"owner-0": "north"})
    assert press(delegate, "apply", run).state == "applied"
    assert as_(cast.second_leader).get(f"/imports/{run.pk}/").status_code == 404


def test_the_body_may_be_the_file_itself(address, cast):
    make_rep(team=cast.north, name="Ann Lee")
    response = Client().post(address, FILE.encode(), content_type="text/csv")
    assert response.status_code == 202
    jobs.run_jobs(NOW)
    assert Deal.objects.count() == 2


def test_it_shows_nothing_to_whoever_has_it(address):
    assert Client().get(address).status_code == 405


def test_a_renewed_or_removed_address_takes_nothing(address, leader, cast):
    current = UploadAddress.objects.get()
    leader.post("/imports/address/north/", {"instead_of": current.fingerprint})
    assert send(address).status_code == 404
    leader.post("/imports/address/north/remove/")
    assert not UploadAddress.objects.exists()
    assert not ImportRun.objects.exists()


def test_the_same_report_sent_again_the_same_day_is_one_run(address):
    send(address)
    assert send(address).status_code == 202
    assert ImportRun.objects.count() == 1


def test_too_many_uploads_are_refused(address):
    statuses = {send(address, FILE + "\n" * number).status_code for number in range(32)}
    assert 429 in statuses
    assert ImportRun.objects.count() <= 30


def test_a_file_over_the_limit_is_refused_while_it_is_read(address, monkeypatch, stored_files):
    monkeypatch.setattr(files, "LARGEST", 20)
    assert send(address).status_code == 413
    assert not ImportRun.objects.exists()
    assert list(stored_files.iterdir()) == []


def test_nothing_sent_is_said(address):
    assert Client().post(address, b"", content_type="text/csv").status_code == 400
    assert Client().post(f"{address}?kind=goals", FILE.encode(), content_type="text/csv").status_code == 400


def test_the_token_is_in_no_log(address):
    assert address.split("/")[3] not in without_tokens(f"POST {address} 202")


def test_the_only_leader_side_sees_the_page(cast, as_):
    assert as_(cast.ceo).get("/imports/address/north/").status_code == 403
    assert as_(cast.second_leader).get("/imports/address/north/").status_code == 404


def test_an_upload_by_a_person_is_no_matter_of_the_address(leader):
    assert not upload(leader, FILE).is_sent


# The leader is told, once


def announced(cast):
    return Notice.objects.filter(kind="waiting_upload", to=cast.leader).count()


def test_a_file_that_waits_is_announced_once_until_somebody_looks(cast, as_):
    make_import_run(team=cast.north, by=None, is_sent=True, state="understood")
    enqueue_reminders(NOW)
    make_import_run(team=cast.north, by=None, is_sent=True, state="failed")
    enqueue_reminders(NOW + timedelta(hours=1))
    assert announced(cast) == 1
    as_(cast.leader).get("/imports/")
    assert not ImportRun.objects.waiting_unseen().exists()
    enqueue_reminders(NOW + timedelta(hours=2))
    assert announced(cast) == 1
    make_import_run(team=cast.north, by=None, is_sent=True)
    enqueue_reminders(NOW + timedelta(hours=3))
    assert announced(cast) == 2


def test_somebody_else_who_looks_changes_nothing(cast, as_):
    make_import_run(team=cast.north, by=None, is_sent=True)
    as_(cast.admin).get("/imports/")
    as_(cast.second_leader).get("/imports/")
    assert ImportRun.objects.waiting_unseen().exists()


@pytest.mark.parametrize(
    "fields", [{"state": "applied", "applied_at": NOW}, {"is_sent": False}, {"deleted_at": NOW}]
)
def test_what_waits_for_nobody_is_not_announced(cast, fields):
    make_import_run(team=cast.north, by=None, **{"is_sent": True} | fields)
    enqueue_reminders(NOW)
    assert announced(cast) == 0
