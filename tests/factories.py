"""Rows for tests, keyword-only, valid by default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from alignment.agreements.answers import propose
from alignment.links.tokens import token_of
from alignment.models import (
    Agreement,
    Archive,
    Company,
    Link,
    Membership,
    Notice,
    OverviewReader,
    Seat,
    Team,
    User,
)
from alignment.models.links import UNUSED_FOR, hash_of
from alignment.rules.periods import quarter_of
from alignment.rules.roles import Side
from deals.mix.terms import SUBJECT, MixTerms
from deals.models import (
    Account,
    CapacityNeed,
    CommittedDeal,
    Contact,
    Deal,
    Evidence,
    FollowUp,
    ImportRun,
    Rep,
    RevenueEntry,
    Risk,
    Touch,
)
from deals.rules.mix import Band, Bands
from meetings.models import (
    Call,
    CallDeal,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Decision,
    Expectation,
    FeedbackTalk,
    FirstMeeting,
    FirstMeetingAnswer,
    HeadsUp,
    Initiative,
    Issue,
    Measure,
    MeasurePoint,
    Meeting,
    Struck,
    Update,
)

#: The moment tests happen at unless they say otherwise: a Monday in term, 09:00 in Paris.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)

_numbers = count(1)


def make_company(**fields: Any) -> Company:
    number = next(_numbers)
    return Company.objects.create(
        **{"name": f"Company {number}", "slug": f"company-{number}", "timezone": "Europe/Paris"} | fields
    )


def make_user(**fields: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        **{"email": f"person{number}@demo.test", "password": "demo-password", "name": f"Person {number}"}
        | fields
    )


def make_team(
    *, company: Company, ceo: User | None = None, leader: User | None = None, **fields: Any
) -> Team:
    number = next(_numbers)
    team = Team.objects.create(
        company=company,
        **{
            "name": f"Team {number}",
            "slug": f"team-{number}",
            "timezone": company.timezone,
            "weekday": 0,
            "local_time": time(9, 0),
            "starts_on": date(2026, 1, 5),
            "due_rule": "hours",
        }
        | fields,
    )
    for role, user in (("ceo", ceo), ("leader", leader)):
        if user:
            make_seat(team=team, user=user, role=role)
    return team


def make_seat(*, team: Team, user: User, role: str, **fields: Any) -> Seat:
    return Seat.objects.create(team=team, user=user, role=role, **{"since": date(2026, 1, 1)} | fields)


def make_admin(*, company: Company, user: User) -> Membership:
    return Membership.objects.create(company=company, user=user, is_admin=True)


def make_invited(*, company: Company, email: str = "", name: str = "", **fields: Any) -> User:
    """Somebody an admin invited who has not accepted yet; `invites` holds the open invitation."""
    number = next(_numbers)
    address = email or f"invited{number}@demo.test"
    person = User.objects.create_user(
        email=f"{number}@invited.invalid",
        name=name or f"Invited {number}",
        invited_as=address,
        is_active=False,
    )
    Membership.objects.create(company=company, user=person)
    person.invites.create(
        company=company,
        email=address,
        **{"invited_at": NOW, "expires_at": NOW + timedelta(days=7)} | fields,
    )
    return person


def make_archive(*, company: Company, **fields: Any) -> Archive:
    """Made and ready; its file is another matter (alignment.exports.jobs)."""
    made = {
        "asked_at": NOW,
        "done_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "sha256": "0" * 64,
        "size": 1000,
    }
    return Archive.objects.create(
        company=company, **made | {"file_name": "demo-2026-11-23.zip", "progress": 100} | fields
    )


def make_member(*, company: Company, user: User | None = None) -> User:
    """Somebody of the company who holds nothing there."""
    user = user or make_user()
    Membership.objects.create(company=company, user=user)
    return user


def make_overview_reader(*, company: Company, user: User | None = None, **fields: Any) -> User:
    """Somebody of the company who reads its overview and holds no seat."""
    user = user or make_member(company=company)
    OverviewReader.objects.create(company=company, user=user, **{"since": date(2026, 1, 1)} | fields)
    return user


def make_meeting(*, team: Team, starts_at: datetime = NOW, **fields: Any) -> Meeting:
    return Meeting.objects.create(team=team, **{"planned_start": starts_at, "starts_at": starts_at} | fields)


def make_held_meeting(*, team: Team, starts_at: datetime = NOW - timedelta(days=7), **fields: Any) -> Meeting:
    """A held meeting without a record: what the past of a page needs. Use closing.close_meeting for a real one."""
    closed = starts_at + timedelta(minutes=30)
    return make_meeting(
        team=team,
        starts_at=starts_at,
        **{"state": "held", "started_at": starts_at, "closed_at": closed} | fields,
    )


def make_rep(*, team: Team, name: str = "", until: date | None = None, **fields: Any) -> Rep:
    rep = Rep.objects.create(company=team.company, **{"name": name or f"Rep {next(_numbers)}"} | fields)
    rep.terms.create(team=team, since=date(2026, 1, 1), until=until)
    return rep


def make_contact(*, account: Account, **fields: Any) -> Contact:
    return Contact.objects.create(account=account, **{"name": f"Contact {next(_numbers)}"} | fields)


def make_deal(*, team: Team, rep: Rep | str | None = None, **fields: Any) -> Deal:
    """`rep`: the rep, or the name of one of the team's."""
    if isinstance(rep, str):
        known = Rep.objects.on_team(team).called(rep).first()
        rep = (known or make_rep(team=team, name=rep)) if rep else None
    return Deal.objects.create(
        team=team,
        rep=rep,
        **{
            "name": f"Deal {next(_numbers)}",
            "amount": Decimal(100_000),
            "close_date": TODAY + timedelta(days=4),
            "created_at": NOW - timedelta(days=60),
            "changed_at": NOW - timedelta(days=60),
        }
        | fields,
    )


