"""Deals and revenue as they happen: big deals one change at a time, orders by the stack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from operator import attrgetter

from django.db.models import F

from deals.models import Account, CapacityNeed, Deal, DealChange, RevenueEntry, Risk
from meetings.demo.deals import Course, Order, Step
from meetings.demo.world import World

STEP, MOST_DAYS_OF_SMALL = 50, 9
OUTCOMES = {"won": "The deal was signed.", "lost": "The deal was lost."}


class DealFlow:
    def __init__(self, world: World, courses: Sequence[Course], orders: Sequence[Order]) -> None:
        self.world, self.courses = world, courses
        company = world.team.company
        Account.objects.bulk_create(
            Account(company=company, name=name) for name in world.story.accounts.values()
        )
        self.accounts = {account.name: account for account in company.accounts.all()}
        self.to_open = sorted(orders, key=attrgetter("opened"), reverse=True)
        self.to_end: list[tuple[Order, Deal]] = []
        for course in courses:
            world.at(course.opened, partial(self.open, course))

    def open(self, course: Course, now: datetime) -> None:
        world = self.world
        world.items[course.name] = deal = Deal.objects.create(
            team=world.team,
            name=course.name,
            account=self.accounts[course.account],
            rep=world.rep(course.owner),
            stage=course.stage,
            amount=Decimal(course.amount),
            opened_on=world.calendar.day(now),
            close_date=course.close,
            pinned_at=now if course.pinned else None,
            created_at=now,
            created_by=world.leader,
            changed_at=now,
        )
        DealChange.objects.record_first_sight([deal])
        for step in course.steps:
            world.at(step.at, partial(self.record_step, course, step))

    def record_step(self, course: Course, step: Step, now: datetime) -> None:
        world = self.world
        deal = world.items[course.name]
        assert isinstance(deal, Deal)
        day = world.calendar.day(now)
        deal = deal.record_change(
            version=deal.version, day=day, now=now, by=world.leader, reason=step.reason, **step.fields
        )
        world.items[course.name] = deal
        if deal.status == "open":
            return
        if deal.status == "won":
            self._book(deal, now)
            self._capacity(deal, course, now)
        for risk in Risk.objects.open().filter(deal=deal):
            risk.close(by=world.leader, now=now, outcome=OUTCOMES[deal.status])

    def _book(self, deal: Deal, now: datetime) -> None:
        assert deal.close_date
        assert deal.amount is not None
        RevenueEntry.objects.create(
            team=self.world.team,
            day=deal.close_date,
            amount=deal.amount,
            note=deal.name,
            deal=deal,
            created_at=now,
            created_by=self.world.leader,
            source=RevenueEntry.Source.DEAL,
        )

    def _capacity(self, deal: Deal, course: Course, now: datetime) -> None:
        if course.capacity and course.capacity[0]:
            what, by, who = course.capacity
            CapacityNeed.objects.all().add_to(
                deal, what=what, needed_by=by, who=who, by=self.world.leader, now=now
            )

    def correct(self, now: datetime) -> None:
        """An order of some weeks ago was booked too high: stated by an entry that names it."""
        day = self.world.calendar.day(now - timedelta(weeks=2))
        known = RevenueEntry.objects.filter(
            team=self.world.team, day__lte=day, amount__lt=20_000, corrects=None
        )
        wrong = known.order_by("-day", "pk").first()
        if wrong:
            RevenueEntry.objects.create(
                team=self.world.team,
                day=wrong.day,
                amount=wrong.amount - 1_150,
                note=f"{wrong.note}: freight was counted twice",
                deal=wrong.deal,
                corrects=wrong,
                created_at=now,
                created_by=self.world.leader,
            )

    def book_orders(self, until: datetime) -> None:
        """Orders that came in or ended up to `until`, in a few statements."""
        arrived = []
        while self.to_open and self.to_open[-1].opened <= until:
            arrived.append(self.to_open.pop())
        opened = Deal.objects.bulk_create(self._deal(order) for order in arrived)
        DealChange.objects.record_first_sight(opened)
        phoned = [(order, deal) for order, deal in zip(arrived, opened, strict=True) if deal.status == "won"]
        waiting = [
            (order, deal) for order, deal in zip(arrived, opened, strict=True) if deal.status == "open"
        ]
        ended = [pair for pair in self.to_end if _is_over(pair[0], until)]
        self.to_end = [pair for pair in self.to_end if not _is_over(pair[0], until)] + waiting
        self._end(ended, until)
        won = [pair for pair in ended if pair[0].status == "won"] + phoned
        RevenueEntry.objects.bulk_create(
            RevenueEntry(
                team=self.world.team,
                day=order.close,
                amount=Decimal(order.amount),
                note=deal.name,
                deal=deal,
                created_at=order.ended or until,
                created_by=self.world.leader,
                source=RevenueEntry.Source.DEAL,
            )
            for order, deal in won
        )

    def _deal(self, order: Order) -> Deal:
        by_phone = order.opened == order.ended
        return Deal(
            team=self.world.team,
            name=order.name,
            account=self.accounts[order.account],
            rep=self.world.rep(order.owner),
            status="won" if by_phone else "open",
            stage="Closed" if by_phone else "Proposal",
            amount=Decimal(order.amount),
            opened_on=_opened_on(order, self.world.calendar.day(order.opened)),
            close_date=order.close,
            created_at=order.opened,
            created_by=self.world.leader,
            changed_at=order.opened,
        )

    def _end(self, ended: Sequence[tuple[Order, Deal]], until: datetime) -> None:
        for status in ("won", "lost"):
            keys = [deal.pk for order, deal in ended if order.status == status]
            Deal.objects.filter(pk__in=keys).update(
                status=status, stage="Closed", version=F("version") + 1, changed_at=until
            )
        DealChange.objects.bulk_create(
            DealChange(
                deal=deal,
                field=name,
                old=old,
                new=new,
                day=order.close,
                at=order.ended or until,
                by=self.world.leader,
            )
            for order, deal in ended
            for name, old, new in (("status", "open", order.status), ("stage", "Proposal", "Closed"))
        )


def _opened_on(order: Order, known_on: date) -> date:
    """The leader enters a small order once it is won, with the day on which the customer first asked for it."""
    days = 2 + order.amount // STEP % MOST_DAYS_OF_SMALL if order.opened == order.ended else 0
    return known_on - timedelta(days=days)


def _is_over(order: Order, until: datetime) -> bool:
    return order.ended is not None and order.ended <= until
