"""A company put into an installation beside others: with numbers of its own, whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from alignment.erasure.company import delete_company
from alignment.exports.manifest import FACTS
from alignment.models import Absence, Company, Entry, Membership, Notice, Team, User
from deals.models import RevenueEntry
from meetings.models import Initiative, PrivateNote, Record
from tests.exported_company import put, stage, taken
from tests.factories import make_company, make_revenue, make_seat, make_user
from tests.hours import START

#: One worker makes the company once.
pytestmark = pytest.mark.xdist_group("company_taken_out")


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker) -> Iterator[Company]:
    """Told once for all tests of this file that need no process of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stage()
        transaction.set_rollback(True)


@pytest.fixture
def archive(company, tmp_path) -> Path:
    return taken(company, tmp_path / "first.zip")


@pytest.mark.django_db
def test_beside_itself_it_gets_numbers_and_slugs_of_its_own(archive, company):
    twin = put(archive)
    assert (twin.slug, twin.name) == (f"{company.slug}-2", company.name)
    assert set(twin.teams.values_list("slug", flat=True)) == {"north-2", "south-2"}
    assert twin.teams.get(slug="north-2").meetings.count() == Team.objects.get(slug="north").meetings.count()


@pytest.mark.django_db
def test_people_who_have_an_account_here_join_and_stay_as_they_are(archive, company):
    leader = Team.objects.get(slug="north").holder("leader")
    leader.name, leader.timezone = "Joe Newname", "Asia/Tokyo"
    leader.set_password("another-password")
    leader.save()
    twin = put(archive)
    seated = twin.teams.get(slug="north-2").holder("leader")
    assert (seated.pk, seated.name, seated.timezone) == (leader.pk, "Joe Newname", "Asia/Tokyo")
    assert seated.check_password("another-password")
    assert Absence.objects.filter(user=leader).count() == 1


@pytest.mark.django_db
def test_new_people_come_without_a_password_or_a_right_over_the_site(archive, company):
    for number, person in enumerate(User.objects.all()):
        User.objects.filter(pk=person.pk).update(email=f"renamed{number}@demo.test")
    twin = put(archive)
    admin = User.objects.get(memberships__company=twin, memberships__is_admin=True)
    assert (admin.has_usable_password(), admin.is_staff, admin.is_superuser) == (False, False, False)
    leader = twin.teams.get(slug="north-2").holder("leader")
    assert (leader.calendar_token, leader.preference.chat_url, leader.preference.days) == (None, "", [0, 1])


@pytest.mark.django_db
def test_a_record_names_the_rows_and_readers_of_its_own_installation(archive):
    put(archive)
    team = Team.objects.get(slug="north-2")
    record = Record.objects.filter(meeting__team=team).latest("created_at")
    assert record.agenda["meeting_id"] == record.meeting_id
    assert record.agenda["team_slug"] == "north-2"
    deals = {row["id"] for row in record.agenda["deals"]["won"] + record.agenda["deals"]["closing"]}
    assert deals <= set(team.deals.values_list("pk", flat=True))


@pytest.mark.django_db
def test_what_was_due_is_not_told_again_where_the_company_goes(archive, company):
    call_command("import_company", archive, yes=True, verbosity=0, stdout=StringIO())
    twin = Company.objects.get(slug=f"{company.slug}-2")
    assert not Notice.objects.filter(company=twin, sent_at=None, closed_at=None).exists()
    assert Entry.objects.filter(company=twin, what="company.imported").count() == 1


@pytest.mark.django_db
def test_a_company_that_is_here_is_not_imported_again_unasked(archive, company, monkeypatch):
    questions: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or "no")
    refused = pytest.raises(CommandError, match="Nothing was changed")
    with refused:
        call_command("import_company", archive, verbosity=0)
    call_command("import_company", archive, yes=True, verbosity=0, stdout=StringIO())
    Company.objects.filter(slug=f"{company.slug}-2").update(name="Renamed here")
    with refused:
        call_command("import_company", archive, verbosity=0)
    assert f"{company} is already here as {company.slug}." in questions[0]
    today = f"{START:%-d %B %Y}"
    assert f"{company} was imported on {today} and is here as {company.slug}-2." in questions[1]
    assert Company.objects.filter(slug__startswith=company.slug).count() == 2