def make_revenue(*, team: Team, day: date, amount: Decimal | int, **fields: Any) -> RevenueEntry:
    return RevenueEntry.objects.create(
        team=team, day=day, amount=Decimal(amount), **{"created_at": NOW} | fields
    )


def make_account(*, company: Company, **fields: Any) -> Account:
    return Account.objects.create(company=company, **{"name": f"Account {next(_numbers)}"} | fields)


def make_risk(*, team: Team, **fields: Any) -> Risk:
    return Risk.objects.create(
        team=team,
        **{
            "name": f"Risk {next(_numbers)}",
            "exposure": Decimal(50_000),
            "what_is_wrong": "The champion left.",
            "created_at": NOW - timedelta(days=3),
            "changed_at": NOW - timedelta(days=3),
        }
        | fields,
    )


def make_initiative(*, team: Team, **fields: Any) -> Initiative:
    """A rep's plan was begun with those who are the two now. `approval` and `approval_…` are the CEO's last decision;
    “changed”: the plan has another number since; “former”: by somebody who is gone.
    """
    decision = {name: fields.pop(name) for name in [*fields] if name.startswith("approval")}
    if fields.get("kind") == "rep":
        fields = Initiative.pair_of(Team.objects.get(pk=team.pk)) | fields
    measured: dict[str, Any] = {
        "measure": "Deals above $20k a month",
        "baseline": Decimal(2),
        "target": Decimal(9),
        "unit": "",
        "current": Decimal(4),
    }
    measured |= {name: fields.pop(name) for name in Initiative.MEASURED if name in fields}
    initiative = Initiative.objects.create(
        team=team,
        **{
            "title": f"Initiative {next(_numbers)}",
            "created_at": NOW - timedelta(days=30),
            "changed_at": NOW - timedelta(days=30),
        }
        | fields,
    )
    current = measured.pop("current")
    Measure.of_initiative(initiative, **measured).start(current, at=initiative.created_at)
    if decision.get("approval"):
        _decide(initiative, **decision)
    return initiative


