"""Invariants of the data that the database itself cannot enforce. Each check yields its violations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import combinations

from django.apps import apps
from django.db.models import Count, Exists, F, Max, OuterRef, Q

from alignment.db.search_keys import search_key_fields
from alignment.models import Agreement, Seat, Team
from alignment.people.seats import sittings_of
from alignment.rules.roles import PRINCIPAL_ROLES
from alignment.rules.seats import stored_clashes
from deals.models import Account, Deal, DealChange, FollowUp, Rep, RevenueEntry, Risk
from deals.rules.changes import FIRST_SIGHT
from deals.rules.reps import Term
from meetings.agenda.record import load_record
from meetings.models import Commitment, Decision, Initiative, Issue, Meeting, Record, Update
from meetings.models.approvals import SUBJECT

Check = Callable[[datetime], Iterator[str]]


def find_violations(now: datetime) -> Iterator[str]:
    """Every violated invariant, a sentence each."""
    for check in CHECKS:
        yield from check(now)


def teams_have_a_ceo_and_a_leader(now: datetime) -> Iterator[str]:
    for role in PRINCIPAL_ROLES:
        for team in Team.objects.exclude(pk__in=Seat.objects.current().filter(role=role).values("team")):
            yield f"Team {team.slug} has no {role}."


def seats_do_not_overlap(now: datetime) -> Iterator[str]:
    for team in Team.objects.order_by("slug"):
        for sentence in stored_clashes(sittings_of(team)):
            yield f"Team {team.slug}: {sentence}"


def items_stay_in_their_team(now: datetime) -> Iterator[str]:
    for deal in Deal.objects.exclude(account=None).exclude(account__company=F("team__company")):
        yield f"Deal {deal.pk} names an account of another company."
    for deal in Deal.objects.exclude(company=None).exclude(company=F("team__company")):
        yield f"Deal {deal.pk} names another company than its team."
    for deal in Deal.objects.exclude(rep=None).exclude(rep__company=F("team__company")):
        yield f"Deal {deal.pk} names a rep of another company."
    for account in Account.objects.exclude(owner=None).exclude(owner__company=F("company")):
        yield f"Account {account.pk} names an owner of another company."
    for model, names in (
        (RevenueEntry, ("deal", "corrects")),
        (Risk, ("deal",)),
        (Issue, ("deal", "risk", "initiative")),
        (Commitment, ("deal", "risk", "initiative", "issue", "meeting")),
        (Decision, ("deal", "risk", "initiative", "issue", "meeting")),
    ):
        for name in names:
            rows = model._default_manager.exclude(**{name: None})  # noqa: SLF001
            for row in rows.exclude(**{f"{name}__team": F("team")}).exclude(_moved_away(name)):
                yield f"{model.__name__} {row.pk} names a {name} of another team."


def _moved_away(name: str) -> Q:
    """A deal that went to another team with its rep: what was written about it stays where it was written."""
    moves = DealChange.objects.filter(deal=OuterRef("deal"), field="team")
    return Q(Exists(moves)) if name == "deal" else Q(pk__in=())


def terms_of_reps_do_not_overlap(now: datetime) -> Iterator[str]:
    for rep in Rep.objects.prefetch_related("terms").iterator(chunk_size=500):
        terms = [Term(row.team_id, row.since, row.until) for row in rep.terms.all()]
        for first, second in combinations(terms, 2):
            if first.overlaps(second):
                yield f"Rep {rep.pk} is on team {first.team} twice at the same time."


def key_clients_stay_in_their_company(now: datetime) -> Iterator[str]:
    for client in FollowUp.objects.exclude(account__company=F("team__company")):
        yield f"Key client {client.pk} names an account of another company."


def updates_stay_in_their_team(now: datetime) -> Iterator[str]:
    for name in ("deal", "risk", "initiative", "issue"):
        for row in (
            Update.objects.exclude(**{name: None})
            .exclude(**{f"{name}__team": F("meeting__team")})
            .exclude(_moved_away(name))
        ):
            yield f"Update {row.pk} is about a {name} of another team."


DECIDED = (Agreement.State.AGREED, Agreement.State.DECLINED)


def decisions_are_the_last_on_their_initiative(now: datetime) -> Iterator[str]:
    last = dict(
        Agreement.objects.filter(subject=SUBJECT).order_by("key", "number").values_list("key", "pk")
    )  # the highest number of a key comes last
    for plan in Initiative.objects.select_related("decision").order_by("pk"):
        decision = plan.decision
        if (decision.pk if decision else None) != last.pop(plan.token.hex, None):
            yield f"Initiative {plan.pk} does not name the CEO's last decision."
        elif decision and (decision.state not in DECIDED or decision.team_id != plan.team_id):
            yield f"Initiative {plan.pk} names a decision that is none on it."
    for key in sorted(last):
        yield f"Agreement {last[key]} is a decision on an initiative that is gone."


def revenue_is_not_in_the_future(now: datetime) -> Iterator[str]:
    for team in Team.objects.all():
        for entry in RevenueEntry.objects.filter(team=team, day__gt=team.today(now)):
            yield f"Revenue entry {entry.pk} of team {team.slug} is in the future."


KNOWN_BY_A_NAME = (FIRST_SIGHT, "rep", "team", "pipeline")
"""What a change states without a value, or by a name that may have changed since."""


def deals_match_their_last_change(now: datetime) -> Iterator[str]:
    is_changed = Exists(DealChange.objects.filter(deal=OuterRef("pk")))
    for deal in Deal.objects.filter(is_changed).prefetch_related("changes"):
        compared = [change for change in deal.changes.all() if change.field not in KNOWN_BY_A_NAME]
        last = {change.field: change.new for change in compared}
        for name, recorded in last.items():
            value = getattr(deal, name)
            if not matches_value(recorded, value):
                yield f"Deal {deal.pk}: {name} is {value}, but the last recorded change says “{recorded}”."


def matches_value(recorded: str, value: object) -> bool:
    """Whether the text of a change is this value; an amount may be written without cents."""
    if isinstance(value, Decimal):
        try:
            return Decimal(recorded) == value
        except InvalidOperation:
            return False
    return recorded == ("" if value is None else str(value))


def held_meetings_have_their_record(now: datetime) -> Iterator[str]:
    for meeting in Meeting.objects.filter(state=Meeting.State.HELD, records=None):
        yield f"Meeting {meeting.pk} was held but has no record."


def records_are_complete(now: datetime) -> Iterator[str]:
    counted = Meeting.objects.annotate(count=Count("records"), last=Max("records__number"))
    for meeting in counted.filter(count__gt=0).exclude(count=F("last")):
        yield f"A record of meeting {meeting.pk} is missing."
    for record in Record.objects.iterator(chunk_size=100):
        try:
            load_record(record.agenda)
        except (KeyError, TypeError, ValueError) as error:
            yield f"Record {record.pk} cannot be read: {error}."


def meetings_end(now: datetime) -> Iterator[str]:
    for meeting in Meeting.objects.filter(state=Meeting.State.IN_PROGRESS).select_related("team"):
        if now > meeting.closes_itself_at + (meeting.closes_itself_at - meeting.starts_at):
            yield f"Meeting {meeting.pk} should have been closed automatically: the sweep is not running."


def keys_follow_their_names(now: datetime) -> Iterator[str]:
    """Searches, orders and unique names go by them."""
    for model in apps.get_models():
        for key in search_key_fields(model):
            for row in model._base_manager.iterator(chunk_size=2000):  # noqa: SLF001
                if getattr(row, key.name) != key.key_of(row):
                    yield f"{model.__name__} {row.pk} is not searched by what it says now; save it again."


CHECKS: tuple[Check, ...] = (
    teams_have_a_ceo_and_a_leader,
    seats_do_not_overlap,
    items_stay_in_their_team,
    key_clients_stay_in_their_company,
    terms_of_reps_do_not_overlap,
    updates_stay_in_their_team,
    decisions_are_the_last_on_their_initiative,
    revenue_is_not_in_the_future,
    deals_match_their_last_change,
    held_meetings_have_their_record,
    records_are_complete,
    meetings_end,
    keys_follow_their_names,
)
