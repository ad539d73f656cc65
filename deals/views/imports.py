"""Imports in the browser: upload, answer, preview, apply, undo. Who may: deals.import_runs.scopes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import audit
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from deals.forms.imports import AnswersForm, MissingDealForm, UploadForm
from deals.import_runs import expiry, jobs
from deals.import_runs.scopes import ImportScope, scope_of, scopes_of, whom_to_ask
from deals.import_runs.uploads import FULL, NoRoomError, start_run
from deals.imports.kinds.examples import example
from deals.models import ImportRow, ImportRun
from deals.models.imports import ImportKind, ImportNotAllowed
from deals.pages.imports import ImportsPage, RunPage, refused_lines
from deals.tables.writer import as_file

FORM = ["GET", "HEAD", "POST"]
NOTHING_REFUSED = "No row of this import was refused."
NOT_YOURS = "Only whoever started this import can read and apply it. You can undo it once it was applied."
State = ImportRun.State


@require_http_methods(FORM)
def listing(request: Request) -> HttpResponse:
    """What can be imported, and the latest imports. POST uploads a file."""
    scopes = _scopes(request)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, scopes=scopes)
        if form.is_valid():
            try:
                return _upload(request, form)
            except NoRoomError:
                form.add_error("file", FULL)
    else:
        initial = {"kind": request.GET.get("kind", ImportKind.DEALS)}
        form = UploadForm(scopes=scopes, initial=initial)
    ImportRun.objects.mark_seen(request.user, timezone.now())
    context = {"page": ImportsPage.of(request.user, scopes), "form": form}
    return render(request, "deals/imports/list.html", context, status=422 if form.is_bound else 200)


def _scopes(request: Request) -> list[ImportScope]:
    """Raises PermissionDenied, with the names of those who can import."""
    if scopes := scopes_of(request.user):
        return scopes
    raise PermissionDenied(whom_to_ask(request.user))


def _upload(request: Request, form: UploadForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    run = start_run(
        form.scope,
        kind=form.cleaned_data["kind"],
        file_name=file.name or "file",
        chunks=file.chunks(),
        by=request.user,
        now=timezone.now(),
        token=form.cleaned_data["token"],
    )
    if run.state == State.UPLOADED:
        jobs.start(run)
    return redirect("deals:import", pk=run.pk)


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """The run, in whatever state it is. For htmx: its progress, and the whole page once that is done."""
    run = _run(request, pk)
    ImportRun.objects.mark_seen(request.user, timezone.now())
    if request.htmx and request.GET.get("progress"):
        response = render(request, "deals/imports/progress.html", {"run": run})
        if not run.is_working:
            response.headers["HX-Refresh"] = "true"
        return response
    page = RunPage(run, scope_of(run), request.user, run.can_read_rows(request.user), request.GET)
    if run.state == State.UNDERSTOOD and page.is_readable:
        return redirect("deals:import_answers", pk=run.pk)
    return render(request, "deals/imports/run.html", {"page": page, "run": run})


@require_http_methods(FORM)
def answers(request: Request, pk: int) -> HttpResponse:
    """What was understood, each part of it to be corrected, and what is asked."""
    run = _readable(request, pk)
    if run.state not in ImportRun.OPEN or not run.understanding:
        return redirect("deals:import", pk=run.pk)
    form = AnswersForm(request.POST if request.method == "POST" else None, run=run)
    if form.is_bound and form.is_valid():
        if not run.answer(form.answers.to_json(), form.choices):
            return refuse(request, reverse("deals:import", args=(run.pk,)), run.why_not)
        jobs.start(run)
        return redirect("deals:import", pk=run.pk)
    context = {"run": run, "form": form, "page": RunPage(run, scope_of(run), request.user, is_readable=True)}
    return render(request, "deals/imports/answers.html", context, status=422 if form.is_bound else 200)


@require_POST
def complete(request: Request, pk: int) -> HttpResponse:
    """Say that the file is everything that is open in the CRM: deals it does not have are listed then."""
    run = _readable(request, pk)
    if not run.answer({**run.answers, "completeness": "all"}, run.choices):
        return refuse(request, reverse("deals:import", args=(run.pk,)), run.why_not)
    jobs.start(run)
    return redirect("deals:import", pk=run.pk)


@require_POST
def missing(request: Request, pk: int) -> HttpResponse:
    """What becomes of the deals that a complete list does not have."""
    run = _readable(request, pk)
    default = reverse("deals:import", args=(run.pk,))
    if run.state != State.PREVIEWED:
        return refuse(request, default, run.why_not)
    rows = run.rows.filter(verdict=ImportRow.Verdict.MISSING)
    by_choice: dict[str, list[int]] = {}
    for name, value in request.POST.items():
        form = MissingDealForm({"row": name.removeprefix("row-"), "becomes": value})
        if name.startswith("row-") and form.is_valid():
            by_choice.setdefault(form.cleaned_data["becomes"], []).append(form.cleaned_data["row"])
    for choice, pks in by_choice.items():
        rows.filter(pk__in=pks).update(after={"status": choice} if choice else {})
    return back(request, default, message="Saved. Nothing is applied yet.")


@require_POST
def apply(request: Request, pk: int) -> HttpResponse:
    run = _readable(request, pk)
    return _begin(request, run, run.start_writing)


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    run = _run(request, pk)
    require(run.can_undo(request.user))
    if not run.has_rows:
        why = "This import is older than 30 days: its rows were deleted, and it cannot be undone any more."
        return refuse(request, reverse("deals:import", args=(run.pk,)), why)
    return _begin(request, run, run.start_undoing)


def _begin(request: Request, run: ImportRun, step: Any) -> HttpResponse:
    default = reverse("deals:import", args=(run.pk,))
    try:
        step(by=request.user, now=timezone.now())
    except ImportNotAllowed as error:
        return refuse(request, default, str(error))
    jobs.start(run)
    return back(request, default)


@require_safe
def refused(request: Request, pk: int) -> HttpResponseBase:
    """The refused rows with a column that says why."""
    run = _readable(request, pk)
    rows = run.rows.filter(verdict=ImportRow.Verdict.REFUSED).order_by("number", "pk")
    if not rows.exists():
        return refuse(request, reverse("deals:import", args=(run.pk,)), NOTHING_REFUSED)
    return as_file(refused_lines(rows), name=f"refused-rows-{run.pk}", kind="csv")


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Delete the file and the rows before their time."""
    run, now = _readable(request, pk), timezone.now()
    if not expiry.delete_data(run, now=now):
        return refuse(request, reverse("deals:imports"), run.why_not)
    audit.note(
        "import.discarded", by=request.user, now=now, company=run.company, about=run.get_kind_display()
    )
    return back(request, reverse("deals:imports"), message="The file and its rows were deleted.")


@require_safe
def example_file(request: Request, kind: str) -> HttpResponse:
    """A worked example to fill in."""
    scopes = _scopes(request)
    name = kind if kind in ImportKind.values else ImportKind.DEALS.value
    headers = {"Content-Disposition": f'attachment; filename="example-{name}.csv"'}
    table = example(name, currency=scopes[0].company.currency)
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _run(request: Request, pk: int) -> ImportRun:
    runs = ImportRun.objects.visible_to(request.user)
    return get_object_or_404(runs.select_related("company", "team__company", "started_by"), pk=pk)


def _readable(request: Request, pk: int) -> ImportRun:
    run = _run(request, pk)
    require(run.can_read_rows(request.user), NOT_YOURS)
    return run
