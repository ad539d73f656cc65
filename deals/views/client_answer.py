"""The page behind a personal link: the owner of a key client says what the client said, without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.models import Link
from alignment.sign_in import rate_limits
from alignment.web.link_session import GONE, closed_link, link_page
from deals.forms.key_clients import TouchForm
from deals.key_clients.touches import record_touch
from deals.models import FollowUp, Touch
from deals.registry.links import KEY_CLIENT


@require_http_methods(["GET", "HEAD", "POST"])
@link_page(KEY_CLIENT)
def client_answer(request: HttpRequest, link: Link) -> HttpResponse:
    rows = FollowUp.objects.current().select_related("team__company", "account", "owner__joined_into")
    row, now = get_object_or_404(rows, pk=link.thing), timezone.now()
    if row.owner is None or row.owner.known_as.email.lower() != link.email:  # somebody else is asked now
        return closed_link(request, "ended", GONE)
    today = row.team.today(now)
    own = Touch.objects.filter(follow_up=row, by=None, by_name=link.name, day=today).first()
    form = TouchForm(request.POST if request.method == "POST" else None, today=today, touch=own)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"link": link, "client": row, "form": form, "own": own}
        return render(request, "deals/key_clients/answer.html", context, status=status)
    if not rate_limits.within(request, "answer_link", about=link.pk):
        return render(request, "429.html", status=429)
    record_touch(row, **form.cleaned_data, by=None, by_name=link.name, now=now)
    link.use(now=now)
    return redirect("deals:client_answer", pk=link.pk)
