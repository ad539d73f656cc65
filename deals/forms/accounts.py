"""A new account is a choice said in words: who types part of a known name is asked which is meant."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from alignment.db.search_keys import contains
from alignment.models import Company, Team
from alignment.rules.folding import search_key
from deals.models import Account, Deal
from deals.rules.names import has_word

MOST_ASKED = 4
MOST_SUGGESTED = 200
"""So many names are suggested while typing."""


class NewAccountField(forms.BooleanField):
    """Shown only once it is a question."""

    def __init__(self) -> None:
        super().__init__(required=False, label="Add it as a new account")


def account_names(company: int) -> list[str]:
    """Those suggested while typing."""
    names = Account.objects.filter(company=company).values_list("name", flat=True)
    return list(names[:MOST_SUGGESTED])


def is_account(name: str, company: Company) -> bool:
    return Account.objects.filter(company=company, name_key=search_key(name)).exists()


def accounts_like(name: str, company: Company) -> list[str]:
    """Accounts with a word that begins so, none where one is called so: a second click may just have made it."""
    rows = Account.objects.filter(contains(name, "name_key"), company=company).values_list("name", flat=True)
    like = [known for known in rows[:50] if has_word(known, name)]
    return [] if search_key(name) in map(search_key, like) else like[:MOST_ASKED]


def deals_like(name: str, team: Team) -> list[Deal]:
    """The team's open deals whose name, or whose account's, has a word that begins so."""
    rows = Deal.objects.open().filter(contains(name, "name_key", "account__name_key"), team=team)
    return [
        deal
        for deal in rows.select_related("account")[:50]
        if has_word(deal.name, name) or has_word(str(deal.account or ""), name)
    ][:MOST_ASKED]


def did_you_mean(name: str, known: Sequence[str], *, what: str) -> str:
    """The question, in a sentence."""
    *first, last = (f"“{one}”" for one in dict.fromkeys(known))
    choice = f"{', '.join(first)} or {last}" if first else last
    return f"No {what} is called “{name}”. Did you mean {choice}? Choose it, or add a new account below."