def _decide(
    initiative: Initiative,
    *,
    approval: str,
    approval_why: str = "",
    approval_at: datetime | None = None,
    approval_by: User | None = None,
) -> None:
    seated = None if approval == "former" else Team.objects.get(pk=initiative.team_id).holder("ceo")
    by, at = approval_by or seated, approval_at or initiative.created_at
    is_no = approval == "not_yet" or (approval == "changed" and approval_why)
    answer = {"state": "declined", "closed_by": by, "closed_at": at} if is_no else {"state": "agreed"}
    initiative.decision = Agreement.objects.create(
        team_id=initiative.team_id,
        subject="initiative",
        key=initiative.token.hex,
        number=1,
        content={"title": initiative.title},
        facts={"plan_number": 1},
        proposed_at=initiative.created_at,
        leader_at=initiative.created_at,
        why=approval_why,
        **answer if is_no else answer | {"ceo": by, "ceo_at": at},
    )
    initiative.plan_number = 2 if approval == "changed" else 1
    initiative.save(update_fields=["decision", "plan_number"])


def make_issue(*, team: Team, **fields: Any) -> Issue:
    return Issue.objects.create(
        team=team,
        **{
            "title": f"Issue {next(_numbers)}",
            "section": "issues",
            "side": "ceo",
            "created_at": NOW - timedelta(days=1),
            "changed_at": NOW - timedelta(days=1),
        }
        | fields,
    )


def make_measure(*, team: Team, **fields: Any) -> Measure:
    """A typed one, agreed on a quarter ago, unless said otherwise."""
    return Measure.objects.create(
        team=team,
        **{
            "name": f"Measure {next(_numbers)}",
            "source": "typed",
            "target": Decimal(5),
            "position": Measure.free_position(team),
            "created_at": NOW - timedelta(days=100),
        }
        | fields,
    )


def make_point(*, measure: Measure, period: date, value: Decimal | int, **fields: Any) -> MeasurePoint:
    return MeasurePoint.objects.create(
        measure=measure, period=period, value=Decimal(value), **{"at": NOW} | fields
    )


def make_commitment(*, team: Team, owner: User, **fields: Any) -> Commitment:
    return Commitment.objects.create(
        team=team,
        owner=owner,
        **{
            "text": f"Commitment {next(_numbers)}",
            "section": "revenue",
            "due": TODAY + timedelta(days=7),
            "created_at": NOW - timedelta(days=1),
            "changed_at": NOW - timedelta(days=1),
        }
        | fields,
    )


def make_decision(*, meeting: Meeting, **fields: Any) -> Decision:
    return Decision.objects.create(
        team=meeting.team,
        meeting=meeting,
        **{"text": f"Decision {next(_numbers)}", "section": "issues", "created_at": NOW} | fields,
    )


def make_update(*, meeting: Meeting, author: User, side: str = "leader", **fields: Any) -> Update:
    return Update.objects.create(
        meeting=meeting,
        author=author,
        side=side,
        **{"section": "revenue", "text": f"Words {next(_numbers)}", "changed_at": NOW} | fields,
    )


def make_notice(*, to: User, **fields: Any) -> Notice:
    return Notice.objects.create(
        to=to,
        **{
            "key": f"prepared:meeting-{next(_numbers)}:{to.pk}",
            "kind": "prepared",
            "created_at": NOW,
            "due_at": NOW,
        }
        | fields,
    )


UNDERSTOOD: dict[str, Any] = {
    "format": "other",
    "format_name": "a table of deals",
    "source": "",
    "encoding": "utf-8",
    "separator": ",",
    "worksheet": "",
    "worksheets": [],
    "decimal_mark": "",
    "date_order": "",
    "currency": "USD",
    "columns": [],
    "stages": [],
    "pipelines": {},
    "record_types": {},
    "owners": {},
    "left_out": [],
    "notes": [],
    "questions": [],
    "owner_questions": [],
    "as_last_time": None,
    "row_count": 0,
}
"""What the page of an import shows of a file that said nothing."""


