"""The first look at a team's deals, in sentences, each with the deals behind it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from alignment.db.named_rows import named_rows
from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat, beginning, compact, day
from alignment.rules.money import typed
from deals.first_look.queries import read_first_look
from deals.first_look.wording import RowLine, Sentence, Wording
from deals.models import Account, Deal, Risk
from deals.registry.captures import CAPTURES
from deals.rules.first_look import DealFacts, FirstLook

MOST_ROWS = 10
"""Deals listed behind a sentence; the rest are in the list of deals."""
RISK = "risk"
TOKENS = uuid.UUID("5c1f4f0e-52a6-4a53-93a2-6a1d5f6f6b10")
"""A sentence of a team becomes one issue, one commitment, one risk, whoever taps."""


def first_look_address(team: Team) -> str:
    """Where the first look at the team's deals is."""
    return reverse("deals:first_look", args=(team.slug,))


@dataclass(frozen=True, slots=True)
class Tap:
    """What one tap makes of a sentence, or where it is once that was done."""

    button: str
    action: str
    fields: dict[str, str]
    token: uuid.UUID
    done: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence, and what one tap makes of it."""

    sentence: Sentence
    taps: tuple[Tap, ...]


@dataclass(frozen=True, slots=True)
class FirstLookPage:
    team: Team
    m: MoneyFormat
    open: int
    decided: int
    rows: tuple[SentenceRow, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.decided)


class DealName(NamedTuple):
    pk: int
    name: str
    account: str | None


def build_page(team: Team, reader: User, *, today: date, goal: Decimal | None) -> FirstLookPage:
    m = MoneyFormat(team.currency, reader.locale)
    first = read_first_look(team, today=today, goal=goal)
    sentences = with_rows(Wording(first, m).sentences(), first, m)
    return FirstLookPage(team, m, first.open, first.decided, tuple(with_taps(sentences, team, reader)))


def with_rows(sentences: Iterable[Sentence], first: FirstLook, m: MoneyFormat) -> list[Sentence]:
    """The sentences with the first deals and clients behind each, named: two queries."""
    rows = list(sentences)
    listed = {deal.pk for sentence in rows for deal in sentence.deals[:MOST_ROWS]}
    deals = Deal.objects.filter(pk__in=listed)
    names = {row.pk: row for row in named_rows(deals, into=DealName, account="account__name")}
    silent = first.silent.accounts if first.silent else ()
    accounts = Account.objects.in_bulk([pk for pk, _ in silent[:MOST_ROWS]])
    clients = tuple(
        RowLine(accounts[pk].name, figure=compact(amount, m))
        for pk, amount in silent[:MOST_ROWS]
        if pk in accounts
    )
    return [
        replace(sentence, rows=clients, more=len(silent) - len(clients))
        if sentence.kind == "silent"
        else _with_deals(sentence, names, m)
        for sentence in rows
    ]


def _with_deals(sentence: Sentence, names: dict[int, DealName], m: MoneyFormat) -> Sentence:
    if not sentence.deals:
        return sentence
    lines = tuple(
        RowLine(
            names[deal.pk].name,
            ", ".join(filter(None, (names[deal.pk].account, _dates(deal)))),
            compact(deal.amount, m),
            reverse("deals:edit", args=(deal.pk,)),
        )
        for deal in sentence.deals[:MOST_ROWS]
        if deal.pk in names
    )
    return replace(sentence, rows=lines, more=len(sentence.deals) - len(lines))


def _dates(deal: DealFacts) -> str:
    if deal.close_date is not None:
        return f"closes {day(deal.close_date)}"
    return f"open since {day(deal.opened_on)}" if deal.opened_on else "no date"


def with_taps(sentences: Iterable[Sentence], team: Team, reader: User) -> list[SentenceRow]:
    """What one tap makes of each sentence; what was made before is only named. A query for each kind."""
    rows = list(sentences)
    used = {
        name: kind.existing(team, reader, {token_of(team, row.kind, name) for row in rows})
        for name, kind in CAPTURES.items()
    }
    tokens = {token_of(team, row.kind, RISK) for row in rows}
    risks = Risk.objects.filter(team=team, token__in=tokens).values_list("token", flat=True)
    used[RISK] = set(risks)
    return [SentenceRow(row, tuple(_taps(row, team, reader.locale, used))) for row in rows]


def token_of(team: Team, kind: str, capture: str) -> uuid.UUID:
    return uuid.uuid5(TOKENS, f"{team.pk}:{kind}:{capture}")


def _taps(sentence: Sentence, team: Team, locale: str, used: dict[str, set[uuid.UUID]]) -> Iterator[Tap]:
    texts = {"issue": sentence.text, "commitment": sentence.promise}
    for name, kind in CAPTURES.items():
        token = token_of(team, sentence.kind, name)
        if text := texts.get(name, ""):
            fields = {"team": team.slug, kind.field: beginning(text, kind.longest)}
            yield Tap(kind.button, reverse(kind.url_name), fields, token, kind.done, token in used[name])
    if sentence.risk and sentence.rows:
        yield _risk_of_largest(sentence, team, locale, used[RISK])


def _risk_of_largest(sentence: Sentence, team: Team, locale: str, used: set[uuid.UUID]) -> Tap:
    """The deal with the most money among them is at risk."""
    deal, name = sentence.deals[0], sentence.rows[0].name
    fields = {"team": team.slug, "about": f"deal-{deal.pk}", "name": name, "what_is_wrong": sentence.risk}
    if deal.amount is not None:
        fields["exposure"] = typed(deal.amount, locale=locale)
    token = token_of(team, sentence.kind, RISK)
    return Tap(
        f"Add {name} to risks", reverse("deals:risk_new"), fields, token, "Added to risks", token in used
    )
