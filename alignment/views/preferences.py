"""How a person wants to be told, on their own page; and the address in a mail that turns its like off."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alignment import unsubscribing
from alignment.access import Request
from alignment.asking import ask
from alignment.forms.preferences import PreferenceForm
from alignment.middleware import zone_named
from alignment.models import Group, Preference, User

HOURS = 'For {}. Hours are those of {}, your time zone: <a href="{}">change it</a>.'


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    user = request.user
    form = PreferenceForm(request.POST if request.method == "POST" else None, user=user)

    def step() -> str:
        form.write()
        return ""

    return ask(
        request, form, step=step, default=reverse("alignment:preferences"), said="Saved.", button="Save", embedded=True,
        heading="What you get", about=format_html(HOURS, user.email, zone_named(user.timezone), reverse("alignment:profile")),
    )  # fmt: skip


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token says who and what, and allows nothing else
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST turns it off. Reading the address alone changes nothing: mail scanners follow links."""
    read = unsubscribing.read(token)
    if read is None:
        return render(request, "alignment/unsubscribe.html", status=403)
    user = get_object_or_404(User.objects.select_related("preference"), pk=read[0])
    names = [label for value, label in Group.choices if value in read[1]]
    done = request.method == "POST"
    if done:
        Preference.of(user).turn_off(read[1])
    return render(request, "alignment/unsubscribe.html", {"names": names, "reader": user, "done": done})
