"""A person is forgotten: no name and no address is left anywhere, and every fact stays."""

from __future__ import annotations

import json
import unicodedata
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from alignment.audit import note
from alignment.erasure import erase
from alignment.erasure.identities import earlier
from alignment.erasure.outsiders import forget_outsider, outsiders_with
from alignment.erasure.redact import Scrub
from alignment.exports import jobs
from alignment.models import (
    Absence,
    Archive,
    Entry,
    Link,
    Membership,
    Notice,
    PlannedSeat,
    Preference,
    Seat,
    Team,
    User,
)
from alignment.people import membership
from alignment.rules.folding import search_key
from meetings.agenda.record import load_record
from meetings.models import Commitment, Issue, Meeting, MissAnswer, PrivateNote, Record, Update
from meetings.registry.data_checks import find_violations
from meetings.transitions import closing
from tests.factories import (
    NOW,
    make_archive,
    make_commitment,
    make_deal,
    make_issue,
    make_link,
    make_meeting,
    make_member,
    make_notice,
    make_rep,
    make_risk,
    make_seat,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
WAS, ADDRESS = "Joe Keller", "joe.keller@demo.test"


@pytest.fixture
def gone(cast) -> User:
    """The leader of North, who met, wrote and promised, was called otherwise once, and has left."""
    meeting = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    User.objects.filter(pk=cast.leader.pk).update(name="Joseph Former-Name")
    make_risk(
        team=cast.north,
        owner=cast.leader,
        what_is_wrong="Ask Joe Keller or JOE  KELLER, joe.keller@demo.test.",
    )
    make_deal(team=cast.north, rep="Joe Keller")
    meeting.start(by=cast.ceo, now=meeting.starts_at)
    closing.close_meeting(meeting, by=cast.ceo, now=meeting.starts_at + timedelta(minutes=30), mail=False)
    leader = User.objects.get(pk=cast.leader.pk)
    leader.name, leader.email = WAS, ADDRESS
    leader.renew_calendar_token()
    leader.save()
    ahead = Meeting.objects.filter(team=cast.north, state="scheduled").earliest("starts_at")
    make_update(meeting=ahead, author=leader, text="Words of mine, Joe Keller")
    make_update(
        meeting=ahead, author=cast.ceo, side="ceo", section="deals", text="Joe Keller must call; joe too"
    )
    make_commitment(team=cast.north, owner=leader)
    make_issue(team=cast.north, created_by=leader, title="For Joe Keller’s successor")
    MissAnswer.objects.create(meeting=meeting, user=leader, text="I was ill", at=NOW)
    PrivateNote.objects.create(meeting=meeting, author=leader, text="To myself", changed_at=NOW)
    PrivateNote.objects.create(
        meeting=meeting, author=cast.ceo, text="Joe Keller looks tired", changed_at=NOW
    )
    Preference.objects.create(user=leader, chat_url="https://hooks.slack.com/x")
    Absence.objects.create(
        user=leader, first=date(2026, 1, 1), last=date(2026, 1, 2), entered_at=NOW, entered_by=leader
    )
    make_notice(to=leader, company=cast.company, error="550 joe.keller@demo.test")
    note(
        "team.changed",
        by=leader,
        now=NOW,
        company=cast.company,
        about="North",
        old="Anne Duarte",
        new="Joe Keller",
    )
    note("team.changed", by=leader, now=NOW, company=None, about="Firefox of Joe Keller")
    LogEntry.objects.create(
        user=cast.admin, object_repr="Joe Keller", object_id=str(leader.pk), action_flag=2
    )
    Client().force_login(leader)
    Seat.objects.filter(user=leader).update(until=NOW.date())
    make_seat(
        team=cast.north, user=make_user(name="Nora Next"), role="leader", since=NOW.date() + timedelta(days=1)
    )
    return leader


def dump() -> str:
    """Every row of every table, as text."""
    told: list[Any] = []
    for model in apps.get_models(include_auto_created=True):
        told += [model._meta.label, *model._base_manager.values_list()]
    told += [session.get_decoded() for session in Session.objects.all()]
    return json.dumps(told, default=str, ensure_ascii=False).lower()


def test_neither_name_nor_address_is_left_anywhere(gone, cast):
    before = dump()
    assert "joe keller" in before and "joseph former-name" in before and ADDRESS in before
    assert erase.forget(gone, by=cast.admin, now=NOW) == ""
    after = dump()
    assert [
        each
        for each in ("joe keller", "joe  keller", "joseph former-name", ADDRESS, "hooks.slack")
        if each in after
    ] == []


def test_facts_stay_under_the_placeholder(gone, cast):
    counted = (Meeting, Record, Commitment, Update, Seat, MissAnswer)
    before = [model.objects.count() for model in counted]
    erase.forget(gone, by=cast.admin, now=NOW)
    gone.refresh_from_db()
    assert [model.objects.count() for model in counted] == before
    assert gone.name == erase.placeholder(gone) == gone.first_name
    assert gone.seats.get().team == cast.north
    assert Commitment.objects.get().owner == gone


def test_what_was_theirs_alone_is_gone(gone, cast):
    erase.forget(gone, by=cast.admin, now=NOW)
    assert not PrivateNote.objects.filter(author=gone).exists()
    assert PrivateNote.objects.get(author=cast.ceo).text.endswith("looks tired")
    left = (Preference, Absence, Membership, Notice)
    assert not [
        model
        for model in left
        if model.objects.filter(**{"to" if model is Notice else "user": gone}).exists()
    ]
    assert not Session.objects.exists()
    assert not Entry.objects.filter(company=None, by=gone).exists()


def test_nobody_gets_in_as_them(gone, cast):
    erase.forget(gone, by=cast.admin, now=NOW)
    gone.refresh_from_db()
    assert (gone.is_active, gone.has_usable_password(), gone.calendar_token) == (False, False, None)
    assert not Client().login(email=ADDRESS, password="demo-password")


def test_a_record_keeps_all_but_the_name(gone, cast):
    was = Record.objects.get()
    erase.forget(gone, by=cast.admin, now=NOW)
    now = Record.objects.get()
    assert load_record(now.agenda).leader.name == erase.placeholder(gone)
    assert load_record(now.agenda).leader.id == load_record(was.agenda).leader.id
    assert json.dumps(now.agenda).count("{") == json.dumps(was.agenda).count("{")
    assert load_record(now.agenda).revenue == load_record(was.agenda).revenue


def test_the_data_still_holds(gone, cast):
    before = list(find_violations(NOW))
    erase.forget(gone, by=cast.admin, now=NOW)
    assert list(find_violations(NOW)) == before


def test_the_audit_says_that_it_was_done_and_not_of_whom(gone, cast):
    erase.forget(gone, by=cast.admin, now=NOW)
    entry = Entry.objects.get(what="person.forgotten")
    assert (entry.company, entry.by, entry.about) == (cast.company, cast.admin, erase.placeholder(gone))


def test_archives_that_hold_the_name_are_deleted(
    gone, cast, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.DATA_DIR = tmp_path
    archive = make_archive(company=cast.company)
    jobs.folder().mkdir()
    jobs.file_of(archive).write_bytes(b"Joe Keller")
    with django_capture_on_commit_callbacks(execute=True):
        erase.forget(gone, by=cast.admin, now=NOW)
    assert not jobs.file_of(archive).exists()
    assert Archive.objects.get().gone_at == NOW


def test_mails_to_them_that_are_kept_as_files_are_deleted(
    gone, cast, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MAIL_DIR = tmp_path
    (tmp_path / "theirs.eml").write_text(f"To: Joe Keller <{ADDRESS.upper()}>\n\nx")
    (tmp_path / "other.eml").write_text("To: ceo@demo.test\n\nx")
    with django_capture_on_commit_callbacks(execute=True):
        erase.forget(gone, by=cast.admin, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["other.eml"]


def test_a_namesake_keeps_the_name_and_the_records_tell_the_two_apart(gone, cast):
    namesake = make_user(name="Joe Keller")
    make_seat(team=cast.south, user=namesake, role="observer")
    erase.forget(gone, by=cast.admin, now=NOW)
    namesake.refresh_from_db()
    assert namesake.name == "Joe Keller"
    assert load_record(Record.objects.get().agenda).leader.name == erase.placeholder(gone)
    assert Update.objects.get(side="ceo").text.startswith("Joe Keller must call")


def test_a_namesake_in_another_company_is_in_nobody_s_way(gone, cast):
    make_seat(team=cast.away, user=make_user(name="Joe Keller"), role="observer")
    erase.forget(gone, by=cast.admin, now=NOW)
    assert Update.objects.get(side="ceo").text.startswith("Former")


def test_other_companies_are_not_touched(gone, cast):
    issue = make_issue(team=cast.away, title="Joe Keller of another company")
    erase.forget(gone, by=cast.admin, now=NOW)
    issue.refresh_from_db()
    assert issue.title == "Joe Keller of another company"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Joe Keller", "X"),
        ("ask joe  keller!", "ask X!"),
        ("Joe Kellerman", "Joe Kellerman"),
        ("joe", "joe"),
        ("mail j@k.test.", "mail X."),
        (["Joe Keller", {"a": "by Joe\nKeller"}], ["X", {"a": "by X"}]),
        (7, 7),
        (None, None),
    ],
)
def test_a_name_is_found_in_any_case_and_as_a_whole(text, clean):
    assert Scrub(User(name="Joe Keller"), "X", {"j@k.test"}).clean(text) == clean


@pytest.mark.parametrize(("text", "clean"), [("Max", "X"), ("Max. 5 %", "Max. 5 %")])
def test_a_name_of_one_word_is_replaced_only_where_it_stands_alone(text, clean):
    assert Scrub(User(name="Max"), "X", {"m@k.test"}).clean(text) == clean


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("leader", "are a member of North"),
        ("admin", "admin of a company"),
        ("observer", "are a member of North"),
    ],
)
def test_who_holds_something_is_not_forgotten(cast, role, sentence):
    person = getattr(cast, role)
    assert sentence in erase.forget(person, by=cast.admin, now=NOW)
    person.refresh_from_db()
    assert "Former" not in person.name


