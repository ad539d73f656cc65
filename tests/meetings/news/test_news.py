"""New since you last looked: what the other side did, read and unread, never one's own acts."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from alignment.models import mark_all_read, mark_item_read
from deals.models import DealChange
from meetings.home import home
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

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
THEN = NOW - HOUR
LONG_AGO = NOW - 60 * DAY


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ahead(cast):
    make_held_meeting(team=cast.north, starts_at=NOW - 3 * DAY)
    return make_meeting(team=cast.north, starts_at=NOW + 4 * DAY)


def items(user):
    return home(user, NOW).news.items


def sentences(user):
    return [" ".join(filter(None, (item.text, item.title, item.then))) for item in items(user)]


def test_an_answer_is_news_for_who_wanted_to_know(cast, ahead):
    question = make_issue(
        team=cast.north, kind="question", title="Why?", side="ceo", created_at=LONG_AGO, changed_at=LONG_AGO
    )
    make_update(
        meeting=ahead, author=cast.leader, section="issues", issue=question, text="So.", changed_at=THEN
    )
    [item] = items(cast.ceo)
    assert (item.text, item.title, item.detail, item.about) == (
        "Joe answered",
        "Why?",
        "So.",
        f"issue-{question.pk}",
    )
    assert (item.at_in_words, item.is_unread) == ("07:00", True)
    assert sentences(cast.leader) == []


def test_a_comment_on_a_section_or_an_item_is_news_for_the_other_side(cast, ahead):
    deal = make_deal(team=cast.north, name="Orbis")
    make_update(
        meeting=ahead,
        author=cast.ceo,
        side="ceo",
        text="Close it",
        section="deals",
        deal=deal,
        changed_at=THEN,
    )
    make_update(meeting=ahead, author=cast.ceo, side="ceo", text="Good", section="revenue", changed_at=NOW)
    assert sentences(cast.leader) == ["Tom commented on Revenue vs goal", "Tom commented on Orbis"]
    assert items(cast.leader)[0].about == "revenue"


def test_the_preparation_is_one_piece_of_news_when_it_is_submitted(cast, ahead):
    make_update(meeting=ahead, author=cast.leader, text="Two renewals moved", section="revenue")
    assert sentences(cast.ceo) == []
    type(ahead).objects.filter(pk=ahead.pk).update(submitted_at=THEN, submitted_by=cast.leader)
    assert sentences(cast.ceo) == ["Joe submitted the preparation"]
    assert sentences(cast.leader) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"approval": "agreed", "approval_at": THEN, "approval_by": "ceo"}, ["Tom approved Playbook"]),
        (
            {"approval": "not_yet", "approval_why": "Who?", "approval_at": THEN, "approval_by": "ceo"},
            ["Tom requested changes to Playbook"],
        ),
        ({"created_at": THEN, "changed_at": THEN, "created_by": "leader"}, []),
    ],
)
def test_the_ceos_decision_is_news_for_the_leader(cast, ahead, fields, sentence):
    people = {name: getattr(cast, fields[name]) for name in ("approval_by", "created_by") if name in fields}
    make_initiative(team=cast.north, title="Playbook", **fields | people)
    assert sentences(cast.leader) == sentence


def test_what_waits_for_the_ceo_stands_among_their_requests_alone(cast, ahead):
    make_initiative(team=cast.north, created_at=THEN, changed_at=THEN, created_by=cast.leader)
    make_issue(
        team=cast.north,
        kind="question",
        side="leader",
        created_at=THEN,
        changed_at=THEN,
        created_by=cast.leader,
    )
    page = home(cast.ceo, NOW)
    assert (len(page.requests), page.news.items) == (2, ())


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (
            lambda cast, by: make_issue(
                team=cast.north,
                title="Prices",
                side="leader",
                created_by=by,
                created_at=THEN,
                changed_at=THEN,
            ),
            "Joe raised Prices",
        ),
        (
            lambda cast, by: make_issue(
                team=cast.north,
                title="Prices",
                solved_at=THEN,
                solved_by=by,
                resolution="Up",
                changed_at=THEN,
            ),
            "Joe resolved Prices",
        ),
        (
            lambda cast, by: make_risk(
                team=cast.north, name="Hollis", created_by=by, created_at=THEN, changed_at=THEN
            ),
            "Joe added the risk Hollis",
        ),
        (
            lambda cast, by: make_risk(
                team=cast.north, name="Hollis", closed_by=by, closed_at=THEN, changed_at=THEN, outcome="Won"
            ),
            "Joe closed the risk Hollis",
        ),
        (lambda cast, by: make_risk(team=cast.north, name="Hollis", changed_at=THEN), "Updated risk: Hollis"),
        (
            lambda cast, by: make_commitment(
                team=cast.north, owner=by, created_by=by, text="Call", created_at=THEN, changed_at=THEN
            ),
            "Joe committed to Call",
        ),
        (
            lambda cast, by: make_commitment(
                team=cast.north, owner=by, text="Call", done_by=by, done_at=THEN, changed_at=THEN
            ),
            "Joe completed Call",
        ),
        (
            lambda cast, by: make_commitment(
                team=cast.north,
                owner=by,
                text="Call",
                dropped_by=by,
                dropped_at=THEN,
                dropped_why="No",
                changed_at=THEN,
            ),
            "Joe dropped Call",
        ),
        (
            lambda cast, by: make_initiative(
                team=cast.north, title="Playbook", approval="agreed", changed_at=THEN
            ),
            "Updated: Playbook",
        ),
        (
            lambda cast, by: make_initiative(
                team=cast.north,
                title="Playbook",
                finished_at=THEN,
                finished_by=by,
                changed_at=THEN,
                outcome="9",
            ),
            "Joe completed Playbook",
        ),
    ],
)
def test_what_the_leader_did_is_news_for_the_ceo_and_not_for_the_leader(cast, ahead, made, sentence):
    made(cast, cast.leader)
    assert sentences(cast.ceo) == [sentence]
    assert sentences(cast.leader) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"field": "status", "old": "open", "new": "won"}, ["Joe won Orbis"]),
        ({"field": "status", "old": "open", "new": "lost"}, ["Joe lost Orbis"]),
        ({"field": "close_date", "old": "2026-11-20", "new": "2026-12-18"}, ["Joe moved Orbis to 18 Dec"]),
        (
            {"field": "close_date", "old": "2026-11-20", "new": "2026-12-18", "by": None},
            ["Moved: Orbis to 18 Dec"],
        ),
        ({"field": "stage", "old": "a", "new": "b"}, []),
    ],
)
def test_deals_won_lost_and_moved_are_news(cast, ahead, change, sentence):
    deal = make_deal(team=cast.north, name="Orbis", changed_at=THEN)
    DealChange.objects.create(
        **{"deal": deal, "day": TODAY, "at": THEN, "by": cast.leader, "reason": "Legal"} | change
    )
    assert sentences(cast.ceo) == sentence


def test_a_small_deal_that_moves_is_no_news(cast, ahead):
    deal = make_deal(team=cast.north, amount=Decimal(5000), changed_at=THEN)
    DealChange.objects.create(
        deal=deal, field="close_date", old="2026-11-20", new="2026-12-18", day=TODAY, at=THEN
    )
    assert sentences(cast.ceo) == []


def test_what_was_on_the_agenda_of_the_last_meeting_is_no_news(cast, ahead):
    make_issue(team=cast.north, created_by=cast.leader, created_at=NOW - 4 * DAY, changed_at=NOW - 4 * DAY)
    make_decision(meeting=ahead, created_by=cast.leader, created_at=NOW - 4 * DAY)
    assert sentences(cast.ceo) == []


def test_everything_is_read_up_to_the_mark_and_stays_in_the_list(cast, ahead):
    make_issue(
        team=cast.north, title="Old", created_by=cast.leader, created_at=THEN, changed_at=THEN, side="leader"
    )
    mark_all_read(cast.ceo, cast.north, NOW - HOUR / 2)
    make_issue(
        team=cast.north, title="New", created_by=cast.leader, created_at=NOW, changed_at=NOW, side="leader"
    )
    assert [(item.title, item.is_unread) for item in items(cast.ceo)] == [("New", True), ("Old", False)]


def test_an_opened_item_is_read_until_it_changes(cast, ahead):
    risk = make_risk(team=cast.north, changed_at=THEN)
    mark_item_read(cast.ceo, cast.north, f"risk-{risk.pk}", NOW - HOUR / 2)
    assert [item.is_unread for item in items(cast.ceo)] == [False]
    type(risk).objects.filter(pk=risk.pk).update(changed_at=NOW)
    assert [item.is_unread for item in items(cast.ceo)] == [True]


@pytest.mark.parametrize(
    ("reader", "reads"), [("ceo", True), ("observer", False), ("facilitator", False), ("delegate", False)]
)
def test_what_only_the_principals_may_read_is_news_for_them_alone(cast, ahead, reader, reads):
    plan = make_initiative(
        team=cast.north, kind="rep", title="Dana", created_at=LONG_AGO, changed_at=LONG_AGO, approval="agreed"
    )
    issue = make_issue(
        team=cast.north,
        title="Dana stays?",
        initiative=plan,
        side="leader",
        created_by=cast.leader,
        created_at=THEN,
        changed_at=THEN,
    )
    make_commitment(
        team=cast.north,
        owner=cast.leader,
        created_by=cast.leader,
        initiative=plan,
        created_at=THEN,
        changed_at=THEN,
    )
    make_decision(meeting=ahead, initiative=plan, created_by=cast.leader, created_at=THEN)
    make_update(meeting=ahead, author=cast.leader, section="issues", issue=issue, text="x", changed_at=THEN)
    type(plan).objects.filter(pk=plan.pk).update(changed_at=THEN)
    assert len(items(getattr(cast, reader))) == (5 if reads else 0)


@pytest.mark.parametrize("reader", ["admin", "outsider", "second_leader"])
def test_without_a_seat_on_the_team_there_is_no_news(cast, ahead, reader):
    make_issue(team=cast.north, created_by=cast.leader, created_at=THEN, changed_at=THEN)
    assert items(getattr(cast, reader)) == ()


def test_home_shows_five_and_says_how_many_more(cast, ahead, as_):
    for number in range(10):
        make_issue(
            team=cast.north,
            title=f"No {number}",
            side="leader",
            created_by=cast.leader,
            created_at=THEN,
            changed_at=THEN,
        )
    page = as_(cast.ceo).get("/").content.decode()
    assert page.partition("and 5 more")[0].count('class="news--unread"') == 5
    assert "and 5 more" in page


def test_opening_an_item_marks_it_and_leads_to_its_place(cast, ahead, as_):
    risk = make_risk(team=cast.north, name="Hollis", changed_at=THEN)
    client = as_(cast.ceo)
    assert f'name="item" value="north/risk-{risk.pk}">Hollis</button>' in client.get("/").content.decode()
    answer = client.post("/read/", {"item": f"north/risk-{risk.pk}"})
    assert answer.url == f"/meetings/{ahead.pk}/#risk-{risk.pk}"
    assert [item.is_unread for item in items(cast.ceo)] == [False]


def test_reading_the_agenda_alone_marks_nothing(cast, ahead, as_):
    make_risk(team=cast.north, changed_at=THEN)
    client = as_(cast.ceo)
    client.get(f"/meetings/{ahead.pk}/"), client.get("/")
    assert [item.is_unread for item in items(cast.ceo)] == [True]


def test_all_is_marked_as_read_by_one_button(cast, ahead, as_):
    make_risk(team=cast.north, changed_at=THEN)
    client = as_(cast.ceo)
    assert "Mark all read" in client.get("/").content.decode()
    assert client.post("/read/").url == "/"
    page = client.get("/").content.decode()
    assert "Nothing new since you last looked" in page
    assert "Mark all read" not in page


@pytest.mark.parametrize(
    ("item", "status"),
    [("north/x<y", 404), ("nowhere/risk-1", 404), ("south/risk-1", 302), ("away/risk-1", 404)],
)
def test_only_items_of_ones_own_teams_are_opened(cast, as_, item, status):
    assert as_(cast.ceo).post("/read/", {"item": item}).status_code == status


def test_news_is_one_query_for_one_team_and_for_many(cast, django_assert_num_queries):
    from meetings.home.queries import days_off_near, teams_of
    from meetings.home.team_snapshots import team_snapshot
    from meetings.news import news_of

    visible = teams_of(cast.ceo, NOW)
    days_off = days_off_near(visible, NOW.date())
    teams = [team_snapshot(team, days_off, NOW).as_news for team in visible]
    make_risk(team=cast.north, changed_at=THEN), make_risk(team=cast.south, changed_at=THEN)
    with django_assert_num_queries(1):
        assert len(news_of(teams, cast.ceo, NOW).items) == 2
