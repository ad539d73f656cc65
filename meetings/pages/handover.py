"""The first 90 days in a seat: what was handed over, as the CEO and the sales leader may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Seat, Team, User
from alignment.permissions import is_principal_seat
from alignment.rules.roles import NAMES, Role
from deals.models import Contact, Deal, DealChange
from deals.rules.changes import Change
from deals.rules.revenue import Standing
from deals.rules.slips import is_date_unreliable, pushes
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.values import CommitmentRow
from meetings.agreement.closing import AgreementClosing, read_closing
from meetings.models import Meeting
from meetings.pages.handover_rows import (
    CommittedLine,
    RecordLine,
    count_waiting_lines,
    read_commits,
    read_contacts,
    read_records,
)
from meetings.rules.first_days import Tenure

MAX_DEALS = 25


@dataclass(frozen=True, slots=True)
class DealLine:
    """An open deal as handed over, with how often its date was pushed."""

    id: int
    name: str
    account: str
    amount: Decimal
    close_date: date | None
    pushes: int
    is_fiction: bool


@dataclass(frozen=True, slots=True)
class FirstDays:
    """`own`: open commitments of the CEO and the sales leader; `orphaned`: of people who no longer are."""

    team: Team
    seat: Seat
    predecessor: Seat | None
    tenure: Tenure
    agenda: Agenda | None
    deals: tuple[DealLine, ...]
    more_deals: int
    orphaned: tuple[CommitmentRow, ...]
    own: tuple[CommitmentRow, ...]
    closing: AgreementClosing | None
    """How the agreement stood when the predecessor left; None without one."""
    waiting_lines: int
    """Lines of the agreement that wait for the reader's yes."""
    records: tuple[RecordLine, ...]
    commits: tuple[CommittedLine, ...]
    contacts: tuple[Contact, ...]

    @property
    def spans(self) -> tuple[tuple[str, Standing], ...]:
        if self.agenda is None:
            return ()
        figures = self.agenda.revenue.figures
        return ("This quarter", figures.quarter), ("This year", figures.year)

    @property
    def role(self) -> str:
        return NAMES[Role(self.seat.role)]


def first_days(team: Team, reader: User, now: datetime) -> FirstDays | None:
    """Of the principal who is new; of the reader, if both or neither are. None without such a seat."""
    today = team.today(now)
    seat = newest(team.current_seats, reader.pk, today)
    if seat is None:
        return None
    agenda = _agenda(team, reader, now)
    deals = [_deal(row, team) for row in _open_deals(team)]
    commitments = [commitment for commitment in agenda.commitments if commitment.is_open] if agenda else []
    predecessor = _predecessor(team, seat)
    principals = {holder.user_id for holder in team.current_seats if is_principal_seat(holder)}
    return FirstDays(
        team=team,
        seat=seat,
        predecessor=predecessor,
        tenure=Tenure(seat.since, today),
        agenda=agenda,
        deals=tuple(deals[:MAX_DEALS]),
        more_deals=max(0, len(deals) - MAX_DEALS),
        orphaned=tuple(commitment for commitment in commitments if commitment.owner.id not in principals),
        own=tuple(commitment for commitment in commitments if commitment.owner.id in principals),
        closing=read_closing(team, predecessor, locale=reader.locale) if predecessor else None,
        waiting_lines=count_waiting_lines(team, reader, today),
        records=read_records(team, now),
        commits=read_commits(team, reader, today),
        contacts=read_contacts(team, reader),
    )


def newest(seats: Iterable[Seat], reader: int, today: date) -> Seat | None:
    """The principal's seat whose first days these are. Pure."""
    principals = [seat for seat in seats if is_principal_seat(seat)]
    order = sorted(
        principals, key=lambda seat: (Tenure(seat.since, today).is_new, seat.user_id == reader, seat.since)
    )
    return order[-1] if order else None


def _predecessor(team: Team, seat: Seat) -> Seat | None:
    ended = Seat.objects.filter(team=team, role=seat.role, until__isnull=False).exclude(user=seat.user_id)
    return ended.select_related("user").order_by("-until", "-pk").first()


def _agenda(team: Team, reader: User, now: datetime) -> Agenda | None:
    """Of the next meeting; without one, of the last."""
    near = Meeting.objects.ahead().filter(team=team) or Meeting.objects.over(now).filter(team=team)[:1]
    nearest = next(iter(near), None)
    return build(pages().get(pk=nearest.pk), reader, now) if nearest else None


def _open_deals(team: Team) -> QuerySet[Deal, Any]:
    changes = JsonRows(DealChange.objects.standing().filter(deal=OuterRef("pk")), into=Change)
    deals = Deal.objects.open().filter(
        Q(amount__gte=team.mid_deal_from) | Q(pinned_at__isnull=False), team=team
    )
    return deals.select_related("account").annotate(change_rows=changes).order_by(F("amount").desc(), "pk")


def _deal(deal: Any, team: Team) -> DealLine:
    moves = pushes(deal.change_rows, first_month=team.company.fiscal_year_start)
    pushed = [push for push in moves if push.counts]
    return DealLine(
        id=deal.pk,
        name=deal.name,
        account=deal.account.name if deal.account else "",
        amount=deal.amount,
        close_date=deal.close_date,
        pushes=len(pushed),
        is_fiction=is_date_unreliable(pushed),
    )
