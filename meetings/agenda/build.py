"""build(): reads a fixed number of queries and puts the Agenda together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from alignment.models import User
from alignment.periods import quarter_of, year_of
from alignment.rows import as_amount, as_time
from deals.models import Deal
from deals.revenue import Revenue, revenue
from meetings.agenda import read
from meetings.agenda.chapters import (
    Agenda,
    DealsChapter,
    InitiativesChapter,
    IssuesChapter,
    Present,
    RevenueChapter,
    RisksChapter,
    Score,
)
from meetings.agenda.checks import checklist
from meetings.agenda.frozen import thaw
from meetings.agenda.headline import headline
from meetings.agenda.remembered import agendas
from meetings.agenda.rows import (
    Scene,
    deal_row,
    initiative_row,
    issue_row,
    read_decisions,
    read_promises,
    read_words,
    risk_row,
)
from meetings.agenda.values import DealRow, Person
from meetings.discipline import completion, streak
from meetings.models import Commitment, Meeting, Record, Section

Small = dict[str, list[list[Any]]]

COMPLETION_WEEKS = 13
SHOWN_OUTCOMES = 13


def build(meeting: Meeting, viewer: User, now: datetime) -> Agenda:
    """The meeting's agenda as `viewer` may read it: live at `now`, or as it was frozen when it was closed.

    Whether the viewer may read it at all is `meeting.can_read(viewer)`; what only the two may read is left out here.
    """
    reader = viewer.pk if meeting.team.is_pair(viewer) else 0
    return (_recorded(meeting, now, reader) if meeting.is_held else None) or _current(meeting, now, reader)


def _recorded(meeting: Meeting, now: datetime, reader: int) -> Agenda | None:
    """The newest record. It never changes, but for the name of a person who is forgotten: that shows after five minutes.

    `reader` is one of the two, or 0 for everyone else.
    """
    newest = meeting.records.order_by("-number").values_list("pk", flat=True).first()
    if newest is None:
        return None
    key = ("record", newest, int(now.timestamp()) // 300)
    return _kept(key, reader, lambda: thaw(Record.objects.get(pk=newest).agenda))


def _current(meeting: Meeting, now: datetime, reader: int) -> Agenda:
    """The live agenda, made anew when the meeting, the team or the day is another one than it was made for.

    Every change of what an agenda shows ends in `Team.objects.stir` or a new `Meeting.revision`; changes made behind
    the pages' back (the emergency admin, a renamed person) show after five minutes at the latest.
    """
    team = meeting.team
    seats = tuple((seat.user_id, seat.role, seat.user.name) for seat in team.current_seats)
    state = (meeting.revision, team.revision, team.today(now), int(now.timestamp()) // 300)
    return _kept((meeting.pk, state, seats), reader, lambda: live(meeting, now))


def _kept(key: tuple[Any, ...], reader: int, make: Callable[[], Agenda]) -> Agenda:
    """Made once for all readers, then once for each of those who read something else in it."""
    return agendas.get((*key, reader), lambda: agendas.get(key, make).for_one_of_the_two(reader))


def live(meeting: Meeting, now: datetime) -> Agenda:
    """The whole agenda at `now`, whatever the reader: what is frozen at the close."""
    small = read.small_rows(meeting)
    past = [(state, as_time(closed), as_amount(gap)) for state, closed, gap in small["past"]]
    scene = _scene(
        meeting, now, [closed for state, closed, _ in past if state == Meeting.State.HELD and closed]
    )
    commitments = _read_scene(scene, small)
    chapters = _chapters(
        scene, gap_before=next((gap for state, _, gap in past if state == Meeting.State.HELD), None)
    )
    outcomes = [state for state, _, _ in past]
    kept = completion(
        [(each.due, _closed_on(scene, each), each.dropped_at is not None) for each in commitments],
        today=scene.today, weeks=COMPLETION_WEEKS,
    )  # fmt: skip
    promises = tuple(scene.all_promises)
    revenue_chapter, deals, risks, initiatives, issues = chapters
    return Agenda(
        **_facts(scene, small), headline=headline(revenue_chapter, deals, risks, promises),
        outcomes=tuple(reversed(outcomes[:SHOWN_OUTCOMES])),
        streak=streak(outcomes), due=kept.due, on_time=kept.on_time, revenue=revenue_chapter, deals=deals, risks=risks,
        initiatives=initiatives, issues=issues, promises=promises, decisions=tuple(scene.all_decisions), checks=checklist(*chapters),
    )  # fmt: skip


def _scene(meeting: Meeting, now: datetime, closes: list[datetime]) -> Scene:
    team = meeting.team
    since = closes[0] if closes else min(now, meeting.starts_at) - timedelta(days=7)
    people = {seat.user_id: Person(seat.user_id, seat.user.name, seat.role) for seat in team.current_seats}
    return Scene(
        meeting=meeting,
        now=now,
        today=team.today(now),
        since=since,
        since_day=team.today(since),
        closes=closes,
        people=people,
    )


def _read_scene(scene: Scene, small: Small) -> list[Commitment]:
    meeting = scene.meeting
    read_words(scene, small["words"], into=scene.words, before=False)
    read_words(scene, small["before"], into=scene.before, before=True)
    read_decisions(scene, small["decisions"])
    due_from = scene.today - timedelta(weeks=COMPLETION_WEEKS)
    commitments = read.commitments(meeting.team, since=scene.since, due_from=due_from)
    read_promises(scene, commitments)
    return commitments


def _closed_on(scene: Scene, commitment: Commitment) -> date | None:
    closed_at = commitment.done_at or commitment.dropped_at
    return scene.day(closed_at) if closed_at else None


Chapters = tuple[RevenueChapter, DealsChapter, RisksChapter, InitiativesChapter, IssuesChapter]


def _chapters(scene: Scene, *, gap_before: Decimal | None) -> Chapters:
    team = scene.meeting.team
    first_month = team.company.fiscal_year_start
    known = read.money(
        team, year=year_of(scene.today, first_month=first_month), quarter=quarter_of(scene.today, first_month=first_month),
        today=scene.today, since=scene.since_day, since_time=scene.since,
    )  # fmt: skip
    figures = revenue(
        scene.today, first_month=first_month, goals=known.goals, actuals=known.actuals, holidays=known.holidays
    )  # fmt: skip
    return (
        _revenue(scene, figures, known, gap_before),
        _deals(scene, known),
        _risks(scene),
        InitiativesChapter(
            **_opening(scene, Section.INITIATIVES),
            rows=tuple(initiative_row(scene, each) for each in read.initiatives(team, since=scene.since)),
        ),
        IssuesChapter(
            **_opening(scene, Section.ISSUES),
            rows=tuple(issue_row(scene, each) for each in read.issues(team, since=scene.since)),
        ),
    )


def _opening(scene: Scene, section: Section) -> dict[str, Any]:
    """What every chapter starts with."""
    meeting = scene.meeting
    return {
        "section": section.value, "title": section.label, "minutes": meeting.team.planned_minutes[section.value],
        "spent": int(meeting.seconds.get(section.value, 0)), **scene.about(section.value),
    }  # fmt: skip


def _revenue(scene: Scene, figures: Revenue, known: read.Money, gap_before: Decimal | None) -> RevenueChapter:
    after = figures.month.period.end + timedelta(days=1)
    return RevenueChapter(
        **_opening(scene, Section.REVENUE), figures=figures, gap_before=gap_before, pipeline=known.pipeline[0],
        pipeline_count=known.pipeline[1], corrected=known.corrected,
        next_month_without_goal=None if after in known.goals else after,
    )  # fmt: skip


def _deals(scene: Scene, known: read.Money) -> DealsChapter:
    team = scene.meeting.team
    until = max(scene.today, team.today(scene.meeting.starts_at)) + timedelta(days=14)
    found = read.big_deals(team, since=scene.since_day, today=scene.today, until=until)
    shown = [deal_row(scene, deal) for deal in found]
    closing = [row for row in shown if row.status == Deal.Status.OPEN and _is_near(row, until)]
    return DealsChapter(
        **_opening(scene, Section.DEALS),
        won=tuple(row for row in shown if row.status == Deal.Status.WON),
        closing=tuple(closing),
        gone=tuple(row for row in shown if row.status == Deal.Status.LOST or (row not in closing and row.status == "open" and row.kinds)),
        small_won=known.small_won[0], small_won_count=known.small_won[1],
    )  # fmt: skip


def _is_near(row: DealRow, until: date) -> bool:
    return row.pinned or (row.close_date is not None and row.close_date <= until)


def _risks(scene: Scene) -> RisksChapter:
    shown = tuple(risk_row(scene, each) for each in read.risks(scene.meeting.team, since=scene.since))
    exposure = sum((row.exposure or Decimal(0) for row in shown if not row.closed), Decimal(0))
    return RisksChapter(**_opening(scene, Section.RISKS), rows=shown, exposure=exposure)


def _facts(scene: Scene, small: Small) -> dict[str, Any]:
    """What the meeting itself says."""
    meeting, team = scene.meeting, scene.meeting.team
    told = {int(user): present for user, present in small["attendance"]}
    pair = [person for person in scene.people.values() if person.role in ("ceo", "leader")]
    return {
        "meeting_id": meeting.pk, "team": team.name, "team_slug": team.slug, "company": team.company.name, "currency": team.currency,
        "zone": team.timezone, "planned_start": meeting.planned_start, "starts_at": meeting.starts_at, "minutes": team.minutes,
        "state": meeting.state, "today": scene.today, "since": scene.closes[0] if scene.closes else None,
        "ceo": next((person for person in pair if person.role == "ceo"), None),
        "leader": next((person for person in pair if person.role == "leader"), None),
        "attendance": tuple(
            Present(person, None if person.id not in told else bool(told[person.id])) for person in sorted(pair, key=lambda each: each.role)
        ),
        "ratings": tuple(
            Score(Person(user, name, role), score, why) for user, name, role, score, why in small["ratings"]
        ),
        "handed_in_at": meeting.handed_in_at, "handed_in_by": meeting.handed_in_by.name if meeting.handed_in_by else "",
        "handed_in_late": meeting.preparation.is_late,
        "started_at": meeting.started_at, "closed_at": meeting.closed_at,
        "closed_by": meeting.closed_by.name if meeting.closed_by else "",
    }  # fmt: skip