def make_import_run(*, team: Team, by: User | None, rows: int = 1, **fields: Any) -> ImportRun:
    """An import of the team, compared with what is known: so many new deals, ready to apply."""
    run = ImportRun.objects.create(
        company=team.company,
        team=team,
        started_by=by,
        **{
            "kind": "deals",
            "state": "previewed",
            "file_name": "deals.csv",
            "started_at": NOW - timedelta(hours=1),
            "expires_at": NOW + timedelta(days=30),
            "summary": {"counts": {"new": rows}, "months": []},
            "understanding": UNDERSTOOD | {"row_count": rows},
        }
        | fields,
    )
    for number in range(2, rows + 2):
        after = {
            "external_id": f"I{number}",
            "team_id": team.pk,
            "name": f"Imported {number}",
            "status": "open",
        }
        run.rows.create(number=number, thing="deals", verdict="new", name=f"Imported {number}", after=after)
    return run


def make_link(*, company: Company, asked_by: User, **fields: Any) -> Link:
    """A personal link that works; alignment.links.tokens.url_for says its address."""
    number, seed = next(_numbers), uuid4()
    return Link.objects.create(
        company=company,
        asked_by=asked_by,
        **{
            "kind": "client",
            "thing": 1,
            "name": f"Rep {number}",
            "email": f"rep{number}@demo.test",
            "asked_at": NOW,
            "seed": seed,
            "token_hash": hash_of(token_of(seed)),
            "until": NOW + UNUSED_FOR,
        }
        | fields,
    )


def make_follow_up(*, team: Team, **fields: Any) -> FollowUp:
    """A key client that is due today unless said otherwise."""
    return FollowUp.objects.create(
        team=team,
        **{
            "account": fields.get("account") or make_account(company=team.company),
            "began_on": TODAY - timedelta(days=90),
            "due_on": TODAY,
            "created_at": NOW - timedelta(days=90),
        }
        | fields,
    )


def make_capacity_need(*, deal: Deal, **fields: Any) -> CapacityNeed:
    return CapacityNeed.objects.create(
        deal=deal,
        **{"team": deal.team, "what": "Two onboarding weeks", "who": "Support", "created_at": NOW} | fields,
    )


def make_touch(*, follow_up: FollowUp, **fields: Any) -> Touch:
    return Touch.objects.create(
        follow_up=follow_up,
        **{
            "token": uuid4(),
            "day": TODAY - timedelta(days=10),
            "client_said": f"Words {next(_numbers)}",
            "colour": "green",
            "at": NOW - timedelta(days=10),
            "by_name": "Rita Rep",
        }
        | fields,
    )


def make_mix(
    *,
    team: Team,
    by: User,
    side: Side = Side.LEADER,
    shares: tuple[int, int, int] = (20, 50, 30),
    why: str = "Mid-size pays the salaries.",
    now: datetime = NOW,
) -> Agreement:
    """A proposed mix of NOW's year, with the team's sizes."""
    target = dict(zip(Band, shares, strict=True))
    terms = MixTerms(target, why, Bands(team.mid_deal_from, team.big_deal_from))
    return propose(team, subject=SUBJECT, key="2026", content=terms.as_content(), side=side, by=by, now=now)


def make_call(*, meeting: Meeting, deals: Iterable[Deal] = (), **fields: Any) -> Call:
    """Of the fourth quarter of 2026, by the sales leader, a day before the meeting starts."""
    call = Call.objects.create(
        meeting=meeting,
        team=meeting.team,
        **{
            "starts_on": date(2026, 10, 1),
            "ends_on": date(2026, 12, 31),
            "number": 1,
            "commit": Decimal(1_000_000),
            "best_case": Decimal(1_200_000),
            "won": Decimal(0),
            "at": meeting.starts_at - timedelta(days=1),
            "by": meeting.team.holder("leader"),
            "role": "leader",
        }
        | fields,
    )
    for deal in deals:
        CallDeal.objects.create(call=call, deal=deal, amount=deal.amount, close_date=deal.close_date)
    return call


