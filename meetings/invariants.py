"""What must be true of the data beyond what the database itself refuses. Each check says what is broken, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db.models import Count, F, Max, Q

from alignment.models import Seat, Team
from deals.models import Deal, RevenueEntry, Risk
from meetings.agenda.frozen import thaw
from meetings.models import Commitment, Decision, Issue, Meeting, Record, Update

Check = Callable[[datetime], Iterator[str]]


def broken(now: datetime) -> Iterator[str]:
    """Every broken invariant, a sentence each."""
    for check in CHECKS:
        yield from check(now)


def teams_have_their_two(now: datetime) -> Iterator[str]:
    for role in ("ceo", "leader"):
        for team in Team.objects.exclude(pk__in=Seat.objects.current().filter(role=role).values("team")):
            yield f"Team {team.slug} has no {role}."


def seats_do_not_overlap(now: datetime) -> Iterator[str]:
    for seat in Seat.objects.filter(role__in=("ceo", "leader")).select_related("team"):
        later = (
            Seat.objects.filter(team=seat.team_id, role=seat.role)
            .exclude(pk=seat.pk)
            .filter(since__gte=seat.since)
        )
        if later.filter(Q(since__lte=seat.until) if seat.until else Q()).exists():
            yield f"Two people are {seat.role} of team {seat.team.slug} at once."


def items_stay_in_their_team(now: datetime) -> Iterator[str]:
    for deal in Deal.objects.exclude(account=None).exclude(account__company=F("team__company")):
        yield f"Deal {deal.pk} names an account of another company."
    for model, names in (
        (RevenueEntry, ("deal", "corrects")),
        (Risk, ("deal",)),
        (Issue, ("deal", "risk", "initiative")),
        (Commitment, ("deal", "risk", "initiative", "issue", "meeting")),
        (Decision, ("deal", "risk", "initiative", "issue", "meeting")),
    ):
        for name in names:
            for row in model._default_manager.exclude(**{name: None}).exclude(**{f"{name}__team": F("team")}):  # noqa: SLF001
                yield f"{model.__name__} {row.pk} names a {name} of another team."


def words_stay_in_their_team(now: datetime) -> Iterator[str]:
    for name in ("deal", "risk", "initiative", "issue"):
        for row in Update.objects.exclude(**{name: None}).exclude(**{f"{name}__team": F("meeting__team")}):
            yield f"Words {row.pk} are about a {name} of another team."


def revenue_is_not_in_the_future(now: datetime) -> Iterator[str]:
    for team in Team.objects.all():
        for entry in RevenueEntry.objects.filter(team=team, day__gt=team.today(now)):
            yield f"Revenue entry {entry.pk} of team {team.slug} lies in the future."


def deals_are_what_was_last_learned(now: datetime) -> Iterator[str]:
    deals = Deal.objects.exclude(changes=None).prefetch_related("changes")
    for deal in deals:
        last = {change.field: change.new for change in deal.changes.all()}
        for name, told in last.items():
            value = getattr(deal, name)
            if not says(told, value):
                yield f"Deal {deal.pk}: {name} is {value}, but “{told}” was learned last."


def says(told: str, value: object) -> bool:
    """Whether the text of a change is this value; an amount may be written without its cents."""
    if isinstance(value, Decimal):
        try:
            return Decimal(told) == value
        except InvalidOperation:
            return False
    return told == ("" if value is None else str(value))


def held_meetings_have_their_record(now: datetime) -> Iterator[str]:
    for meeting in Meeting.objects.filter(state=Meeting.State.HELD, records=None):
        yield f"Meeting {meeting.pk} was held but has no record."


def records_are_whole(now: datetime) -> Iterator[str]:
    counted = Meeting.objects.annotate(count=Count("records"), last=Max("records__number"))
    for meeting in counted.filter(count__gt=0).exclude(count=F("last")):
        yield f"A record of meeting {meeting.pk} is missing."
    for record in Record.objects.iterator(chunk_size=100):
        try:
            thaw(record.agenda)
        except (KeyError, TypeError, ValueError) as error:
            yield f"Record {record.pk} cannot be read: {error}."


def meetings_end(now: datetime) -> Iterator[str]:
    for meeting in Meeting.objects.filter(state=Meeting.State.IN_PROGRESS).select_related("team"):
        if now > meeting.closes_itself_at + (meeting.closes_itself_at - meeting.starts_at):
            yield f"Meeting {meeting.pk} should have closed itself: the clock is not running."


CHECKS: tuple[Check, ...] = (
    teams_have_their_two, seats_do_not_overlap, items_stay_in_their_team, words_stay_in_their_team, revenue_is_not_in_the_future,
    deals_are_what_was_last_learned, held_meetings_have_their_record, records_are_whole, meetings_end,
)  # fmt: skip
