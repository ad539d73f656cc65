"""What somebody new in a seat has to know beside the agenda: records, committed deals, who is who at key clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from alignment.models import Agreement, Team, User
from alignment.rules.periods import RECENT_WEEKS
from alignment.rules.roles import Side
from deals.models import CommittedDeal, Contact, Deal, FollowUp
from deals.registry.commits import pending_commit
from meetings.models import Meeting

MOST_CONTACTS = 30


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A meeting of the last 13 weeks."""

    id: int
    starts_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class CommittedLine:
    """An open deal in the commit of a period that is not over, and who committed it."""

    deal: int
    name: str
    amount: Decimal | None
    close_date: date | None
    leader: str
    committed_on: date


def read_records(team: Team, now: datetime) -> tuple[RecordLine, ...]:
    """The newest first. One query."""
    meetings = Meeting.objects.over(now).filter(team=team, starts_at__gt=now - timedelta(weeks=RECENT_WEEKS))
    return tuple(
        RecordLine(meeting.pk, meeting.starts_at, str(meeting.get_state_display()).lower())
        for meeting in meetings.only("starts_at", "state")
    )


def read_commits(team: Team, reader: User, today: date) -> tuple[CommittedLine, ...]:
    """As far as the reader may read the commit; the largest first. Two queries."""
    pending = pending_commit(team, reader)
    rows = CommittedDeal.objects.visible_to(reader).standing(known_before=pending.hidden_since)
    rows = rows.filter(team=team, period_end__gte=today, deal__team=team, deal__status=Deal.Status.OPEN)
    lines = [
        CommittedLine(
            deal=row.deal_id,
            name=row.deal.name,
            amount=row.amount,
            close_date=row.close_date,
            leader=row.leader.name if row.leader else "a former member",
            committed_on=row.committed_on,
        )
        for row in rows.select_related("deal", "leader").order_by("deal", "-period_end")
    ]
    by_deal = {line.deal: line for line in lines}
    return tuple(sorted(by_deal.values(), key=lambda line: (-(line.amount or Decimal(0)), line.deal)))


def count_waiting_lines(team: Team, reader: User, today: date) -> int:
    """Lines of the agreement that wait for the yes of the reader, a principal of the team. One query."""
    side = Side(team.role_of(reader))
    return Agreement.objects.filter(team=team).waiting_for(side, reader.pk, today).count()


def read_contacts(team: Team, reader: User) -> tuple[Contact, ...]:
    """People at the team's key clients, by account. One query."""
    clients = FollowUp.objects.visible_to(reader).current().filter(team=team).order_by().values("account")
    contacts = Contact.objects.visible_to(reader).filter(account__in=clients).select_related("account")
    return tuple(contacts.order_by("account__name_key", "account", "name_key", "pk")[:MOST_CONTACTS])
