"""The data of a company: taken out as an archive, and forgotten of a person."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import forgetting
from alignment.access import Request
from alignment.archives import making
from alignment.asking import ask
from alignment.audit import note
from alignment.forms.forgetting import ForgetForm
from alignment.lists import Listing, searched
from alignment.models import Archive, Company
from alignment.saving import back, refuse
from alignment.setup import company_for

SHOWN = 10
"""Archives on the page, the newest; the audit knows them all."""
GONE = "That file is no longer there. Have a new one made; it takes a moment."


def here(company: Company) -> str:
    return reverse("alignment:data", args=(company.slug,))


@require_safe
def data(request: Request, company: str) -> HttpResponse:
    """What can be taken out, and who can be forgotten. To htmx: how far the archive is, and the whole page once it is made."""
    firm = company_for(request, company)
    making_now = firm.archives.waiting().first()
    if request.htmx:
        answer = render(request, "setup/data_progress.html", {"company": firm, "making": making_now})
        if making_now is None:
            answer.headers["HX-Refresh"] = "true"
        return answer
    told = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    context = {
        "company": firm, "heading": "Data", "making": making_now, "list": told,
        "archives": [(each, making.is_here(each)) for each in _made(firm)[:SHOWN]],
        "page": told.page(forgetting.who_left(firm, named=told.q)),
    }  # fmt: skip
    return render(request, "setup/data.html", context)


@require_POST
def archive_ask(request: Request, company: str) -> HttpResponse:
    firm = company_for(request, company)
    making.ask(firm, by=request.user, now=timezone.now())
    return back(request, here(firm), said="The archive is being made. You can leave this page meanwhile.")


@require_POST
def archive_file(request: Request, company: str, pk: int) -> HttpResponseBase:
    """The file itself. By POST, because who took it is written down."""
    firm = company_for(request, company)
    archive = _archive(firm, pk)
    if not archive.can_be_had(timezone.now()):
        return refuse(request, here(firm), GONE)
    try:
        file = making.file_of(archive).open("rb")
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
    making.remove(_archive(firm, pk), now=timezone.now(), by=request.user)
    return back(request, here(firm), said="The file is deleted. That it was made stays written down.")


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: Request, company: str, pk: int) -> HttpResponse:
    """GET says what goes and what stays; POST does it."""
    firm = company_for(request, company)
    person = get_object_or_404(forgetting.people_of(firm), pk=pk)
    now = timezone.now()

    @transaction.atomic
    def step() -> str:
        return forgetting.refusal(person, firm) or forgetting.forget(person, by=request.user, now=now)

    what = forgetting.told(person)
    return ask(
        request, ForgetForm(request.POST or None, name=person.name), step=step, default=here(firm),
        said=f"Forgotten. They are called {forgetting.placeholder(person)} from now on.", company=firm,
        heading=f"Forget {person.name}", button="Forget this person", template="setup/forget.html", person=person,
        why_not=forgetting.refusal(person, firm), what=what,
    )  # fmt: skip


def _made(company: Company) -> QuerySet[Archive]:
    return company.archives.exclude(done_at=None, failed_at=None).select_related("asked_by")


def _archive(company: Company, pk: int) -> Archive:
    return get_object_or_404(company.archives.exclude(done_at=None), pk=pk)
