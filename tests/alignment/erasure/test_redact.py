"""Names and addresses are removed from the rows and files of a company, however they are written there."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from alignment.audit import note
from alignment.erasure import erase
from alignment.models import Entry, Notice, Team, User
from alignment.rules.folding import search_key
from deals.models import Account, Risk
from meetings.models import Commitment, Issue
from tests.factories import (
    NOW,
    make_account,
    make_commitment,
    make_issue,
    make_member,
    make_notice,
    make_risk,
    make_seat,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(cast) -> User:
    user = make_user(name="Jürgen Groß-Müller", email="juergen+crm@bücher.example")
    return make_member(company=cast.company, user=user)


def test_texts_are_found_whatever_the_database_makes_of_them(left, cast):
    instead = erase.placeholder(left)
    make_issue(
        team=cast.north, title="Mu\u0308ller sagt", detail="Ｊｕ\u0308ｒｇｅｎ GROSS\u2011MÜLLERs Plan"
    )
    make_commitment(team=cast.north, owner=cast.ceo, text="Ask J\u00fcr\u00adgen\u00a0Gro\u00df\nM\u00fcller")
    make_risk(team=cast.north, name="J. Groß-Müller leaves", what_is_wrong="juergen@xn--bcher-kva.example")
    note(
        "team.changed",
        by=cast.admin,
        now=NOW,
        company=cast.company,
        about="https://x.test/?to=juergen%2Bcrm%40b%C3%BCcher.example",
        old=r'{"by": "J\u00fcrgen Gro\u00df-M\u00fcller"}',
    )
    make_notice(to=cast.ceo, company=cast.company, payload={"by": ["Groß-Müller, Jürgen"]})
    assert erase.forget(left, by=cast.admin, now=NOW) == ""
    issue, commitment, entry = (
        Issue.objects.get(),
        Commitment.objects.get(),
        Entry.objects.get(what="team.changed"),
    )
    assert (issue.title, issue.detail) == ("Mu\u0308ller sagt", f"{instead} Plan")
    assert (commitment.text, commitment.search_key) == (f"Ask {instead}", search_key(f"Ask {instead}"))
    assert (Risk.objects.get().name, Risk.objects.get().what_is_wrong) == (f"{instead} leaves", instead)
    assert (entry.about, entry.old) == (f"https://x.test/?to={instead}", f'{{"by": "{instead}"}}')
    assert Notice.objects.get().payload == {"by": [instead]}


def test_names_that_must_differ_differ_afterwards(left, cast):
    for name in ("Jürgen Groß-Müller", "Groß-Müller, Jürgen"):
        make_account(company=cast.company, name=name)
    for name, slug in (
        ("Jürgen Groß-Müller", "jurgen-gro-muller"),
        ("J. Groß-Müller", "jurgen-gross-muller"),
    ):
        make_team(company=cast.company, name=name, slug=slug)
    erase.forget(left, by=cast.admin, now=NOW)
    names = {erase.placeholder(left), f"{erase.placeholder(left)} (2)"}
    assert set(Account.objects.values_list("name", flat=True)) == names
    slugs = {f"former-member-{left.pk}", f"former-member-{left.pk}-2"}
    assert set(Team.objects.filter(name__in=names).values_list("slug", flat=True)) == slugs


def test_the_names_and_addresses_of_others_stay(left, cast):
    make_seat(
        team=cast.south,
        user=make_user(name="Jan Groß-Müller", email="juergen@bücher.example"),
        role="observer",
    )
    make_issue(team=cast.north, title="J. Groß-Müller, juergen@bücher.example")
    erase.forget(left, by=cast.admin, now=NOW)
    assert Issue.objects.get().title == "J. Groß-Müller, juergen@bücher.example"


def saved_mail(folder: Path, name: str, *, to: str, subject: str, text: str, encoding: str) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = to, subject
    mail.set_content(text, cte=encoding)
    (folder / name).write_bytes(mail.as_bytes())


def test_saved_mails_that_mention_them_are_deleted(
    left, cast, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MAIL_DIR = tmp_path
    other = {"to": "ceo@demo.test", "subject": "x", "text": "x", "encoding": "7bit"}
    saved_mail(tmp_path, "other.eml", **other)
    saved_mail(tmp_path, "to.eml", **other | {"to": "J <juergen@xn--bcher-kva.example>"})
    saved_mail(tmp_path, "subject.eml", **other | {"subject": "Jürgen Groß-Müller is late"})
    long = "a " * 34 + "Jürgen Groß-Müller"
    saved_mail(tmp_path, "quoted.eml", **other | {"text": long, "encoding": "quoted-printable"})
    saved_mail(tmp_path, "base64.eml", **other | {"text": long, "encoding": "base64"})
    (tmp_path / "broken.eml").write_bytes(b"Content-Type: text/plain; charset=none\n\n\xff")
    with django_capture_on_commit_callbacks(execute=True):
        erase.forget(left, by=cast.admin, now=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.eml", "other.eml"]