def test_a_seat_that_is_planned_is_in_the_way(cast):
    person = make_member(company=cast.company)
    PlannedSeat.objects.create(team=cast.north, user=person, role="observer", day=NOW.date(), at=NOW)
    assert "planned" in erase.refusal(person)


def test_who_runs_the_installation_is_in_the_way(cast):
    person = make_member(company=cast.company, user=make_user(is_staff=True))
    assert "site administrator" in erase.refusal(person)


def test_nobody_is_forgotten_twice(gone, cast):
    erase.forget(gone, by=cast.admin, now=NOW)
    assert "already" in erase.forget(gone, by=cast.admin, now=NOW)
    assert gone not in erase.who_left(cast.company)


def test_an_admin_forgets_nobody_of_another_company(gone, cast):
    make_seat(team=cast.away, user=gone, role="observer", until=NOW.date())
    assert "another company" in erase.refusal(gone, cast.company)
    assert erase.refusal(gone) == ""


def test_the_command_says_what_goes_and_asks(gone, monkeypatch):
    told = StringIO()
    monkeypatch.setattr("builtins.input", lambda prompt: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("forget_person", ADDRESS, stdout=told)
    assert "1 private note" in told.getvalue() and "1 commitment" in told.getvalue()
    monkeypatch.setattr("builtins.input", lambda prompt: "yes")
    call_command("forget_person", ADDRESS, stdout=told)
    assert ADDRESS not in dump()


def test_the_command_refuses_in_a_sentence(cast):
    with pytest.raises(CommandError, match="No account, contact or rep has the address"):
        call_command("forget_person", "nobody@demo.test")
    with pytest.raises(CommandError, match=r"are a member of North.*Nothing was changed"):
        call_command("forget_person", "leader@demo.test", yes=True)


@pytest.fixture
def renamed(cast) -> User:
    """Left; was called José Álvarez and Jo Alva before, wrote from other addresses, and has a team named after them."""
    person = make_member(company=cast.company, user=make_user(name="Jo Alva", email="jo@old.test"))
    cast.south.edit(version=cast.south.version, name="José Álvarez South")
    Team.objects.filter(pk=cast.south.pk).update(slug="jose-alvarez-south")
    note("signed.in", by=person, now=NOW, company=None, about="Jo Alva")
    for old, new in (("Jo Alva", "José Álvarez"), ("José Álvarez", "José Perez Ruiz")):
        membership.change(
            person, {"name": new}, version=person.version, company=cast.company, by=cast.admin, now=NOW
        )
        person.refresh_from_db()
        assert old in Entry.objects.filter(what="person.changed").latest("pk").old
    for old, new in (("jo@old.test", "jose@mid.test"), ("jose@mid.test", "jose@new.test")):
        note("address.changed", by=person, now=NOW, company=None, about=person.name, old=old, new=new)
    User.objects.filter(pk=person.pk).update(email="jose@new.test")
    make_issue(
        team=cast.north, title="Jose\u0301 A\u0301lvarez or ALVAREZ, José; jo@old.test, Jo Alvarado, josé"
    )
    note(
        "team.changed",
        by=cast.admin,
        now=NOW,
        company=cast.company,
        about="x",
        old="Alva, Jo",
        why="jose@mid.test",
    )
    person.refresh_from_db()
    return person


def test_every_name_and_address_they_ever_had_is_gone(renamed, cast):
    assert erase.forget(renamed, by=cast.admin, now=NOW) == ""
    after, instead = unicodedata.normalize("NFC", dump()), erase.placeholder(renamed)
    for each in (
        'jo alva"',
        "alva, jo",
        "álvarez",
        "perez",
        "jo@old",
        "jose@mid",
        "jose@new",
        "jose-alvarez",
    ):
        assert each not in after, each
    assert Issue.objects.get().title == f"{instead} or {instead}; {instead}, Jo Alvarado, josé"
    assert Issue.objects.get().search_key == search_key(Issue.objects.get().title, "", "")
    cast.south.refresh_from_db()
    assert (cast.south.name, cast.south.slug) == (f"{instead} South", f"former-member-{renamed.pk}-south")


def test_old_mail_files_go_with_an_old_address(
    renamed, cast, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MAIL_DIR = tmp_path
    (tmp_path / "old.eml").write_text("To: jo@old.test\n\nx")
    with django_capture_on_commit_callbacks(execute=True):
        erase.forget(renamed, by=cast.admin, now=NOW)
    assert not list(tmp_path.iterdir())


def test_somebody_who_has_the_former_name_now_keeps_it(renamed, cast):
    namesake = make_user(name="Jo Alva")
    make_seat(team=cast.south, user=namesake, role="observer")
    erase.forget(renamed, by=cast.admin, now=NOW)
    namesake.refresh_from_db()
    assert namesake.name == "Jo Alva"


@pytest.mark.parametrize(
    ("known", "changes", "found"),
    [
        ({"c"}, [("a", "b"), ("b", "c")], {"a", "b"}),
        ({"c"}, [("b", "c"), ("x", "y")], {"b"}),
        ({"a"}, [("a", "b"), ("b", "a")], {"b"}),
        ({"a"}, [], set()),
    ],
)
def test_what_came_before_is_followed_back(known, changes, found):
    assert earlier(known, changes) == found


def test_a_personal_link_to_them_opens_nothing_any_more(cast) -> None:
    person = make_member(company=cast.company, user=make_user(email="rita@demo.test"))
    link = make_link(company=cast.company, asked_by=cast.leader, email="rita@demo.test")
    assert erase.forget(person, by=cast.admin, now=NOW) == ""
    assert not Link.objects.filter(pk=link.pk).exists()


def test_a_personal_link_to_a_rep_who_is_erased_opens_nothing_any_more(cast) -> None:
    rep = make_rep(team=cast.north, name="Rita Rep", email="rita@demo.test")
    link = make_link(company=cast.company, asked_by=cast.leader, name=rep.name, email="rita@demo.test")
    (outsider,) = outsiders_with("rita@demo.test")
    forget_outsider(outsider, by=cast.admin, now=NOW)
    assert not Link.objects.filter(pk=link.pk).exists()
