"""The CEO congratulates whoever won a deal: two lines by mail, once."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat, compact, day
from alignment.rules.roles import Role
from alignment.rules.text import first_name
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request
from alignment.web.responses import require
from deals.models import Deal
from meetings.forms.congratulations import CongratulateForm
from meetings.mails.congratulations import send
from meetings.models import Congratulation

WHY_NOT = "Only the CEO can congratulate here."


@require_http_methods(["GET", "HEAD", "POST"])
def congratulate(request: Request, pk: int) -> HttpResponse:
    now, user = timezone.now(), request.user
    visible = Deal.objects.visible_to(user).select_related("team__company", "congratulation")
    deal = get_object_or_404(visible, pk=pk)
    require(deal.team.role_of(user) == Role.CEO, WHY_NOT)
    if deal.status != Deal.Status.WON:
        raise Http404("This deal is not won.")
    data = request.POST if request.method == "POST" else None
    form = CongratulateForm(data, initial=_proposed(deal, user))

    @transaction.atomic
    def step() -> str:
        if not Congratulation.objects.send_once(deal, by=user, now=now, **form.cleaned_data):
            sent = Congratulation.objects.get(deal=deal)
            on = day(deal.team.today(sent.at))
            is_same = sent.by == user and sent.text == form.cleaned_data["text"]  # a second click
            return "" if is_same else f"{sent.to_name} was congratulated on {on}; a second mail is not sent."
        send(Congratulation.objects.get(deal=deal), now=now)
        Team.objects.bump_revision(deal.team_id)
        return ""

    leader = deal.team.holder(Role.LEADER)
    copy = f" {leader.first_name} gets a copy." if leader else ""
    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("deals:edit", args=[pk]),
        message=f"Sent to {form.data.get('to_name', '')}.",
        heading=f"Congratulate on {deal}",
        about=f"A mail in your name.{copy}",
        note=f"A mail in your name.{copy}",
        button="Send",
        label="Congratulate",
    )


def _proposed(deal: Deal, ceo: User) -> dict[str, Any]:
    """Two lines to begin with, and the address as it is known from an earlier mail or from an account."""
    name = deal.earned_by
    amount = f" ({compact(deal.amount, MoneyFormat(deal.team.currency, ceo.locale))})" if deal.amount else ""
    opening = f"{first_name(name)}, congratulations" if name else "Congratulations"
    line = f" {deal.won_line.rstrip('.')}: well done." if deal.won_line else ""
    text = f"{opening} on {deal}{amount}.{line}\nThank you. {ceo.first_name}"
    return {"to_name": name, "to_address": _known_address(deal, name), "text": text}


def _known_address(deal: Deal, name: str) -> str:
    if not name:
        return ""
    before = Congratulation.objects.filter(deal__team=deal.team_id, to_name=name).order_by("-at").first()
    if before is not None:
        return before.to_address
    return next((seat.user.email for seat in deal.team.current_seats if seat.user.name == name), "")
