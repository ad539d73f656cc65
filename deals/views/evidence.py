"""Why a committed deal will close: the leader's side answers, the CEO's side may ask."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.permissions import has_permission, speaks_for_ceo
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from deals.committed.evidence import (
    fresh_answers,
    give_evidence,
    remove_evidence,
    request_evidence,
)
from deals.forms.evidence import EvidenceForm
from deals.models import CommittedDeal, Contact, Deal, Evidence
from deals.rules.evidence import FACTS, EvidenceKind, current_commit, is_standing, last_slip

WHY_NOT = "Only the sales leader’s side can say why a deal will close."
WHY_NOT_ASK = "Only the CEO’s side can ask why a deal will close."
NOT_COMMITTED = "This deal is open in no commit, so there is nothing to give reasons for."
REQUESTED = "The sales leader is asked at the next preparation. The deal is pinned to the agenda."
IS_ANSWERED = "Somebody gave a fact in the meantime: it is on the page of the deal."


def _deal(request: Request, pk: int) -> Deal:
    visible = Deal.objects.visible_to(request.user).select_related("team__company", "account")
    return get_object_or_404(visible, pk=pk)


def _here(deal: Deal) -> str:
    return f"{reverse('deals:edit', args=[deal.pk])}#evidence"


def _rows(deal: Deal) -> list[CommittedDeal]:
    return list(CommittedDeal.objects.of_deal(deal).prefetch_related("evidence"))


def _answers(deal: Deal, rows: list[CommittedDeal], today: date) -> list[Evidence]:
    return fresh_answers(rows, deal.team, last_slip((row.period_end for row in rows), today=today))


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, pk: int) -> HttpResponse:
    """The facts that are known, or that there is none yet."""
    deal, now = _deal(request, pk), timezone.now()
    require(deal.can_edit(request.user), WHY_NOT)
    rows, today = _rows(deal), deal.team.today(now)
    committed = current_commit(rows, today=today)
    if committed is None or deal.status != Deal.Status.OPEN:
        return refuse(request, _here(deal), NOT_COMMITTED)
    given = {row.kind for row in _answers(deal, rows, today) if row.kind in FACTS}
    form = EvidenceForm(
        request.POST if request.method == "POST" else None,
        deal=deal,
        given=given,
        contacts=Contact.objects.visible_to(request.user),
        today=today,
    )

    def step() -> str:
        answer = form.cleaned_data
        if given and EvidenceKind.NONE_YET in answer["kinds"]:
            return IS_ANSWERED
        give_evidence(
            committed,
            answer["kinds"],
            day=answer["day"],
            contact=answer.get("contact"),
            words=answer["words"],
            by=request.user,
            now=now,
        )
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_here(deal),
        message=f"Saved: why {deal} will close.",
        heading=f"Why will {deal} close?",
        button="Save",
        label="Why it will close",
    )


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take one back; it can be given again."""
    rows = Evidence.objects.visible_to(request.user).select_related("committed__deal__team")
    evidence = get_object_or_404(rows, pk=pk)
    deal = evidence.committed.deal
    require(evidence.committed.team_id == deal.team_id and deal.can_edit(request.user), WHY_NOT)
    remove_evidence(evidence)
    return back(request, _here(deal), message="Removed. You can give it again.")


@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """The CEO wants to know. The deal is pinned, so that the next preparation has a row for it."""
    deal = _deal(request, pk)
    require(has_permission(request.user, deal.team, speaks_for_ceo), WHY_NOT_ASK)
    now = timezone.now()
    rows, today = _rows(deal), deal.team.today(now)
    committed = current_commit(rows, today=today)
    if committed is None or deal.status != Deal.Status.OPEN or not is_standing(committed, today=today):
        return refuse(request, _here(deal), NOT_COMMITTED)
    if any(row.kind in FACTS for row in _answers(deal, rows, today)):
        return refuse(request, _here(deal), IS_ANSWERED)
    request_evidence(committed, by=request.user, now=now)
    deal.pin(now)
    return back(request, _here(deal), message=REQUESTED)
