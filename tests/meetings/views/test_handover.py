"""The leader changes: history stays with the team, confidential words stay with those who wrote them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Membership, Notice, Team, User
from alignment.outbox.notice_kinds import KINDS
from alignment.people import seats as seat_changes
from alignment.sweep.run import sweep
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.discipline.tenure_report import build_lines, read_past_meetings
from meetings.models import CalendarInvite, Commitment, Initiative, Meeting, PrivateNote
from meetings.pages.handover import newest
from meetings.pages.record_search import search
from meetings.rules.first_days import Tenure
from meetings.transitions import closing
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_deal,
    make_decision,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)
from tests.sweep import reminders_due

As = Callable[[User], Client]
WEEK = timedelta(weeks=1)
SECRET = "Zebulon"


@pytest.fixture(autouse=True)
def _the_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Initiative:
    """A plan about a rep from Joe's time, with all that can come of one, also in a closed meeting's record."""
    before = make_meeting(team=cast.north, starts_at=NOW - WEEK)
    before.start(by=cast.ceo, now=before.starts_at)
    plan = make_initiative(
        team=cast.north, kind="rep", title=f"{SECRET} back to quota", plan=f"{SECRET} plan"
    )
    about = {"initiative": plan, "section": "initiatives"}
    make_commitment(team=cast.north, owner=cast.leader, text=f"Ride with {SECRET}", due=TODAY, **about)
    make_issue(team=cast.north, title=f"{SECRET} drinks", kind="question", side="leader", **about)
    make_decision(meeting=before, text=f"{SECRET} gets ninety days", **about)
    make_update(meeting=before, author=cast.leader, text=f"{SECRET} is better", **about)
    PrivateNote.objects.create(
        meeting=before, author=cast.leader, text=f"{SECRET} in private", changed_at=NOW
    )
    closing.close_meeting(before, by=cast.ceo, now=before.starts_at + timedelta(minutes=30))
    return plan


def replace_leader(cast: Cast, day: date = TODAY) -> User:
    old = cast.north.seats.current().get(role="leader")
    seat_changes.hand_over(old, cast.second_leader, by=cast.admin, now=NOW, day=day, why="Joe retires.")
    return cast.second_leader


def addresses(cast: Cast) -> list[str]:
    held, ahead = Meeting.objects.filter(team=cast.north).order_by("planned_start")[:2]
    return [
        "/",
        "/meetings/",
        "/initiatives/",
        "/issues/",
        "/commitments/",
        "/deals/",
        "/risks/",
        "/initiatives/?state=all",
        "/teams/north/",
        f"/teams/north/?q={SECRET}",
        "/teams/north/first-90-days/",
        f"/meetings/{held.pk}/",
        f"/meetings/{held.pk}/recap/",
        f"/meetings/{ahead.pk}/",
        f"/meetings/{ahead.pk}/prepare/",
    ]


def seen_by(client: Client, cast: Cast) -> list[str]:
    """On which pages the secret stands, once what was looked for is left out."""
    pages = {path: client.get(path).content.decode() for path in addresses(cast)}
    told = {
        path: text.replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "") for path, text in pages.items()
    }
    return [path for path, text in told.items() if SECRET in text]


# What the new leader reads


def test_who_follows_reads_nothing_of_a_plan_about_a_rep(cast: Cast, as_: As, plan: Initiative) -> None:
    new = replace_leader(cast)
    assert seen_by(as_(new), cast) == []
    for path in (
        f"/initiatives/{plan.pk}/",
        f"/issues/{plan.issues.get().pk}/",
        f"/commitments/{plan.commitments.get().pk}/",
    ):
        assert as_(new).get(path).status_code == 404


def test_the_ceo_reads_it_on(cast: Cast, as_: As, plan: Initiative) -> None:
    replace_leader(cast)
    assert {"/initiatives/", "/issues/", "/commitments/"} <= set(seen_by(as_(cast.ceo), cast))


def test_who_left_reads_only_the_records_of_their_time(cast: Cast, as_: As, plan: Initiative) -> None:
    replace_leader(cast)
    page = as_(cast.leader).get("/teams/north/").text
    assert "You are no longer a member of North." in page and SECRET not in page
    assert not Initiative.objects.visible_to(cast.leader).exists()


def test_a_leader_who_only_observes_now_reads_no_plan_about_a_rep(
    cast: Cast, as_: As, plan: Initiative
) -> None:
    PrivateNote.objects.all().delete()  # theirs, so they would read it still
    Membership.objects.create(company=cast.company, user=cast.leader)
    replace_leader(cast)
    seat_changes.give(cast.north, cast.leader, "observer", by=cast.admin, now=NOW, day=TODAY)
    client = as_(cast.leader)
    shown = [
        path
        for path in addresses(cast)
        if client.get(path).status_code == 200 and SECRET in client.get(path).content.decode()
    ]
    assert [path for path in shown if "q=" not in path] == []


def test_words_of_the_plan_are_not_taken_from_who_follows(cast: Cast, as_: As, plan: Initiative) -> None:
    new = replace_leader(cast)
    meeting = Meeting.objects.ahead().filter(team=cast.north)[0]
    sent = {"section": "initiatives", "about": f"initiative-{plan.pk}", "text": "Mine", "version": "1"}
    assert as_(new).post(f"/meetings/{meeting.pk}/update/", sent).status_code == 404
    assert as_(cast.ceo).post(f"/meetings/{meeting.pk}/update/", sent).status_code in (204, 302)


def test_the_search_finds_for_each_of_the_two_what_was_theirs(cast: Cast, plan: Initiative) -> None:
    new, word = replace_leader(cast), SECRET.lower()
    north = Team.objects.get(pk=cast.north.pk)
    assert len(search(north, cast.ceo, word).rows) == 1
    assert not search(north, new, word).rows


def test_a_plan_that_goes_on_stays_out_of_the_record_of_who_follows(cast: Cast, plan: Initiative) -> None:
    new = replace_leader(cast)
    mine = make_initiative(team=cast.north, kind="rep", title="Hubertine on trial")
    meeting = Meeting.objects.ahead().filter(team=cast.north)[0]
    meeting.start(by=cast.ceo, now=NOW)
    closing.close_meeting(meeting, by=cast.ceo, now=NOW + timedelta(minutes=30))
    page = pages().get(pk=meeting.pk)
    assert [row.id for row in build(page, new, NOW).initiatives.rows] == [mine.pk]
    assert {row.id for row in build(page, cast.ceo, NOW).initiatives.rows} == {plan.pk, mine.pk}
    assert [len(search(page.team, new, word).rows) for word in ("hubertine", SECRET.lower())] == [1, 0]


def test_a_recap_mailed_after_the_handover_leaves_it_out(cast: Cast, plan: Initiative) -> None:
    new = replace_leader(cast)
    record = Meeting.objects.get(team=cast.north, state="held").records.get()
    notice = Notice(kind="recap", to=new, payload={"record": record.pk}, key="recap")
    message = KINDS["recap"].write(notice)
    assert message is not None and SECRET not in str(message)


def test_a_new_ceo_reads_no_plan_of_the_one_before(cast: Cast, as_: As, plan: Initiative) -> None:
    old = cast.north.seats.current().get(role="ceo")
    seat_changes.hand_over(old, cast.admin, by=cast.admin, now=NOW, day=TODAY, why="Tom retires.")
    assert seen_by(as_(cast.admin), cast) == []
    assert "/initiatives/" in seen_by(as_(cast.leader), cast)


def test_a_plan_begun_with_the_new_leader_is_for_the_two_of_now(cast: Cast, as_: As) -> None:
    new = replace_leader(cast)
    sent = {"team": "north", "title": "Save Ira", "kind": "rep", "health": "on_track"}
    as_(new).post("/initiatives/new/", sent)
    made = Initiative.objects.get()
    assert (made.pair_ceo, made.pair_leader) == (cast.ceo, new)


def test_who_follows_has_the_teams_history(cast: Cast, as_: As) -> None:
    held = make_held_meeting(team=cast.north)
    rows = [
        make_deal(team=cast.north, name="Orbis"),
        make_risk(team=cast.north, name="Hollis"),
        make_initiative(team=cast.north, title="A partner"),
        make_commitment(team=cast.north, owner=cast.leader, text="Call Orbis"),
    ]
    client = as_(replace_leader(cast))
    pages = "".join(
        client.get(path).content.decode() for path in ("/deals/", "/risks/", "/initiatives/", "/commitments/")
    )
    assert all(str(row) in pages for row in rows)
    assert client.get(f"/meetings/{held.pk}/").status_code == 200


def test_a_private_note_is_its_writers_alone(cast: Cast, as_: As, plan: Initiative) -> None:
    held = Meeting.objects.get(team=cast.north, state="held")
    new = replace_leader(cast)
    assert "in private" not in as_(new).get(f"/meetings/{held.pk}/").content.decode()
    assert "in private" not in as_(cast.ceo).get(f"/meetings/{held.pk}/").content.decode()


# What stops and what begins


def test_discipline_begins_anew_for_the_leader_and_goes_on_for_the_team(cast: Cast) -> None:
    for number in (1, 2, 3):
        make_held_meeting(team=cast.north, starts_at=NOW - number * WEEK)
    replace_leader(cast)
    team = Team.objects.get(pk=cast.north.pk)
    over = read_past_meetings(Meeting.objects.filter(team=team), NOW)[team.pk]
    told = {line.who: line.streak for line in build_lines(team, team.current_seats, over, NOW)}
    assert told == {"The team": 3, "Tom Marsh": 3, "Anne Duarte": 0}


def test_who_left_is_reminded_of_nothing(cast: Cast) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=30))
    new = replace_leader(cast)
    asked = {reminder.to for reminder in reminders_due(NOW) if reminder.kind == "preparation"}
    assert asked == {new.pk, cast.delegate.pk}


def test_who_left_gets_no_mail_about_what_they_promised(cast: Cast) -> None:
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY - timedelta(days=1))
    replace_leader(cast)
    notice = Notice(kind="overdue", to=cast.leader, payload={}, key="overdue", due_at=NOW, created_at=NOW)
    assert KINDS["overdue"].write(notice) is None


def test_the_calendar_follows_the_seat(cast: Cast) -> None:
    sweep(NOW - timedelta(days=1))
    replace_leader(cast)
    sweep(NOW)
    live = CalendarInvite.objects.live().filter(seat__team=cast.north, seat__role="leader")
    assert [each.seat.user for each in live] == [cast.second_leader]


def test_the_clock_hands_over_on_the_day(cast: Cast) -> None:
    replace_leader(cast, TODAY + timedelta(days=2))
    assert sweep(NOW).counts["seats changed"] == 0
    assert sweep(NOW + timedelta(days=2)).counts["seats changed"] == 1


def test_the_two_and_the_admins_are_told_once_and_not_before(cast: Cast) -> None:
    replace_leader(cast, TODAY + timedelta(days=2))
    assert not Notice.objects.filter(kind="handover").exists()
    for day in (2, 3):
        sweep(NOW + timedelta(days=day))
    told = Notice.objects.filter(kind="handover").values_list("to__name", flat=True)
    assert sorted(told) == ["Ada Admin", "Anne Duarte", "Tom Marsh"]


def test_who_follows_is_not_asked_to_rate_the_meetings_before(cast: Cast, as_: As) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=1))
    asked = "Rate the meeting of"
    assert asked in as_(cast.leader).get("/").content.decode()
    assert asked not in as_(replace_leader(cast)).get("/").content.decode()


# The first 90 days


def test_the_first_days_show_what_was_handed_over(cast: Cast, as_: As) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=1))
    make_deal(team=cast.north, name="Orbis", amount=Decimal(90_000))
    make_commitment(team=cast.north, owner=cast.leader, text="Call Orbis")
    page = as_(replace_leader(cast)).get("/teams/north/first-90-days/").content.decode()
    assert "Day 1 of 90" in page and "following Joe Keller" in page
    assert all(words in page for words in ("Orbis", "Call Orbis", "Take over", "Tuesday 22 December"))


def test_the_first_days_are_linked_while_they_last(cast: Cast, as_: As) -> None:
    client, link = as_(replace_leader(cast)), "/teams/north/first-90-days/"
    assert link in client.get("/").content.decode() and link in client.get("/teams/north/").content.decode()
    assert link in as_(cast.ceo).get("/teams/north/").content.decode()
    with time_machine.travel(NOW + timedelta(days=90), tick=False):
        client = as_(cast.second_leader)
        assert link not in client.get("/").content.decode()
        assert link not in client.get("/teams/north/").content.decode()


def test_nobody_is_new_where_nobody_was_before(cast: Cast, as_: As) -> None:
    cast.north.seats.update(since=TODAY)
    assert "first-90-days" not in as_(cast.leader).get("/").content.decode()


def test_the_first_days_are_for_the_two(cast: Cast, as_: As) -> None:
    path = "/teams/north/first-90-days/"
    asked = {
        who: as_(getattr(cast, who)).get(path).status_code for who in ("ceo", "observer", "admin", "outsider")
    }
    assert asked == {"ceo": 200, "observer": 403, "admin": 403, "outsider": 404}


def test_what_was_promised_before_is_taken_over(cast: Cast, as_: As) -> None:
    row = make_commitment(team=cast.north, owner=cast.leader)
    new = replace_leader(cast)
    as_(new).post(f"/commitments/{row.pk}/take/", {"next": "/teams/north/first-90-days/"})
    row.refresh_from_db()
    assert row.owner == new
    assert as_(cast.observer).post(f"/commitments/{row.pk}/take/").status_code == 403


def test_a_promise_of_a_reps_plan_cannot_be_given_to_who_does_not_read_it(
    cast: Cast, as_: As, plan: Initiative
) -> None:
    new, row = replace_leader(cast), Commitment.objects.get()
    sent = {"text": row.text, "owner": new.pk, "due": row.due, "version": row.version}
    assert as_(cast.ceo).post(f"/commitments/{row.pk}/", sent).status_code == 422
    assert as_(new).post(f"/commitments/{row.pk}/take/").status_code == 404


def test_the_first_days_cost_the_same_with_50_of_everything(
    cast: Cast, as_: As, django_assert_max_num_queries: Any
) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=1))
    client = as_(replace_leader(cast))
    with django_assert_max_num_queries(23) as few:
        client.get("/teams/north/first-90-days/")
    for _ in range(50):
        make_deal(team=cast.north)
        make_commitment(team=cast.north, owner=cast.leader)
        make_risk(team=cast.north)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert client.get("/teams/north/first-90-days/").status_code == 200


# Pure


def test_the_days_of_a_tenure_and_its_marks() -> None:
    tenure = Tenure(date(2026, 9, 1), date(2026, 10, 1))
    assert (tenure.day, tenure.is_new) == (31, True)
    assert [(each.number, each.day, each.passed) for each in tenure.marks] == [
        (30, date(2026, 9, 30), True),
        (60, date(2026, 10, 30), False),
        (90, date(2026, 11, 29), False),
    ]


def test_of_two_new_ones_each_sees_their_own_days(cast: Cast) -> None:
    for seat in (seats := cast.north.current_seats):
        seat.since = TODAY
    found = [newest(seats, user.pk, TODAY) for user in (cast.ceo, cast.leader)]
    assert [seat and seat.user for seat in found] == [cast.ceo, cast.leader]
