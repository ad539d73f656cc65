"""The list of deals: its filters, its lines and its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from alignment.models import Team
from alignment.permissions import can_act
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period, month_of, quarter_after, quarter_of, year_of
from alignment.web.listing import Listing
from deals.models import Deal, Rep
from deals.models.deals import DealQuerySet
from deals.movement.queries import start_of
from deals.pages.lists import Total, totals
from deals.pages.spans import amounts_label, created_days, days_label
from deals.rules.contract_ends import ENDS_SOON
from deals.rules.pace import quarters_before
from deals.rules.reasons import CHOICES as REASONS
from deals.rules.spans import AmountSpan, DaySpan
from deals.tables.writer import Value

DECIDED, NOT_WITHDRAWN = "closed", "known"
STATES = (
    ("open", "Open"),
    (DECIDED, "Won or lost"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("withdrawn", "Withdrawn"),
    (NOT_WITHDRAWN, "All but withdrawn"),
    ("all", "All"),
)
BANDS = (
    ("", "Any size"),
    ("big", "Big"),
    ("mid", "Mid-size"),
    ("small", "Small"),
    ("none", "No amount"),
)
THIS_QUARTER, NEXT_QUARTER, THIS_YEAR, FOUR_QUARTERS, NONE = "quarter", "next", "year", "four", "none"
QUARTERS_AGO = ("last", "ago2", "ago3", "ago4")
"""The last quarter, and two, three and four quarters ago."""
PERIODS = (
    ("", "Any time"),
    (THIS_QUARTER, "This quarter"),
    (NEXT_QUARTER, "Next quarter"),
    (QUARTERS_AGO[0], "Last quarter"),
    (QUARTERS_AGO[1], "Two quarters ago"),
    (QUARTERS_AGO[2], "Three quarters ago"),
    (QUARTERS_AGO[3], "Four quarters ago"),
    (FOUR_QUARTERS, "Last four quarters"),
    (THIS_YEAR, "This year"),
    (NONE, "No close date"),
)
SOURCES = (("", "Any source"), *Deal.LeadSource.choices, (NONE, "Not entered"))
DECIDED_REASONS = (("", "Any reason"), *REASONS, (NONE, "Not entered"))
NO_NEXT_STEP, PASSED, MOVED, ENDING = "no_next_step", "date_passed", "moves", "ending"
ATTENTION = (
    ("", "Everything"),
    (NO_NEXT_STEP, "No next step"),
    (PASSED, "Date passed"),
    (MOVED, "Moved this month"),
    (ENDING, "Contract ends, no renewal"),
)
SORTS = (("close", "Close date"), ("amount", "Amount"), ("name", "Name"), ("step", "Next step"))
MOST_OPTIONS = 200
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DealLine:
    deal: Deal
    m: MoneyFormat
    date_has_passed: bool
    step_has_passed: bool
    can_pin: bool


def filter_deals(listing: Listing, now: datetime) -> DealQuerySet:
    visible = Deal.objects.visible_to(listing.user).select_related("team__company", "account", "rep")
    rows = listing.search(visible, "name_key", "account__name_key", "rep__name_key", "search_key")
    state = listing.choose("state", "Status", STATES)
    when = listing.choose("when", "Closes", PERIODS, other=days_label(listing))
    only = listing.choose("only", "Show", ATTENTION)
    band = listing.choose("band", "Size", BANDS, other=amounts_label(listing))
    created = listing.choose("created", "Created", created_days(listing, now), other=days_label(listing))
    stage = listing.choose("stage", "Stage", [("", "Any stage"), *_stages(listing, state)])
    rep = listing.choose("rep", "Rep", [("", "All reps"), *_reps(listing)])
    source = listing.choose("source", "Lead source", SOURCES)
    reason = listing.choose("reason", "Reason won or lost", DECIDED_REASONS)
    sort = listing.choose("sort", "Sort by", SORTS)
    if only != ENDING:  # contracts end of deals that were won
        rows = rows.filter(_in_state(state))
    rows = rows.filter(_closes(listing, when, now), _band(band), _created(listing, created))
    rows = rows.filter(stage=stage) if stage else rows
    rows = rows.filter(rep=int(rep)) if rep else rows
    rows = rows.filter(_equals("lead_source", source), _equals("reason_kind", reason))
    order = _order(sort, newest_first=state not in ("open", "all"))
    return _attention(listing, rows, only, now).order_by(*order)


def _in_state(state: str) -> Q:
    if state == DECIDED:
        return Q(status__in=(Deal.Status.WON, Deal.Status.LOST))
    if state == NOT_WITHDRAWN:
        return ~Q(status=Deal.Status.WITHDRAWN)
    return Q() if state == "all" else Q(status=state)


def _equals(field: str, selected: str) -> Q:
    """NONE: those where it is not entered."""
    return Q(**{field: "" if selected == NONE else selected}) if selected else Q()


def _band(band: str) -> Q:
    """A deal worth nothing has no amount."""
    mid, big = F("team__mid_deal_from"), F("team__big_deal_from")
    bands = {
        "big": Q(amount__gte=big),
        "mid": Q(amount__gte=mid, amount__lt=big),
        "small": Q(amount__gt=0, amount__lt=mid),
        NONE: Q(amount=None) | Q(amount=0),
    }
    span = AmountSpan.parse(band)
    return bands.get(band, _in_amounts(span) if span else Q())


def _in_amounts(span: AmountSpan) -> Q:
    start = Q(amount__gt=0) if span.start is None else Q(amount__gte=span.start)
    return start if span.below is None else start & Q(amount__lt=span.below)


def _created(listing: Listing, created: str) -> Q:
    """Opened on these days; where nobody knows when, first seen on them where the team is."""
    span = DaySpan.parse(created)
    if span is None:
        return Q()
    opened = Q(opened_on__range=(span.first, span.last))
    moments = {
        team.pk: (start_of(span.first, team), start_of(span.last + DAY, team)) for team in _teams(listing)
    }
    first_seen = _any_of(
        Q(team=pk, created_at__gt=start, created_at__lte=end) for pk, (start, end) in moments.items()
    )
    return opened | Q(first_seen, opened_on=None)


def _closes(listing: Listing, when: str, now: datetime) -> Q:
    """By the fiscal calendar of each team's company, and the team's own today."""
    if when in ("", NONE):
        return Q(close_date=None) if when else Q()
    if span := DaySpan.parse(when):
        return Q(close_date__range=(span.first, span.last))
    teams: dict[tuple[date, date], list[int]] = defaultdict(list)
    for team in _teams(listing):
        period = _period(when, team.today(now), first_month=team.company.fiscal_year_start)
        teams[period.start, period.end].append(team.pk)
    return _any_of(Q(team__in=pks, close_date__range=days) for days, pks in teams.items())


def _period(when: str, today: date, *, first_month: int) -> Period:
    quarter = quarter_of(today, first_month=first_month)
    if when == NEXT_QUARTER:
        return quarter_after(quarter, first_month=first_month)
    if when == THIS_YEAR:
        return year_of(today, first_month=first_month)
    before = quarters_before(quarter, first_month=first_month)[: len(QUARTERS_AGO)]
    if when == FOUR_QUARTERS:
        return Period(before[-1].start, before[0].end, "")
    return before[QUARTERS_AGO.index(when)] if when in QUARTERS_AGO else quarter


def _attention(listing: Listing, rows: DealQuerySet, only: str, now: datetime) -> DealQuerySet:
    if only == NO_NEXT_STEP:
        return rows.filter(status=Deal.Status.OPEN, next_step="")
    if only == PASSED:
        days = _teams_by_today(listing, now)
        passed = _any_of(Q(team__in=teams, close_date__lt=today) for today, teams in days.items())
        return rows.filter(passed, status=Deal.Status.OPEN)
    if only == MOVED:
        first = min((month_of(day).start for day in _teams_by_today(listing, now)), default=now.date())
        return rows.moved_since(first)
    return rows.ending_unrenewed(_teams_by_today(listing, now)) if only == ENDING else rows


def _teams(listing: Listing) -> Iterable[Team]:
    return (seat.team for seat in listing.seats.values() if listing.team in (None, seat.team))


def _teams_by_today(listing: Listing, now: datetime) -> dict[date, list[int]]:
    """The teams by the day it is for them."""
    days: dict[date, list[int]] = defaultdict(list)
    for team in _teams(listing):
        days[team.today(now)].append(team.pk)
    return days


def _any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=()))


def _reps(listing: Listing) -> Iterable[tuple[str, str]]:
    deals = listing.filter_by_team(Deal.objects.visible_to(listing.user).exclude(rep=None))
    reps = Rep.objects.filter(pk__in=deals.order_by().values("rep")).values_list("pk", "name")
    return [(str(pk), name) for pk, name in reps[:MOST_OPTIONS]]


def _stages(listing: Listing, state: str) -> Iterable[tuple[str, str]]:
    visible = Deal.objects.visible_to(listing.user).filter(_in_state(state)).exclude(stage="")
    deals = listing.filter_by_team(visible)
    stages = deals.order_by("stage").values_list("stage", flat=True).distinct()
    return [(stage, stage) for stage in stages[:MOST_OPTIONS]]


def _order(sort: str, *, newest_first: bool) -> tuple[str | OrderBy, ...]:
    day = F("close_date").desc(nulls_last=True) if newest_first else F("close_date").asc(nulls_last=True)
    if sort == "amount":
        return (F("amount").desc(nulls_last=True), day, "pk")
    if sort == "step":
        return (F("next_step_on").asc(nulls_last=True), day, "pk")
    return ("name_key", day, "pk") if sort == "name" else (day, "name_key", "pk")


def deal_lines(listing: Listing, deals: Iterable[Deal], now: datetime) -> list[DealLine]:
    return [
        DealLine(
            deal=deal,
            m=listing.money(deal.team),
            date_has_passed=_has_passed(deal, deal.close_date, now),
            step_has_passed=_has_passed(deal, deal.next_step_on, now),
            can_pin=can_act(listing.seat(deal.team_id)),
        )
        for deal in deals
    ]


def _has_passed(deal: Deal, day: date | None, now: datetime) -> bool:
    return deal.status == Deal.Status.OPEN and day is not None and day < deal.team.today(now)


def ending_contracts(listing: Listing, now: datetime) -> list[Total]:
    """Contracts that end soon without an open renewal: how many, and how much in each currency. None where the list
    shows them anyway.
    """
    if any(select.selected == ENDING for select in listing.selects):
        return []
    visible = listing.filter_by_team(Deal.objects.visible_to(listing.user))
    ending = visible.ending_unrenewed(_teams_by_today(listing, now))
    return totals(ending, "amount", listing.user.locale)


ENDS_WITHIN_DAYS = ENDS_SOON.days

COLUMNS = (
    *("Deal", "Account", "Team", "Rep", "Status", "Stage", "Close date", "Amount", "Currency"),
    *("Next step", "Next step on", "Type", "Lead source", "Forecast", "Contract end", "Reason"),
)


def deal_table(rows: QuerySet[Deal]) -> Iterator[tuple[Value, ...]]:
    """The rows as a file, as they are read: any number takes the same memory."""
    yield COLUMNS
    for deal in rows.iterator(chunk_size=1000):
        yield (
            deal.name,
            deal.account.name if deal.account else "",
            deal.team.name,
            deal.rep_name,
            deal.get_status_display(),
            deal.stage,
            deal.close_date,
            deal.amount,
            deal.team.currency,
            deal.next_step,
            deal.next_step_on,
            deal.get_deal_type_display(),
            deal.get_lead_source_display(),
            deal.get_forecast_display(),
            deal.contract_end,
            deal.reason_in_words,
        )
