"""What is pressed on each address that changes something: who presses, what is sent, and what was done before."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from alignment.outbox import unsubscribe
from meetings.models import Commitment, Issue
from tests.cast import Cast
from tests.factories import NOW, make_meeting
from tests.faults.press import NEW, THEN, TOKEN, WHY, Press, Stage, day
from tests.faults.presses_setup import SETUP, TABLE, previewed
from tests.test_urls import address


def running(stage: Stage, cast: Cast) -> None:
    stage["meeting"].start(by=cast.ceo, now=THEN)


def missed(stage: Stage, cast: Cast) -> None:
    stage["meeting"] = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=14))
    stage["meeting"].mark_missed(now=NOW - timedelta(days=13))


def closed(stage: Stage, cast: Cast) -> None:
    stage["risk"].close(by=cast.leader, now=THEN, outcome="Signed")


def finished(stage: Stage, cast: Cast) -> None:
    stage["initiative"].finish(by=cast.leader, now=THEN, outcome="Done")


def solved(stage: Stage, cast: Cast) -> None:
    Issue.objects.get().solve(by=cast.ceo, now=THEN, resolution="Agreed")


def kept(stage: Stage, cast: Cast) -> None:
    Commitment.objects.get().do(by=cast.leader, now=THEN)


def subscribed(stage: Stage, cast: Cast) -> None:
    cast.leader.renew_calendar_token()


PRESSES = SETUP | {
    "alignment:preferences": Press(
        told={"by_mail": ["recap"], "days": ["0", "1"], "quiet_from": "22:00", "quiet_until": "06:00"}
    ),
    "alignment:unsubscribe": Press(),
    "deals:edit": Press(told={"version": 1, "stage": "Contract"}),
    "deals:new": Press(
        told=NEW | {"name": "Orbis", "amount": "5000", "status": "won", "close_date": day(NOW)}
    ),
    "deals:pin": Press("ceo", {"pin": "1"}),
    "deals:revenue_correct": Press(told={"day": day(NOW), "amount": "900", "token": TOKEN}),
    "deals:revenue_new": Press(told=NEW | {"day": day(NOW), "amount": "1200"}),
    "deals:revenue_paste": Press(told=TABLE | {"team": "north"}, before=previewed("leader")),
    "deals:risk_close": Press(told={"outcome": "Signed"}),
    "deals:risk_edit": Press(told={"version": 1, "action": "Visit"}),
    "deals:risk_new": Press(told=NEW | {"name": "Hollis", "what_is_wrong": "The champion left."}),
    "deals:risk_reopen": Press(before=closed),
    "meetings:attend": Press("ceo", {"present": "1"}, lambda stage: {"user": stage["ceo"].pk}),
    "meetings:calendar_mail": Press(told={"invitations": "yes"}),
    "meetings:calendar_renew": Press(),
    "meetings:calendar_stop": Press(before=subscribed),
    "meetings:timer": Press("ceo", {"act": "suspend"}, before=running),
    "meetings:close": Press("ceo", before=running),
    "meetings:commitment_carry": Press(),
    "meetings:commitment_done": Press(),
    "meetings:commitment_drop": Press(told={"why": "They went elsewhere"}),
    "meetings:commitment_edit": Press(told={"version": 1, "text": "Call Brandt"}),
    "meetings:commitment_new": Press(told=NEW | {"text": "Call Orbis"}),
    "meetings:commitment_reopen": Press(before=kept),
    "meetings:commitment_take": Press("ceo"),
    "meetings:decision_delete": Press(answers=frozenset({302, 404})),
    "meetings:decision_edit": Press(told={"version": 1, "text": "Raise the price"}),
    "meetings:decision_new": Press(
        "ceo", NEW | {"text": "Raise prices"}, lambda stage: {"meeting": stage["meeting"].pk}
    ),
    "meetings:excuse": Press("ceo", WHY),
    "meetings:flag_acknowledge": Press("ceo", {"comment": "Seen"}),
    "meetings:submit_preparation": Press(),
    "meetings:initiative_edit": Press(
        told={"version": 1, "part": "progress", "current": "7", "health": "behind"}
    ),
    "meetings:initiative_finish": Press(told={"outcome": "Nine deals"}),
    "meetings:initiative_new": Press(told=NEW | {"title": "Hire two", "current": "1"}),
    "meetings:initiative_reopen": Press(before=finished),
    "meetings:initiative_approval": Press("ceo", {"approval": "agreed", "version": 1}),
    "meetings:issue_discuss": Press(),
    "meetings:issue_edit": Press("ceo", {"version": 1, "title": "Discounts"}),
    "meetings:issue_first": Press(),
    "meetings:issue_new": Press(told=NEW | {"title": "Credit checks"}),
    "meetings:issue_reopen": Press(before=solved),
    "meetings:issue_solve": Press(told={"resolution": "Up to ten percent"}),
    "meetings:miss_answer": Press("ceo", {"comment": "Ill"}, before=missed),
    "meetings:miss_correct": Press("admin", WHY | {"to": "excused"}, before=missed),
    "meetings:move": Press("ceo", WHY | {"day": day(NOW + timedelta(days=1)), "time": "11:00"}),
    "meetings:note": Press(told={"text": "Ask for more people.", "version": 0}),
    "meetings:raise": Press("ceo", {"team": "north"}, lambda stage: {"about": f"deal-{stage['deal'].pk}"}),
    "meetings:rate": Press("ceo", {"score": "9"}, before=running),
    "meetings:reopen": Press("ceo", WHY),
    "meetings:section": Press("ceo", {"section": "risks"}, before=running),
    "meetings:start": Press("ceo"),
    "meetings:update": Press(told={"section": "revenue", "text": "Three renewals", "version": 0}),
}


def path_of(route: str, stage: Stage) -> str:
    if route in {"alignment:address_confirm", "alignment:first_run", "alignment:invitation"}:
        return "/" + stage["link"].split("/", 3)[3]
    if route == "alignment:unsubscribe":
        return reverse(route, args=(unsubscribe.token_for(stage["leader"], ["recap"]),))
    return address(route, stage)
