"""Where a CRM’s scheduled report sends a team’s table: its address, and what comes there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from alignment import audit
from alignment.models import Team
from alignment.permissions import can_plan, has_permission
from alignment.web.requests import Request
from alignment.web.responses import back, require
from alignment.web.team_access import readable_team
from deals.import_runs import files, jobs
from deals.import_runs.files import EmptyFileError, FileTooLargeError
from deals.import_runs.scopes import ImportScope
from deals.import_runs.uploads import FULL, NoRoomError, start_run
from deals.models import UploadAddress
from deals.models.imports import ImportKind

RATES = {"upload": "30/h/key"}
BLOCK = 64 * 1024
FOR_LEADERS = "Only the sales leader’s side can have an upload address."
TOO_OFTEN = "Too many uploads. Nothing was stored. Try again in an hour.\n"
RECEIVED = "Received. What needs no answer is applied; the sales leader sees the rest.\n"
NO_FILE = "There is no file in this request. Nothing was stored.\n"
UNKNOWN_KIND = "The kind is one of: deals, revenue, accounts, contacts, history. Nothing was stored.\n"


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """A table for the team of this address; write only. `?kind=` says what it is a list of; deals otherwise."""
    plain = partial(HttpResponse, content_type="text/plain; charset=utf-8")
    address = UploadAddress.objects.of_token(token)
    if address is None:
        return plain("There is no such address.\n", status=404)
    if consume(request, app="deals", action="upload", config=RATES, key=str(address.pk)) is None:
        return plain(TOO_OFTEN, status=429)
    kind = request.GET.get("kind", ImportKind.DEALS)
    if kind not in ImportKind.values:
        return plain(UNKNOWN_KIND, status=400)
    name, chunks = _body(request)
    scope, now = ImportScope(address.team.company, address.team), timezone.now()
    try:
        start_run(scope, kind=kind, file_name=name, chunks=chunks, by=None, now=now)
    except FileTooLargeError:
        return plain(files.TOO_LARGE + "\n", status=413)
    except EmptyFileError:
        return plain(NO_FILE, status=400)
    except NoRoomError:
        return plain(FULL + "\n", status=507)
    UploadAddress.objects.filter(pk=address.pk).update(used_at=now)
    jobs.start_in_background()
    return plain(RECEIVED, status=202)


def _body(request: HttpRequest) -> tuple[str, Iterator[bytes]]:
    """The file of a form (`curl -F file=@…`), or the body as it is (`curl --data-binary @…`)."""
    if request.content_type == "multipart/form-data":
        file: Any = next(iter(request.FILES.values()), None)
        return (file.name or "upload", file.chunks()) if file else ("upload", iter(()))
    return "upload", iter(partial(request.read, BLOCK), b"")


FINGERPRINT = re.compile("[0-9a-f]{1,64}")


@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: Request, slug: str) -> HttpResponse:
    """The team's address: none, when it was last used, a new one. Its token is shown once."""
    team = readable_team(request, slug)
    require(has_permission(request.user, team, can_plan), FOR_LEADERS)
    context: dict[str, Any] = {"team": team, "kinds": ImportKind.choices}
    status = 200
    if request.method == "POST":
        context["url"] = _renew(request, team)
        status = 200 if context["url"] else 409
    context["address"] = UploadAddress.objects.filter(team=team).select_related("created_by").first()
    return render(request, "deals/imports/upload_address.html", context, status=status)


def _renew(request: Request, team: Team) -> str:
    """The new address, to be shown once; empty when another was made meanwhile."""
    now, instead_of = timezone.now(), request.POST.get("instead_of", "")
    if instead_of and not FINGERPRINT.fullmatch(instead_of):
        return ""
    token = UploadAddress.objects.renew(team, instead_of=instead_of, by=request.user, now=now)
    if not token:
        return ""
    audit.note("upload_address.made", by=request.user, now=now, company=team.company, about=team.name)
    return request.build_absolute_uri(reverse("deals:upload", args=(token,)))


@require_POST
def remove(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    require(has_permission(request.user, team, can_plan), FOR_LEADERS)
    if UploadAddress.objects.filter(team=team).delete()[0]:
        audit.note(
            "upload_address.ended",
            by=request.user,
            now=timezone.now(),
            company=team.company,
            about=team.name,
        )
    return back(
        request, reverse("deals:upload_address", args=(team.slug,)), message="The address opens nothing now."
    )
