"""The outbox: sent, pending and failed notices. One's own for everybody, the company's for its admins."""

from __future__ import annotations

from csp.decorators import csp, csp_update
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from alignment.celery import nudge
from alignment.models import Notice
from alignment.outbox.notices import dead_addresses
from alignment.pages import outbox
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require

WHOLE = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": [True],
}
"""What the html of a mail may do: use its own styles inside our page, nothing else."""


@require_safe
def listing(request: Request) -> HttpResponse:
    user = request.user
    companies = set(user.memberships.filter(is_admin=True).values_list("company", flat=True))
    mine = Notice.objects.visible_to(user) if companies else Notice.objects.filter(to=user)
    search = Listing(user, request.GET, q=searched(request.GET.get("q", "")))
    page = search.page(outbox.select_notices(search, mine))
    context = {
        "list": search,
        "page": page,
        "lines": outbox.lines(page.object_list, companies),
        "admin": bool(companies),
        "summary": outbox.summarize(mine),
        "dead": dead_addresses(mine) if companies else [],
    }
    return render(request, "alignment/outbox.html", context)


@csp_update({"frame-src": ["'self'"]})
@require_safe
def notice(request: Request, pk: int) -> HttpResponse:
    """One notice: the facts, and where mails are files its text, for those who may read it."""
    row = _visible_notice(request, pk)
    mail = outbox.mail_of(row, request.user)
    text = mail.get_body(("plain",)) if mail else None
    context = {
        "line": outbox.line(row, can_resend=row.can_resend(request.user)),
        "notice": row,
        "mail": mail,
        "text": text.get_content() if text else "",
        "theirs": row.to_id != request.user.pk,
    }
    return render(request, "alignment/outbox_notice.html", context)


@xframe_options_sameorigin
@csp(WHOLE)
@require_safe
def html(request: Request, pk: int) -> HttpResponse:
    """The html of a mail alone, for a frame that can run nothing."""
    mail = outbox.mail_of(_visible_notice(request, pk), request.user)
    body = mail.get_body(("html",)) if mail else None
    if body is None:
        raise Http404("This message does not exist.")
    return HttpResponse(body.get_content())


@require_POST
def resend(request: Request, pk: int) -> HttpResponse:
    """Try a failed one once more."""
    row = _visible_notice(request, pk)
    require(row.is_run_by(request.user), "Only an admin of the company can resend it.")
    here = reverse("alignment:outbox")
    if not row.resend(now=timezone.now()):
        return refuse(request, here, "It has not failed, so it was not resent.")
    nudge("alignment.tasks.deliver_due")
    return back(request, here, message=f"It will be resent to {row.recipient} within a minute.")


def _visible_notice(request: Request, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.user).select_related("to", "link"), pk=pk)
