"""The people of a company: the list, and inviting more of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.forms.people import InviteForm
from alignment.pages import people as people_page
from alignment.web.company_access import company_for
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.responses import back, next_page

LEDE = "Each person gets an email with a link that works once, for seven days. You can add them to teams right away."


@require_safe
def listing(request: Request, company: str) -> HttpResponse:
    row = company_for(request, company)
    search = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    page = search.page(people_page.select_people(search, row))
    context = {
        "company": row,
        "list": search,
        "page": page,
        "lines": people_page.lines(page.object_list, row, timezone.now()),
        "heading": "People",
    }
    return render(request, "setup/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, company: str) -> HttpResponse:
    """All of a list, or none where a line of it is wrong."""
    row = company_for(request, company)
    default = reverse("alignment:people", args=(row.slug,))
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.send(row, by=request.user, now=timezone.now()):
        return back(request, default, message=form.confirmation)
    context = {
        "company": row,
        "form": form,
        "action": request.path,
        "next": next_page(request, default),
        "button": "Invite",
        "heading": "Invite people",
        "lede": LEDE,
    }
    return render(request, "setup/form.html", context, status=422 if form.is_bound else 200)
