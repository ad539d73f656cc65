"""A company's facts and its holidays. Nothing is converted or deleted; the effect is shown first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.audit import spelled
from alignment.company import holidays
from alignment.forms.company import CompanyForm, HolidayForm, HolidaysForm
from alignment.forms.layout import Question
from alignment.models import Company
from alignment.pages import company_change
from alignment.web.company_access import company_for
from alignment.web.confirm import confirm_action
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back


@require_http_methods(["GET", "HEAD", "POST"])
def company(request: Request, company: str) -> HttpResponseBase:
    now, row = timezone.now(), company_for(request, company)
    form = CompanyForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid() and (changes := form.asks):
        context = {
            "company": row,
            "form": form,
            "sure": form.sure_of(changes),
            "heading": "Review the change",
        }
        return render(
            request, "setup/company_sure.html", context | company_change.describe_change(row, changes, now)
        )
    return edit_view(
        request,
        form,
        save=lambda: form.write(by=request.user, now=now),
        default=address(row),
        template="setup/company.html",
        message="Saved.",
        **page(row),
    )


@require_POST
def add_holidays(request: Request, company: str) -> HttpResponse:
    """One, or several lines pasted."""
    row = company_for(request, company)
    form = HolidaysForm(request.POST) if "lines" in request.POST else HolidayForm(request.POST)
    refusal = ""
    if form.is_valid():
        refusal = holidays.add(row, form.days, by=request.user, now=timezone.now())
        if not refusal:
            subject = f"{len(form.days)} holidays were" if len(form.days) != 1 else "The holiday was"
            return back(request, f"{address(row)}#holidays", message=f"{subject} added.")
        form.add_error(None, refusal)
    content = page(row) | {"lines" if "lines" in request.POST else "single": form}
    context = content | {"form": CompanyForm(instance=row), "action": address(row)}
    return render(request, "setup/company.html", context, status=409 if refusal else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_holiday(request: Request, company: str, pk: int) -> HttpResponse:
    row = company_for(request, company)
    holiday, here = row.holidays.filter(pk=pk).first(), f"{address(row)}#holidays"
    if holiday is None:
        return back(request, here, message="That holiday is no longer in the list.")

    def step() -> str:
        holidays.remove(holiday, by=request.user, now=timezone.now())
        return ""

    named = f"{spelled(holiday.day)}, {holiday.name}"
    form = Question(request.POST if request.method == "POST" else None)
    return confirm_action(
        request,
        form,
        step=step,
        default=here,
        message=f"{named}, was removed.",
        heading=f"Remove {named}?",
        button="Remove",
        ends_something=True,
        template="setup/form.html",
        company=row,
        about="It becomes a business day again for goals to date and "
        "preparation. Closed records do not change.",
    )


def address(company: Company) -> str:
    return reverse("alignment:company", args=(company.slug,))


def page(company: Company) -> dict[str, Any]:
    """What the page shows besides the form of the facts."""
    days = list(company.holidays.all())
    this_year = timezone.localdate().year
    return {
        "company": company,
        "heading": "Company",
        "embedded": True,
        "single": HolidayForm(),
        "lines": HolidaysForm(),
        "days": [day for day in days if day.day.year >= this_year],
        "past": [day for day in days if day.day.year < this_year],
    }
