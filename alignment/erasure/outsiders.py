"""People who are known here without an account: those who buy, those who sell. Erased by their address.

An app declares how it finds its own. Name and address are removed from every text of the company, as for somebody
with an account; the row itself is deleted or emptied by whoever declared it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from alignment.audit import note
from alignment.erasure.files import delete_files
from alignment.erasure.mail_files import delete_mails
from alignment.erasure.redact import Scrub
from alignment.exports import jobs
from alignment.models import Archive, Company, Link, User


@dataclass(frozen=True)
class Outsider:
    """One such person in one company."""

    company: Company
    name: str
    address: str
    role: str
    """What they are here, for whoever decides: “contact at Orbis”."""
    placeholder: str
    """What stands instead of their name."""
    erase: Callable[[], object]
    pk: int = 0
    """Of no account."""


Finder = Callable[[str], Iterable[Outsider]]
FINDERS: list[Finder] = []


def finds_outsiders(find: Finder) -> Finder:
    """Register a finder by address, in small letters."""
    FINDERS.append(find)
    return find


def outsiders_with(address: str) -> list[Outsider]:
    return [outsider for find in FINDERS for outsider in find(address)]


@transaction.atomic
def forget_outsider(outsider: Outsider, *, by: User | None, now: datetime) -> None:
    """Erase them in their company. The audit records it without the name."""
    company = outsider.company
    for archive in Archive.objects.available().filter(company=company):
        jobs.remove_export(archive, now=now, by=by)
    delete_files(company)
    outsider.erase()
    Link.objects.filter(company=company, email=outsider.address.lower()).delete()
    scrub = Scrub(outsider, outsider.placeholder, {outsider.address} - {""}, {outsider.name})
    scrub.company(company)
    note("person.forgotten", by=by, now=now, company=company, about=outsider.placeholder)
    transaction.on_commit(lambda: delete_mails(scrub.mentions))
