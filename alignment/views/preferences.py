"""A person's notification preferences, and the unsubscribe link in a mail."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alignment.forms.preferences import PreferenceForm
from alignment.models import Group, Preference, User
from alignment.outbox import unsubscribe as unsubscribe_link
from alignment.rules.zones import zone_named
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    user = request.user
    form = PreferenceForm(request.POST if request.method == "POST" else None, user=user)

    def step() -> str:
        form.write()
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=reverse("alignment:preferences"),
        message="Saved.",
        heading="Notifications",
        button="Save",
        template="alignment/preferences.html",
        embedded=True,
        zone=zone_named(user.timezone),
    )


# Mail programs post here by themselves (RFC 8058); the token says who and what, and allows nothing else.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST turns it off. Reading the address alone changes nothing: mail scanners follow links."""
    read = unsubscribe_link.read(token)
    if read is None:
        return render(request, "alignment/unsubscribe.html", status=403)
    user = get_object_or_404(User.objects.select_related("preference"), pk=read[0])
    names = [label for value, label in Group.choices if value in read[1]]
    done = request.method == "POST"
    if done:
        Preference.of(user).turn_off(read[1])
    return render(request, "alignment/unsubscribe.html", {"names": names, "reader": user, "done": done})
