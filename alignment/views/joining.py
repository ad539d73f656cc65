"""The page behind the link of an invitation. It is open to whoever holds the link; each way it can fail is a sentence."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alignment import joining
from alignment.forms.people import JoinForm
from alignment.joining import Door, Taken
from alignment.models import User

GONE = 410


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    door = joining.door(token, timezone.now())
    if door is None:
        return _closed(request, "broken", 404)
    reader = request.user
    if door.standing == joining.USED and isinstance(reader, User) and door.invite.user == reader:
        return redirect("/")
    if door.standing != joining.OPEN:
        return _closed(request, door.standing, GONE)
    if isinstance(reader, User) and not door.is_for(reader):
        return _closed(request, "other", 403)
    return _with_account(request, door) if door.account is not None else _anew(request, door)


def _closed(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "account/invitation_closed.html", {"why": why}, status=status)


def _with_account(request: HttpRequest, door: Door) -> HttpResponse:
    """The address signs in already: joining needs its sign-in, or where all companies closed it, the link alone."""
    account = door.account
    assert account is not None
    if account.is_active and not door.is_for(request.user):
        sign_in = f"{resolve_url('account_login')}?{urlencode({'next': request.path})}"
        status = 403 if request.method == "POST" else 200
        return render(
            request, "account/invitation_join.html", {"door": door, "sign_in": sign_in}, status=status
        )
    if not door.may_join:
        return _closed(request, "shut", 403)
    if request.method != "POST":
        return render(request, "account/invitation_join.html", {"door": door})
    try:
        joining.join_as(door.invite, account, now=timezone.now())
    except Taken:
        return HttpResponseRedirect(request.path)
    return redirect("/")


def _anew(request: HttpRequest, door: Door) -> HttpResponse:
    """The address has no account: a name and a password make it one, and it is signed in."""
    person = door.invite.user
    assert person is not None  # else it is revoked
    form = JoinForm(request.POST if request.method == "POST" else None, person=person)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/invitation.html", {"door": door, "form": form}, status=status)
    told = form.cleaned_data
    try:
        user = joining.join_anew(
            door.invite, name=told["name"], password=told["password"], zone=told["timezone"], locale=told["locale"],
            now=timezone.now(),
        )  # fmt: skip
    except Taken:  # a second click, or the same address through another company
        return HttpResponseRedirect(request.path)
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url="/")
    return answer
