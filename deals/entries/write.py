"""Figures of a table and the entries there are: which are written down already, and writing down the rest."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from alignment import audit
from alignment.models import Company, Team, User
from alignment.money import show
from deals.entries.table import Figure, told
from deals.imports.read import BadFile
from deals.models import Deal, RevenueEntry

Key = tuple[int, date, Decimal, str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A figure beside what is written down: there already, or like one of another note."""

    figure: Figure
    deal: Deal | None
    there: bool
    like: str


def weigh(figures: Sequence[Figure]) -> list[Weighed]:
    """Each figure, with its deal and whether it stands already. Two queries, three when deals are named.

    A figure stands already when an entry has its team, day, amount and note, corrected or not: as often as there are
    such entries, and once more where the table itself says it again. Raises BadFile for a deal that is not known.
    """
    standing, like = _standing(figures)
    deals = _deals(figures)
    weighed, seen = [], Counter[Key]()
    for figure in figures:
        key = _key(figure.team.pk, figure.day, figure.amount, figure.what)
        seen[key] += 1
        deal = deals.get((figure.team.pk, figure.deal.casefold())) if figure.deal else None
        booked = bool(deal and deal.revenue.all())
        there = standing[key] > 0 or seen[key] > 1 or booked
        near = "" if there else like.get(key[:3], "")
        weighed.append(Weighed(figure, None if booked else deal, there, near))
    return weighed


def _standing(figures: Sequence[Figure]) -> tuple[Counter[Key], dict[tuple[int, date, Decimal], str]]:
    days = [figure.day for figure in figures]
    rows = RevenueEntry.objects.filter(
        team__in={figure.team.pk for figure in figures}, day__range=(min(days), max(days))
    )
    standing, like = Counter[Key](), dict[tuple[int, date, Decimal], str]()
    for team, day, amount, note, deal in rows.values_list("team", "day", "amount", "note", "deal__name"):
        what = told(deal or "", note)
        standing[_key(team, day, amount, what)] += 1
        like[team, day, amount] = what or "an entry without a note"
    return standing, like


def _key(team: int, day: date, amount: Decimal, what: str) -> Key:
    return team, day, amount, " ".join(what.split()).casefold()


def _deals(figures: Sequence[Figure]) -> dict[tuple[int, str], Deal]:
    """The deals named, by team and name. One that is unknown or named like another is a wrong row."""
    named = [figure for figure in figures if figure.deal]
    if not named:
        return {}
    rows = Deal.objects.filter(team__in={figure.team.pk for figure in named}).prefetch_related("revenue")
    found: dict[tuple[int, str], list[Deal]] = {}
    for deal in rows:
        found.setdefault((deal.team_id, deal.name.casefold()), []).append(deal)
    wrong = []
    for figure in named:
        number = len(found.get((figure.team.pk, figure.deal.casefold()), ()))
        if number != 1:
            told = "has no deal" if not number else f"has {number} deals named"
            wrong.append(
                f"Row {figure.row}: {figure.team.name} {told} “{figure.deal}”. Write it as a note instead."
            )
    if wrong:
        raise BadFile(*wrong[:20])
    return {key: deals[0] for key, deals in found.items()}


@transaction.atomic
def write(
    figures: Sequence[Figure],
    *,
    company: Company,
    by: User,
    now: datetime,
    token: uuid.UUID,
    source: str,
    also: bool,
) -> list[RevenueEntry]:
    """Write down what does not stand yet; with `also` everything. The same `token` twice writes once.

    Those who write for one team take turns, so that the same table sent by two is there once.
    """
    teams = sorted({figure.team.pk for figure in figures})
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))
    if RevenueEntry.objects.filter(token=_token(token, 0)).exists():
        return []
    news = [each for each in weigh(figures) if also or not each.there]
    linked = set[int]()
    entries = []
    for index, each in enumerate(news):
        deal = each.deal if each.deal and each.deal.pk not in linked else None
        linked |= {deal.pk} if deal else set()
        figure = each.figure
        entries.append(
            RevenueEntry(
                team=figure.team, token=_token(token, index), day=figure.day, amount=figure.amount, deal=deal, source=source,
                note=(figure.note if deal else figure.what)[:300], created_at=now, created_by=by,
            )
        )  # fmt: skip
    RevenueEntry.objects.bulk_create(entries)
    Team.objects.filter(pk__in={entry.team_id for entry in entries}).update(revision=F("revision") + 1)
    if entries:
        _note(entries, company=company, by=by, now=now)
    return entries


def _token(token: uuid.UUID, index: int) -> uuid.UUID:
    return uuid.uuid5(token, str(index))


def _note(entries: Sequence[RevenueEntry], *, company: Company, by: User, now: datetime) -> None:
    teams = {entry.team.name for entry in entries}
    whose = next(iter(teams)) if len(teams) == 1 else f"{len(teams)} teams"
    days = [entry.day for entry in entries]
    number = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    total = show(
        sum((entry.amount for entry in entries), Decimal(0)), currency=company.currency, locale="en-US"
    )
    about = f"{number} of {whose}, {min(days).isoformat()} to {max(days).isoformat()}"
    audit.note("revenue.added", by=by, now=now, company=company, about=about, new=total)
