"""Home is the place to act: one tap in the row, the row answers in place, Undo gives exactly the state before."""

import re
from datetime import timedelta

import pytest
import time_machine

from meetings.models import Commitment, Initiative, Issue, Update
from tests.factories import (
    NOW,
    TODAY,
    make_capacity_need,
    make_commitment,
    make_deal,
    make_initiative,
    make_issue,
    make_update,
)

DAY = timedelta(days=1)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def row_of(item):
    return f"{type(item).__name__.lower()}-{item.pk}"


def post(client, address, item, **fields):
    return client.post(address, {"need": row_of(item), "next": "/#needs"} | fields, **HTMX)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def undo(client, answer, **more):
    [token] = re.findall(r'name="token" value="([^"]+)"', answer.content.decode())
    [key] = re.findall(r'name="need" value="([^"]+)"', answer.content.decode())
    return client.post("/undo/", {"token": token, "need": key}, **(more or HTMX))


def approve(client, plan, **fields):
    sent = {"approval": "agreed", "version": plan.version} | fields
    return post(client, f"/initiatives/{plan.pk}/approval/", plan, **sent)


def stored(row):
    return type(row).objects.filter(pk=row.pk).values().get()


def without(values, *names):
    return {name: value for name, value in values.items() if name not in names}


@pytest.fixture
def plan(cast, meeting):
    return make_initiative(
        team=cast.north,
        title="Playbook",
        approval="changed",
        approval_why="Name a rep",
        approval_by=cast.ceo,
        approval_at=NOW - 9 * DAY,
    )


@pytest.fixture
def question(cast, meeting):
    return make_issue(team=cast.north, title="Prices?", kind="question", side="leader")


@pytest.fixture
def own(cast, meeting):
    return make_commitment(team=cast.north, owner=cast.ceo, text="Intro", due=TODAY - DAY)


def test_an_approval_answers_with_one_line_and_undo(cast, as_, plan):
    answer = approve(as_(cast.ceo), plan)
    assert "✓ You approved “Playbook”. Undo" in text_of(answer)
    assert Initiative.objects.get(pk=plan.pk).approval == "agreed"


def test_an_approval_undone_is_as_it_was_before(cast, as_, plan):
    client, before = as_(cast.ceo), stored(plan)
    answer = undo(client, approve(client, plan))
    assert "Approve “Playbook”" in text_of(answer)
    assert without(stored(plan), "version") == without(before, "version")


def test_changes_are_requested_with_a_reason_in_the_row(cast, as_, plan):
    client = as_(cast.ceo)
    refused = approve(client, plan, approval="not_yet", why=" ")
    assert refused.status_code == 422
    assert "Enter what has to change" in text_of(refused)
    answer = approve(client, plan, approval="not_yet", why="Dana first")
    assert "You requested changes to “Playbook”." in text_of(answer)
    assert Initiative.objects.get(pk=plan.pk).approval_why == "Dana first"


def test_a_plan_changed_meanwhile_is_read_first(cast, as_, plan):
    Initiative.objects.filter(pk=plan.pk).update(title="Playbook two", version=2)
    answer = approve(as_(cast.ceo), plan, why="kept words")
    assert answer.status_code == 409
    assert "The plan changed while you were reading." in text_of(answer)
    assert "Approve “Playbook two”" in text_of(answer)
    assert 'name="version" value="2"' in answer.content.decode()
    assert "kept words" in answer.content.decode()


def test_what_was_changed_since_is_not_undone(cast, as_, plan):
    client = as_(cast.ceo)
    done = approve(client, plan)
    Initiative.objects.filter(pk=plan.pk).update(version=9)
    answer = undo(client, done)
    assert answer.status_code == 409
    assert Initiative.objects.get(pk=plan.pk).approval == "agreed"


def test_nobody_else_undoes_it(cast, as_, plan):
    answer = undo(as_(cast.leader), approve(as_(cast.ceo), plan))
    assert answer.status_code == 409
    assert Initiative.objects.get(pk=plan.pk).approval == "agreed"


@pytest.mark.parametrize("token", ["", "x", "eyJhIjoxfQ:1abc:nope"])
def test_an_unsigned_token_undoes_nothing(cast, as_, token):
    assert as_(cast.ceo).post("/undo/", {"token": token}, **HTMX).status_code == 409


def test_a_day_later_it_is_too_late(cast, as_, plan):
    client = as_(cast.ceo)
    done = approve(client, plan)
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        assert undo(as_(cast.ceo), done).status_code == 409
    assert Initiative.objects.get(pk=plan.pk).approval == "agreed"


def answer_question(client, meeting, question, **fields):
    sent = {"about": row_of(question), "version": 0, "answer": "1"} | fields
    return post(client, f"/meetings/{meeting.pk}/update/", question, **sent)


def test_a_question_is_answered_in_the_row_and_the_answer_taken_back(cast, as_, meeting, question):
    client = as_(cast.ceo)
    done = answer_question(client, meeting, question, text="Yes, 60 days.")
    assert "✓ You answered “Prices?”." in text_of(done)
    assert Update.objects.get(issue=question).text == "Yes, 60 days."
    assert "Prices?" in text_of(undo(client, done))
    assert not Update.objects.filter(issue=question).exists()


def test_an_answer_that_was_cleared_before_is_cleared_as_it_was(cast, as_, meeting, question):
    make_update(meeting=meeting, author=cast.ceo, side="ceo", section="issues", issue=question, text="")
    client = as_(cast.ceo)
    undo(client, answer_question(client, meeting, question, text="Yes"))
    assert Update.objects.get(issue=question).text == ""


