"""The forms of a row: fetched in place, pages of their own without script, and only for whom they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_held_meeting, make_initiative, make_issue, make_risk, make_update

As = Callable[[Any], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def address(meeting: Meeting, name: str, about: str) -> str:
    return f"/meetings/{meeting.pk}/forms/{name}/{about}/"


def test_a_comment_opens_in_place_with_what_was_said_before(cast: Cast, meeting: Meeting, as_: As) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods")
    said = make_update(
        meeting=meeting, author=cast.ceo, side="ceo", section="risks", risk=risk, text="I call."
    )
    answer = as_(cast.ceo).get(address(meeting, "comment", f"risk-{risk.pk}"), headers=HTMX)
    shown = answer.content.decode()
    assert shown.lstrip().startswith("<details")
    assert "<html" not in shown
    assert f'action="/meetings/{meeting.pk}/update/?on=risk-{risk.pk}"' in shown
    assert f'name="version" value="{said.version}"' in shown
    assert ">I call.</textarea>" in shown
    assert "Edit your comment</summary>" in shown


def test_without_script_it_is_a_page_that_leads_back_to_the_row(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods")
    answer = as_(cast.ceo).get(address(meeting, "comment", f"risk-{risk.pk}"))
    shown = answer.content.decode()
    assert "<h1>Comment: Hollis Foods</h1>" in shown
    assert f'href="/meetings/{meeting.pk}/#risk-{risk.pk}"' in shown


def test_a_comment_on_a_section_says_so(cast: Cast, meeting: Meeting, as_: As) -> None:
    answer = as_(cast.ceo).get(address(meeting, "comment", "revenue"), headers=HTMX)
    shown = answer.content.decode()
    assert "Comment on revenue</summary>" in shown
    assert 'name="section" value="revenue"' in shown


def test_a_commitment_or_a_decision_about_a_row_is_offered_while_the_meeting_runs(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    risk = make_risk(team=cast.north)
    path = address(meeting, "row", f"risk-{risk.pk}")
    about = f"?meeting={meeting.pk}&amp;next=/meetings/{meeting.pk}/&amp;about=risk-{risk.pk}"
    acts = [f'href="/commitments/new/{about}"', f'href="/decisions/new/{about}"']

    def offered(user: Any) -> list[bool]:
        row = as_(user).get(path, headers=HTMX).content.decode()
        return [act in row for act in acts]

    assert offered(cast.ceo) == [False, False]
    meeting.start(by=cast.ceo, now=NOW)
    assert offered(cast.ceo) == [True, True]
    assert offered(cast.observer) == [False, False]


def test_a_row_that_is_folded_opens_whole_in_the_place_of_its_title(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    """Once it stands on the page in full, only what can be done about it is added."""
    last = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    times = {"created_at": NOW - timedelta(days=30), "changed_at": NOW - timedelta(days=10)}
    risk = make_risk(
        team=cast.north,
        name="Hollis Foods",
        what_is_wrong="A tender.",
        action="Visit",
        owner=cast.leader,
        due=TODAY,
        **times,
    )
    make_update(meeting=last, author=cast.leader, section="risks", risk=risk, text="I call them.")
    page = as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    path = address(meeting, "row", f"risk-{risk.pk}")
    assert path in page and "A tender." not in page and "I call them." not in page
    row = as_(cast.ceo).get(path, headers=HTMX).content.decode()
    assert row.lstrip().startswith("<details") and "<html" not in row
    assert "<summary autofocus>" in row and "Hollis Foods" in row
    assert "A tender." in row and "I call them." in row and "/forms/comment/" in row
    make_update(meeting=meeting, author=cast.leader, section="risks", risk=risk, text="They answered.")
    assert "A tender." in as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    assert "A tender." not in as_(cast.ceo).get(path, headers=HTMX).content.decode()


def test_without_script_a_row_is_a_page_with_everything_about_it(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods", what_is_wrong="A tender.")
    page = as_(cast.ceo).get(address(meeting, "row", f"risk-{risk.pk}")).content.decode()
    assert "<h1>Hollis Foods</h1>" in page and "A tender." in page
    assert 'id="act"' in page and "Add to issues" in page


@pytest.mark.parametrize(
    ("who", "acts"), [("leader", "Prepare"), ("observer", ""), ("facilitator", "Comment")]
)
def test_a_row_opens_for_every_reader_with_what_they_may_do(
    cast: Cast, meeting: Meeting, as_: As, who: str, acts: str
) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods")
    answer = as_(getattr(cast, who)).get(address(meeting, "row", f"risk-{risk.pk}"), headers=HTMX)
    row = answer.content.decode()
    assert acts in row
    for act in {"Prepare", "Comment", "Add to issues"} - {acts, "Add to issues" if acts else ""}:
        assert act not in row


def test_a_question_is_answered_where_it_stands(cast: Cast, meeting: Meeting, as_: As) -> None:
    issue = make_issue(team=cast.north, title="Who tells Hollis?", kind="question", side="leader")
    page = as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    assert f'<textarea id="answer-issue-{issue.pk}"' in page and "Send answer" in page
    assert f'href="#answer-issue-{issue.pk}"' in page
    for other in (cast.leader, cast.observer):
        assert "Send answer" not in as_(other).get(f"/meetings/{meeting.pk}/").content.decode()
    form = {"about": f"issue-{issue.pk}", "section": "", "version": 0, "text": "I do."}
    form["next"] = f"/meetings/{meeting.pk}/#issue-{issue.pk}"
    answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/update/", form)
    assert answer.headers["Location"] == form["next"]
    page = as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    assert "I do." in page and "Send answer" not in page


def test_from_the_page_in_session_it_leads_back_there(cast: Cast, meeting: Meeting, as_: As) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    issue = make_issue(team=cast.north)
    stage = f"/meetings/{meeting.pk}/present/?at=issues"
    path = address(meeting, "solve", f"issue-{issue.pk}")
    assert f'name="next" value="{stage}"' in as_(cast.ceo).get(path, {"next": stage}).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("ceo", 200), ("leader", 403), ("facilitator", 403), ("observer", 403)]
)
def test_only_the_ceo_says_not_yet(cast: Cast, meeting: Meeting, as_: As, who: str, status: int) -> None:
    row = make_initiative(team=cast.north)
    answer = as_(getattr(cast, who)).get(address(meeting, "not-yet", f"initiative-{row.pk}"))
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("comment", "risk-0"),
        ("comment", "nothing"),
        ("row", "risk-0"),
        ("row", "revenue"),
        ("not-yet", "revenue"),
        ("solve", "revenue"),
        ("other", "revenue"),
    ],
)
def test_what_is_not_on_the_page_has_no_form(
    cast: Cast, meeting: Meeting, as_: As, name: str, about: str
) -> None:
    assert as_(cast.ceo).get(address(meeting, name, about)).status_code == 404


def test_a_reps_plan_has_a_form_for_its_two_readers_alone(cast: Cast, meeting: Meeting, as_: As) -> None:
    plan = make_initiative(team=cast.north, kind="rep", title="Saving Ira")
    path = address(meeting, "comment", f"initiative-{plan.pk}")
    assert as_(cast.ceo).get(path).status_code == 200
    assert as_(cast.facilitator).get(path).status_code == 404


def test_a_meeting_that_is_over_has_no_forms(cast: Cast, meeting: Meeting, as_: As) -> None:
    meeting.mark_missed(now=NOW + timedelta(days=2))
    assert as_(cast.ceo).get(address(meeting, "comment", "revenue")).status_code == 403
