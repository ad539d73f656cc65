"""Revenue pasted or in a file: for one team by the sales leader's side, for any team by an admin."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.models import Company, Team
from alignment.permissions import can_plan
from alignment.rules.formatting import MoneyFormat
from alignment.web.company_access import company_for
from alignment.web.create_once import requested_team
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse
from deals.forms.table_upload import PreviewForm, TableForm
from deals.revenue_import.apply import check_rows, record_rows
from deals.revenue_import.parse import RevenueRow, RevenueTable, read_rows
from deals.tables.csv_reader import TableError
from deals.views.revenue import WHY_NOT

LISTED = 300
"""Rows a preview lists."""
STORED_FOR = 12 * 60 * 60
"""Seconds for which a preview can be added."""
ENDED = "This preview has ended and nothing was added. Paste or choose the table again."
NOTHING_NEW = "All of it is recorded already; nothing was added."


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: Request) -> HttpResponseBase:
    """For the sales leader's side and one team."""
    team = requested_team(request, can_plan, WHY_NOT)
    if not isinstance(team, Team):
        return team
    page = {
        "frame": "components/form_page.html",
        "hidden": {"team": team.slug},
        "about": team.name,
        "default": f"{reverse('deals:revenue')}?team={team.slug}",
    }
    return _steps(request, team.company, [team], page)


@require_http_methods(["GET", "HEAD", "POST"])
def setup_paste(request: Request, company: str) -> HttpResponse:
    """For an admin and any team of the company."""
    firm = company_for(request, company)
    teams = list(firm.teams.select_related("company").order_by("name_key", "pk"))
    page = {
        "frame": "setup/form.html",
        "hidden": {},
        "company": firm,
        "default": reverse("deals:setup_revenue", args=(firm.slug,)),
    }
    return _steps(request, firm, teams, page)


def _steps(request: Request, company: Company, teams: Sequence[Team], page: dict[str, Any]) -> HttpResponse:
    """Show the form, preview what would be recorded, record it."""
    page |= {
        "heading": "Paste or import revenue",
        "teams": teams,
        "action": request.path,
        "next": next_page(request, page["default"]),
    }
    if request.POST.get("step") == "write":
        return _record(request, company, teams, page)
    form = TableForm(request.POST or None, request.FILES or None, locale=request.user.locale)
    if not (form.is_bound and form.is_valid()):
        return _render_form(request, form, page)
    try:
        locale, now = request.user.locale, timezone.now()
        table = read_rows(form.table.lines, teams, locale=locale, now=now, answers=form.answers)
        return _preview(request, table, form, page)
    except TableError as error:
        form.refuse(error)
        return _render_form(request, form, page)


def _render_form(request: Request, form: TableForm, page: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    page |= {"form": form, "button": "Preview"}
    return render(request, "deals/revenue_paste.html", page, status=status)


def _preview(request: Request, table: RevenueTable, form: TableForm, page: dict[str, Any]) -> HttpResponse:
    """The rows stay on the server until they are added: they may be more than a form can send back."""
    rows, token = table.rows, uuid.uuid4()
    cache.set(
        preview_key(request.user.pk, token), [(*row.facts, form.entry_source) for row in rows], STORED_FOR
    )
    checked = check_rows(rows)
    new = [checked_row for checked_row in checked if checked_row.is_new]
    page |= {
        "rows": checked[:LISTED],
        "number": len(checked),
        "new": len(new),
        "recorded": sum(checked_row.is_recorded for checked_row in checked),
        "same_money": sum(bool(checked_row.won_deal) for checked_row in checked),
        "similar": sum(bool(checked_row.similar) for checked_row in checked),
        "total": sum(checked_row.row.amount for checked_row in new),
        "m": MoneyFormat(rows[0].team.currency, request.user.locale),
        "unused": table.unused,
        "sums": table.sums,
        "notes": form.table.notes,
        "token": token,
    }
    return render(request, "deals/revenue_preview.html", page)


def _record(request: Request, company: Company, teams: Sequence[Team], page: dict[str, Any]) -> HttpResponse:
    form, by_pk = PreviewForm(request.POST), {team.pk: team for team in teams}
    stored = cache.get(preview_key(request.user.pk, form.cleaned_data["token"])) if form.is_valid() else None
    if not stored or any(team not in by_pk for _, team, *_ in stored):
        return refuse(request, request.get_full_path(), ENDED)
    entries = record_rows(
        [RevenueRow(number, by_pk[team], *facts) for number, team, *facts, _ in stored],
        company=company,
        by=request.user,
        now=timezone.now(),
        token=form.cleaned_data["token"],
        source=stored[0][-1],
        also=form.cleaned_data["also"],
    )
    number = len(entries)
    message = f"{number} {'entry' if number == 1 else 'entries'} added." if number else NOTHING_NEW
    return back(request, page["default"], message=message)


def preview_key(user: int, token: uuid.UUID | str) -> str:
    """Where the rows that this person was shown are cached."""
    return f"revenue-preview-{user}-{token}"
