"""A company deleted: everything of it, and nothing of another."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from alignment.erasure.company import delete_company
from alignment.exports import jobs
from alignment.exports.queries import belonging
from alignment.exports.schema import all_models, every, label_of, path_to
from alignment.models import Company, Team, User
from alignment.outbox.file_backend import EmailBackend
from meetings.registry.data_checks import find_violations
from tests.exported_company import put, stage
from tests.factories import NOW, make_archive, make_notice, make_seat, make_user

SITE = "admin@site.example"
#: One worker makes the company once.
pytestmark = pytest.mark.xdist_group("company_that_goes")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """With a row of every kind, and another company beside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stage()
        transaction.set_rollback(True)


@pytest.fixture
def company(demo: Company, db: None, settings: Any, tmp_path: Path) -> Company:
    settings.DATA_DIR, settings.MAIL_DIR = tmp_path, tmp_path / "mail"
    return demo


def counts(slug: str) -> dict[str, int]:
    """The rows of every model that leads to a company."""
    return {
        label_of(model): every(model).filter(**{f"{path}__in": Company.objects.filter(slug=slug)}).count()
        for model in all_models()
        if (path := path_to(Company, model))
    }


def test_every_row_of_it_goes_and_none_of_another(company: Company) -> None:
    before, people = counts("other"), set(User.objects.filter(seats__team__company__slug="other"))
    assert min(counts(company.slug)[label] for label in ("meetings.Record", "deals.DealChange")) > 0
    theirs = belonging(company).count()
    deleted = delete_company(company)
    assert (deleted.people, deleted.staying) == (theirs, 0)
    assert not any(counts(company.slug).values())
    assert counts("other") == before
    assert set(User.objects.all()) == people
    assert not list(find_violations(NOW))


def test_who_belongs_elsewhere_or_runs_the_site_keeps_the_account(company: Company) -> None:
    leader = Team.objects.get(slug="north").holder("leader")
    make_seat(team=Team.objects.get(company__slug="other"), user=leader, role="observer", until=NOW.date())
    User.objects.filter(email="admin@demo.test").update(is_staff=True)
    theirs = belonging(company).count()
    deleted = delete_company(company)
    assert (deleted.people, deleted.staying) == (theirs - 2, 2)
    assert User.objects.filter(email__in=[leader.email, "admin@demo.test"]).count() == 2


def test_whoever_is_signed_in_is_signed_out(company: Company) -> None:
    client = Client()
    client.force_login(Team.objects.get(slug="north").holder("leader"))
    assert client.get("/").status_code == 200
    delete_company(company)
    assert client.get("/").status_code == 302


def test_its_exports_and_mails_go_too(company: Company, django_capture_on_commit_callbacks: Any) -> None:
    archive = make_archive(company=company)
    jobs.folder().mkdir()
    jobs.file_of(archive).touch()
    staying = make_user(email=SITE)
    make_notice(to=staying, company=company, goes_as="<ours@x>")
    for number, (to, name) in enumerate(
        [("leader@demo.test", "<a@x>"), (staying.email, "<ours@x>"), (staying.email, "<other@x>")]
    ):
        mail = EmailMessage(f"Week {number}", "Words", "a@example.com", [to], headers={"Message-ID": name})
        EmailBackend().send_messages([mail])
    with django_capture_on_commit_callbacks(execute=True):
        delete_company(company)
    assert not list(jobs.folder().iterdir())
    (kept,) = (jobs.folder().parent / "mail").iterdir()
    assert b"Week 2" in kept.read_bytes()


def test_the_command_asks_and_writes_an_export_that_brings_it_back(
    company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before, said = counts(company.slug), StringIO()
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("delete_company", company.slug, stdout=said, verbosity=0)
    assert counts(company.slug) == before
    monkeypatch.setattr("builtins.input", lambda question: company.slug)
    call_command("delete_company", company.slug, stdout=said, verbosity=0)
    assert "2 teams" in said.getvalue()
    assert not Company.objects.filter(slug=company.slug).exists()
    (file,) = (tmp_path / "exports").iterdir()
    assert put(file).slug == company.slug
    after = counts(company.slug)
    assert {label: after[label] for label in ("meetings.Meeting", "deals.Deal")} == {
        label: before[label] for label in ("meetings.Meeting", "deals.Deal")
    }


def test_an_unknown_company_is_said_so(company: Company) -> None:
    with pytest.raises(CommandError, match="There is no company nowhere"):
        call_command("delete_company", "nowhere", yes=True)
