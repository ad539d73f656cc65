"""What is pressed on each address that changes something: who presses, what is sent, and what was done before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from alignment.agreements.answers import accept, propose
from alignment.models import Goal
from alignment.outbox import unsubscribe
from alignment.rules.periods import quarter_of
from alignment.rules.roles import Side
from deals.forms.imports import AnswersForm
from deals.import_runs import jobs
from deals.models import Deal, DealChange, Evidence, Rep, UploadAddress
from deals.same_deals.merging import merge_deals
from meetings.agreement.as_it_is import agree_as_it_is, content_now, state_of_content
from meetings.agreement.proposals import state_of
from meetings.agreement.queries import read_current, read_lines
from meetings.agreement.terms import right_content
from meetings.home import home
from meetings.models import Issue, SilencedReason
from meetings.needs.undo import signed
from meetings.rules.decision_rights import Right, RightKind
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_account,
    make_check_in,
    make_deal,
    make_first_meeting,
    make_held_meeting,
    make_meeting,
    make_notice,
    make_point,
    make_rep,
    make_revenue,
)
from tests.faults.press import NEW, THEN, TOKEN, WHY, Press, Stage, day
from tests.faults.presses_setup import SETUP, TABLE, previewed
from tests.test_urls import address

QUARTER = "2026-Q4"


def running(stage: Stage, cast: Cast) -> None:
    stage["meeting"].start(by=cast.ceo, now=THEN)


def reason_of_team(stage: Stage) -> dict[str, str]:
    """Why the CEO is needed, as their home says it."""
    team = stage["team"]
    reason = home(team.holder("ceo"), THEN).reason_of(team.slug)
    assert reason is not None
    return {"kind": reason.kind}


def silenced(stage: Stage, cast: Cast) -> None:
    SilencedReason.objects.silence(cast.north, "gap", Decimal(1), by=cast.ceo, now=THEN)


def checked_in(stage: Stage, cast: Cast) -> None:
    stage["meeting"] = make_held_meeting(team=cast.north, starts_at=THEN - timedelta(hours=3))
    make_check_in(meeting=stage["meeting"], ceo={"tap": "no"}, leader={"tap": "no"})


def checked_in_by_ceo(stage: Stage, cast: Cast) -> None:
    stage["meeting"] = make_held_meeting(team=cast.north, starts_at=THEN - timedelta(hours=3))
    make_check_in(meeting=stage["meeting"], ceo={})


def both_prepared(stage: Stage, cast: Cast) -> None:
    done = {"chase": "Mid-size plants", "done_at": THEN}
    make_first_meeting(team=cast.north, ceo=done, leader=done)


def first_open(stage: Stage, cast: Cast) -> None:
    done = {"chase": "Mid-size plants", "done_at": THEN}
    make_first_meeting(team=cast.north, ceo=done, leader=done, opened_at=THEN)


def missed(stage: Stage, cast: Cast) -> None:
    stage["meeting"] = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=14))
    stage["meeting"].mark_missed(now=NOW - timedelta(days=13))


def closed(stage: Stage, cast: Cast) -> None:
    stage["risk"].close(by=cast.leader, now=THEN, outcome="Signed")


def without_facts(stage: Stage, cast: Cast) -> None:
    Evidence.objects.all().delete()


def won(stage: Stage, cast: Cast) -> None:
    Deal.objects.update(status=Deal.Status.WON)


def with_another_rep(stage: Stage, cast: Cast) -> None:
    Rep.objects.exclude(joined_into=None).delete()
    stage["other_rep"] = make_rep(team=cast.north, name="Dana Ruiz")


def with_the_same_deal(stage: Stage, cast: Cast) -> None:
    stage["same_deal"] = make_deal(team=cast.north)


def with_a_merged_deal(stage: Stage, cast: Cast) -> None:
    with_the_same_deal(stage, cast)
    merge_deals(stage["deal"], stage["same_deal"], by=cast.leader, now=THEN)


def finished(stage: Stage, cast: Cast) -> None:
    stage["initiative"].finish(by=cast.leader, now=THEN, outcome="Done")


def solved(stage: Stage, cast: Cast) -> None:
    Issue.objects.get().solve(by=cast.ceo, now=THEN, resolution="Agreed")


def kept(stage: Stage, cast: Cast) -> None:
    stage["commitment"].do(by=cast.leader, now=THEN)
    stage["commitment"].refresh_from_db()


def ended(stage: Stage, cast: Cast) -> None:
    running(stage, cast)
    close_meeting(stage["meeting"], by=cast.ceo, now=THEN)


def token_of_done(stage: Stage) -> dict[str, str]:
    """What the Undo button of a commitment that was just done carries."""
    commitment = stage["commitment"]
    key = f"commitment-{commitment.pk}"
    return {"need": key, "token": signed("done", commitment, by=stage["leader"], key=key)}


def with_goals(stage: Stage, cast: Cast) -> None:
    for number in (10, 11, 12):
        Goal.objects.set(cast.north, date(2026, number, 1), Decimal(90_000), by=cast.admin, now=THEN)


def goals_as_they_are(stage: Stage) -> dict[str, str]:
    quarter = quarter_of(NOW.date(), first_month=1)
    content = content_now("goals", [], read_current(stage["team"], quarter), stage["team"], quarter)
    return {"state": state_of_content(content)}


def with_a_right(stage: Stage, cast: Cast) -> None:
    right = right_content(Right(RightKind.DISCOUNT, Decimal(15)))
    row = propose(
        cast.north,
        subject="right",
        key=f"{QUARTER}-discount",
        content=right,
        side=Side.LEADER,
        by=cast.leader,
        now=THEN,
    )
    stage["agreement"] = row


def with_a_question_within_it(stage: Stage, cast: Cast) -> None:
    with_a_right(stage, cast)
    accept(stage["agreement"], by=cast.ceo, now=THEN)
    Issue.objects.update(side="leader", kind="question", title="May I give a 12% discount?", detail="")


def with_other_goals(stage: Stage, cast: Cast) -> None:
    with_goals(stage, cast)
    quarter = quarter_of(NOW.date(), first_month=1)
    state = goals_as_they_are(stage)["state"]
    row = agree_as_it_is(cast.north, quarter, "goals", state=state, by=cast.leader, now=THEN)
    stage["agreement"] = accept(row, by=cast.ceo, now=THEN)
    Goal.objects.set(cast.north, date(2026, 12, 1), Decimal(95_000), by=cast.admin, now=THEN)


def state_of_agreement(stage: Stage) -> dict[str, str]:
    quarter = quarter_of(NOW.date(), first_month=1)
    return {"state": state_of(read_lines(stage["team"], quarter), read_current(stage["team"], quarter))}


class UploadedTable:
    """A file that many threads send at once: it is read anew each time."""

    name = "deals.csv"

    def read(self, *size: int) -> bytes:
        return b"id,name,account,owner,stage,amount,close date\nA1,Plant,Brandt,Ann Lee,Proposal,900,2027-01-15\n"


def imported(stage: Stage, cast: Cast) -> None:
    stage["run"].start_writing(by=cast.leader, now=THEN)
    jobs.run_jobs(THEN)


def as_understood(stage: Stage) -> dict[str, str]:
    """The page of what was understood, sent as it is."""
    form = AnswersForm(run=stage["run"])
    return {name: str(form[name].value() or "") for name in form.fields}


def one_missing(stage: Stage, cast: Cast) -> None:
    stage["run"].rows.create(
        number=0, thing="deals", verdict="missing", name="Orbis", target=stage["deal"].pk
    )


def lost_by_row(stage: Stage) -> dict[str, str]:
    return {f"row-{stage['run'].rows.get(verdict='missing').pk}": "lost"}


def with_an_address(stage: Stage, cast: Cast) -> None:
    stage["poll"] = UploadAddress.objects.renew(cast.north, instead_of="", by=cast.leader, now=THEN)


def subscribed(stage: Stage, cast: Cast) -> None:
    cast.leader.renew_calendar_token()


def paying(stage: Stage, cast: Cast) -> None:
    """A client that is proposed as a key one."""
    stage["deal"].account = make_account(company=cast.company)
    stage["deal"].save()
    make_revenue(team=cast.north, day=NOW.date(), amount=1000, deal=stage["deal"])


def moved(stage: Stage, cast: Cast) -> None:
    """A deal of a rep with an address, moved out of its quarter."""
    deal = stage["deal"]
    deal.rep = make_rep(team=cast.north, email="rep@demo.test")
    deal.close_date = NOW.date() + timedelta(days=90)
    deal.save()
    old, new = f"{NOW.date()}", f"{deal.close_date}"
    DealChange.objects.create(deal=deal, field="close_date", old=old, new=new, day=NOW.date(), at=THEN)


def asked_why(stage: Stage, cast: Cast) -> None:
    moved(stage, cast)
    link = stage["personal_link"]
    link.kind, link.thing = "date", stage["deal"].pk
    link.save()


def mailed(stage: Stage, cast: Cast) -> None:
    make_notice(to=cast.leader, kind="key_client", link=stage["personal_link"], sent_at=THEN)


def off_target(stage: Stage, cast: Cast) -> None:
    for weeks in range(1, 4):
        monday = NOW.date() - timedelta(weeks=weeks)
        make_point(measure=stage["measure"], period=monday, value=0)
    make_point(measure=stage["measure"], period=NOW.date() - timedelta(weeks=4), value=9)


def asked_for_a_number(stage: Stage, cast: Cast) -> None:
    measure, link = stage["measure"], stage["personal_link"]
    measure.rep = make_rep(team=cast.north, email=link.email)
    measure.save()
    link.kind, link.thing = "measure", measure.pk
    link.save()


A_MEASURE = {"name": "First meetings", "direction": "up", "target": "5", "counted": "typed"}
SAID = {"client_said": "All is well", "colour": "red", "day": day(NOW), "token": TOKEN}
GONE = frozenset({302, 404, 409})
"""What ends a thing: whoever comes too late does not find it."""

PRESSES = SETUP | {
    "alignment:preferences": Press(
        told={"by_mail": ["recap"], "days": ["0", "1"], "quiet_from": "22:00", "quiet_until": "06:00"}
    ),
    "alignment:unsubscribe": Press(),
    "alignment:agreement_agree": Press("ceo"),
    "alignment:agreement_decline": Press("ceo", {"why": "Too few big ones."}),
    "alignment:agreement_withdraw": Press(),
    "alignment:link_opened": Press(by_link=True, answers=frozenset({204})),
    "alignment:link_renew": Press(before=mailed),
    "alignment:link_revoke": Press(),
    "deals:capacity_edit": Press(told={"version": 1, "what": "Three weeks", "who": "Support"}),
    "deals:capacity_new": Press(told={"what": "A crane", "who": "Operations", "token": TOKEN}),
    "deals:capacity_remove": Press(answers=GONE),
    "deals:capacity_informed": Press(),
    "deals:client_answer": Press(told=SAID, by_link=True),
    "deals:client_edit": Press(told={"version": 1, "every_days": 30}),
    "deals:client_end": Press(answers=frozenset({302, 404})),
    "deals:client_new": Press(told={"name": "Brandt"}),
    "deals:client_touch": Press(told=SAID),
    "deals:clients_confirm": Press(before=paying, names=lambda stage: {"account": stage["deal"].account_id}),
    "deals:account_edit": Press(told={"version": 1, "name": "Orbis", "status": "client"}),
    "deals:contact": Press(told={"version": 1, "name": "Mira Holm", "level": "c_level"}),
    "deals:contact_delete": Press(answers=GONE),
    "deals:contact_new": Press(told={"name": "Mira Holm", "title": "CFO", "role": "pays"}),
    "deals:rep": Press(told={"version": 1, "name": "Dana Ruiz"}),
    "deals:rep_join": Press(names=lambda stage: {"into": stage["other_rep"].pk}, before=with_another_rep),
    "deals:rep_move": Press(told={"to_team": "none", "day": day(NOW), "deals": "stay"}, answers=GONE | {403}),
    "deals:rep_new": Press(told={"name": "Dana Ruiz", "email": "dana@demo.test"}),
    "deals:rep_separate": Press(),
    "meetings:agreement_agree_now": Press(
        told={"quarter": QUARTER, "subject": "goals"}, names=goals_as_they_are, before=with_goals
    ),
    "meetings:agreement_confirm": Press(
        "ceo", {"quarter": QUARTER}, lambda stage: {"line": stage["agreement"].pk}, before=with_a_right
    ),
    "meetings:agreement_disagree": Press(
        told={"quarter": QUARTER, "why": "The market fell by half."}, before=with_goals
    ),
    "meetings:agreement_leave_open": Press("ceo", WHY, before=with_other_goals),
    "meetings:agreement_propose": Press(
        told={"quarter": QUARTER, "discount": "15", "sentences": "We leave small accounts to partners."},
        names=state_of_agreement,
    ),
    "meetings:quarter_share": Press("ceo", {"quarter": QUARTER, "parts": "result", "version": 0}),
    "meetings:issue_withdraw": Press(before=with_a_question_within_it),
    "meetings:agreement_agree": Press("ceo", {"need": "agreement-1"}),
    "meetings:capacity_promise": Press(),
    "meetings:contact_note": Press("ceo", {"stance": "supporter", "what_matters": "Uptime"}),
    "deals:edit": Press(told={"version": 1, "stage": "Contract"}),
    "deals:evidence": Press(told={"kinds": ["paper", "calendar"], "day": day(NOW), "words": "By mail"}),
    "deals:evidence_ask": Press("ceo", before=without_facts),
    "deals:evidence_remove": Press(answers=GONE),
    "deals:new": Press(
        told=NEW | {"name": "Orbis", "amount": "5000", "status": "won", "close_date": day(NOW)}
    ),
    "deals:import_answers": Press(names=as_understood, answers=frozenset({302, 422})),
    "deals:import_apply": Press(),
    "deals:import_complete": Press(),
    "deals:import_discard": Press(answers=frozenset({302, 404})),
    "deals:import_missing": Press(before=one_missing, names=lost_by_row),
    "deals:import_undo": Press(before=imported),
    "deals:imports": Press(told=NEW | {"kind": "deals", "scope": "team:north", "file": UploadedTable()}),
    "deals:upload": Press("", {"file": UploadedTable()}, before=with_an_address, answers=frozenset({202})),
    "deals:upload_address": Press(told={"instead_of": ""}, answers=frozenset({200, 409})),
    "deals:upload_address_remove": Press(before=with_an_address),
    "deals:lost": Press(told={"version": 1, "close_date": day(NOW), "reason": "Price"}),
    "deals:merge": Press(names=lambda stage: {"into": stage["same_deal"].pk}, before=with_the_same_deal),
    "deals:separate": Press(before=with_a_merged_deal),
    "deals:mix_propose": Press(told={"small": "20", "mid": "50", "big": "30", "why": "Salaries"}),
    "deals:move": Press(
        told={"version": 1, "close_date": day(NOW + timedelta(days=90)), "reason": "Their board"}
    ),
    "deals:won": Press(told={"version": 1, "close_date": day(NOW), "amount": "5000", "won_by": "Dana"}),
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
    "meetings:commitment_accept": Press(),
    "meetings:commitment_carry": Press(),
    "meetings:commitment_done": Press(),
    "meetings:commitment_drop": Press(told={"why": "They went elsewhere"}),
    "meetings:commitment_edit": Press(told={"version": 1, "text": "Call Brandt"}),
    "meetings:commitment_new": Press(told=NEW | {"text": "Call Orbis"}),
    "meetings:commitment_reopen": Press(before=kept),
    "meetings:commitment_take": Press("ceo"),
    "meetings:congratulate": Press(
        "ceo", {"to_name": "Dana", "to_address": "dana@demo.test", "text": "Well done."}, before=won
    ),
    "meetings:decision_delete": Press(answers=frozenset({302, 404})),
    "meetings:decision_edit": Press(told={"version": 1, "text": "Raise the price"}),
    "meetings:decision_new": Press(
        "ceo", NEW | {"text": "Raise prices"}, lambda stage: {"meeting": stage["meeting"].pk}
    ),
    "meetings:moved_ask": Press(before=moved),
    "meetings:moved_dates": Press(told={"for_all": "budget"}, before=moved),
    "meetings:measure_new": Press(told=NEW | A_MEASURE),
    "meetings:measure_edit": Press(told={"version": 1, "name": "First meetings", "target": "6"}),
    "meetings:measure_value": Press(told={"value": "7"}),
    "meetings:measure_raise": Press(before=off_target),
    "meetings:measure_end": Press(),
    "meetings:measure_answer": Press(
        told={"value": "7", "week": day(NOW - timedelta(days=7))}, before=asked_for_a_number, by_link=True
    ),
    "meetings:moved_answer": Press(told={"kind": "legal"}, before=asked_why, by_link=True),
    "meetings:excuse": Press("ceo", WHY),
    "meetings:flag_acknowledge": Press("ceo", {"comment": "Seen"}),
    "meetings:check_in": Press("ceo", {"version": 0, "tap": "yes"}, before=running),
    "meetings:check_in, by the second of the two": Press(
        "leader", {"version": 0, "tap": "no"}, before=checked_in_by_ceo
    ),
    "meetings:check_in_raise": Press("ceo", {"key": "tap", "text": "What first?"}, before=checked_in),
    "meetings:first_meeting": Press(told={"version": 0, "success": "Three plants", "is_done": "on"}),
    "meetings:first_meeting_open": Press(before=both_prepared),
    "meetings:first_meeting_take": Press(
        told={"part": "chase", "side": "ceo", "line": "0"}, before=first_open
    ),
    "meetings:first_meeting_end": Press(before=first_open),
    "meetings:first_meeting_not_now": Press(),
    "meetings:first_meeting_plan": Press(names=lambda stage: {"meeting": stage["meeting"].pk}),
    "meetings:feedback_talk": Press(told={"version": 0, "on": day(NOW - timedelta(days=1))}),
    "meetings:feedback_not_yet": Press(told={"version": 0}),
    "meetings:feedback_note": Press(),
    "meetings:heads_ups": Press("ceo", {"words": "Told a rep we would match the price", "token": TOKEN}),
    "meetings:heads_up_agree": Press("leader"),
    "meetings:heads_up_talk": Press("leader", {"title": "When do we match a price?"}),
    "meetings:heads_up_withdraw": Press("ceo", answers=frozenset({302, 404})),
    "meetings:call": Press(told={"version": 0, "commit": "900000"}),
    "meetings:commitment_brought": Press(told={"brought": "45000"}),
    "meetings:expectation": Press("ceo", {"version": 0, "amount": "900000"}),
    "meetings:submit_preparation": Press(),
    "meetings:initiative_edit": Press(
        told={"version": 1, "part": "progress", "current": "7", "health": "behind"}
    ),
    "meetings:initiative_finish": Press(told={"outcome": "Nine deals"}),
    "meetings:initiative_new": Press(told=NEW | {"title": "Hire two", "current": "1"}),
    "meetings:initiative_reopen": Press(before=finished),
    "meetings:initiative_approval": Press("ceo", {"approval": "agreed", "version": 1}),
    "meetings:issue_defer": Press(),
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
    "meetings:read": Press("ceo"),
    "meetings:reopen": Press("ceo", WHY),
    "meetings:section": Press("ceo", {"section": "risks"}, before=running),
    "meetings:start": Press("ceo"),
    "meetings:undo": Press(names=token_of_done, before=kept),
    "meetings:undo_end": Press("ceo", before=ended),
    "meetings:restore_reasons": Press("ceo", before=silenced),
    "meetings:silence_reason": Press("ceo", names=reason_of_team),
    "meetings:worth_asking": Press("ceo"),
    "meetings:update": Press(told={"section": "revenue", "text": "Three renewals", "version": 0}),
}


def path_of(route: str, stage: Stage) -> str:
    if route in {"alignment:address_confirm", "alignment:first_run", "alignment:invitation"}:
        return "/" + stage["link"].split("/", 3)[3]
    if route == "alignment:unsubscribe":
        return reverse(route, args=(unsubscribe.token_for(stage["leader"], ["recap"]),))
    return address(route, stage)
