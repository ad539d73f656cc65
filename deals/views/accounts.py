"""Accounts: the list, one with what the reader's teams have there, its details."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alignment.models import Team, User
from alignment.permissions import can_plan, seats_of
from alignment.web.edit import edit_view
from alignment.web.list_memory import FORGOTTEN, forget_filters, remember_filters, requested_filters
from alignment.web.listing import Listing
from alignment.web.requests import Request
from alignment.web.responses import require
from deals.forms.account_details import AccountForm
from deals.models import Account
from deals.models.accounts import AccountQuerySet
from deals.pages.account import account_page
from deals.pages.account_list import account_lines, account_table, filter_accounts
from deals.tables.writer import as_file

LIST = "accounts"
WHY_NOT = "Only the sales leader’s side of a team with a deal there can edit the account."


@require_safe
def listing(request: Request) -> HttpResponse:
    if FORGOTTEN in request.GET:
        return forget_filters(request, LIST)
    now, filters = timezone.now(), Listing.of(request, requested_filters(request, LIST))
    page = filters.page(filter_accounts(filters))
    context = {"list": filters, "page": page, "lines": account_lines(filters, page.object_list, now)}
    response = render(request, "deals/accounts.html", context)
    remember_filters(response, request, LIST, filters.selects)
    return response


@require_safe
def download(request: Request) -> HttpResponseBase:
    """The list as a CSV file: the rows of its filters, all of them."""
    now, filters = timezone.now(), Listing.of(request)
    rows = filter_accounts(filters)
    name = f"accounts-{filters.today(now):%Y-%m-%d}"
    return as_file(account_table(filters, rows, now), name=name, kind="csv")


def visible_account(request: Request, pk: int) -> Account:
    visible = Account.objects.visible_to(request.user).select_related("company", "owner__joined_into")
    return get_object_or_404(visible, pk=pk)


@require_safe
def account(request: Request, pk: int) -> HttpResponse:
    row = visible_account(request, pk)
    page = account_page(row, request.user, timezone.now())
    return render(request, "deals/account.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    row, now = visible_account(request, pk), timezone.now()
    require(row.can_edit(request.user), WHY_NOT)
    team = planning_team(request.user, row)
    data = request.POST if request.method == "POST" else None
    form = AccountForm(data, instance=row, team=team, today=team.today(now))
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:account", args=[pk]),
        message="Saved.",
        heading=f"Edit {row}",
        about=team.name,
    )


def planning_team(user: User, row: Account) -> Team:
    """A team of the reader's that knows the account and whose leader's side they are; there is one once the
    account `can_edit` was asked."""
    planned = [seat.team_id for seat in seats_of(user) if can_plan(seat)]
    knowing = AccountQuerySet.knowing(row)
    teams = Team.objects.filter(knowing, pk__in=planned).select_related("company")
    return teams.order_by("name_key", "pk").distinct()[0]
