"""The first visit to an empty installation, by the link that the server printed."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from alignment import first_run as beginning
from alignment.forms.company import FirstRunForm


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """The company and its first admin. Once anybody is known here there is no such page; whoever clicked twice goes on."""
    if not beginning.is_empty():
        return _go_on(request, token)
    if not beginning.opens(token):
        return render(request, "alignment/first_run_over.html", status=403)
    form = FirstRunForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "action": request.path}
        return render(request, "alignment/first_run.html", context, status=422 if form.is_bound else 200)
    password: str = form.cleaned_data["password"]
    try:
        admin = beginning.begin(form.beginning, password=password, now=timezone.now())
    except beginning.SetUpAlready:
        return _go_on(request, token)
    messages.success(request, f"{form.beginning.company} is made, and you are its admin.")
    here = reverse("meetings:setup_choose")
    answer: HttpResponse = perform_login(request, admin, email_verification="none", redirect_url=here)
    return answer


def _go_on(request: HttpRequest, token: str) -> HttpResponse:
    """The same form sent twice is one company: the second answer leads on, to the setup or to the sign-in."""
    if request.method != "POST" or not beginning.opens(token):
        raise Http404("Everything is set up.")
    return redirect("meetings:setup_choose")
