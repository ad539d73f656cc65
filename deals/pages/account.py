"""The page of one account: what the reader's own teams have there. Another team's deals and words are not in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum

from alignment.models import User
from alignment.models.teams import teams_read_by
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import year_of
from alignment.rules.revenue_kinds import RevenueKind, words_of
from alignment.rules.roles import Role
from deals.models import Account, Contact, Deal, FollowUp, RevenueEntry, Risk, Touch
from deals.models.accounts import AccountQuerySet
from deals.models.revenue import is_uncorrected, month_of_day
from deals.registry.panels import Panel, panels_of_account, panels_of_contacts

MOST_PAST = 50


@dataclass(frozen=True, slots=True)
class YearOfRevenue:
    """What came in during one fiscal year, of one kind: kinds are never added."""

    label: str
    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TouchLine:
    """When a team last spoke to a key client, and when it does so next."""

    follow_up: FollowUp
    last: Touch | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact, and what other features say beside it."""

    contact: Contact
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class AccountPage:
    account: Account
    m: MoneyFormat
    open_deals: tuple[Deal, ...]
    past_deals: tuple[Deal, ...]
    revenue: tuple[YearOfRevenue, ...]
    risks: tuple[Risk, ...]
    touches: tuple[TouchLine, ...]
    contacts: tuple[ContactLine, ...]
    may_read_contacts: bool
    can_edit: bool
    has_several_teams: bool
    panels: tuple[Panel, ...]

    @property
    def last_changed(self) -> Deal | None:
        """The deal that was last heard of."""
        return max((*self.open_deals, *self.past_deals), key=lambda deal: deal.changed_at, default=None)

    @property
    def next_step(self) -> Deal | None:
        """The open deal whose next step comes first."""
        planned = (deal for deal in self.open_deals if deal.next_step and deal.next_step_on)
        return min(planned, key=lambda deal: deal.next_step_on or date.max, default=None)

    @property
    def open_amount(self) -> Decimal:
        return sum((deal.amount or Decimal(0) for deal in self.open_deals), Decimal(0))

    @property
    def shows_all_past(self) -> bool:
        return len(self.past_deals) < MOST_PAST


def account_page(account: Account, reader: User, now: datetime) -> AccountPage:
    deals = Deal.objects.visible_to(reader).filter(account=account).select_related("team__company", "rep")
    past = deals.exclude(status=Deal.Status.OPEN).order_by("-close_date", "-pk")[:MOST_PAST]
    knowing = AccountQuerySet.knowing(account, team="team__")
    roles = set(reader.seats.filter(knowing, until=None).values_list("team", "role"))
    return AccountPage(
        account=account,
        m=MoneyFormat(account.company.currency, reader.locale),
        open_deals=tuple(deals.open().order_by("close_date", "pk")),
        past_deals=tuple(past),
        revenue=tuple(_revenue(account, reader)),
        risks=tuple(_risks(account, reader)),
        touches=tuple(_touches(account, reader, now)),
        contacts=tuple(_contacts(account, reader, now)),
        may_read_contacts=any(role != Role.OBSERVER for _, role in roles),
        can_edit=account.can_edit(reader),
        has_several_teams=len(roles) > 1,
        panels=panels_of_account(account, reader, now),
    )


def _contacts(account: Account, reader: User, now: datetime) -> Iterator[ContactLine]:
    panels = panels_of_contacts(account, reader, now)
    for contact in Contact.objects.visible_to(reader).filter(account=account):
        yield ContactLine(contact, tuple(panels.get(contact.pk, ())))


def _touches(account: Account, reader: User, now: datetime) -> Iterator[TouchLine]:
    rows = FollowUp.objects.visible_to(reader).current().filter(account=account)
    for row in rows.select_related("team", "owner").prefetch_related("touches").order_by("due_on", "pk"):
        yield TouchLine(row, next(iter(row.touches.all()), None), row.is_quiet(row.team.today(now)))


def _risks(account: Account, reader: User) -> Iterable[Risk]:
    there = Q(account=account) | Q(deal__account=account)
    rows = Risk.objects.visible_to(reader).filter(there).select_related("team", "owner")
    return rows.order_by("closed_at", "-exposure", "pk")[:MOST_PAST]


def _revenue(account: Account, reader: User) -> Iterator[YearOfRevenue]:
    """By fiscal year and kind, the newest first; of teams whose words the reader may read."""
    paid = Q(deal__account=account) | Q(deal=None, account=account)
    entries = RevenueEntry.objects.filter(paid, is_uncorrected(), team__in=teams_read_by(reader))
    months = entries.order_by().annotate(month=month_of_day()).values_list("month", "kind")
    sums: dict[tuple[date, str, str], Decimal] = defaultdict(Decimal)
    for month, kind, amount in months.annotate(total=Sum("amount")):
        year = year_of(month, first_month=account.company.fiscal_year_start)
        sums[year.start, year.label, kind] += amount
    kinds = list(RevenueKind)
    for (_, label, kind), amount in sorted(
        sums.items(), key=lambda item: (-item[0][0].toordinal(), kinds.index(RevenueKind(item[0][2])))
    ):
        yield YearOfRevenue(label, words_of(kind).participle, amount)
