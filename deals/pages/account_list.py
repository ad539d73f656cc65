"""The list of accounts: what each reader's own teams have there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from alignment.db.search_keys import contains
from alignment.rules.formatting import MoneyFormat
from alignment.web.listing import Listing
from deals.models import Account, Deal, Rep
from deals.models.deals import DealQuerySet
from deals.tables.writer import Value

STATUSES = (("", "Any status"), *Account.Status.choices, ("none", "Not said"))
ATTENTION = (("", "Everything"), ("open", "With open deals"), ("quiet", "Clients with nothing open"))
SORTS = (("name", "Name"), ("amount", "Open amount"))
MOST_OPTIONS = 200
LAST_MONTHS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AccountSums:
    """What the reader's teams have at one account."""

    open_number: int = 0
    open_amount: Decimal = Decimal(0)
    won_amount: Decimal = Decimal(0)
    """Won within the last twelve months."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    account: Account
    m: MoneyFormat
    sums: AccountSums = field(default_factory=AccountSums)


def filter_accounts(listing: Listing) -> QuerySet[Account]:
    deals = _deals(listing)
    visible = Account.objects.visible_to(listing.user)
    if listing.team is not None:
        visible = visible.known_to([listing.team.pk])
    visible = visible.select_related("company", "owner__joined_into")
    rows = visible.filter(contains(listing.q, "name_key")) if listing.q else visible
    status = listing.choose("status", "Status", STATUSES)
    only = listing.choose("only", "Show", ATTENTION)
    owner = listing.choose("owner", "Owner", [("", "All owners"), *_owners(listing)])
    sort = listing.choose("sort", "Sort by", SORTS)
    if status:
        rows = rows.filter(status="" if status == "none" else status)
    if owner:
        rows = rows.filter(Q(owner=int(owner)) | Q(owner__joined_into=int(owner)))
    there = deals.filter(account=OuterRef("pk"))
    if only == "open":
        rows = rows.filter(Exists(there.open()))
    if only == "quiet":
        rows = rows.filter(Exists(there.filter(status=Deal.Status.WON)), ~Exists(there.open()))
    if sort == "amount":
        sums = there.open().order_by().values("account").annotate(total=Sum("amount")).values("total")
        return rows.annotate(open_amount=Coalesce(Subquery(sums), Decimal(0))).order_by(
            F("open_amount").desc(), "name_key", "pk"
        )
    return rows.order_by("name_key", "pk")


def _deals(listing: Listing) -> DealQuerySet:
    return listing.filter_by_team(Deal.objects.visible_to(listing.user))


def _owners(listing: Listing) -> Iterable[tuple[str, str]]:
    accounts = Account.objects.visible_to(listing.user).exclude(owner=None)
    owners = Rep.objects.active().filter(
        Q(pk__in=accounts.order_by().values("owner")) | Q(joined__in=accounts.order_by().values("owner"))
    )
    named = owners.order_by("name_key", "pk").distinct().values_list("pk", "name")
    return [(str(pk), name) for pk, name in named[:MOST_OPTIONS]]


def account_lines(listing: Listing, accounts: Iterable[Account], now: datetime) -> list[AccountLine]:
    rows = list(accounts)
    sums = account_sums(_deals(listing), rows, now)
    return [
        AccountLine(
            account,
            MoneyFormat(account.company.currency, listing.user.locale),
            sums.get(account.pk, AccountSums()),
        )
        for account in rows
    ]


def account_sums(
    deals: QuerySet[Deal], accounts: Iterable[Account], now: datetime
) -> Mapping[int, AccountSums]:
    """In one query, of deals the reader may read."""
    is_open, is_won = Q(status=Deal.Status.OPEN), Q(status=Deal.Status.WON)
    lately = is_won & Q(close_date__gt=now.date() - LAST_MONTHS)
    rows = (
        deals.filter(account__in=[account.pk for account in accounts])
        .order_by()
        .values_list("account")
        .annotate(
            open_number=Count("pk", filter=is_open),
            open_amount=Sum("amount", filter=is_open),
            won_amount=Sum("amount", filter=lately),
        )
    )
    return {
        pk: AccountSums(number, opened or Decimal(0), won or Decimal(0)) for pk, number, opened, won in rows
    }


COLUMNS = (
    *("Account", "Status", "Owner", "Employees", "Annual revenue", "Open deals", "Open amount"),
    *("Won in 12 months", "Currency"),
)
AT_ONCE = 500


def account_table(listing: Listing, rows: QuerySet[Account], now: datetime) -> Iterator[tuple[Value, ...]]:
    """The rows as a file, some hundred at a time."""
    yield COLUMNS
    waiting: list[Account] = []
    for account in rows.iterator(chunk_size=AT_ONCE):
        waiting.append(account)
        if len(waiting) == AT_ONCE:
            yield from _cells(account_lines(listing, waiting, now))
            waiting = []
    yield from _cells(account_lines(listing, waiting, now))


def _cells(lines: Iterable[AccountLine]) -> Iterator[tuple[Value, ...]]:
    for line in lines:
        account, sums = line.account, line.sums
        yield (
            account.name,
            account.get_status_display(),
            account.owner.known_as.name if account.owner else "",
            None if account.employees is None else Decimal(account.employees),
            account.get_revenue_band_display(),
            Decimal(sums.open_number),
            sums.open_amount,
            sums.won_amount,
            account.company.currency,
        )
