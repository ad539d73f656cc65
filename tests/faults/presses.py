"""What is pressed on each address that changes something: who presses, what is sent, and what was done before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from alignment import address_changes, joining, leaving, unsubscribing
from deals.models import RevenueEntry
from meetings import founding
from meetings.models import Commitment, Issue
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_invited, make_meeting, make_revenue
from tests.test_urls import address

#: A quarter of an hour before the meeting of the stage.
THEN = NOW - timedelta(minutes=15)
TOKEN = "6f6a1c1e-3a52-4a0e-9a4e-0f3f1c0b7d11"
NEW = {"team": "north", "token": TOKEN}
Stage = dict[str, Any]


def running(stage: Stage, cast: Cast) -> None:
    stage["meeting"].start(by=cast.ceo, now=THEN)


def missed(stage: Stage, cast: Cast) -> None:
    stage["meeting"] = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=14))
    stage["meeting"].miss(now=NOW - timedelta(days=13))


def booked(stage: Stage, cast: Cast) -> None:
    stage["meeting"] = make_revenue(team=cast.north, day=TODAY, amount=Decimal(1000))


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


def ended(stage: Stage, cast: Cast) -> None:
    stage["planned"].delete()
    founding.finish(cast.north, TODAY, by=cast.admin, now=THEN)


def asking_for_an_address(stage: Stage, cast: Cast) -> None:
    address_changes.ask(cast.leader, "joe@new.test", now=THEN)
    stage["link"] = address_changes.url_for(cast.leader.address_change)


def invited(stage: Stage, cast: Cast) -> None:
    person = make_invited(company=cast.company, email=cast.leader.email)
    stage["link"] = joining.url_for(person.invites.get())


def deactivated(stage: Stage, cast: Cast) -> None:
    leaving.deactivate(cast.leader, cast.company, by=cast.admin, now=THEN)


def nothing(stage: Stage, cast: Cast) -> None:
    pass


@dataclass(frozen=True)
class Press:
    by: str = "leader"
    told: dict[str, Any] = field(default_factory=dict)
    #: Also with something of the stage in it.
    names: Callable[[Stage], dict[str, Any]] = lambda stage: {}
    before: Callable[[Stage, Cast], None] = nothing
    #: What the others read whose press came too late: 302 says why, 404 that it is no longer there.
    answers: frozenset[int] = frozenset({200, 204, 302, 303, 409})


def day(at: datetime) -> str:
    return at.date().isoformat()


EAST = {
    "name": "East",
    "rhythm": "weekly",
    "weekday": "1",
    "local_time": "09:00",
    "timezone": "Europe/Paris",
    "starts_on": day(NOW),
}
WHY = {"why": "Trade fair"}
PRESSES = {
    "alignment:address": Press(told={"email": "joe@new.test", "password": "demo-password"}, answers=frozenset({302, 422})),
    "alignment:address_cancel": Press(before=asking_for_an_address),
    "alignment:address_confirm": Press(before=asking_for_an_address, answers=frozenset({200, 410})),
    "alignment:invitation": Press(before=invited),
    "alignment:outbox_again": Press("admin"),
    "alignment:people_invite": Press("admin", {"people": "Eva Lund <eva@new.test>\nMax; max@new.test"}),
    "alignment:person": Press("admin", {"name": "Joseph", "timezone": "UTC", "locale": "en-GB", "is_admin": "on"}),
    "alignment:person_deactivate": Press("admin", WHY),
    "alignment:person_password": Press("admin"),
    "alignment:person_revoke": Press("admin"),
    "alignment:person_send_again": Press("admin"),
    "alignment:person_take_back": Press("admin", before=deactivated),
    "alignment:profile": Press(told={"name": "Joseph", "timezone": "Europe/Rome", "locale": "it-IT"}),
    "alignment:preferences": Press(told={"by_mail": ["recap"], "days": ["0", "1"], "quiet_from": "22:00", "quiet_until": "06:00"}),
    "alignment:unsubscribe": Press(),
    "deals:edit": Press(told={"version": 1, "stage": "Contract"}),
    "deals:new": Press(told=NEW | {"name": "Orbis", "amount": "5000", "status": "won", "close_date": day(NOW)}),
    "deals:pin": Press("ceo", {"pin": "1"}),
    "deals:revenue_correct": Press(told={"day": day(NOW), "amount": "900", "token": TOKEN}, before=booked),
    "deals:revenue_new": Press(told=NEW | {"day": day(NOW), "amount": "1200"}),
    "deals:risk_close": Press(told={"outcome": "Signed"}),
    "deals:risk_edit": Press(told={"version": 1, "action": "Visit"}),
    "deals:risk_new": Press(told=NEW | {"name": "Hollis", "what_is_wrong": "The champion left."}),
    "deals:risk_reopen": Press(before=closed),
    "meetings:attend": Press("ceo", {"present": "1"}, lambda stage: {"user": stage["ceo"].pk}),
    "meetings:calendar_mail": Press(told={"wanted": "yes"}),
    "meetings:calendar_renew": Press(),
    "meetings:calendar_stop": Press(before=subscribed),
    "meetings:clock": Press("ceo", {"act": "suspend"}, before=running),
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
    "meetings:decision_new": Press("ceo", NEW | {"text": "Raise prices"}, lambda stage: {"meeting": stage["meeting"].pk}),
    "meetings:excuse": Press("ceo", WHY),
    "meetings:flag_acknowledge": Press("ceo", {"word": "Seen"}),
    "meetings:hand_in": Press(),
    "meetings:initiative_edit": Press(told={"version": 1, "part": "progress", "current": "7", "health": "behind"}),
    "meetings:initiative_finish": Press(told={"outcome": "Nine deals"}),
    "meetings:initiative_new": Press(told=NEW | {"title": "Hire two", "current": "1"}),
    "meetings:initiative_reopen": Press(before=finished),
    "meetings:initiative_word": Press("ceo", {"word": "agreed", "version": 1}),
    "meetings:issue_discuss": Press(),
    "meetings:issue_edit": Press("ceo", {"version": 1, "title": "Discounts"}),
    "meetings:issue_first": Press(),
    "meetings:issue_new": Press(told=NEW | {"title": "Credit checks"}),
    "meetings:issue_reopen": Press(before=solved),
    "meetings:issue_solve": Press(told={"resolution": "Up to ten percent"}),
    "meetings:miss_answer": Press("ceo", {"word": "Ill"}, before=missed),
    "meetings:miss_correct": Press("admin", WHY | {"to": "excused"}, before=missed),
    "meetings:move": Press("ceo", WHY | {"day": day(NOW + timedelta(days=1)), "time": "11:00"}),
    "meetings:note": Press(told={"text": "Ask for more people.", "version": 0}),
    "meetings:raise": Press("ceo", {"team": "north"}, lambda stage: {"about": f"deal-{stage['deal'].pk}"}),
    "meetings:rate": Press("ceo", {"score": "9"}, before=running),
    "meetings:reopen": Press("ceo", WHY),
    "meetings:setup_planned_cancel": Press("admin"),
    "meetings:setup_seat_end": Press("admin", {"last": day(NOW)}),
    "meetings:setup_seat_hand_over": Press("admin", WHY | {"day": day(NOW)}, lambda stage: {"person": stage["planned"].user_id}),
    "meetings:setup_seat_new": Press("admin", {"role": "facilitator", "day": day(NOW)}, lambda stage: {"person": stage["planned"].user_id}),
    "meetings:setup_team": Press("admin", {"part": "name", "name": "Northern"}),
    "meetings:setup_team_end": Press("admin", {"last": day(NOW)}),
    # the others read that there is a team of that name: 422
    "meetings:setup_team_new": Press("admin", EAST, lambda stage: {"ceo": stage["ceo"].pk}, answers=frozenset({302, 422})),
    "meetings:setup_team_take_up": Press("admin", {}, lambda stage: {"ceo": stage["ceo"].pk}, before=ended),
    "meetings:section": Press("ceo", {"section": "risks"}, before=running),
    "meetings:start": Press("ceo"),
    "meetings:words": Press(told={"section": "revenue", "text": "Three renewals", "version": 0}),
}  # fmt: skip

#: Of setup, by room: what is not pressed yet. An address leaves this list when it gets its press, and none joins it.
UNPRESSED = {
    f"{room}:{name}"
    for room, names in {
        "alignment": (
            "archive_ask archive_file archive_remove audit_export company first_run forget holiday_remove holidays "
            "person_factors_remove person_sessions_end session_end sessions_end signin_policy "
        ),
        "deals": (
            "goals goals_apply goals_copy goals_export goals_paste goals_spread revenue_paste setup_revenue_correct "
            "setup_revenue_export setup_revenue_new setup_revenue_paste "
        ),
        "meetings": (""),
    }.items()
    for name in names.split()
}


def path_of(route: str, stage: Stage) -> str:
    if route in {"alignment:address_confirm", "alignment:invitation"}:
        return "/" + stage["link"].split("/", 3)[3]
    if route == "alignment:unsubscribe":
        return reverse(route, args=(unsubscribing.token_for(stage["leader"], ["recap"]),))
    if route == "deals:revenue_correct":
        return reverse(route, args=(RevenueEntry.objects.get().pk,))
    return address(route, stage)