@pytest.mark.django_db
def test_after_it_was_deleted_nobody_is_asked(archive, company, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail(question))
    delete_company(company)
    call_command("import_company", archive, verbosity=0, stdout=StringIO())
    assert Company.objects.filter(slug=company.slug).count() == 1


@pytest.mark.django_db
def test_private_notes_and_rep_plans_arrive_with_their_readers(archive, company):
    was = PrivateNote.objects.filter(meeting__team__company=company)
    twin = put(archive)
    came = PrivateNote.objects.filter(meeting__team__company=twin)
    assert list(came.values_list("author", "text")) == list(was.values_list("author", "text"))
    plans = Initiative.objects.filter(team__company=twin, kind="rep")
    assert [plan.pair_leader_id for plan in plans] == [
        plan.pair_leader_id for plan in Initiative.objects.filter(team__company=company, kind="rep")
    ]


@pytest.mark.django_db
def test_an_admin_s_export_is_refused_in_a_sentence(company, tmp_path):
    file = taken(company, tmp_path / "facts.zip", FACTS)
    with pytest.raises(
        CommandError, match=r"only what an admin may read.*export_company.*Nothing was changed"
    ):
        call_command("import_company", file, verbosity=0)
    assert not Company.objects.filter(slug=f"{company.slug}-2").exists()


@pytest.mark.django_db
def test_the_operator_s_export_is_for_its_owner_alone_and_written_down(company, tmp_path):
    file, said = tmp_path / "operator.zip", StringIO()
    call_command("export_company", company.slug, file, verbosity=0, stdout=said)
    assert "not encrypted" in said.getvalue()
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["operator.zip"]
    assert Entry.objects.filter(company=company, what="archive.taken").exists()
    with pytest.raises(CommandError, match="already exists"):
        call_command("export_company", company.slug, file)
    with pytest.raises(CommandError, match=r"no company nowhere. Companies: .*demo|carver"):
        call_command("export_company", "nowhere", tmp_path / "none.zip")


@pytest.mark.django_db
def test_a_row_that_names_a_later_one_of_its_kind_follows_it(company, tmp_path):
    entry = RevenueEntry.objects.filter(corrected_by=None, corrects=None).first()
    later = make_revenue(team=entry.team, day=entry.day, amount=5, note="later")
    RevenueEntry.objects.filter(pk=entry.pk).update(corrects=later)
    twin = put(taken(company, tmp_path / "later.zip"))
    assert RevenueEntry.objects.get(team__company=twin, corrects__note="later").amount == entry.amount


@pytest.mark.django_db
def test_who_was_forgotten_is_nobody_who_was_forgotten_here(company, tmp_path):
    gone = make_user(name="Former member 7", email="former-7@forgotten.invalid", is_active=False)
    make_seat(team=Team.objects.get(slug="north"), user=gone, role="observer", until=date(2026, 2, 1))
    twin = put(taken(company, tmp_path / "forgotten.zip"))
    came = User.objects.get(seats__team__company=twin, name="Former member 7")
    assert (came != gone, came.email) == (True, "former-7-2@forgotten.invalid")


@pytest.mark.django_db
def test_nothing_of_another_company_is_in_it(archive):
    with zipfile.ZipFile(archive) as opened_zip:
        everything = b"".join(opened_zip.read(name) for name in opened_zip.namelist())
    assert b"outsider@other.test" not in everything
    assert b"hooks.slack.com" not in everything
    leader = Team.objects.get(slug="north").holder("leader")
    assert leader.calendar_token.encode() not in everything
    assert leader.password.encode() not in everything


@pytest.mark.django_db
def test_an_archive_of_an_empty_company_goes_round_too(tmp_path):
    empty = make_company(name="Empty & Sons", slug="empty")
    Membership.objects.create(company=empty, user=make_user(name="=HYPERLINK(1)"), is_admin=True)
    twin = put(taken(empty, tmp_path / "empty.zip"))
    assert (twin.slug, twin.memberships.get().is_admin) == ("empty-2", True)
