"""Which accounts are proposed as key clients, and taking them on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from alignment.models import Team, User
from deals.models import Account, Deal, FollowUp, Rep, RevenueEntry
from deals.rules.key_clients import next_touch, propose_key_clients

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An account, and what it brought in the last twelve months."""

    account: Account
    revenue: Decimal


def revenue_by_account(
    team: Team, *, today: date, accounts: Iterable[int] | None = None
) -> dict[int, Decimal]:
    """What each account brought in the last twelve months, of the kind the team's goal is made of."""
    entries = RevenueEntry.objects.filter(team=team, day__gt=today - A_YEAR, day__lte=today).counted()
    rows = entries.annotate(paid_by=Coalesce("account", "deal__account")).exclude(paid_by=None)
    if accounts is not None:
        rows = rows.filter(paid_by__in=accounts)
    return dict(rows.order_by().values_list("paid_by").annotate(Sum("amount")))


def read_proposals(team: Team, *, today: date) -> list[Proposal]:
    """Accounts that make four fifths of the year, without those on the list or taken off it. Three queries."""
    revenue = revenue_by_account(team, today=today)
    decided = set(FollowUp.objects.filter(team=team).values_list("account", flat=True))
    proposed = [account for account in propose_key_clients(revenue) if account not in decided]
    accounts = Account.objects.in_bulk(proposed)
    return [Proposal(accounts[pk], revenue[pk]) for pk in proposed if pk in accounts]


@transaction.atomic
def follow_accounts(team: Team, accounts: Iterable[Account], *, by: User, now: datetime) -> int:
    """Take them on the list, each with its owner as far as one is known; returns how many are new."""
    rows = list(accounts)
    today, owners = team.today(now), _owners_of(team, rows)
    by_account = {
        account.pk: FollowUp(
            team=team,
            account=account,
            owner_id=owners.get(account.pk),
            began_on=today,
            due_on=next_touch(None, began=today, every_days=FollowUp().every_days),
            created_at=now,
            created_by=by,
        )
        for account in rows
    }
    before = set(FollowUp.objects.filter(team=team, account__in=rows).values_list("account", flat=True))
    FollowUp.objects.bulk_create(by_account.values(), ignore_conflicts=True)
    FollowUp.objects.filter(team=team, account__in=before).exclude(ended_at=None).update(
        ended_at=None, ended_by=None
    )
    Team.objects.bump_revision(team.pk)
    return len(by_account.keys() - before)


def _owners_of(team: Team, accounts: Iterable[Account]) -> dict[int, int]:
    """The account's owner, else the rep of its newest deal; only those who are on the team now."""
    rows = list(accounts)
    on_team = set(Rep.objects.on_team(team).values_list("pk", flat=True))
    deals = Deal.objects.filter(team=team, account__in=rows, rep__in=on_team).order_by("created_at", "pk")
    owners: dict[int, int] = dict(deals.values_list("account", "rep"))  # the newest is the last
    owners |= {account.pk: account.owner_id for account in rows if account.owner_id in on_team}
    return owners
