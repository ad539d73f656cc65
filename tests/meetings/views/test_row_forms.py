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
from tests.factories import NOW, make_initiative, make_issue, make_risk, make_update

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
    path = address(meeting, "capture", f"risk-{risk.pk}")
    assert as_(cast.ceo).get(path).status_code == 403
    assert path not in as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    meeting.start(by=cast.ceo, now=NOW)
    assert path in as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    shown = as_(cast.ceo).get(path, headers=HTMX).content.decode()
    about = f"?meeting={meeting.pk}&amp;next=/meetings/{meeting.pk}/&amp;about=risk-{risk.pk}"
    assert f'href="/commitments/new/{about}"' in shown
    assert f'href="/decisions/new/{about}"' in shown
    assert as_(cast.observer).get(path).status_code == 403


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
        ("capture", "risk-0"),
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
