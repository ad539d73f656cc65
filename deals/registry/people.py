"""Contacts and reps, found by their address when somebody asks to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from alignment.erasure.outsiders import Outsider, finds_outsiders
from deals.models import Contact, Rep

NBSP = "\N{NO-BREAK SPACE}"
"""So that no page takes “Former” for a first name."""


@finds_outsiders
def contacts(address: str) -> Iterator[Outsider]:
    """The contact goes, with what teams wrote about them."""
    for contact in Contact.objects.filter(email__iexact=address).select_related("account__company"):
        yield Outsider(
            company=contact.account.company,
            name=contact.name,
            address=address,
            role=f"contact at {contact.account}",
            placeholder=f"Former{NBSP}contact{NBSP}{contact.pk}",
            erase=contact.delete,
        )


@finds_outsiders
def reps(address: str) -> Iterator[Outsider]:
    """The rep stays as a placeholder, because deals refer to them."""
    for rep in Rep.objects.filter(email__iexact=address).select_related("company"):
        yield Outsider(
            company=rep.company,
            name=rep.name,
            address=address,
            role=f"rep of {rep.company}",
            placeholder=f"Former{NBSP}rep{NBSP}{rep.pk}",
            erase=partial(rep.edit, version=rep.version, email=""),
        )
