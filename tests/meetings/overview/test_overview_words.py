"""Who reads an overview gets no word that a team wrote: not on a page, in a file, in a mail, nor in what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from alignment.models import Notice, User
from alignment.outbox.delivery import deliver_due
from meetings.transitions import closing
from tests.abuse.everywhere import ROUTES, address, ours, overwrite, read, texts
from tests.cast import Cast
from tests.factories import (
    NOW,
    full_answer,
    make_call,
    make_check_in,
    make_commitment,
    make_deal,
    make_feedback_talk,
    make_first_meeting,
    make_held_meeting,
    make_issue,
    make_meeting,
    make_overview_reader,
    make_update,
)
from tests.sweep import enqueue_reminders
from tests.test_urls import ROLES, declared, stage, without_link

__all__ = ["stage"]
pytestmark = pytest.mark.time_machine(NOW)
WORD = "zqcanary"
NO_WORDS_OF_TEAMS = {
    "alignment.Company",
    "alignment.Team",
    "alignment.User",
    "alignment.Membership",
    "alignment.Seat",
    "alignment.Preference",
    "alignment.Heartbeat",
    "alignment.OverviewReader",
}
"""Of these the name of a company, a team and the reader stand on the page; the rest is no text."""
OVERVIEW = {"meetings:overview", "meetings:overview_file"}
OUTSIDER = ROLES.index("outsider")
"""Somebody of another company: their pages are those of anybody's own account, and lists of what is theirs."""


@pytest.fixture
def cfo(cast: Cast, stage: dict[str, Any]) -> User:
    """Every free text of the company is the canary: titles, reasons, check-ins, disagreements, names of deals."""
    held = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=14))
    make_check_in(meeting=held, ceo=full_answer(sentence=WORD), leader=full_answer(sentence=WORD))
    make_first_meeting(team=cast.north, ceo={"chase": WORD}, leader={"leave": WORD}, opened_at=NOW)
    make_feedback_talk(team=cast.north, user=cast.ceo)
    make_call(meeting=held, deals=[make_deal(team=cast.north)])
    make_update(meeting=held, author=cast.leader, text=WORD)
    for model in ours():
        if model._meta.label not in NO_WORDS_OF_TEAMS:
            for name in texts(model):
                overwrite(model, name, WORD)
    return make_overview_reader(company=cast.company)


def content(answer: Any) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") + str(dict(answer.headers))


def test_the_canary_stands_where_a_team_writes(cast: Cast, cfo: User, as_: Any) -> None:
    places = {
        f"{model.__name__}.{name}"
        for model in ours()
        for name in texts(model)
        if model._base_manager.filter(**{f"{name}__contains": WORD}).exists()
    }
    assert places >= {
        "CheckInAnswer.sentence",
        "Commitment.text",
        "Deal.name",
        "Decision.text",
        "FirstMeetingAnswer.chase",
        "HeadsUp.words",
        "Initiative.title",
        "Issue.title",
        "Risk.name",
        "Update.text",
    }
    assert WORD in content(as_(cast.ceo).get("/deals/"))


def test_they_get_no_word_of_a_team_and_open_no_page_of_one(
    cfo: User, stage: dict[str, Any], as_: Any
) -> None:
    client: Client = as_(cfo)
    opened = set()
    for route in ROUTES:
        path = address(route, stage)
        for method in (client.get, client.post):
            with transaction.atomic():
                without_link(client)
                answer = method(path)
                assert WORD not in content(answer), (route, method)
                opened |= {route} if answer.status_code == 200 else set()
                transaction.set_rollback(True)
    of_anybody = {route for route, cells in declared().items() if "200" in cells[OUTSIDER]}
    assert opened - of_anybody == OVERVIEW
    assert "meetings:home" not in opened


def test_the_overview_leads_to_no_page_of_a_team(cfo: User, as_: Any) -> None:
    client: Client = as_(cfo)
    links = read("/overview/", client.get("/overview/").content.decode()).links
    assert not [link for link in links if link.startswith(("/teams/", "/meetings", "/deals", "/setup"))]
    assert all(client.get(f"/overview/{link}").status_code == 200 for link in links if link.startswith("?"))


def test_no_mail_goes_to_them(cast: Cast, cfo: User) -> None:
    meeting = make_meeting(team=cast.south, starts_at=NOW - timedelta(hours=1))
    make_commitment(team=cast.south, owner=cast.ceo, text=WORD, due=NOW.date())
    make_issue(team=cast.south, title=WORD)
    meeting.start(by=cast.ceo, now=NOW - timedelta(hours=1))
    closing.close_meeting(meeting, by=cast.ceo, now=NOW)
    for days in range(10):
        enqueue_reminders(NOW + timedelta(days=days))
    deliver_due()
    assert Notice.objects.exists()
    assert not Notice.objects.filter(to=cfo).exists()
    assert not [message for message in mail.outbox if cfo.email in message.to]
