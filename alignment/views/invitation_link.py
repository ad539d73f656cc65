"""The page behind an invitation link, open to whoever has the link; each failure has its own sentence."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.forms.people import JoinForm
from alignment.models import User
from alignment.people import invitation_links
from alignment.people.invitation_links import InvitationLink, InvitationTakenError

GONE = 410


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    link = invitation_links.find_link(token, timezone.now())
    if link is None:
        return _closed(request, "broken", 404)
    reader = request.user
    if link.standing == invitation_links.USED and isinstance(reader, User) and link.invite.user == reader:
        return redirect("/")
    if link.standing != invitation_links.OPEN:
        return _closed(request, link.standing, GONE)
    if isinstance(reader, User) and not link.is_for(reader):
        return _closed(request, "other", 403)
    return _with_account(request, link) if link.account is not None else _anew(request, link)


def _closed(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "account/invitation_closed.html", {"why": why}, status=status)


def _with_account(request: HttpRequest, link: InvitationLink) -> HttpResponse:
    """The address has an account: joining needs its sign-in, or only the
    link where all companies closed it."""
    account = link.account
    assert account is not None
    if account.is_active and not link.is_for(request.user):
        sign_in = f"{resolve_url('account_login')}?{urlencode({'next': request.path})}"
        status = 403 if request.method == "POST" else 200
        return render(
            request, "account/invitation_join.html", {"link": link, "sign_in": sign_in}, status=status
        )
    if not link.may_join:
        return _closed(request, "shut", 403)
    if request.method != "POST":
        return render(request, "account/invitation_join.html", {"link": link})
    try:
        invitation_links.join_as(link.invite, account, now=timezone.now())
    except InvitationTakenError:
        return HttpResponseRedirect(request.path)
    return redirect("/")


def _anew(request: HttpRequest, link: InvitationLink) -> HttpResponse:
    """The address has no account: a name and a password make it one, and it is signed in."""
    person = link.invite.user
    assert person is not None  # else it is revoked
    form = JoinForm(request.POST if request.method == "POST" else None, person=person)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/invitation.html", {"link": link, "form": form}, status=status)
    values = form.cleaned_data
    try:
        user = invitation_links.join_anew(
            link.invite,
            name=values["name"],
            password=values["password"],
            zone=values["timezone"],
            locale=values["locale"],
            now=timezone.now(),
        )
    except InvitationTakenError:  # a second click, or the same address through another company
        return HttpResponseRedirect(request.path)
    response: HttpResponse = perform_login(request, user, email_verification="none", redirect_url="/")
    return response
