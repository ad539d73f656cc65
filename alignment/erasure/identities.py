"""Every name and address a person ever had here: those of today, and those the audit knows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Q

from alignment.erasure.references import references
from alignment.exports.schema import columns, every
from alignment.models import Company, Entry, User

_NAME = re.compile(r"(?:^|, )name: (.*?)(?=, (?:timezone|locale): |$)")
THEIR_OWN = ("signed.in", "signed.out", "person.joined", "address.changed")
"""What the audit notes of people who did it for themselves, about themselves."""


def names_of(person: User, companies: Iterable[Company]) -> set[str]:
    own = Entry.objects.filter(by=person, what__in=THEIR_OWN).values_list("about", flat=True)
    renamed = Entry.objects.filter(
        Q(company__in=companies) | Q(company=None, by=person), what="person.changed"
    )
    changes = [(_NAME.search(old), _NAME.search(new)) for old, new in renamed.values_list("old", "new")]
    names = {person.name, *own} - {""}
    return names | earlier(names, [(old[1], new[1]) for old, new in changes if old and new])


def addresses_of(person: User) -> set[str]:
    known = {person.email, person.invited_as, *person.invites.values_list("email", flat=True)}
    for model, field in references():
        if field.name == "user" and any(column.name == "email" for column in columns(model)):
            known.update(every(model).filter(user=person).values_list("email", flat=True))
    moved = Q(what="address.changed", by=person) | Q(what="person.invited_again")
    changes = Entry.objects.filter(moved).exclude(old="").values_list("old", "new")
    lower = {address.lower() for address in known if address}
    return lower | earlier(lower, [(old.lower(), new.lower()) for old, new in changes])


def earlier(known: set[str], changes: Iterable[tuple[str, str]]) -> set[str]:
    """What became one of the known by a change (old, new), or by several one after another."""
    changes, reached = list(changes), set(known)
    while more := {old for old, new in changes if new in reached} - reached:
        reached |= more
    return reached - known
