"""Issues and questions: raised by anyone who speaks, from anywhere; ordered, discussed, solved by the two sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from alignment.rules.roles import Side
from meetings.models import Issue
from tests.factories import NOW, make_deal, make_initiative, make_issue, make_meeting, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def issue(cast):
    return make_issue(team=cast.north, title="Discounts", created_by=cast.ceo)


def new(client, **fields):
    return client.post("/issues/new/", {"team": "north", "title": "Discounts"} | fields)


def test_raised_from_a_row_it_remembers_the_row_and_the_side(cast, as_):
    deal = make_deal(team=cast.north)
    new(as_(cast.delegate), about=f"deal-{deal.pk}", kind="question")
    made = Issue.objects.get()
    assert (made.deal, made.section, made.side, made.kind, made.created_by) == (
        deal,
        "deals",
        "leader",
        "question",
        cast.delegate,
    )


def test_a_line_captured_in_the_meeting_may_become_an_issue(cast, as_, meeting):
    as_(cast.ceo).post("/issues/new/", {"meeting": meeting.pk, "section": "closing", "text": "Discounts"})
    made = Issue.objects.get()
    assert (made.title, made.section, made.team) == ("Discounts", "issues", cast.north)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 302),
        ("leader", 302),
        ("delegate", 302),
        ("facilitator", 302),
        ("observer", 403),
        ("admin", 403),
        ("outsider", 404),
    ],
)
def test_who_may_raise_one(cast, as_, who, status):
    assert new(as_(getattr(cast, who))).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 302),
        ("leader", 302),
        ("delegate", 302),
        ("facilitator", 403),
        ("observer", 403),
        ("outsider", 404),
    ],
)
@pytest.mark.parametrize("step", ["first", "discuss", "solve", "reopen"])
def test_who_may_order_and_solve(cast, as_, issue, who, status, step):
    assert (
        as_(getattr(cast, who))
        .post(f"/issues/{issue.pk}/{step}/", {"resolution": "15 % at most"})
        .status_code
        == status
    )


@pytest.mark.parametrize(
    ("who", "status"), [("facilitator", 302), ("ceo", 302), ("delegate", 403), ("observer", 403)]
)
def test_the_side_that_raised_it_and_the_two_may_change_it(cast, as_, who, status):
    row = make_issue(team=cast.north, side="facilitator")
    assert (
        as_(getattr(cast, who)).post(f"/issues/{row.pk}/", {"version": 1, "title": "Other"}).status_code
        == status
    )


def test_put_first_it_is_discussed_first(cast, as_, issue):
    make_issue(team=cast.north, title="Before", position=-3)
    as_(cast.leader).post(f"/issues/{issue.pk}/first/")
    lines = as_(cast.leader).get("/issues/").context["lines"]
    assert [line.issue.title for line in lines] == ["Discounts", "Before"]


def test_solving_says_how(cast, as_, issue):
    client = as_(cast.leader)
    assert client.post(f"/issues/{issue.pk}/solve/", {"resolution": ""}).status_code == 422
    client.post(f"/issues/{issue.pk}/solve/", {"resolution": "15 % at most"})
    issue.refresh_from_db()
    assert (issue.solved_at, issue.solved_by, issue.resolution) == (NOW, cast.leader, "15 % at most")


def test_two_who_solve_it_differently_lose_neither(cast, as_, issue):
    as_(cast.leader).post(f"/issues/{issue.pk}/solve/", {"resolution": "15 % at most"})
    response = as_(cast.ceo).post(f"/issues/{issue.pk}/solve/", {"resolution": "No discounts"})
    assert response.status_code == 409
    assert "15 % at most" in response.content.decode()
    assert "No discounts" in response.content.decode()


def test_opened_again_it_is_open(cast, as_, issue):
    as_(cast.leader).post(f"/issues/{issue.pk}/solve/", {"resolution": "15 %"})
    as_(cast.leader).post(f"/issues/{issue.pk}/reopen/")
    issue.refresh_from_db()
    assert issue.solved_at is None


def test_a_question_reopened_is_asked_anew_whatever_was_answered_before(cast, as_):
    meeting = make_meeting(team=cast.north)
    question = make_issue(team=cast.north, kind="question", side="ceo")
    make_update(meeting=meeting, author=cast.leader, side="leader", issue=question, section="issues")
    assert question not in Issue.objects.unanswered_by(Side.LEADER)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        as_(cast.leader).post(f"/issues/{question.pk}/solve/", {"resolution": "15 %"})
        as_(cast.ceo).post(f"/issues/{question.pk}/reopen/")
    assert question in Issue.objects.unanswered_by(Side.LEADER)
    assert question not in Issue.objects.answered()


def test_an_issue_from_a_reps_plan_is_for_the_two(cast, as_):
    row = make_issue(team=cast.north, initiative=make_initiative(team=cast.north, kind="rep"))
    assert as_(cast.leader).get(f"/issues/{row.pk}/").status_code == 200
    for person in (cast.delegate, cast.facilitator, cast.observer):
        assert as_(person).get(f"/issues/{row.pk}/").status_code == 404
        assert not as_(person).get("/issues/").context["lines"]


def test_questions_can_be_listed_alone(cast, as_, issue):
    make_issue(team=cast.north, kind="question", title="Who?")
    lines = as_(cast.observer).get("/issues/?kind=question").context["lines"]
    assert [line.issue.title for line in lines] == ["Who?"]


def test_several_teams_are_asked_for_before_the_form(cast, as_):
    response = as_(cast.ceo).get("/issues/new/?next=/issues/")
    assert "Choose a team" in response.content.decode()
    assert "?next=%2Fissues%2F&amp;team=south" in response.content.decode()


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.test/", "https://evil.test/x"])
def test_the_way_back_never_leaves_the_site(cast, as_, target):
    client = as_(cast.leader)
    assert client.post("/issues/new/", {"team": "north", "title": "x", "next": target}).url == "/issues/"
    assert target not in client.get("/issues/new/", {"team": "north", "next": target}).content.decode()


@pytest.mark.parametrize("number", [0, 1, 50])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_max_num_queries, number):
    for _ in range(number):
        make_issue(team=cast.north, created_by=cast.leader, deal=make_deal(team=cast.north))
    client = as_(cast.ceo)
    with django_assert_max_num_queries(6):
        client.get("/issues/")
