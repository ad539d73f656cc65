"""Runs: who may read and undo them, two at once, a worker that dies, what is deleted and when."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import override_settings
from django.urls import reverse

from alignment.erasure import erase
from alignment.models import Entry
from alignment.sweep.run import sweep
from deals.import_runs import files, jobs, write
from deals.import_runs.kinds import deal_writing
from deals.models import Account, Deal, ImportRow, ImportRun, RevenueEntry
from deals.models.imports import CLAIM_LASTS
from tests.deals.import_runs.files import HEADERS, LOST, OPEN, WON, answer, press, reread, table, upload
from tests.factories import NOW, make_import_run, make_meeting, make_member, make_seat

FILE = table(OPEN, WON)


@pytest.fixture
def leader(cast, as_):
    return as_(cast.leader)


def previewed(client, text=FILE):
    return answer(client, upload(client, text), **{"owner-0": "north"})


# Who


def test_the_delegate_of_the_leader_may_import_for_the_team(cast, as_):
    delegate = as_(cast.delegate)
    assert press(delegate, "apply", previewed(delegate)).state == "applied"


@pytest.mark.parametrize("role", ["ceo", "facilitator", "observer"])
def test_nobody_else_of_the_team_may(cast, as_, role):
    response = as_(getattr(cast, role)).get("/imports/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "Joe Keller (sales leader of North)" in page
    assert "or Ada Admin (admin)." in page
    assert "Nothing was changed" not in page
    assert 'aria-label="Main"' in page


def test_a_leader_cannot_import_for_another_team_or_the_company(leader):
    for scope in ("team:south", "company:demo"):
        file = SimpleUploadedFile("deals.csv", FILE.encode())
        data = {"kind": "deals", "scope": scope, "token": str(uuid.uuid4()), "file": file}
        assert leader.post("/imports/", data).status_code == 422
    assert not ImportRun.objects.exists()


def test_who_left_the_leaders_side_reads_their_imports_no_more(cast, leader):
    run = previewed(leader)
    cast.north.seats.filter(user=cast.leader).update(until=NOW.date())
    assert leader.get(f"/imports/{run.pk}/").status_code == 404


def test_an_admin_reads_the_counts_of_an_import_and_not_its_rows(cast, as_, leader):
    run = press(leader, "apply", previewed(leader))
    page = as_(cast.admin).get(f"/imports/{run.pk}/").content.decode()
    assert "2 rows: 2 new" in page
    assert "Plant two" not in page
    assert "Undo this import" in page


def test_an_admin_may_undo_an_import_of_a_leader(cast, as_, leader):
    run = press(leader, "apply", previewed(leader))
    run = press(as_(cast.admin), "undo", run)
    assert (run.state, run.undone_by) == ("undone", cast.admin)
    assert not Deal.objects.exists()


def test_the_audit_says_who_imported_and_nothing_of_the_file(cast, leader):
    press(leader, "undo", press(leader, "apply", previewed(leader)))
    entries = Entry.objects.filter(what__startswith="import.").order_by("pk")
    assert [(entry.what, entry.by, entry.about, entry.new) for entry in entries] == [
        ("import.applied", cast.leader, "Deals of North", "2 new, 0 changed"),
        ("import.undone", cast.leader, "Deals of North", "2 rows taken back, 0 left as they are"),
    ]


# Two at once, and workers that die


def test_one_import_of_a_company_is_written_at_a_time(cast, leader):
    one, other = previewed(leader), make_import_run(team=cast.south, by=cast.second_leader)
    ImportRun.objects.filter(pk=other.pk).update(state="applying", applied_at=NOW, claimed_until=NOW)
    response = leader.post(f"/imports/{one.pk}/apply/", follow=True)
    assert "Another import of this company is being written." in response.content.decode()
    assert reread(one).state == "previewed"


def test_the_same_form_sent_twice_is_one_run(leader):
    token = str(uuid.uuid4())
    first, second = upload(leader, FILE, token=token), upload(leader, FILE, token=token)
    assert first == second


def test_a_form_sent_again_with_another_file_is_another_run(leader):
    token = str(uuid.uuid4())
    first, second = upload(leader, FILE, token=token), upload(leader, table(OPEN), token=token)
    assert first != second
    assert (first.understanding["row_count"], second.understanding["row_count"]) == (2, 1)


def test_a_form_that_somebody_else_sent_is_another_run(leader, cast, as_):
    token = str(uuid.uuid4())
    first = upload(leader, FILE, token=token)
    second = upload(as_(cast.admin), FILE, token=token, scope="company:demo")
    assert (first.started_by, second.started_by) == (cast.leader, cast.admin)


class Killed(BaseException):
    """The process ends here."""


def test_a_worker_killed_while_applying_leaves_nothing_and_another_finishes(
    leader, monkeypatch, time_machine
):
    run = previewed(leader)
    with monkeypatch.context() as patch:
        patch.setattr(deal_writing, "book", _die)
        with pytest.raises(Killed):
            leader.post(f"/imports/{run.pk}/apply/")
    assert (reread(run).state, Deal.objects.count(), Account.objects.count()) == ("applying", 0, 0)
    jobs.run_jobs(NOW)
    assert Deal.objects.count() == 0, "its claim holds"
    later = NOW + CLAIM_LASTS + timedelta(minutes=1)
    time_machine.move_to(later)
    jobs.run_jobs(later)
    assert (reread(run).state, Deal.objects.count(), RevenueEntry.objects.count()) == ("applied", 2, 1)


def _die(*args, **kwargs):
    raise Killed


def test_an_import_in_steps_goes_on_where_it_was_killed(leader, monkeypatch, time_machine):
    monkeypatch.setattr(write, "IN_ONE_TRANSACTION", 1)
    monkeypatch.setattr(write, "AT_ONCE", 1)
    run = previewed(leader)
    with monkeypatch.context() as patch:
        patch.setattr(deal_writing, "save_rows", _die_at_second())
        with pytest.raises(Killed):
            leader.post(f"/imports/{run.pk}/apply/")
    assert (Deal.objects.count(), run.rows.filter(is_applied=True, number__gt=0).count()) == (1, 1)
    later = NOW + CLAIM_LASTS + timedelta(minutes=1)
    time_machine.move_to(later)
    jobs.run_jobs(later)
    run = reread(run)
    assert (run.state, run.summary["applied"]["new"]) == ("applied", 2)
    assert (Deal.objects.count(), RevenueEntry.objects.count()) == (2, 1)


def _die_at_second():
    calls, save = [], deal_writing.save_rows

    def save_rows(rows):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        save(rows)

    return save_rows


def test_an_import_that_fails_three_times_is_taken_back(leader, monkeypatch, time_machine):
    monkeypatch.setattr(write, "IN_ONE_TRANSACTION", 1)
    monkeypatch.setattr(write, "AT_ONCE", 1)
    run, book = previewed(leader), deal_writing.book

    def fail_on_wins(deals, context, **options):
        if deals[0].status == "won":
            raise RuntimeError("This deal cannot be booked.")
        book(deals, context, **options)

    monkeypatch.setattr(deal_writing, "book", fail_on_wins)
    leader.post(f"/imports/{run.pk}/apply/")
    for _ in range(3):
        jobs.run_jobs(NOW)
    run = reread(run)
    assert (run.state, Deal.objects.count(), Account.objects.count()) == ("undone", 0, 0)
    assert run.error.startswith("It could not be applied completely")


def test_an_import_that_cannot_be_applied_changes_nothing_and_says_so(leader, monkeypatch):
    run = previewed(leader)
    monkeypatch.setattr(deal_writing, "book", _fail)
    leader.post(f"/imports/{run.pk}/apply/")
    for _ in range(3):
        jobs.run_jobs(NOW)
    run = reread(run)
    assert (run.state, Deal.objects.count()) == ("previewed", 0)
    assert "nothing was changed" in run.error


def _fail(*args, **kwargs):
    raise RuntimeError("This deal cannot be booked.")


# Size, place and time


def test_a_large_file_is_never_read_in_the_web_process(leader, monkeypatch):
    monkeypatch.setattr(files, "SMALL", 10)
    run = upload(leader, FILE)
    assert run.state == "uploaded"
    assert "The file is being read." in leader.get(f"/imports/{run.pk}/").content.decode()
    jobs.run_jobs(NOW)
    assert reread(run).state == "understood"


def test_the_progress_is_fetched_and_ends_in_the_whole_page(leader, monkeypatch):
    monkeypatch.setattr(files, "SMALL", 10)
    run = upload(leader, FILE)
    address = f"/imports/{run.pk}/?progress=1"
    assert "HX-Refresh" not in leader.get(address, headers={"HX-Request": "true"})
    jobs.run_jobs(NOW)
    assert leader.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_request_larger_than_the_limit_is_refused_before_it_is_read(leader):
    response = leader.generic("POST", "/imports/", b"", CONTENT_LENGTH="60000000")
    assert response.status_code == 413


def test_a_file_of_fifty_megabytes_passes_the_door_of_imports_alone(leader):
    assert leader.generic("POST", "/deals/new/", b"", CONTENT_LENGTH="40000000").status_code == 413
    assert leader.generic("POST", "/imports/", b"", CONTENT_LENGTH="40000000").status_code == 422


def test_file_and_rows_are_deleted_after_thirty_days_and_the_counts_stay(
    leader, stored_files, django_capture_on_commit_callbacks
):
    run = press(leader, "apply", previewed(leader))
    sweep(NOW + timedelta(days=29))
    assert run.rows.exists()
    with django_capture_on_commit_callbacks(execute=True):
        sweep(NOW + timedelta(days=31))
    run = reread(run)
    assert (run.state, run.rows.count(), list(stored_files.iterdir())) == ("applied", 0, [])
    assert run.summary["counts"] == {"new": 2}
    page = leader.get(f"/imports/{run.pk}/").content.decode()
    assert "Undo this import" not in page
    response = leader.post(f"/imports/{run.pk}/undo/", follow=True)
    assert "older than 30 days" in response.content.decode()
    assert Deal.objects.count() == 2


def test_an_upload_can_be_deleted_before_its_time(leader, stored_files, django_capture_on_commit_callbacks):
    run = upload(leader, FILE)
    with django_capture_on_commit_callbacks(execute=True):
        press(leader, "discard", run)
    assert (reread(run).state, list(stored_files.iterdir())) == ("expired", [])


def test_a_person_erased_is_in_no_row_and_no_file(
    cast, leader, stored_files, django_capture_on_commit_callbacks
):
    person = make_member(company=cast.company)
    make_seat(team=cast.north, user=person, role="observer", until=NOW.date())
    text = table(OPEN.replace("Ann Lee", person.name), WON.replace("5000", "n/a"))
    run = answer(leader, upload(leader, text), **{"owner-0": "north", "owner-1": "north"})
    assert run.rows.filter(after__rep=person.name).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert erase.forget(person, by=cast.admin, now=NOW) == ""
    assert not list(stored_files.iterdir())
    assert person.name not in str(list(ImportRow.objects.values_list("after", "cells", "name")))
    assert person.name not in str(reread(run).understanding)


def test_the_refused_rows_can_be_taken_mended_and_uploaded_again(leader):
    run = previewed(leader, table(OPEN, WON.replace("5000", "five")))
    assert run.summary["counts"] == {"new": 1, "refused": 1}
    response = leader.get(reverse("deals:import_refused", args=(run.pk,)))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    header, row = text.splitlines()
    assert header.endswith('"close date","Why it was refused"')
    assert "Pilot" in row
    press(leader, "apply", run)
    mended = answer(leader, upload(leader, text.replace("five", "5000")))
    assert mended.summary["counts"] == {"new": 1}


def test_lists_are_paged_and_cost_the_same_whatever_their_length(cast, leader, django_assert_max_num_queries):
    one, many = (make_import_run(team=cast.north, by=cast.leader, rows=rows) for rows in (1, 120))
    counts = []
    for run in (one, many):
        with django_assert_max_num_queries(40) as queries:
            page = leader.get(f"/imports/{run.pk}/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "1–50 of 120" in page


def test_the_page_of_imports_costs_the_same_with_one_and_with_many(
    cast, leader, django_assert_max_num_queries
):
    counts = []
    for number in (1, 12):
        for _ in range(number):
            make_import_run(team=cast.north, by=cast.leader)
        with django_assert_max_num_queries(40) as queries:
            leader.get("/imports/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"PK\x03\x04nonsense", b"\n\n", b"a,b,c\n"]
)
def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(leader, content):
    run = upload(leader, content)
    assert run.state in ("failed", "understood")
    response = leader.get(f"/imports/{run.pk}/", follow=True)
    assert response.status_code == 200
    assert not Deal.objects.exists()


@override_settings(DEBUG=False)
def test_an_empty_file_is_refused_on_the_page(leader):
    data = {"kind": "deals", "scope": "team:north", "token": str(uuid.uuid4())}
    response = leader.post("/imports/", data | {"file": SimpleUploadedFile("deals.csv", b"")})
    assert response.status_code == 422
    assert "This file is empty." in response.content.decode()


def test_a_teams_pages_say_that_an_import_is_being_applied(cast):
    tag = Template("{% load imports %}{% import_notice team %}")
    assert tag.render(Context({"team": cast.north})).strip() == ""
    make_import_run(team=cast.north, by=cast.leader, state="applying", applied_at=NOW)
    assert "An import is being applied." in tag.render(Context({"team": cast.north}))
    assert tag.render(Context({"team": cast.south})).strip() == ""


@pytest.mark.parametrize("page", ["/teams/north/", "/meetings/{pk}/", "/meetings/{pk}/prepare/"])
def test_the_teams_pages_say_that_an_import_is_being_applied(cast, as_, page):
    meeting = make_meeting(team=cast.north)
    client, address = as_(cast.leader), page.format(pk=meeting.pk)
    assert "An import is being applied." not in client.get(address).content.decode()
    make_import_run(team=cast.north, by=cast.leader, state="applying")
    assert "An import is being applied." in client.get(address).content.decode()


@pytest.mark.parametrize("scope", ["team:north", "company:demo"])
def test_figures_that_come_from_an_import_say_as_of_when(cast, as_, scope):
    meeting = make_meeting(team=cast.north)
    client = as_(cast.leader)
    pages = ("/deals/", "/deals/revenue/", f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/prepare/")
    assert not any("As of" in client.get(page).content.decode() for page in pages)
    importer = client if scope == "team:north" else as_(cast.admin)
    run = answer(importer, upload(importer, table(OPEN, WON), scope=scope), **{"owner-0": "north"})
    press(importer, "apply", run)
    assert all("As of" in client.get(page).content.decode() for page in pages)


# Questions


def test_nothing_that_can_be_read_in_two_ways_is_answered_beforehand(leader):
    rows = ("D1,A,Brandt,Ann Lee,Gagné,5,2026-03-01,Sales", "D2,B,Osram,Ann Lee,Won,5,2026-03-01,Hiring")
    run = upload(leader, table(*rows, headers=f"{HEADERS},pipeline"))
    address = reverse("deals:import_answers", args=(run.pk,))
    form = leader.get(address).context["form"]
    doubts = [name for name in form.keys if name.startswith("doubt")]
    assert [form.keys[name] for name in doubts] == [
        "stages:Gagné",
        "pipelines:Hiring",
        "pipelines:Sales",
        "completeness",
    ]
    assert not [name for name in doubts if form[name].value()]
    response = leader.post(address, {name: form[name].value() or "" for name in form.fields})
    assert response.status_code == 422
    assert set(doubts) <= set(response.context["form"].errors)
    assert reread(run).state == "understood"


def test_a_new_pipeline_in_a_file_known_before_waits_for_a_person(leader):
    headers = f"{HEADERS},pipeline"
    one, two, three = (f"{row},{name}" for row, name in ((OPEN, "Sales"), (WON, "Online"), (LOST, "Hiring")))
    known = answer(leader, upload(leader, table(one, two, headers=headers)), **{"owner-0": "north"})
    assert press(leader, "apply", known).state == "applied"
    assert upload(leader, table(one, two, headers=headers)).state == "previewed"
    waiting = upload(leader, table(one, two, three, headers=headers))
    assert waiting.state == "understood"
    assert [
        question["key"] for question in waiting.understanding["questions"] if question["is_required"]
    ] == ["pipelines:Hiring"]


def test_a_rate_is_not_asked_for_rows_of_another_team(leader, cast):
    headers = f"{HEADERS},currency"
    theirs = "D9,Far,Siemens,South,Proposal,7000,2027-09-01,EUR"
    run = upload(leader, table(f"{OPEN},USD", theirs, headers=headers))
    assert not [question for question in run.understanding["questions"] if question["key"] == "rates:EUR"]
    ours = upload(leader, table(f"{OPEN},EUR", theirs, headers=headers))
    assert [question["key"] for question in ours.understanding["questions"]][:1] == ["rates:EUR"]
