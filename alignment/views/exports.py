"""The data of a company: the facts exported for its admins, and a person forgotten."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.audit import note
from alignment.erasure import erase
from alignment.exports import jobs
from alignment.forms.erasure import ForgetForm
from alignment.models import Archive, Company
from alignment.web.company_access import company_for
from alignment.web.confirm import confirm_action
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.responses import back, refuse

MOST_SHOWN = 10
"""Exports on the page, the newest; the audit knows them all."""
GONE = "This file no longer exists. Create a new export."


def here(company: Company) -> str:
    return reverse("alignment:data", args=(company.slug,))


@require_safe
def data(request: Request, company: str) -> HttpResponse:
    """What can be exported, and who can be forgotten. For htmx: the progress of the
    export, and the whole page once it is done."""
    firm = company_for(request, company)
    making_now = firm.archives.waiting().first()
    if request.htmx:
        response = render(request, "setup/data_progress.html", {"company": firm, "making": making_now})
        if making_now is None:
            response.headers["HX-Refresh"] = "true"
        return response
    listing = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    context = {
        "company": firm,
        "heading": "Data",
        "making": making_now,
        "list": listing,
        "archives": [(archive, jobs.has_file(archive)) for archive in _finished(firm)[:MOST_SHOWN]],
        "page": listing.page(erase.who_left(firm, named=listing.q)),
    }
    return render(request, "setup/data.html", context)


@require_POST
def archive_new(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    jobs.request_export(firm, by=request.user, now=timezone.now())
    return back(request, here(firm), message="The export is being created. You can leave this page.")


@require_POST
def archive_file(request: Request, company: str, pk: int) -> HttpResponseBase:
    """The file itself. By POST, because the audit records who downloaded it."""
    firm = company_for(request, company)
    archive = _archive(firm, pk)
    if not archive.can_be_downloaded(timezone.now()):
        return refuse(request, here(firm), GONE)
    try:
        file = jobs.file_of(archive).open("rb")
    except OSError:
        return refuse(request, here(firm), GONE)
    note("archive.downloaded", by=request.user, now=timezone.now(), company=firm, about=archive.file_name)
    response = FileResponse(
        file, as_attachment=True, filename=archive.file_name, content_type="application/zip"
    )
    response.headers["Content-Encoding"] = (
        "identity"  # it is compressed already: the gzip middleware leaves it alone
    )
    return response


@require_POST
def archive_remove(request: Request, company: str, pk: int) -> HttpResponse:
    firm = company_for(request, company)
    jobs.remove_export(_archive(firm, pk), now=timezone.now(), by=request.user)
    return back(
        request, here(firm), message="The file was deleted. The audit log still shows that it was created."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: Request, company: str, pk: int) -> HttpResponse:
    """GET says what goes and what stays; POST does it."""
    firm = company_for(request, company)
    person = get_object_or_404(erase.people_of(firm), pk=pk)
    now = timezone.now()

    @transaction.atomic
    def step() -> str:
        return erase.refusal(person, firm) or erase.forget(person, by=request.user, now=now)

    what = erase.preview_erasure(person)
    return confirm_action(
        request,
        ForgetForm(request.POST or None, name=person.name),
        step=step,
        default=here(firm),
        message=f"Erased. They are now called {erase.placeholder(person)}.",
        company=firm,
        heading=f"Erase {person.name}",
        button="Erase this person",
        ends_something=True,
        template="setup/forget.html",
        person=person,
        why_not=erase.refusal(person, firm),
        what=what,
    )


def _finished(company: Company) -> QuerySet[Archive]:
    return company.archives.exclude(done_at=None, failed_at=None).select_related("asked_by")


def _archive(company: Company, pk: int) -> Archive:
    return get_object_or_404(company.archives.exclude(done_at=None), pk=pk)
