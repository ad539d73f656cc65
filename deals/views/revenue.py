"""Revenue: what was really won or invoiced, typed or booked by a won deal, and corrected by a new entry."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.access import Request, plans
from alignment.creating import team_for
from alignment.lists import Listing
from alignment.models import Team
from alignment.saving import allow, answer, next_page, refuse
from deals.forms.revenue import RevenueForm
from deals.lists import revenue_asked, revenue_lines, totals
from deals.models import RevenueEntry

WHY_NOT = "Revenue is written down by the sales leader’s side. You can raise an issue about it."
CORRECTED = "This entry was corrected already. Correct the one that stands in its place."


@require_safe
def listing(request: Request) -> HttpResponse:
    asked = Listing.of(request)
    rows = revenue_asked(asked)
    page = asked.page(rows)
    context = {
        "list": asked, "page": page, "lines": revenue_lines(asked, page.object_list), "may_add": asked.may(plans),
        "totals": totals(rows.filter(corrected_by=None), "amount", request.user.locale),
    }  # fmt: skip
    return render(request, "deals/revenue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = team_for(request, plans, WHY_NOT)
    if not isinstance(team, Team):
        return team
    form = RevenueForm(
        request.POST if request.method == "POST" else None, team=team, user=request.user, now=now
    )
    return answer(
        request, form, save=form.write, default=reverse("deals:revenue"), said="The revenue is written down.",
        heading="Write down revenue", about=f"{team.name}. A won deal is booked by itself: mark it won instead.",
        button="Write it down", hidden={"team": team.slug},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, pk: int) -> HttpResponseBase:
    now, rows = timezone.now(), RevenueEntry.objects.visible_to(request.user)
    entry = get_object_or_404(rows.select_related("team__company", "deal", "corrected_by"), pk=pk)
    allow(entry.can_correct(request.user), WHY_NOT)
    if request.method != "POST" and hasattr(entry, "corrected_by"):
        return refuse(request, reverse("deals:revenue"), CORRECTED)
    data = request.POST if request.method == "POST" else None
    form = RevenueForm(data, team=entry.team, user=request.user, now=now, corrects=entry)
    return correcting(request, form, default=reverse("deals:revenue"))


def correcting(
    request: Request,
    form: RevenueForm,
    *,
    default: str,
    template: str = "components/form_page.html",
    **more: Any,
) -> HttpResponseBase:
    """Ask for the entry that takes the place of another; 409 when somebody corrected that one in between."""
    page: dict[str, Any] = {
        "heading": "Correct an entry", "button": "Correct it",
        "about": f"{form.team}. The entry stays, and so does who corrected it.",
    } | more  # fmt: skip
    said = "Corrected. Both entries are kept."
    try:
        return answer(request, form, save=form.write, default=default, template=template, said=said, **page)
    except IntegrityError:
        form.add_error(None, f"{CORRECTED} What you wrote is below.")
        page |= {"form": form, "action": request.path, "next": next_page(request, default)}
        return render(request, template, page, status=409)
