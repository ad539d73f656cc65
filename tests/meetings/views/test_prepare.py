"""The prepare page: everything open is there, what is needed is said, and it is submitted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Goal, mark_all_read
from deals.models import DealChange
from meetings.models import Commitment, Issue, Meeting, PrivateNote
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
    make_update,
)
from tests.html import flat

As = Callable[[Any], Client]
BEFORE = NOW - timedelta(hours=27)  # Sunday 06:00 in Paris, three hours before the preparation is due
LAST_WEEK = NOW - timedelta(days=7)


@pytest.fixture(autouse=True)
def _before() -> Any:
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def last(cast: Cast) -> Meeting:
    return make_held_meeting(team=cast.north, starts_at=LAST_WEEK, gap=Decimal(-180_000))


@pytest.fixture
def page(meeting: Meeting, as_: As) -> Callable[..., str]:
    def shown(user: Any) -> str:
        answer = as_(user).get(f"/meetings/{meeting.pk}/prepare/")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return shown


def set_goals(cast: Cast, *, amount: int = 300_000) -> None:
    for month in range(1, 13):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=amount)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader", 200),
        ("delegate", 200),
        ("ceo", 302),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 403),
        ("outsider", 404),
    ],
)
def test_it_is_the_leaders_page(cast: Cast, meeting: Meeting, as_: As, who: str, status: int) -> None:
    answer = as_(getattr(cast, who)).get(f"/meetings/{meeting.pk}/prepare/")
    assert answer.status_code == status
    if status == 302:
        assert answer.url == f"/meetings/{meeting.pk}/"


@pytest.mark.parametrize("state", ["held", "missed", "excused"])
def test_once_the_meeting_is_over_its_page_is_the_record(cast: Cast, as_: As, state: str) -> None:
    stamps = {"started_at": NOW, "closed_at": NOW, "missed_at": NOW, "excused_at": NOW, "excused_why": "Ill"}
    over = make_meeting(team=cast.north, state=state, **stamps)
    answer = as_(cast.leader).get(f"/meetings/{over.pk}/prepare/")
    assert (answer.status_code, answer.url) == (302, f"/meetings/{over.pk}/")


def test_the_deadline_is_said(cast: Cast, page: Any) -> None:
    assert "preparation due today 09:00, in 3 h" in page(cast.leader)


def test_a_late_preparation_is_called_late(cast: Cast, page: Any) -> None:
    with time_machine.travel(NOW - timedelta(hours=23, minutes=20), tick=False):
        assert "preparation was due today 09:00, 40 min ago: late" in page(cast.leader)


def test_a_gap_asks_for_words_and_a_commitment(cast: Cast, page: Any) -> None:
    set_goals(cast)
    shown = page(cast.leader)
    assert "What is being done about the gap?" in shown
    assert 'About <b class="num">3 minutes</b> left, 4 of 5 sections ready.' in shown
    assert "Submit anyway (2 items open)" in shown
    assert "an update and a commitment" in shown


def test_ahead_of_the_goal_nothing_is_asked(cast: Cast, page: Any) -> None:
    set_goals(cast, amount=10)
    make_revenue(team=cast.north, day=date(2026, 10, 5), amount=900_000)
    assert "All five sections are ready." in page(cast.leader)


def test_last_weeks_words_stand_beside_the_field(cast: Cast, last: Meeting, page: Any) -> None:
    risk = make_risk(team=cast.north)
    make_update(meeting=last, author=cast.leader, text="We moved Dana over.")
    make_update(meeting=last, author=cast.ceo, side="ceo", section="risks", risk=risk, text="Call their CFO.")
    shown = flat(page(cast.leader))
    assert 'Joe Keller, last time</b><div class="text">We moved Dana over.' in shown
    assert 'Tom Marsh, last time</b><div class="text">Call their CFO.' in shown


def test_own_words_are_in_the_field_with_their_version(cast: Cast, meeting: Meeting, page: Any) -> None:
    make_update(meeting=meeting, author=cast.leader, text="Three <b>renewals</b>", version=4)
    shown = page(cast.leader)
    assert ">Three &lt;b&gt;renewals&lt;/b&gt;</textarea>" in shown
    assert '<input type="hidden" name="version" value="4">' in shown


def test_the_ceos_comment_is_shown_and_not_edited(cast: Cast, meeting: Meeting, page: Any) -> None:
    make_update(meeting=meeting, author=cast.ceo, side="ceo", text="What about Brandt?")
    new = '<b>Tom Marsh<span class="status">new</span></b><div class="text">What about Brandt?</div>'
    assert new in flat(page(cast.leader))
    mark_all_read(cast.leader, cast.north, NOW)
    assert new.replace('<span class="status">new</span>', "") in flat(page(cast.leader))


@pytest.mark.parametrize("chapter", ["deals", "risks", "initiatives", "issues"])
def test_a_comment_on_a_chapter_stands_at_that_chapter(
    cast: Cast, meeting: Meeting, page: Any, chapter: str
) -> None:
    make_update(meeting=meeting, author=cast.ceo, side="ceo", section=chapter, text="Too long a list.")
    shown = page(cast.leader)
    assert f'id="{chapter}"' in shown[: shown.index("Too long a list.")]
    assert 'class="section"' not in shown[shown.index(f'{chapter}-h">') : shown.index("Too long a list.")]


def test_a_won_deal_asks_for_capacity(cast: Cast, page: Any) -> None:
    deal = make_deal(team=cast.north, name="Orbis", status="won", close_date=TODAY - timedelta(days=3))
    shown = page(cast.leader)
    assert f'<p id="needs-deal-{deal.pk}" class="needs">capacity</p>' in shown
    assert f'action="/deals/{deal.pk}/capacity/"' in shown


def test_a_pushed_deal_asks_why(cast: Cast, last: Meeting, page: Any) -> None:
    deal = make_deal(team=cast.north, close_date=date(2027, 1, 15))
    DealChange.objects.create(
        deal=deal,
        field="close_date",
        old="2026-12-11",
        new="2027-01-15",
        day=TODAY - timedelta(days=3),
        at=BEFORE,
    )
    shown = page(cast.leader)
    assert f'<p id="needs-deal-{deal.pk}" class="needs">why it was pushed</p>' in shown
    assert 'name="reason"' in shown


def test_a_risk_without_an_action_opens_its_fields(cast: Cast, page: Any) -> None:
    risk = make_risk(team=cast.north, exposure=Decimal("420000.00"))
    shown = page(cast.leader)
    assert f'<p id="needs-risk-{risk.pk}" class="needs">action, owner and due date</p>' in shown
    assert f'id="action-risk-{risk.pk}"' in shown
    assert f'<option value="{cast.ceo.pk}">Tom Marsh</option>' in shown


def test_an_agreed_plan_says_that_a_change_asks_again(cast: Cast, page: Any, as_: As) -> None:
    agreed = make_initiative(team=cast.north, approval="agreed")
    make_initiative(team=cast.north, approval="not_yet", approval_why="Too slow.")
    assert "“Too slow.”" in page(cast.leader)
    address = f"/initiatives/{agreed.pk}/?part=plan"
    plan = as_(cast.leader).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Tom approved this plan. If you change it, Tom is asked to approve it again." in plan
    assert 'name="health"' not in plan


def test_a_question_of_the_ceo_wants_an_answer(cast: Cast, page: Any) -> None:
    issue = make_issue(team=cast.north, kind="question", title="Why plants?")
    shown = page(cast.leader)
    assert f'<p id="needs-issue-{issue.pk}" class="needs">an answer</p>' in shown
    assert "Your answer" in shown


def test_a_reps_plan_is_not_shown_to_the_delegate(cast: Cast, page: Any) -> None:
    make_initiative(team=cast.north, kind="rep", title="Canary")
    assert "Canary" in page(cast.leader)
    assert "Canary" not in page(cast.delegate)


def test_own_commitments_stand_before_the_others(cast: Cast, last: Meeting, page: Any) -> None:
    make_commitment(team=cast.north, owner=cast.ceo, text="Call Hollis", section="risks")
    make_commitment(team=cast.north, owner=cast.leader, text="Write the plan", section="initiatives")
    shown = page(cast.leader)
    assert shown.index("Write the plan") < shown.index("Call Hollis")


def test_a_late_commitment_is_asked_for_until_something_is_said(
    cast: Cast, last: Meeting, page: Any, as_: As
) -> None:
    commitment = make_commitment(
        team=cast.north,
        owner=cast.leader,
        text="Call Brandt",
        due=TODAY - timedelta(days=3),
        created_at=LAST_WEEK,
        changed_at=LAST_WEEK,
    )
    assert "Update the commitment: Call Brandt" in page(cast.leader)
    answer = as_(cast.leader).post(f"/commitments/{commitment.pk}/carry/", {"next": "/"})
    assert (answer.status_code, answer.url) == (302, "/")
    shown = page(cast.leader)
    assert "carried over" in shown
    assert "All five sections are ready." in shown
    assert Commitment.objects.get().is_open


@pytest.mark.parametrize(
    ("who", "status"), [("ceo", 302), ("delegate", 403), ("observer", 403), ("outsider", 404)]
)
def test_who_may_carry_a_commitment(cast: Cast, as_: As, who: str, status: int) -> None:
    commitment = make_commitment(team=cast.north, owner=cast.leader)
    assert as_(getattr(cast, who)).post(f"/commitments/{commitment.pk}/carry/").status_code == status


def test_handing_in_is_said_with_its_time(cast: Cast, meeting: Meeting, page: Any, as_: As) -> None:
    set_goals(cast)
    answer = as_(cast.leader).post(f"/meetings/{meeting.pk}/submit/")
    assert (answer.status_code, answer.url) == (302, f"/meetings/{meeting.pk}/prepare/")
    meeting.refresh_from_db()
    assert (meeting.submitted_at, meeting.submitted_by, meeting.missing_when_submitted) == (
        BEFORE,
        cast.leader,
        2,
    )
    shown = page(cast.leader)
    assert (
        "Submitted today 06:00. You can still make changes until the meeting ends; they are marked." in shown
    )
    assert "Submit anyway" not in shown


def test_words_changed_after_handing_in_are_marked(cast: Cast, meeting: Meeting, page: Any) -> None:
    meeting.submit_preparation(by=cast.leader, now=BEFORE - timedelta(hours=2))
    make_update(meeting=meeting, author=cast.leader, text="Later", changed_at=BEFORE - timedelta(hours=1))
    assert "changed after submitting" in page(cast.leader)


def test_a_meeting_that_is_over_cannot_be_submitted(cast: Cast, last: Meeting, as_: As) -> None:
    answer = as_(cast.leader).post(f"/meetings/{last.pk}/submit/", follow=True)
    assert "can no longer be submitted" in answer.content.decode()
    last.refresh_from_db()
    assert last.submitted_at is None


@pytest.mark.parametrize(
    ("who", "status"), [("ceo", 403), ("observer", 403), ("admin", 403), ("outsider", 404)]
)
def test_only_the_leaders_side_hands_in(cast: Cast, meeting: Meeting, as_: As, who: str, status: int) -> None:
    assert as_(getattr(cast, who)).post(f"/meetings/{meeting.pk}/submit/").status_code == status


def test_a_row_becomes_an_issue_by_one_click_and_once(cast: Cast, meeting: Meeting, as_: As) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods")
    for _ in range(2):
        answer = as_(cast.leader).post("/issues/raise/", {"meeting": meeting.pk, "about": f"risk-{risk.pk}"})
        assert answer.url == f"/meetings/{meeting.pk}/prepare/#risk-{risk.pk}"
    issue = Issue.objects.get()
    assert (issue.title, issue.side, issue.section, issue.risk) == ("Hollis Foods", "leader", "risks", risk)


@pytest.mark.parametrize("about", ["", "weather-1", "risk-999", "issue-1"])
def test_nothing_else_becomes_an_issue(cast: Cast, meeting: Meeting, as_: As, about: str) -> None:
    answer = as_(cast.leader).post("/issues/raise/", {"meeting": meeting.pk, "about": about})
    assert answer.status_code == 404
    assert not Issue.objects.exists()


def test_a_row_of_another_team_becomes_no_issue(cast: Cast, meeting: Meeting, as_: As) -> None:
    risk = make_risk(team=cast.south)
    answer = as_(cast.leader).post("/issues/raise/", {"meeting": meeting.pk, "about": f"risk-{risk.pk}"})
    assert answer.status_code == 404


def test_what_is_needed_is_refreshed_by_itself(cast: Cast, meeting: Meeting, as_: As) -> None:
    set_goals(cast)
    headers = {"HX-Request": "true", "HX-Target": "needed"}
    shown = as_(cast.leader).get(f"/meetings/{meeting.pk}/prepare/", headers=headers).content.decode()
    assert "<html" not in shown
    assert 'id="needs-words-revenue"' in shown
    assert 'id="sections"' in shown


def fragment(client: Client, meeting: Meeting, target: str, query: str = "") -> str:
    headers = {"HX-Request": "true", "HX-Target": target}
    answer = client.get(f"/meetings/{meeting.pk}/prepare/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_act_changes_its_chapter_and_what_follows_from_it(cast: Cast, meeting: Meeting, as_: As) -> None:
    shown = fragment(as_(cast.leader), meeting, "deals", "?also=issues")
    assert [f'id="{name}"' in shown for name in ("deals", "issues", "risks", "revenue")] == [
        True,
        True,
        False,
        False,
    ]
    assert shown.count("hx-swap-oob=") == 4  # issues, the checklist, the sentence and the strip
    assert 'id="lede"' in shown


def test_a_deal_is_won_on_its_row(cast: Cast, meeting: Meeting, as_: As) -> None:
    deal = make_deal(team=cast.north, name="Orbis renewal", rep="Dana Ruiz", close_date=TODAY)
    client, here = as_(cast.leader), f"/meetings/{meeting.pk}/prepare/"
    told = {"version": 1, "close_date": TODAY - timedelta(days=2), "amount": "100000", "won_by": "Dana Ruiz"}
    next_ = f"{here}?row=deal-{deal.pk}#deal-{deal.pk}"
    headers = {"HX-Request": "true", "HX-Target": "deals"}
    answer = client.post(f"/deals/{deal.pk}/won/", told | {"next": next_}, headers=headers, follow=True)
    shown = flat(answer.content.decode())
    assert "<html" not in shown
    assert f'id="deal-{deal.pk}" tabindex="-1" autofocus' in shown
    assert "Earned by Dana Ruiz." in shown
    assert "Won: Orbis renewal." in shown


def test_a_new_row_is_in_view_and_has_the_focus(cast: Cast, meeting: Meeting, as_: As) -> None:
    told = {"team": "north", "name": "Hollis", "what_is_wrong": "A tender"}
    here = f"/meetings/{meeting.pk}/prepare/"
    answer = as_(cast.leader).post("/risks/new/", told | {"next": f"{here}#new"})
    risk = cast.north.risks.get()
    assert answer.url == f"{here}?row=risk-{risk.pk}#risk-{risk.pk}"
    assert f'id="risk-{risk.pk}" tabindex="-1" autofocus' in flat(
        as_(cast.leader).get(answer.url).content.decode()
    )


def test_a_refused_new_row_answers_where_its_form_stands(cast: Cast, meeting: Meeting, as_: As) -> None:
    headers = {"HX-Request": "true", "HX-Target": "risks"}
    answer = as_(cast.leader).post("/risks/new/", {"team": "north", "name": ""}, headers=headers)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "this")
    assert "<html" not in answer.content.decode()


def test_a_small_deal_that_was_just_added_says_why_it_is_not_on_the_agenda(
    cast: Cast, last: Meeting, page: Any
) -> None:
    make_deal(team=cast.north, name="Alder pilot", amount=5_000, created_at=BEFORE - timedelta(hours=1))
    make_deal(team=cast.north, name="Of the CRM", amount=5_000, external_id="7", created_at=BEFORE)
    shown = page(cast.leader)
    assert "Alder pilot" in shown
    assert "Not on the agenda" in shown
    assert "Of the CRM" not in shown


def test_what_did_not_change_is_folded_to_its_number_and_its_sum(
    cast: Cast, last: Meeting, page: Any
) -> None:
    old = {"created_at": LAST_WEEK - timedelta(days=3), "changed_at": LAST_WEEK - timedelta(days=3)}
    for _ in range(2):
        make_deal(team=cast.north, close_date=TODAY + timedelta(days=3), **old)
    assert '2 deals unchanged · <span class="num">$200K</span>' in page(cast.leader)


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("ceo", 403), ("observer", 403), ("outsider", 404)]
)
def test_the_preview_is_for_the_leaders_side(
    cast: Cast, meeting: Meeting, as_: As, who: str, status: int
) -> None:
    assert as_(getattr(cast, who)).get(f"/meetings/{meeting.pk}/preview/").status_code == status


def test_a_delegate_previews_nothing_that_is_for_the_two_alone(cast: Cast, meeting: Meeting, as_: As) -> None:
    make_initiative(team=cast.north, title="Saving Ira", kind="rep")
    for who, reads in ((cast.leader, True), (cast.delegate, False)):
        page = as_(who).get(f"/meetings/{meeting.pk}/preview/").content.decode()
        assert ("Saving Ira" in page) is reads


def test_the_preview_is_what_the_ceo_reads_and_nobodys_notes(cast: Cast, meeting: Meeting, as_: As) -> None:
    for user in (cast.ceo, cast.leader):
        PrivateNote.objects.create(meeting=meeting, author=user, text=f"Note of {user}", changed_at=NOW)
    make_update(meeting=meeting, author=cast.leader, text="Three renewals")
    shown = flat(as_(cast.leader).get(f"/meetings/{meeting.pk}/preview/").content.decode())
    assert "This is what Tom reads" in shown
    assert "Three renewals" in shown
    assert "Note of" not in shown
    assert "Prepare</a>" not in shown


def test_the_private_note_is_the_readers_own(cast: Cast, meeting: Meeting, page: Any) -> None:
    for user in (cast.ceo, cast.leader):
        PrivateNote.objects.create(meeting=meeting, author=user, text=f"Note of {user}", changed_at=NOW)
    shown = page(cast.leader)
    assert "Note of Joe Keller" in shown
    assert "Note of Tom Marsh" not in shown


def fill(cast: Cast, meeting: Meeting, last: Meeting, *, rows: int) -> None:
    """So many rows in each section, each with words of both meetings and a commitment."""
    made: dict[str, Any] = {}
    for number in range(rows):
        made["deal"] = make_deal(
            team=cast.north, status="won" if number % 3 else "open", close_date=TODAY - timedelta(days=1)
        )
        made["risk"] = make_risk(team=cast.north)
        made["initiative"] = make_initiative(team=cast.north)
        made["issue"] = make_issue(team=cast.north, kind="question")
        for kind, item in made.items():
            for at in (meeting, last):
                make_update(meeting=at, author=cast.leader, section=f"{kind}s", **{kind: item})
            make_commitment(team=cast.north, owner=cast.leader, section=f"{kind}s", **{kind: item})


@pytest.mark.parametrize("rows", [1, 5, 50])
def test_the_page_costs_fourteen_queries_whatever_is_on_it(
    cast: Cast, meeting: Meeting, last: Meeting, as_: As, django_assert_num_queries: Any, rows: int
) -> None:
    set_goals(cast)
    fill(cast, meeting, last, rows=rows)
    client = as_(cast.leader)
    with django_assert_num_queries(14):
        client.get(f"/meetings/{meeting.pk}/prepare/")
