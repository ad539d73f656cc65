"""Revenue: what was actually won or invoiced, typed or booked by a won deal, and corrected by a new entry."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.models import Team
from alignment.permissions import can_plan
from alignment.web.create_once import requested_team
from alignment.web.edit import edit_view
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import next_page, refuse, require
from deals.forms.revenue import RevenueForm
from deals.models import RevenueEntry
from deals.pages.lists import count, filter_revenue, revenue_lines, totals

WHY_NOT = "Only the sales leader’s side can add revenue. You can raise an issue about it."
CORRECTED = "This entry was already corrected. Correct the entry that replaced it."


@require_safe
def listing(request: Request) -> HttpResponse:
    filters = Listing.of(request)
    rows = filter_revenue(filters, timezone.now())
    sums = totals(rows.counted, "amount", request.user.locale)
    page = filters.page(rows.listed, number=count(sums) if rows.listed is rows.counted else None)
    context = {
        "list": filters,
        "page": page,
        "lines": revenue_lines(filters, page.object_list),
        "may_add": filters.may(can_plan),
        "totals": sums,
    }
    return render(request, "deals/revenue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    now = timezone.now()
    team = requested_team(request, can_plan, WHY_NOT)
    if not isinstance(team, Team):
        return team
    form = RevenueForm(
        request.POST if request.method == "POST" else None, team=team, user=request.user, now=now
    )
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:revenue"),
        message="Revenue added.",
        heading="Add revenue",
        about=f"{team.name}. Won deals are booked automatically: mark the deal won instead.",
        button="Add revenue",
        hidden={"team": team.slug},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, pk: int) -> HttpResponseBase:
    now, rows = timezone.now(), RevenueEntry.objects.visible_to(request.user)
    entry = get_object_or_404(rows.select_related("team__company", "deal", "corrected_by"), pk=pk)
    require(entry.can_correct(request.user), WHY_NOT)
    if request.method != "POST" and hasattr(entry, "corrected_by"):
        return refuse(request, reverse("deals:revenue"), CORRECTED)
    data = request.POST if request.method == "POST" else None
    form = RevenueForm(data, team=entry.team, user=request.user, now=now, corrects=entry)
    return correction_view(request, form, default=reverse("deals:revenue"))


def correction_view(
    request: Request,
    form: RevenueForm,
    *,
    default: str,
    template: str = "components/form_page.html",
    **more: Any,
) -> HttpResponseBase:
    """The form for the entry that replaces another; 409 when somebody corrected that one in the meantime."""
    page: dict[str, Any] = {
        "heading": "Correct an entry",
        "button": "Save correction",
        "about": f"{form.team}. The original entry stays, with the name of whoever corrected it.",
    } | more
    message = "Corrected. Both entries stay in the history."
    try:
        return edit_view(
            request, form, save=form.write, default=default, template=template, message=message, **page
        )
    except IntegrityError:
        form.add_error(None, f"{CORRECTED} What you entered is below.")
        page |= {"form": form, "action": request.path, "next": next_page(request, default)}
        return render(request, template, page, status=409)