def make_expectation(*, meeting: Meeting, struck: Iterable[Deal] = (), **fields: Any) -> Expectation:
    team = meeting.team
    expectation = Expectation.objects.create(
        meeting=meeting,
        team=team,
        **{
            "starts_on": date(2026, 10, 1),
            "ends_on": date(2026, 12, 31),
            "ceo": team.holder("ceo"),
            "leader": team.holder("leader"),
            "amount": Decimal(900_000),
            "changed_at": meeting.starts_at - timedelta(hours=12),
        }
        | fields,
    )
    for deal in struck:
        Struck.objects.create(expectation=expectation, deal=deal, verdict="out", amount=deal.amount)
    return expectation


def make_heads_up(
    *, team: Team, words: str = "Told a rep we would match the price", **fields: Any
) -> HeadsUp:
    """From the CEO to the sales leader who sit there now."""
    people = {"ceo": team.holder("ceo"), "leader": team.holder("leader")}
    return HeadsUp.objects.create(team=team, words=words, **{"at": NOW} | people | fields)


def make_feedback_talk(*, team: Team, user: User, **fields: Any) -> FeedbackTalk:
    """“Not yet” two weeks ago, in the quarter of NOW."""
    quarter = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    not_yet = {"not_yet": 1, "ask_on": TODAY}
    return FeedbackTalk.objects.create(team=team, user=user, **quarter | not_yet | fields)


def make_first_meeting(
    *,
    team: Team,
    ceo: dict[str, Any] | None = None,
    leader: dict[str, Any] | None = None,
    **fields: Any,
) -> FirstMeeting:
    """That of the two in the fiscal year of NOW, with what either prepared; open where both are done."""
    people = {"ceo": team.holder("ceo"), "leader": team.holder("leader"), "year_starts_on": date(2026, 1, 1)}
    row = FirstMeeting.objects.create(team=team, **people | fields)
    for user, values in ((row.ceo, ceo), (row.leader, leader)):
        if values is not None:
            FirstMeetingAnswer.objects.create(first_meeting=row, user=user, **{"changed_at": NOW} | values)
    return row


def make_check_in(
    *,
    meeting: Meeting,
    ceo: dict[str, Any] | None = None,
    leader: dict[str, Any] | None = None,
    **fields: Any,
) -> CheckIn:
    """The check-in of a meeting, with what either answered: a tap, or with `plan=3` and so on a full one."""
    team, both = meeting.team, ceo is not None and leader is not None
    closed = meeting.closed_at or meeting.starts_at + timedelta(minutes=30)
    check_in = CheckIn.objects.create(
        meeting=meeting,
        **{
            "ceo": team.holder("ceo"),
            "leader": team.holder("leader"),
            "closes_at": closed + timedelta(hours=24),
            "revealed_at": closed if both else None,
        }
        | fields,
    )
    for user, values in ((check_in.ceo, ceo), (check_in.leader, leader)):
        if values is not None:
            given = {"tap": "yes", "changed_at": closed} | values
            CheckInAnswer.objects.create(check_in=check_in, user=user, **given)
    return check_in


def full_answer(**scores: Any) -> dict[str, Any]:
    """What a full check-in asks, 4 to everything unless it is said otherwise."""
    return {"tap": "yes", **dict.fromkeys(CheckInAnswer.SCORES, 4), "sentence": ""} | scores


def make_committed(*, deal: Deal, quarter: str = "2026-10-01", **fields: Any) -> CommittedDeal:
    """In the commit for a quarter, by its first day, since its third day; amount and date are the deal's."""
    start = date.fromisoformat(quarter)
    period = quarter_of(start, first_month=start.month)
    committed_on = fields.pop("committed_on", start + timedelta(days=2))
    return CommittedDeal.objects.create(
        deal=deal,
        **{
            "team": deal.team,
            "period_start": period.start,
            "period_end": period.end,
            "amount": deal.amount,
            "close_date": deal.close_date,
            "committed_on": committed_on,
            "committed_at": datetime.combine(committed_on, time(8), tzinfo=UTC),
            "rep": deal.rep,
        }
        | fields,
    )


def make_evidence(*, committed: CommittedDeal, kind: str = "budget", **fields: Any) -> Evidence:
    return Evidence.objects.create(
        committed=committed, kind=kind, **{"day": committed.committed_on, "at": NOW} | fields
    )
