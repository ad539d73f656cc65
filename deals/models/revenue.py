from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.expressions import Combinable, NegatedExpression
from django.db.models.functions import Cast, Concat, Substr

from alignment import audit
from alignment.db.search_keys import SearchKeyField
from alignment.models import Team, TeamItem, User
from alignment.permissions import can_plan, has_permission
from alignment.rules.money import show
from alignment.rules.revenue_kinds import RevenueKind
from deals.models.accounts import Account
from deals.models.deals import Deal
from deals.rules.booking import Booked, own_booking

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RevenueQuerySet(models.QuerySet["RevenueEntry"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Revenue is a fact, so company admins see it too."""
        return self.filter(team__in=Team.objects.visible_to(user))

    def uncorrected(self) -> Self:
        """Entries that stand: those that no later entry corrects."""
        return self.filter(is_uncorrected())

    def counted(self) -> Self:
        """Entries that count for the goal of their team: they stand, and are of the kind it is made of."""
        return self.uncorrected().filter(kind=F("team__revenue_kind"))

    @transaction.atomic
    def book_deal(self, deal: Deal, *, by: User | None, now: datetime) -> None:
        """Book what the deal brought in: its amount and day when won, less what people recorded for it;
        otherwise nothing.

        An entry that the deal booked before stays and is corrected by a new one.
        """
        entry = self.entry_for(deal, source=RevenueEntry.Source.DEAL, now=now)
        if entry is None:
            return
        entry.created_by = by
        entry.save(force_insert=True)
        company = deal.team.company
        new = f"{entry.day.isoformat()}: {show(entry.amount, currency=company.currency, locale='en-US')}"
        audit.note("revenue.booked", by=by, now=now, company=company, about=deal.team.name, new=new)

    def recorded_for(self, deal: Deal) -> list[int]:
        """The entries that people or tables of revenue recorded for the deal, not it itself; with corrections."""
        entries = list(self.filter(deal=deal))
        by_pk = {entry.pk: entry for entry in entries}
        return [entry.pk for entry in entries if not _is_booked_by_deal(entry, by_pk)]

    def entry_for(self, deal: Deal, *, source: str, now: datetime) -> RevenueEntry | None:
        """The entry, not saved yet, that makes the books agree with the deal; None when they do."""
        teams = Team.objects.select_for_update(no_key=True)  # whoever records revenue of a team takes turns
        list(teams.filter(pk=deal.team_id).values_list("pk"))
        return entry_for(deal, list(self.filter(deal=deal)), source=source, now=now)


def standing(entries: Sequence[RevenueEntry]) -> list[RevenueEntry]:
    """Those of a deal's entries that count: no later one corrects them."""
    corrected = {entry.corrects_id for entry in entries}
    return [entry for entry in entries if entry.pk not in corrected]


def entry_for(
    deal: Deal, entries: Sequence[RevenueEntry], *, source: str, now: datetime
) -> RevenueEntry | None:
    """The same with all the deal's `entries`, the corrected ones too. What was invoiced for it, or recurs, is other
    money than what was won.
    """
    entries = [entry for entry in entries if entry.kind == RevenueKind.WON]
    by_pk, counted = {entry.pk: entry for entry in entries}, standing(entries)
    own = next((entry for entry in counted if _is_booked_by_deal(entry, by_pk)), None)
    before = (own.day, own.amount) if own else None
    won = win_of(deal.status, deal.amount, deal.close_date)
    target = own_booking(won, own=before, others=[entry.amount for entry in counted if entry is not own])
    if target is None or target == before:
        return None
    day, amount = target
    return RevenueEntry(
        team_id=own.team_id if own else deal.team_id,
        deal=deal,
        day=day,
        amount=amount,
        corrects=own,
        source=source,
        created_at=now,
    )


def win_of(status: str, amount: Decimal | None, close_date: date | None) -> Booked | None:
    """When and for how much a deal is won; None for one that is not, or of which that is not known."""
    if status != Deal.Status.WON or close_date is None or amount is None:
        return None
    return close_date, amount


def _is_booked_by_deal(entry: RevenueEntry, by_pk: Mapping[int, RevenueEntry]) -> bool:
    """Whether the deal booked the first of the entries that this one corrects."""
    while earlier := by_pk.get(entry.corrects_id or 0):
        entry = earlier
    return not entry.is_by_hand


def is_uncorrected() -> NegatedExpression[Combinable]:
    """Asked so, not as `corrected_by=None`: PostgreSQL takes that join for one row and reads the table for each."""
    # The second condition limits PostgreSQL to the few corrections.
    return ~Exists(RevenueEntry.objects.filter(corrects=OuterRef("pk"), corrects__isnull=False))


def month_of_day() -> Cast:
    """The first day of an entry's month, made from the text of its day: to truncate it, SQLite would call Python for
    every row.
    """
    year_and_month = Substr(Cast("day", models.CharField()), 1, len("2026-11-"))
    return Cast(Concat(year_and_month, Value("01")), models.DateField())


class RevenueEntry(TeamItem):
    """Money actually won or invoiced on a day. Never in the future, never overwritten.

    A correction is a new entry that refers to the one it corrects and has the right amount and day. A deal may
    have several. Below zero only where a person said that it is a credit, or where recurring revenue was lost.
    """

    class Source(models.TextChoices):
        """How the entry was made."""

        TYPED = "typed", "Typed"
        PASTED = "pasted", "Pasted"
        FILE = "file", "From a file"
        DEAL = "deal", "From a won deal"
        CRM = "crm", "From a CRM import"
        CREDIT = "credit", "Credit"

    day = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    kind = models.CharField(max_length=10, choices=RevenueKind, default=RevenueKind.WON)
    original_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    original_currency = models.CharField(
        max_length=3, blank=True, help_text="ISO 4217; empty: in the company's own currency."
    )
    rate = models.DecimalField(
        max_digits=18,
        decimal_places=9,
        null=True,
        blank=True,
        help_text="What one unit of the original currency is worth, as somebody entered it.",
    )
    note = models.CharField(max_length=300, blank=True)
    search_key = SearchKeyField("note")
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, blank=True, related_name="revenue")
    account = models.ForeignKey(
        Account,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="revenue",
        help_text="Who paid, where no deal says it.",
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    source = models.CharField(max_length=8, choices=Source, default=Source.TYPED)
    run = models.ForeignKey(
        "deals.ImportRun", models.SET_NULL, null=True, blank=True, related_name="+", help_text="The import."
    )

    FROM_FILES = (Source.FILE, Source.CRM)

    objects = RevenueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "revenue entries"
        ordering = ("day", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) | Q(source="credit") | Q(kind="recurring"),
                name="revenue_below_zero_is_a_credit",
            ),
            models.CheckConstraint(condition=Q(kind__in=RevenueKind.values), name="revenue_kind_is_known"),
            models.CheckConstraint(
                condition=Q(original_currency="", original_amount=None, rate=None)
                | Q(rate__gt=0, original_amount__isnull=False) & ~Q(original_currency=""),
                name="revenue_in_another_currency_has_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(source__in=("typed", "pasted", "file", "deal", "crm", "credit")),
                name="revenue_source_is_known",
            ),
        ]
        indexes = [
            # sums per team, kind, day and source, without reading the entries themselves
            models.Index(fields=("team", "kind", "day", "amount", "source"), name="revenue_sums"),
        ]

    @property
    def is_by_hand(self) -> bool:
        return self.source not in (self.Source.DEAL, self.Source.CRM)

    def can_correct(self, user: User) -> bool:
        return has_permission(user, self.team, can_plan)

    def __str__(self) -> str:
        return f"{self.team} {self.day}: {self.amount}"
