"""The deal mix of a team: read, proposed and agreed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment.agreements.answers import AgreementChangedError, AlreadyAgreedError, propose
from alignment.models import Team
from alignment.permissions import has_permission, is_principal_seat
from alignment.rules.roles import Side
from alignment.web.requests import Request
from alignment.web.responses import back, require
from alignment.web.team_access import readable_team
from deals.forms.mix import MixForm
from deals.mix.queries import key_of
from deals.mix.terms import SUBJECT
from deals.pages.mix import build_page
from deals.rules.mix import Bands

WHY_NOT = "Only the CEO and the sales leader themselves agree on the mix."
CHANGED = (
    "Another mix was proposed or agreed while you were writing. It is shown above. Yours is below and was not "
    "proposed; propose it again to answer with it."
)
HOLDS_ALREADY = "Exactly this mix is agreed already, so nothing was proposed."


def _here(team: Team) -> str:
    return reverse("deals:mix", args=(team.slug,))


@require_safe
def mix(request: Request, slug: str) -> HttpResponse:
    return _page(request, readable_team(request, slug))


def _page(request: Request, team: Team, form: MixForm | None = None, *, status: int = 200) -> HttpResponse:
    page = build_page(team, request.user, today=team.today(timezone.now()))
    last = page.last_line
    form = form or MixForm(bands=_bands(team), known=last.terms if last else None)
    form.read_to(page.last_number)
    context = {"page": page, "team": team, "form": form}
    return render(request, "deals/mix.html", context, status=status)


def _bands(team: Team) -> Bands:
    return Bands(team.mid_deal_from, team.big_deal_from)


@require_POST
def propose_mix(request: Request, slug: str) -> HttpResponse:
    team, now = readable_team(request, slug), timezone.now()
    require(has_permission(request.user, team, is_principal_seat), WHY_NOT)
    form = MixForm(request.POST, bands=_bands(team))
    if not form.is_valid():
        return _page(request, team, form, status=422)
    try:
        agreement = propose(
            team,
            subject=SUBJECT,
            key=key_of(team, today=team.today(now)),
            content=form.terms.as_content(),
            side=Side(team.side_of(request.user)),
            by=request.user,
            now=now,
            last_read=form.cleaned_data["number"],
        )
    except AgreementChangedError:
        form.add_error(None, CHANGED)
        return _page(request, team, form, status=409)
    except AlreadyAgreedError:
        return back(request, _here(team), message=HOLDS_ALREADY)
    sentence = (
        f"Proposed. It holds once the {'CEO' if agreement.waits_for == Side.CEO else 'sales leader'} agrees."
    )
    return back(request, _here(team), message=sentence)
