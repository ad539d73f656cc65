"""The outbox: what was sent, is owed and has failed. One's own for everybody, the company's for its admins."""

from __future__ import annotations

from csp.decorators import csp, csp_update
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from alignment import outbox
from alignment.access import Request
from alignment.celery import nudge
from alignment.lists import Listing, searched
from alignment.models import Notice
from alignment.saving import allow, back, refuse

WHOLE = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": [True],
}
"""What the html of a mail may do: show its own styles, inside our page, and nothing else."""


@require_safe
def listing(request: Request) -> HttpResponse:
    user = request.user
    companies = set(user.memberships.filter(is_admin=True).values_list("company", flat=True))
    mine = Notice.objects.visible_to(user) if companies else Notice.objects.filter(to=user)
    told = Listing(user, request.GET, q=searched(request.GET.get("q", "")))
    page = told.page(outbox.asked(told, mine))
    context = {
        "list": told, "page": page, "lines": outbox.lines(page.object_list, companies), "admin": bool(companies),
        "standing": outbox.standing(mine), "dead": outbox.dead_addresses(mine) if companies else [],
    }  # fmt: skip
    return render(request, "alignment/outbox.html", context)


@csp_update({"frame-src": ["'self'"]})
@require_safe
def notice(request: Request, pk: int) -> HttpResponse:
    """One notice: the facts, and where mails are files its words, to those who may read them."""
    row = _seen(request, pk)
    mail = outbox.mail_of(row, request.user)
    text = mail.get_body(("plain",)) if mail else None
    context = {
        "line": outbox.line(row, can_resend=row.can_resend(request.user)), "notice": row, "mail": mail,
        "text": text.get_content() if text else "", "theirs": row.to_id != request.user.pk,
    }  # fmt: skip
    return render(request, "alignment/outbox_notice.html", context)


@xframe_options_sameorigin
@csp(WHOLE)
@require_safe
def html(request: Request, pk: int) -> HttpResponse:
    """The html of a mail alone, for a frame that can run nothing."""
    mail = outbox.mail_of(_seen(request, pk), request.user)
    body = mail.get_body(("html",)) if mail else None
    if body is None:
        raise Http404("There is no such mail to read here.")
    return HttpResponse(body.get_content())


@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Try a failed one once more."""
    row = _seen(request, pk)
    allow(row.is_run_by(request.user), "Only an admin of the company can have it sent again.")
    here = reverse("alignment:outbox")
    if not row.resend(now=timezone.now()):
        return refuse(request, here, "It has not failed, so it is not sent again.")
    nudge("alignment.tasks.deliver_due")
    return back(request, here, said=f"It is owed to {row.to} again and goes out within a minute.")


def _seen(request: Request, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.user).select_related("to"), pk=pk)
