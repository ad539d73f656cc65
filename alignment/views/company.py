"""A company's facts and its holidays. Nothing is converted and nothing wiped: what changes is said first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment import consequences, holidays
from alignment.access import Request
from alignment.asking import ask
from alignment.audit import spelled
from alignment.forms.company import CompanyForm, HolidayForm, HolidaysForm
from alignment.forms.layout import Question
from alignment.models import Company
from alignment.saving import answer, back
from alignment.setup import company_for


@require_http_methods(["GET", "HEAD", "POST"])
def company(request: Request, company: str) -> HttpResponseBase:
    now, row = timezone.now(), company_for(request, company)
    form = CompanyForm(request.POST if request.method == "POST" else None, instance=row)
    if request.POST.get("keep") != "theirs" and form.is_valid() and (changed := form.asks):
        context = {
            "company": row,
            "form": form,
            "sure": form.sure_of(changed),
            "heading": "Before it is changed",
        }
        return render(request, "setup/company_sure.html", context | consequences.told(row, changed, now))
    return answer(
        request, form, save=lambda: form.write(by=request.user, now=now), default=address(row),
        template="setup/company.html", said="Saved.", **page(row),
    )  # fmt: skip


@require_POST
def add_holidays(request: Request, company: str) -> HttpResponse:
    """One, or several lines pasted."""
    row = company_for(request, company)
    form = HolidaysForm(request.POST) if "lines" in request.POST else HolidayForm(request.POST)
    refused = ""
    if form.is_valid():
        refused = holidays.add(row, form.days, by=request.user, now=timezone.now())
        if not refused:
            said = f"{len(form.days)} holidays are" if len(form.days) != 1 else "The holiday is"
            messages.success(request, f"{said} entered.")
            return redirect(f"{address(row)}#holidays")
        form.add_error(None, refused)
    shown = page(row) | {"lines" if "lines" in request.POST else "single": form}
    context = shown | {"form": CompanyForm(instance=row), "action": address(row)}
    return render(request, "setup/company.html", context, status=409 if refused else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_holiday(request: Request, company: str, pk: int) -> HttpResponse:
    row = company_for(request, company)
    holiday, here = row.holidays.filter(pk=pk).first(), f"{address(row)}#holidays"
    if holiday is None:
        return back(request, here, said="That holiday is not in the list any more.")

    def step() -> str:
        holidays.remove(holiday, by=request.user, now=timezone.now())
        return ""

    named = f"{spelled(holiday.day)}, {holiday.name}"
    form = Question(request.POST if request.method == "POST" else None)
    return ask(
        request, form, step=step, default=here, said=f"{named}, is removed.", heading=f"Remove {named}?",
        button="Remove it", template="setup/form.html", company=row,
        about="It is a business day again: goals to date and preparation count it. Closed records stay as they are.",
    )  # fmt: skip


def address(company: Company) -> str:
    return reverse("alignment:company", args=(company.slug,))


def page(company: Company) -> dict[str, Any]:
    """What the page shows besides the form of the facts."""
    days = list(company.holidays.all())
    this_year = timezone.localdate().year
    return {
        "company": company, "heading": "Company", "embedded": True, "single": HolidayForm(), "lines": HolidaysForm(),
        "days": [day for day in days if day.day.year >= this_year], "past": [day for day in days if day.day.year < this_year],
    }  # fmt: skip
