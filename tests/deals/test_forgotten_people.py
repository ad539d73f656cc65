"""Contacts and reps have no account: they are found by their address, and nothing of them is left."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from deals.models import Contact, Deal, Rep
from meetings.models import ContactNote
from tests.alignment.erasure.test_erase import dump
from tests.factories import NOW, make_account, make_contact, make_deal, make_issue, make_rep, make_risk

pytestmark = pytest.mark.django_db
ADDRESS = "mira.holm@orbis.test"


def test_a_contact_is_found_by_the_address_and_nothing_is_left(cast):
    account = make_account(company=cast.company, name="Orbis")
    make_deal(team=cast.north, account=account, next_step="Call Mira Holm")
    make_issue(team=cast.north, title="Mira Holm is leaving", detail=f"She wrote from {ADDRESS}")
    make_risk(team=cast.north, account=account, what_is_wrong="MIRA  HOLM does not answer")
    contact = make_contact(account=account, name="Mira Holm", email=ADDRESS)
    ContactNote.objects.create(contact=contact, team=cast.north, what_matters="Uptime", changed_at=NOW)
    assert "mira holm" in dump()
    call_command("forget_person", ADDRESS.upper(), yes=True)
    after = dump()
    assert not [words for words in ("mira holm", "mira  holm", ADDRESS) if words in after]
    assert not Contact.objects.exists()
    assert not ContactNote.objects.exists()
    assert "Former\xa0contact" in Deal.objects.get().next_step


def test_a_rep_becomes_a_placeholder_and_keeps_the_deals(cast):
    rep = make_rep(team=cast.north, name="Dana Ruiz", email="dana@ruiz.test")
    deal = make_deal(team=cast.north, rep=rep)
    deal.changes.create(field="rep", old="Dana Ruiz", new="Pete", day=NOW.date(), at=NOW)
    call_command("forget_person", "dana@ruiz.test", yes=True)
    assert "dana ruiz" not in dump()
    assert "dana@ruiz.test" not in dump()
    assert Deal.objects.get().rep_name == f"Former\xa0rep\xa0{rep.pk}"
    assert Rep.objects.get().email == ""


def test_an_address_nobody_has_is_said(cast):
    with pytest.raises(CommandError, match="No account, contact or rep has the address"):
        call_command("forget_person", "nobody@orbis.test", yes=True)


def test_what_happens_to_a_contact_is_in_no_text_of_the_audit(cast, as_):
    account = make_account(company=cast.company)
    make_deal(team=cast.north, account=account)
    client = as_(cast.leader)
    client.post(f"/deals/accounts/{account.pk}/contacts/new/", {"name": "Mira Holm", "email": ADDRESS})
    contact = Contact.objects.get()
    client.post(f"/deals/contacts/{contact.pk}/", {"version": 1, "title": "CFO"})
    client.post(f"/deals/contacts/{contact.pk}/delete/")
    assert "mira holm" not in dump()