def test_an_empty_answer_is_not_sent(cast, as_, meeting, question):
    answer = answer_question(as_(cast.ceo), meeting, question, text=" ")
    assert answer.status_code == 422
    assert "Enter your answer." in text_of(answer)


def test_a_question_can_be_left_for_the_meeting(cast, as_, meeting, question):
    sent = {"about": row_of(question), "version": 0, "discuss": "1", "text": ""}
    post(as_(cast.ceo), f"/meetings/{meeting.pk}/update/", question, **sent)
    assert Update.objects.get(issue=question).text == "Let’s discuss this in the meeting."


def test_an_answer_that_somebody_gave_meanwhile_stays_and_the_typed_one_too(cast, as_, meeting, question):
    make_update(meeting=meeting, author=cast.ceo, side="ceo", section="issues", issue=question, text="No")
    answer = answer_question(as_(cast.ceo), meeting, question, text="Yes, typed long")
    assert answer.status_code == 409
    assert "Yes, typed long" in text_of(answer)
    assert Update.objects.get(issue=question).text == "No"


def test_a_commitment_is_done_in_the_row_and_reopened(cast, as_, own):
    client, before = as_(cast.ceo), stored(own)
    done = post(client, f"/commitments/{own.pk}/done/", own)
    assert "✓ Done: Intro" in text_of(done)
    assert Commitment.objects.get(pk=own.pk).done_by == cast.ceo
    assert "1 day overdue" in text_of(undo(client, done))
    assert without(stored(own), "version", "changed_at") == without(before, "version", "changed_at")


def test_a_need_told_by_a_commitment_is_not_told_once_that_is_undone(cast, as_, own):
    need = make_capacity_need(deal=make_deal(team=cast.north, status="won"))
    Commitment.objects.filter(pk=own.pk).update(capacity_need=need)
    client = as_(cast.ceo)
    done = post(client, f"/commitments/{own.pk}/done/", own)
    need.refresh_from_db()
    assert need.informed_at is not None
    undo(client, done)
    need.refresh_from_db()
    assert need.informed_at is None


def test_a_commitment_gets_a_new_date_in_the_row_and_the_old_one_back(cast, as_, own):
    client = as_(cast.ceo)
    done = post(client, f"/commitments/{own.pk}/", own, due="2026-12-01", version=1)
    assert "✓ “Intro” is now due 1 Dec." in text_of(done)
    undo(client, done)
    assert Commitment.objects.get(pk=own.pk).due == TODAY - DAY


def test_a_date_that_is_none_is_said_in_the_row(cast, as_, own):
    answer = post(as_(cast.ceo), f"/commitments/{own.pk}/", own, due="soon", version=1)
    assert answer.status_code == 422
    assert f'id="need-commitment-{own.pk}"' in answer.content.decode()


def test_a_commitment_from_the_other_side_is_accepted_in_the_row(cast, as_, meeting):
    given = make_commitment(team=cast.north, owner=cast.leader, created_by=cast.ceo, text="Call Orbis")
    client = as_(cast.leader)
    done = post(client, f"/commitments/{given.pk}/accept/", given)
    assert "✓ You accepted “Call Orbis”." in text_of(done)
    assert "Accept" in text_of(undo(client, done))
    assert Commitment.objects.get(pk=given.pk).accepted_at is None


def test_nobody_accepts_for_somebody_else(cast, as_, meeting):
    given = make_commitment(team=cast.north, owner=cast.leader, created_by=cast.ceo)
    assert post(as_(cast.ceo), f"/commitments/{given.pk}/accept/", given).status_code == 403


def test_the_number_beside_the_heading_follows(cast, as_, plan, question):
    answer = approve(as_(cast.ceo), plan).content.decode()
    assert '<small id="needs-number" hx-swap-oob="true">1</small>' in answer


def test_without_script_the_page_opens_at_the_next_with_undo_in_the_message(cast, as_, plan, question):
    client = as_(cast.ceo)
    page = client.get("/").content.decode()
    assert f'name="next" value="/#need-issue-{question.pk}"' in page
    sent = {"approval": "agreed", "version": 1, "need": row_of(plan), "next": f"/#need-issue-{question.pk}"}
    answer = client.post(f"/initiatives/{plan.pk}/approval/", sent)
    assert answer.url == f"/#need-issue-{question.pk}"
    page = client.get("/").content.decode()
    assert "You approved “Playbook”." in page
    [token] = re.findall(r'name="token" value="([^"]+)"', page)
    answer = client.post("/undo/", {"token": token})
    assert answer.url == f"/#need-initiative-{plan.pk}"
    assert Initiative.objects.get(pk=plan.pk).approval == "changed"


def test_six_waiting_things_are_six_taps_on_one_page(cast, as_, meeting):
    """Three plans, a question that is left for the meeting, two commitments: one request a tap, no page between."""
    client = as_(cast.ceo)
    for _ in range(3):
        make_initiative(team=cast.north)
    make_issue(team=cast.north, kind="question", side="leader")
    for _ in range(2):
        make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - DAY)
    page = client.get("/").content.decode()
    taps = 0
    for plan in Initiative.objects.all():
        assert f'hx-post="/initiatives/{plan.pk}/approval/"' in page
        taps += approve(client, plan).status_code == 200
    for issue in Issue.objects.all():
        taps += answer_question(client, meeting, issue, text="Yes").status_code == 200
    for own in Commitment.objects.all():
        assert f'hx-post="/commitments/{own.pk}/done/"' in page
        taps += post(client, f"/commitments/{own.pk}/done/", own).status_code == 200
    assert taps == 6
    assert 'id="need-' not in client.get("/").content.decode()
