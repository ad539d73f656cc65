"""The first visit to an empty installation, by the link that the server printed."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from alignment.company import creation
from alignment.forms.company import FirstRunForm


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Create the company and its first admin. 404 once there are people, except for a double click."""
    if not creation.is_empty():
        return _go_on(request, token)
    if not creation.opens(token):
        return render(request, "alignment/first_run_over.html", status=403)
    form = FirstRunForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "action": request.path}
        return render(request, "alignment/first_run.html", context, status=422 if form.is_bound else 200)
    password: str = form.cleaned_data["password"]
    try:
        admin = creation.create_first_company(form.new_company, password=password, now=timezone.now())
    except creation.AlreadySetUpError:
        return _go_on(request, token)
    messages.success(request, f"{form.new_company.company} was created, and you are its admin.")
    here = resolve_url(settings.SETUP_URL)
    response: HttpResponse = perform_login(request, admin, email_verification="none", redirect_url=here)
    return response


def _go_on(request: HttpRequest, token: str) -> HttpResponse:
    """The same form sent twice is one company: the second response leads to the setup or the sign-in."""
    if request.method != "POST" or not creation.opens(token):
        raise Http404("Everything is set up.")
    return redirect(settings.SETUP_URL)
